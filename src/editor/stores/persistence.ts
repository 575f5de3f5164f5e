import type { GraphDocument } from '../../engine/graph/document.ts';
import type { TemplateDefinition } from '../../engine/templates/defineTemplate.ts';
import { messages, reasonOf, translate } from '../i18n/language.ts';
import { notify } from '../ui/notify.ts';
import { documentStore } from './document.ts';
import { emptyDocument } from './projects/emptyDocument.ts';
import { type ProjectNotice, Projects } from './projects/projects.ts';
import { openProjectStorage, type ProjectStorage } from './projects/storage.ts';
import { browserTabs } from './projects/tabs.ts';
import { runStore } from './training.ts';
import { whenIdle } from './whenIdle.ts';

/** Why nothing is kept, if so. */
let refused: string | undefined;

// One set of projects a page, being opened from the start. Nobody waits for it here: files that are fetched while a module
// waits would wait for that module.
const storage: Promise<ProjectStorage | undefined> = openProjectStorage().catch((error: Error) => {
  refused = reasonOf(error);
  return undefined;
});

export const projects: Projects = new Projects({
  store: documentStore,
  storage,
  tabs: browserTabs(),
  tab: sessionStorage,
  lasting: localStorage,
  tell,
  newId: () => `project-${crypto.randomUUID()}`,
  now: Date.now,
  whenIdle,
});

/** Brings back the project of the last visit and saves every edit from now on. */
export async function persist(): Promise<void> {
  await projects.start();
  if (refused !== undefined) notify.warning(messages().projects.nothingKept(refused), { duration: 20_000 });
  addEventListener('pagehide', () => projects.flush());
  addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden') projects.flush();
  });
  documentStore.subscribe(({ refusals }, before) => {
    if (refusals > before.refusals) tell({ kind: projects.state.getState().readOnly ?? 'otherTab' });
  });
  keepScores();
}

/** The last metric of each run belongs to the project that it was started from. */
function keepScores(): void {
  let project = '';
  runStore.subscribe((state, before) => {
    if (state.id !== before.id) project = projects.state.getState().current;
    const evaluation = state.evaluations.at(-1);
    if (state.status !== 'done' || before.status === 'done' || !evaluation) return;
    const { accuracy, loss } = evaluation;
    void projects.setScore(
      project,
      accuracy === undefined ? { metric: 'loss', value: loss } : { metric: 'accuracy', value: accuracy },
    );
  });
}

function tell(notice: ProjectNotice): void {
  const words = messages().projects;
  const copy = { label: words.editCopy, onClick: () => void copyCurrent() };
  switch (notice.kind) {
    case 'damaged':
      notify.warning(words.damaged(notice.key, translate(notice.reason)), { duration: 20_000 });
      break;
    case 'odd':
      for (const problem of notice.problems.slice(0, 3)) notify.warning(translate(problem), { duration: 20_000 });
      break;
    case 'newer':
      notify.warning(words.newer, { description: words.newerHint, action: copy, duration: 15_000 });
      break;
    case 'otherTab':
      notify.info(words.otherTab, { description: words.otherTabHint, action: copy, duration: 15_000 });
      break;
    case 'yours':
      notify.success(words.yours);
  }
}

/** Goes on with a copy of what is open, that can be edited. */
async function copyCurrent(): Promise<void> {
  const { document } = documentStore.getState();
  await projects.openNew({ ...document, name: messages().projects.copyOf(document.name) }, { keep: true });
}

/** Opens a template as a new project; what was open stays in the list, and can be gone back to at once. */
export function openTemplate(template: TemplateDefinition): Promise<void> {
  return openBeside(template.build());
}

/** Opens an empty canvas as a new project. */
export function openEmpty(): Promise<void> {
  return openBeside(emptyDocument(messages().projects.untitled));
}

async function openBeside(fresh: GraphDocument): Promise<void> {
  const before = await projects.openNew(fresh);
  const words = messages().projects;
  notify.info(words.opened(fresh.name), {
    description: words.openedHint(before.document.name),
    action: { label: words.goBack, onClick: () => void projects.reopen(before) },
  });
}
