import { messages, reasonOf } from '../i18n/language.ts';
import { notify } from '../ui/notify.ts';
import { projects } from './persistence.ts';
import { sessionStore } from './session.ts';

// What comes to the page from outside. What reads it is fetched when there is something to read.

/** Opens the document in the page's address, if there is one, as a new project; and those of addresses that come later. */
export async function openSharedLinks(): Promise<void> {
  const open = async () => {
    const { hash } = location;
    if (hash.length < 2) return;
    try {
      const { readLinkFragment } = await import('./projects/shareLink.ts');
      const parsed = await readLinkFragment(hash);
      if (!parsed) return;
      // A reload goes on with the project instead of opening the link again.
      history.replaceState(null, '', location.pathname + location.search);
      await projects.openNew(parsed.document, { keep: true });
      notify.success(messages().files.opened(parsed.document.name));
    } catch (error) {
      notify.error(messages().files.badLink, { description: reasonOf(error), duration: 15_000 });
    }
  };
  addEventListener('hashchange', () => void open());
  await open();
}

/** Project files that are dropped onto the page are opened. */
export function openDroppedFiles(): void {
  const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') === true;
  addEventListener('dragover', (event) => {
    if (hasFiles(event)) event.preventDefault();
  });
  addEventListener('drop', (event) => {
    const files = [...(event.dataTransfer?.files ?? [])];
    if (files.length === 0 || event.defaultPrevented) return;
    event.preventDefault();
    const project = files.find(({ name }) => /\.(gradloom|json)$/i.test(name));
    const table = files.find(({ name }) => /\.(csv|tsv)$/i.test(name));
    if (project) void import('./projectFiles.ts').then(({ openProjectFile }) => openProjectFile(project));
    else if (table) sessionStore.setState({ dialog: 'tables', droppedTable: table });
    else
      notify.warning(messages().files.unknownFile(files[0]?.name ?? ''), { description: messages().files.knownFiles });
  });
}
