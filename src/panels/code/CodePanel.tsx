import { Check, CodeXml, Copy, Download } from 'lucide-react';
import { Tabs } from 'radix-ui';
import { lazy, Suspense, useState } from 'react';
import { useStore } from 'zustand';
import { messages, reasonOf, translate } from '../../editor/i18n/language.ts';
import { COPY_KEY } from '../../editor/stores/clipboard.ts';
import { datasetsStore } from '../../editor/stores/datasets.ts';
import { documentStore } from '../../editor/stores/document.ts';
import { sessionStore } from '../../editor/stores/session.ts';
import { TextButton } from '../../editor/ui/controls.tsx';
import { EmptyState } from '../../editor/ui/EmptyState.tsx';
import { keyText } from '../../editor/ui/Keys.tsx';
import { notify } from '../../editor/ui/notify.ts';
import type { CodeTarget } from '../../engine/codegen/generate.ts';
import { nodeId } from '../../engine/graph/document.ts';
import { downloadProject } from './downloadProject.ts';
import { type CodeResult, useGeneratedCode } from './useGeneratedCode.ts';

const CodeView = lazy(() => import('./CodeView.tsx'));

const TARGETS: readonly { readonly id: CodeTarget; readonly title: string }[] = [
  { id: 'pytorch', title: 'PyTorch' },
  { id: 'keras', title: 'Keras' },
  { id: 'typescript', title: 'TypeScript' },
];

/** The program that the canvas stands for, in three languages, in step with each edit. */
function CodePanel() {
  const document = useStore(documentStore, (state) => state.document);
  const entries = useStore(datasetsStore, (state) => state.entries);
  const problem = useStore(datasetsStore, (state) => state.problem);
  const data = entries?.find(({ id }) => id === document.data.dataset);
  const [target, setTarget] = useState<CodeTarget>('pytorch');
  const missing =
    problem ??
    (entries && !data ? `The data set "${document.data.dataset}" is not known here: choose another one.` : undefined);
  const result = useGeneratedCode(document, target, data);
  return (
    <Tabs.Root
      value={target}
      onValueChange={(value) => setTarget(value as CodeTarget)}
      className="@container flex h-full min-h-0 min-w-0 flex-col"
    >
      <div className="flex h-9 shrink-0 items-center border-b border-line pr-2 pl-1">
        <Tabs.List aria-label={messages().code.language} className="flex h-full">
          {TARGETS.map(({ id, title }) => (
            <Tabs.Trigger
              key={id}
              value={id}
              className="border-b-2 border-transparent px-2.5 text-xs font-medium text-muted outline-none hover:text-ink focus-visible:ring-2 focus-visible:ring-accent focus-visible:ring-inset data-[state=active]:border-accent data-[state=active]:text-ink"
            >
              {title}
            </Tabs.Trigger>
          ))}
        </Tabs.List>
        {result?.kind === 'code' && (
          <CodeActions result={result} target={target} name={document.name} dataset={document.data.dataset} />
        )}
      </div>
      <Tabs.Content value={target} className="min-h-0 min-w-0 flex-1 outline-none">
        <Code result={result} target={target} missing={missing} />
      </Tabs.Content>
    </Tabs.Root>
  );
}

function Code(props: {
  readonly result: CodeResult | undefined;
  readonly target: CodeTarget;
  /** Why the data set of the document is not known, and with it no shape. */
  readonly missing: string | undefined;
}) {
  const { result, target, missing } = props;
  if (!result) {
    return missing ? (
      <EmptyState icon={CodeXml} title={messages().code.none}>
        {missing}
      </EmptyState>
    ) : null;
  }
  if (result.kind === 'problem') {
    return (
      <EmptyState
        icon={CodeXml}
        title={messages().code.none}
        action={
          result.node !== undefined && (
            <TextButton onClick={() => sessionStore.getState().select([nodeId(result.node ?? '')])}>
              {messages().problems.show}
            </TextButton>
          )
        }
      >
        {capitalized(translate(result.message))}
      </EmptyState>
    );
  }
  return (
    <Suspense fallback={<p className="appear-late p-3 text-xs text-muted">{messages().code.loading}</p>}>
      <CodeView
        text={result.text}
        name={target}
        language={target === 'typescript' ? 'typescript' : 'python'}
        label={messages().code.readOnly(result.code.main)}
      />
    </Suspense>
  );
}

const capitalized = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** Words of a button, where the panel is wide enough; always there for those who listen. */
const WORDS = 'sr-only @sm:not-sr-only';

type Made = Extract<CodeResult, { kind: 'code' }>;

function CodeActions(props: { result: Made; target: CodeTarget; name: string; dataset: string }) {
  const { result, target, name, dataset } = props;
  const [copied, setCopied] = useState(false);
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(result.text);
      setCopied(true);
      setTimeout(() => setCopied(false), 1500);
    } catch {
      notify.error(messages().code.noCopy, { description: messages().code.noCopyHint(keyText(COPY_KEY)) });
    }
  };
  const download = (): Promise<void> =>
    downloadProject(result.code, { name, target, dataset }).catch((error: Error) => {
      notify.error(messages().files.notSaved, { description: reasonOf(error) });
    });
  const button =
    'flex h-7 items-center gap-1.5 rounded-md px-2 text-xs font-medium text-muted outline-none hover:bg-raised hover:text-ink focus-visible:ring-2 focus-visible:ring-accent';
  return (
    <div className="ml-auto flex gap-0.5">
      <button type="button" onClick={() => void copy()} className={button}>
        {copied ? <Check aria-hidden size={14} className="text-success" /> : <Copy aria-hidden size={14} />}
        <span aria-live="polite" className={WORDS}>
          {copied ? messages().code.copied : messages().code.copy}
        </span>
      </button>
      <button type="button" title={messages().code.downloadHint} onClick={() => void download()} className={button}>
        <Download aria-hidden size={14} />
        <span className={WORDS}>{messages().code.download}</span>
      </button>
    </div>
  );
}

export default CodePanel;
