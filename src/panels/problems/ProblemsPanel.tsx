import { CircleAlert, CircleCheck, TriangleAlert, Wrench } from 'lucide-react';
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
  const notices = failure ? [...runDiagnostics, failure] : runDiagnostics;
  if (diagnostics.length === 0 && notices.length === 0) {
    return (
      <EmptyState icon={CircleCheck} title={messages().status.noProblems}>
        {messages().problems.ready}
      </EmptyState>
    );
  }
  const ordered = [...diagnostics].sort((a, b) => Number(a.severity === 'warning') - Number(b.severity === 'warning'));
  return (
    <section aria-label={messages().docks.names.problems} className="h-full min-h-0 overflow-y-auto p-2">
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
        {ordered.map((diagnostic, index) => (
          <DocumentProblem key={`${diagnostic.id} ${diagnostic.node ?? ''} ${index}`} diagnostic={diagnostic} />
        ))}
      </ul>
    </section>
  );
}

function DocumentProblem({ diagnostic }: { diagnostic: Diagnostic }) {
  const node = useStore(documentStore, ({ document }) => diagnostic.node && document.nodes[diagnostic.node]);
  return (
    <Row
      severity={diagnostic.severity}
      title={node ? (node.name ?? '') : messages().problems.model}
      message={diagnostic.message}
      node={diagnostic.node}
    >
      {diagnostic.fixes.map(({ label, change }) => (
        <TextButton key={label} onClick={() => documentStore.getState().dispatch(change)}>
          <Wrench aria-hidden size={12} />
          {translate(label)}
        </TextButton>
      ))}
    </Row>
  );
}

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
