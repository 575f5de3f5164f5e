import { Check, CodeXml, Copy, Download } from 'lucide-react';
import { Tabs } from 'radix-ui';
import { lazy, Suspense, useState } from 'react';
import { useStore } from 'zustand';
import { documentStore } from '../../editor/stores/document.ts';
import type { CodeTarget } from '../../engine/codegen/generate.ts';
import { EmptyState } from '../parts/EmptyState.tsx';
import { downloadProject } from './downloadProject.ts';
import { type CodeResult, useGeneratedCode } from './useGeneratedCode.ts';

const CodeView = lazy(() => import('./CodeView.tsx'));

const TARGETS: readonly { readonly id: CodeTarget; readonly title: string }[] = [
  { id: 'pytorch', title: 'PyTorch' },
  { id: 'keras', title: 'Keras' },
  { id: 'typescript', title: 'TypeScript' },
];

/** The program that the canvas stands for, in three languages, in step with each edit. */
export function CodePanel() {
  const document = useStore(documentStore, (state) => state.document);
  const data = useStore(documentStore, (state) => state.dataset);
  const [target, setTarget] = useState<CodeTarget>('pytorch');
  const result = useGeneratedCode(document, target, data);
  return (
    <Tabs.Root
      value={target}
      onValueChange={(value) => setTarget(value as CodeTarget)}
      className="flex h-full min-h-0 flex-col"
    >
      <div className="flex h-9 shrink-0 items-center border-b border-line pr-2 pl-1">
        <Tabs.List aria-label="Language of the code" className="flex h-full">
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
        {result?.kind === 'code' && <CodeActions result={result} target={target} name={document.name} />}
      </div>
      <Tabs.Content value={target} className="min-h-0 flex-1 outline-none">
        <Code result={result} target={target} />
      </Tabs.Content>
    </Tabs.Root>
  );
}

function Code({ result, target }: { result: CodeResult | undefined; target: CodeTarget }) {
  if (!result) return null;
  if (result.kind === 'problem') {
    return (
      <EmptyState icon={CodeXml} title="No code yet">
        {result.message}
      </EmptyState>
    );
  }
  return (
    <Suspense fallback={<p className="p-3 text-xs text-muted">Loading the editor…</p>}>
      <CodeView
        text={result.text}
        name={target}
        language={target === 'typescript' ? 'typescript' : 'python'}
        label={`${result.code.main}, read-only code made from the model`}
      />
    </Suspense>
  );
}

type Made = Extract<CodeResult, { kind: 'code' }>;

function CodeActions({ result, target, name }: { result: Made; target: CodeTarget; name: string }) {
  const [copied, setCopied] = useState(false);
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(result.text);
    setCopied(true);
    setTimeout(() => setCopied(false), 1500);
  };
  const button =
    'flex h-7 items-center gap-1.5 rounded-md px-2 text-xs font-medium text-muted outline-none hover:bg-raised hover:text-ink focus-visible:ring-2 focus-visible:ring-accent';
  return (
    <div className="ml-auto flex gap-0.5">
      <button type="button" onClick={() => void copy()} className={button}>
        {copied ? <Check aria-hidden size={14} className="text-success" /> : <Copy aria-hidden size={14} />}
        <span aria-live="polite">{copied ? 'Copied' : 'Copy'}</span>
      </button>
      <button
        type="button"
        title="The whole project as a zip file, data included"
        onClick={() => void downloadProject(result.code, name, target)}
        className={button}
      >
        <Download aria-hidden size={14} />
        Download
      </button>
    </div>
  );
}

export default CodePanel;
