import { useId, useMemo, useState } from 'react';
import type { Table } from '../../engine/data/csv.ts';
import { type ColumnFacts, describeColumns, MOST_CATEGORIES, type TableOptions } from '../../engine/data/table.ts';
import { reasonOf, useMessages } from '../i18n/language.ts';
import { addOwnTable } from '../stores/datasets.ts';
import { documentStore } from '../stores/document.ts';
import { TextButton } from '../ui/controls.tsx';
import { notify } from '../ui/notify.ts';
import { type OwnEntry, ownEntry, withSum } from './ownEntry.ts';

const FIELD =
  'h-7 rounded-md border border-line bg-canvas px-2 text-xs text-ink outline-none focus:border-accent aria-invalid:border-danger';

/** What is to be predicted from what, and how the rows are split. */
export function TableForm(props: {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly table: Table;
  readonly onDone: () => void;
}) {
  const { name, bytes, table, onDone } = props;
  const words = useMessages().tables;
  const id = useId();
  const columns = useMemo(() => describeColumns(table), [table]);
  const [options, setOptions] = useState<TableOptions>(() => firstOptions(columns));
  const result = useMemo((): OwnEntry | Error => {
    try {
      return ownEntry(name, bytes, table, options);
    } catch (error) {
      return error as Error;
    }
  }, [name, bytes, table, options]);
  const change = (some: Partial<TableOptions>) => setOptions((before) => ({ ...before, ...some }));

  const use = async () => {
    if (result instanceof Error) return;
    const entry = await withSum(result.entry, bytes);
    await addOwnTable({ entry, bytes });
    documentStore.getState().dispatch({ kind: 'setData', data: { dataset: entry.id } });
    notify.success(words.added(entry.title), {
      description: words.addedHint(entry.sample[0] ?? 0, entry.classes.length),
    });
    onDone();
  };

  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        void use();
      }}
    >
      <div className="max-h-64 overflow-auto rounded-lg border border-line">
        <table className="w-full text-xs">
          <thead className="sticky top-0 bg-raised text-left text-muted">
            <tr>
              {[words.used, words.column, words.holds, words.example].map((title) => (
                <th key={title} scope="col" className="px-3 py-1.5 font-medium">
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {columns.map((column, place) => (
              <tr key={column.name} className="border-t border-line">
                <td className="px-3 py-1">
                  <input
                    type="checkbox"
                    aria-label={words.use(column.name)}
                    disabled={column.name === options.target}
                    checked={column.name !== options.target && !options.leaveOut.includes(column.name)}
                    onChange={(event) =>
                      change({
                        leaveOut: event.target.checked
                          ? options.leaveOut.filter((left) => left !== column.name)
                          : [...options.leaveOut, column.name],
                      })
                    }
                  />
                </td>
                <td className="max-w-48 truncate px-3 py-1 font-medium">{column.name}</td>
                <td className="px-3 py-1 text-muted">{kindOf(column, words)}</td>
                <td className="max-w-48 truncate px-3 py-1 font-mono text-muted">{table.rows[0]?.[place]}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div className="grid grid-cols-[auto_1fr] items-center gap-x-4 gap-y-2 text-xs sm:grid-cols-[auto_1fr_auto_1fr]">
        <label htmlFor={`${id}target`}>{words.target}</label>
        <select
          id={`${id}target`}
          className={FIELD}
          value={options.target}
          onChange={(event) => change(predicting(columns, event.target.value))}
        >
          {columns.map((column) => (
            <option key={column.name}>{column.name}</option>
          ))}
        </select>
        <label htmlFor={`${id}as`}>{words.predictAs}</label>
        <select
          id={`${id}as`}
          className={FIELD}
          value={options.predict ?? 'class'}
          onChange={(event) => change({ predict: event.target.value === 'number' ? 'number' : 'class' })}
        >
          <option value="class">{words.asClass}</option>
          <option value="number" disabled={!holdsNumbers(columns, options.target)}>
            {words.asNumber}
          </option>
        </select>
        <label htmlFor={`${id}share`}>{words.testShare}</label>
        <input
          id={`${id}share`}
          type="number"
          min={5}
          max={50}
          className={FIELD}
          value={Math.round(options.testShare * 100)}
          onChange={(event) => {
            const percent = Number(event.target.value);
            if (percent >= 1 && percent <= 90) change({ testShare: percent / 100 });
          }}
        />
        <label htmlFor={`${id}seed`}>{words.seed}</label>
        <input
          id={`${id}seed`}
          type="number"
          min={0}
          className={FIELD}
          value={options.seed}
          onChange={(event) => {
            const seed = Number(event.target.value);
            if (Number.isSafeInteger(seed) && seed >= 0 && seed < 2 ** 31) change({ seed });
          }}
        />
        <label htmlFor={`${id}scale`} title={words.standardizeHint}>
          {words.standardize}
        </label>
        <input
          id={`${id}scale`}
          type="checkbox"
          checked={options.standardize}
          onChange={(event) => change({ standardize: event.target.checked })}
        />
      </div>
      <div className="flex items-center gap-4">
        <p
          aria-live="polite"
          className={`min-w-0 flex-1 text-xs leading-snug ${result instanceof Error ? 'text-danger' : 'text-muted'}`}
        >
          {result instanceof Error ? reasonOf(result) : words.summary(summaryOf(result))}
        </p>
        <TextButton primary type="submit" disabled={result instanceof Error}>
          {words.apply}
        </TextButton>
      </div>
    </form>
  );
}

function summaryOf({ entry, incomplete }: OwnEntry) {
  const { counts, sample, classes } = entry;
  return { train: counts.train, test: counts.test, features: sample[0] ?? 0, classes: classes.length, incomplete };
}

function kindOf({ kind, values, missing }: ColumnFacts, words: ReturnType<typeof useMessages>['tables']): string {
  const many = values.length > MOST_CATEGORIES ? `> ${MOST_CATEGORIES}` : String(values.length);
  const what = kind === 'number' ? words.numbers : words.words(many);
  return missing > 0 ? `${what}, ${words.missing(missing)}` : what;
}

/** A column with more different numbers than this is a quantity and no choice among a few. */
const MOST_NUMBERS_AS_CLASSES = 20;

const holdsNumbers = (columns: readonly ColumnFacts[], name: string): boolean =>
  columns.some((column) => column.name === name && column.kind === 'number');

/** A column as what is predicted: as a number where it holds many different ones. */
function predicting(columns: readonly ColumnFacts[], target: string): Pick<TableOptions, 'target' | 'predict'> {
  const many = columns.find(({ name }) => name === target)?.values.length ?? 0;
  return { target, predict: holdsNumbers(columns, target) && many > MOST_NUMBERS_AS_CLASSES ? 'number' : 'class' };
}

/**
 * The last column of a few words is most often what is to be predicted, else the last one; free text says nothing to a
 * network.
 */
function firstOptions(columns: readonly ColumnFacts[]): TableOptions {
  const words = columns.filter(
    ({ kind, values }) => kind === 'category' && values.length >= 2 && values.length <= MOST_CATEGORIES,
  );
  const numbers = columns.filter(({ kind }) => kind === 'number');
  const target = (words.at(-1) ?? numbers.at(-1) ?? columns.at(-1))?.name ?? '';
  const leaveOut = columns
    .filter(({ name, kind, values }) => name !== target && kind === 'category' && values.length > MOST_CATEGORIES)
    .map(({ name }) => name);
  return { ...predicting(columns, target), leaveOut, testShare: 0.2, seed: 1, standardize: true };
}
