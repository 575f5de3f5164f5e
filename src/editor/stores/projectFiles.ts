import { createStore } from 'zustand/vanilla';
import type { NamedTensor } from '../../engine/data/safetensors.ts';
import { messages, reasonOf, translate } from '../i18n/language.ts';
import { notify } from '../ui/notify.ts';
import { documentStore } from './document.ts';
import { projects } from './persistence.ts';
import type { SavedRun } from './projects/projectFile.ts';
import { linkFragment } from './projects/shareLink.ts';
import { canInspect, type RunState } from './run.ts';
import { runController, runStore } from './training.ts';

interface OpenedFile {
  readonly project: string;
  readonly weights: readonly NamedTensor[] | undefined;
  readonly run: SavedRun | undefined;
}

/** What came with the project file opened last, besides its document: saved again with it until there is a newer run. */
const openedFile = createStore<OpenedFile>(() => ({ project: '', weights: undefined, run: undefined }));

/** Saves the open project as `NAME.gradloom`: document, weights if there are some, and the last run. */
export async function saveProjectFile(): Promise<void> {
  try {
    const { writeProjectFile } = await import('./projects/projectFile.ts');
    const { document: model } = documentStore.getState();
    const old = openedFile.getState().project === projects.state.getState().current ? openedFile.getState() : undefined;
    const weights = await trainedWeights();
    const bytes = writeProjectFile({
      document: model,
      weights: weights ?? old?.weights,
      run: savedRun(runStore.getState()) ?? old?.run,
    });
    download(new Blob([Uint8Array.from(bytes)], { type: 'application/zip' }), `${fileName(model.name)}.gradloom`);
  } catch (error) {
    notify.error(messages().files.notSaved, { description: reasonOf(error) });
  }
}

/** Opens a project file, or a document's JSON, as a new project. */
export async function openProjectFile(file: File): Promise<void> {
  const words = messages().files;
  try {
    const { readProjectFile } = await import('./projects/projectFile.ts');
    const { document, weights, run, problems } = readProjectFile(new Uint8Array(await file.arrayBuffer()), file.name);
    await projects.openNew(document, { keep: true });
    const project = projects.state.getState().current;
    openedFile.setState({ project, weights, run });
    const accuracy = run?.evaluations.at(-1)?.accuracy;
    if (accuracy !== undefined) await projects.setScore(project, { metric: 'accuracy', value: accuracy });
    notify.success(words.opened(document.name), {
      ...(weights && {
        description: words.withWeights,
        action: { label: words.useWeights, onClick: () => void runController.train({ weights }) },
        duration: 20_000,
      }),
    });
    for (const problem of problems.slice(0, 3)) notify.warning(translate(problem));
  } catch (error) {
    notify.error(words.notOpened(file.name), { description: reasonOf(error), duration: 15_000 });
  }
}

/** Asks for a file and opens it. */
export function chooseProjectFile(): void {
  const input = document.createElement('input');
  input.type = 'file';
  input.accept = '.gradloom,.json';
  input.addEventListener('change', () => {
    const file = input.files?.[0];
    if (file) void openProjectFile(file);
  });
  input.click();
}

/** Puts a link on the clipboard that holds the document itself. */
export async function copyShareLink(): Promise<void> {
  const words = messages().files;
  try {
    const url = new URL(location.href);
    url.hash = await linkFragment(documentStore.getState().document);
    await navigator.clipboard.writeText(url.href);
    notify.success(words.linkCopied, { description: words.linkHint });
  } catch (error) {
    notify.error(words.linkFailed, { description: reasonOf(error) });
  }
}

async function trainedWeights(): Promise<readonly NamedTensor[] | undefined> {
  if (!canInspect(runStore.getState())) return undefined;
  const result = await runController.inspect({ kind: 'weights' });
  return result.kind === 'weights' ? result.weights : undefined;
}

function savedRun({ document: model, metrics, evaluations }: RunState): SavedRun | undefined {
  if (!model || metrics.length === 0) return undefined;
  // JSON knows no numbers that are not finite.
  const kept = (values: Float64Array) => Array.from(values, (value) => (Number.isFinite(value) ? value : null));
  const terms = Object.fromEntries([...metrics.terms].map(([name, values]) => [name, kept(values)]));
  const steps = { step: [...metrics.step], loss: kept(metrics.loss), accuracy: kept(metrics.accuracy) };
  return {
    document: model,
    steps: { ...steps, ...(metrics.terms.size > 0 && { terms }) },
    evaluations,
  };
}

function download(content: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  // The browser has taken the file over by then.
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

/** What file systems take: letters, digits, `-` and spaces of the name. */
function fileName(name: string): string {
  return name.replace(/[^\p{Letter}\p{Number} _-]+/gu, '').trim() || 'model';
}
