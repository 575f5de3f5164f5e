import { FileUp, Trash2, X } from 'lucide-react';
import { Dialog } from 'radix-ui';
import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { parseCsv, type Table } from '../../engine/data/csv.ts';
import { reasonOf, useMessages } from '../i18n/language.ts';
import { datasetsStore, removeOwnTable } from '../stores/datasets.ts';
import { OWN_FOLDER } from '../stores/ownTable.ts';
import { sessionStore } from '../stores/session.ts';
import { IconButton, TextButton } from '../ui/controls.tsx';
import { focusWhole } from '../ui/focusWhole.ts';
import { TableForm } from './TableForm.tsx';

/** Larger files are refused before they are read. */
const LARGEST = 64 * 2 ** 20;

interface Opened {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly table: Table;
}

const close = () => sessionStore.setState({ dialog: undefined, droppedTable: undefined });

/** Makes a data set of a CSV file of the user's own. The file stays in this browser. */
function TablesDialog() {
  const open = useStore(sessionStore, ({ dialog }) => dialog === 'tables');
  const dropped = useStore(sessionStore, ({ droppedTable }) => droppedTable);
  const words = useMessages().tables;
  const [file, setFile] = useState<Opened>();
  const [problem, setProblem] = useState<string>();

  const read = async (given: File) => {
    try {
      if (given.size > LARGEST) throw new Error(words.tooLarge(given.name, LARGEST / 2 ** 20));
      const bytes = new Uint8Array(await given.arrayBuffer());
      setFile({ name: given.name, bytes, table: parseCsv(bytes, given.name) });
      setProblem(undefined);
    } catch (error) {
      setFile(undefined);
      setProblem(reasonOf(error));
    }
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: a file is read when it is dropped, not again
  useEffect(() => {
    if (dropped) void read(dropped);
  }, [dropped]);
  useEffect(() => {
    if (open) return;
    setFile(undefined);
    setProblem(undefined);
  }, [open]);

  return (
    <Dialog.Root open={open} onOpenChange={(wanted) => !wanted && close()}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-50 bg-black/40" />
        <Dialog.Content
          onOpenAutoFocus={focusWhole}
          className="fixed inset-x-0 top-[8vh] z-50 mx-auto flex max-h-[84vh] w-[min(720px,calc(100vw-24px))] flex-col overflow-hidden rounded-xl border border-line bg-surface text-ink shadow-2xl outline-none"
        >
          <div className="flex h-12 shrink-0 items-center justify-between border-b border-line pr-2 pl-5">
            <Dialog.Title className="text-sm font-semibold">{words.title}</Dialog.Title>
            <IconButton icon={X} label={words.close} onClick={close} />
          </div>
          <div className="flex min-h-0 flex-1 flex-col gap-4 overflow-y-auto p-5">
            <Dialog.Description className="text-xs leading-relaxed text-muted">{words.hint}</Dialog.Description>
            <label className="flex cursor-pointer items-center gap-3 rounded-lg border border-dashed border-line bg-canvas px-4 py-3 text-xs focus-within:ring-2 focus-within:ring-accent hover:bg-raised">
              <FileUp aria-hidden size={18} className="shrink-0 text-muted" />
              <span className="min-w-0 flex-1 truncate">
                {file ? words.fileRows(file.name, file.table.rows.length, file.table.columns.length) : words.choose}
              </span>
              <input
                type="file"
                accept=".csv,.tsv,text/csv"
                className="sr-only"
                aria-label={words.choose}
                onChange={(event) => {
                  const given = event.target.files?.[0];
                  if (given) void read(given);
                  event.target.value = '';
                }}
              />
            </label>
            {problem && (
              <p role="alert" className="rounded-md border border-danger/35 bg-danger/8 p-2.5 text-xs leading-snug">
                {problem}
              </p>
            )}
            {file && <TableForm key={file.name} {...file} onDone={close} />}
            <Kept />
          </div>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

/** The tables that are kept already, to be removed. */
function Kept() {
  const words = useMessages().tables;
  const entries = useStore(datasetsStore, (state) => state.entries);
  const own = (entries ?? []).filter(({ table }) => table?.file.path.startsWith(OWN_FOLDER));
  if (own.length === 0) return null;
  return (
    <section aria-label={words.kept} className="flex flex-col gap-2 border-t border-line pt-4">
      <h3 className="section-title">{words.kept}</h3>
      <ul className="flex flex-col gap-1.5">
        {own.map(({ id, title, counts, classes }) => (
          <li key={id} className="flex items-center gap-3 text-xs">
            <span className="min-w-0 flex-1 truncate">
              {title} <span className="text-muted">{words.keptRows(counts.train + counts.test, classes.length)}</span>
            </span>
            <TextButton aria-label={words.remove(title)} onClick={() => void removeOwnTable(id)}>
              <Trash2 aria-hidden size={13} />
            </TextButton>
          </li>
        ))}
      </ul>
    </section>
  );
}

export default TablesDialog;
