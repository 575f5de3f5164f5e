import { CircleAlert, CircleCheck, TriangleAlert, Wrench } from 'lucide-react';
import { memo, type RefCallback, type RefObject, useCallback, useMemo, useRef, useState } from 'react';
import { useStore } from 'zustand';
import { messages, translate } from '../../editor/i18n/language.ts';
import { documentStore } from '../../editor/stores/document.ts';
import { revealNode } from '../../editor/stores/graph.ts';
import { runStore } from '../../editor/stores/training.ts';
import { TextButton } from '../../editor/ui/controls.tsx';
import { EmptyState } from '../../editor/ui/EmptyState.tsx';
import type { Diagnostic } from '../../engine/graph/diagnostic.ts';
import { type NodeId, nodeId } from '../../engine/graph/document.ts';

/** What is wrong with the document and with the run, each with the way to it and, where there is one, its remedy. */
function ProblemsPanel() {
  const diagnostics = useStore(documentStore, ({ inference }) => inference.diagnostics);
  const runDiagnostics = useStore(runStore, (state) => state.diagnostics);
  const failure = useStore(runStore, (state) => state.failure);
  const { count, area, end } = useGrowing();
  const ordered = useMemo(
    () => [
      ...diagnostics.filter(({ severity }) => severity === 'error'),
      ...diagnostics.filter(({ severity }) => severity === 'warning'),
    ],
    [diagnostics],
  );
  const notices = failure ? [...runDiagnostics, failure] : runDiagnostics;
  if (diagnostics.length === 0 && notices.length === 0) {
    return (
      <EmptyState icon={CircleCheck} title={messages().status.noProblems}>
        {messages().problems.ready}
      </EmptyState>
    );
  }
  return (
    <section
      ref={area}
      aria-label={messages().docks.names.problems}
      className="h-full min-h-0 overflow-y-auto overscroll-contain p-2"
    >
      <ul className="flex flex-col gap-1">
        {notices.map((notice, index) => (
          <Row
            key={`run ${index}`}
            severity="error"
            title={messages().problems.run(notice.step)}
            message={notice.message}
            node={notice.node === undefined ? undefined : nodeId(notice.node)}
          />
        ))}
        {keyed(ordered.slice(0, count)).map(([key, diagnostic]) => (
          <DocumentProblem key={key} diagnostic={diagnostic} />
        ))}
        {count < ordered.length && <li ref={end} aria-hidden className="h-10" />}
      </ul>
    </section>
  );
}

/** So many problems are listed at first, and again whenever somebody scrolls to the last of them. */
const STEP = 50;

/** How much of a long list is there: more of it as its end comes near to what is seen. */
function useGrowing(): {
  readonly count: number;
  readonly area: RefObject<HTMLElement | null>;
  readonly end: RefCallback<HTMLElement>;
} {
  const [count, setCount] = useState(STEP);
  const area = useRef<HTMLElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: an end that is still near is seen anew after each step
  const end = useCallback(
    (element: HTMLElement | null) => {
      if (!element) return undefined;
      const observer = new IntersectionObserver(
        ([entry]) => entry?.isIntersecting && setCount((before) => before + STEP),
        { root: area.current, rootMargin: '600px' },
      );
      observer.observe(element);
      return () => observer.disconnect();
    },
    [count],
  );
  return { count, area, end };
}

/** Each with a key that it keeps while others come and go. Two losses may say the same of one layer. */
function keyed(diagnostics: readonly Diagnostic[]): [string, Diagnostic][] {
  const given = new Map<string, number>();
  return diagnostics.map((diagnostic) => {
    const { id, node, edge, message } = diagnostic;
    const key = [id, node, edge, message].join(' ');
    const number = given.get(key) ?? 0;
    given.set(key, number + 1);
    return [`${key} ${number}`, diagnostic];
  });
}

const DocumentProblem = memo(function DocumentProblem({ diagnostic }: { diagnostic: Diagnostic }) {
  const node = useStore(documentStore, ({ document }) => diagnostic.node && document.nodes[diagnostic.node]);
  return (
    <Row
      severity={diagnostic.severity}
      title={node ? (node.name ?? '') : messages().problems.model}
      message={diagnostic.message}
      node={diagnostic.node}
    >
      {diagnostic.fixes.map((fix) => (
        <TextButton key={fix.label} onClick={() => documentStore.getState().dispatch(fix.change)}>
          <Wrench aria-hidden size={12} />
          {translate(fix.label)}
        </TextButton>
      ))}
    </Row>
  );
});

function Row(props: {
  readonly severity: Diagnostic['severity'];
  readonly title: string;
  readonly message: string;
  readonly node: NodeId | undefined;
  readonly children?: React.ReactNode;
}) {
  const { severity, title, message, node, children } = props;
  const Icon = severity === 'error' ? CircleAlert : TriangleAlert;
  const text = (
    <span className="min-w-0 flex-1 text-left">
      {title && <span className="mr-1.5 font-medium text-ink">{title}</span>}
      <span className="text-muted">{translate(message)}</span>
    </span>
  );
  const icon = (
    <Icon
      role="img"
      aria-label={severity === 'error' ? messages().problems.error : messages().problems.warning}
      size={14}
      className={`mt-0.5 shrink-0 ${severity === 'error' ? 'text-danger' : 'text-warning'}`}
    />
  );
  return (
    <li className="rounded-md text-xs leading-relaxed hover:bg-raised">
      {node === undefined ? (
        <div className="flex gap-2 px-2 py-1.5">
          {icon}
          {text}
        </div>
      ) : (
        <button
          type="button"
          title={messages().problems.show}
          onClick={() => revealNode(node)}
          className="flex w-full gap-2 rounded-md px-2 py-1.5 outline-none focus-visible:ring-2 focus-visible:ring-accent"
        >
          {icon}
          {text}
        </button>
      )}
      {children && <div className="flex flex-wrap gap-1.5 pb-2 pl-7.5 empty:hidden">{children}</div>}
    </li>
  );
}

export default ProblemsPanel;
