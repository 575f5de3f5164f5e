import { EngineError } from '../errors.ts';
import type { Table } from './csv.ts';
import type { Dataset, InputColumn, Split } from './dataset.ts';
import { shuffledIndices } from './shuffle.ts';

/** How a table becomes samples. */
export interface TableOptions {
  /** The column that is to be predicted. */
  readonly target: string;
  /** What it is predicted as: one of its values, or a number. Absent: one of its values. */
  readonly predict?: 'class' | 'number';
  /** Columns that are not shown to the model: names, numbers of rows. */
  readonly leaveOut: readonly string[];
  /** Share of the rows that is kept for testing, of each class alike where there are classes. */
  readonly testShare: number;
  /** Draws which rows those are. */
  readonly seed: number;
  /** Whether numbers are shifted and scaled to mean 0 and deviation 1 over the training rows. */
  readonly standardize: boolean;
}

/** What a column holds. */
export interface ColumnFacts {
  readonly name: string;
  readonly kind: 'number' | 'category';
  /** Cells that are empty or say that there is nothing. */
  readonly missing: number;
  /** Different values, up to MOST_CATEGORIES + 1. */
  readonly values: readonly string[];
}

/** A column of words has at most so many different ones: each becomes a number of the sample, or a class. */
export const MOST_CATEGORIES = 100;
const MISSING = new Set(['', '?', '-', 'na', 'n/a', 'nan', 'null', 'none']);

const isMissing = (cell: string): boolean => MISSING.has(cell.trim().toLowerCase());
const isNumber = (cell: string): boolean => Number.isFinite(Number(cell));

/** What each column holds: numbers if all its cells that say something are numbers. */
export function describeColumns({ columns, rows }: Table): ColumnFacts[] {
  return columns.map((name, column) => {
    let missing = 0;
    let numbers = true;
    const values = new Set<string>();
    for (const row of rows) {
      const cell = row[column] as string;
      if (isMissing(cell)) {
        missing++;
        continue;
      }
      numbers &&= isNumber(cell);
      if (values.size <= MOST_CATEGORIES) values.add(cell);
    }
    return { name, kind: numbers && values.size > 0 ? 'number' : 'category', missing, values: sorted([...values]) };
  });
}

/** Numbers by size, words by their letters: the same order on every machine. */
function sorted(values: string[]): string[] {
  return values.every(isNumber) ? values.sort((a, b) => Number(a) - Number(b)) : values.sort();
}

export interface TableDataset {
  readonly dataset: Dataset;
  /** Rows left out because a cell of theirs is empty. */
  readonly incomplete: number;
}

/**
 * Samples of float32 numbers from a table: one number a numeric column, one number a category of other columns (1 for the
 * category it is). The target's values are the classes; or its numbers are the labels, scaled as the inputs are.
 * @throws EngineError `bad-data` naming the column, what it holds and what is possible.
 */
export function tableDataset(
  table: Table,
  { id, title }: { readonly id: string; readonly title: string },
  options: TableOptions,
): TableDataset {
  const refuse = (what: string): EngineError => new EngineError('bad-data', `${title}: ${what}`, id);
  const facts = describeColumns(table);
  const at = facts.findIndex(({ name }) => name === options.target);
  const target = facts[at];
  if (!target) {
    throw refuse(`there is no column "${options.target}": expected one of ${facts.map(({ name }) => name).join(', ')}`);
  }
  const predictsNumber = options.predict === 'number';
  const classes = predictsNumber ? [] : target.values;
  if (predictsNumber && target.kind !== 'number') {
    throw refuse(`the target "${target.name}" holds words, expected numbers: predict one of its values instead`);
  }
  if (!predictsNumber && (classes.length < 2 || classes.length > MOST_CATEGORIES)) {
    const many = classes.length > MOST_CATEGORIES ? `more than ${MOST_CATEGORIES}` : String(classes.length);
    throw refuse(`the target "${target.name}" has ${many} different values, expected 2 to ${MOST_CATEGORIES} classes`);
  }
  const used = facts.flatMap((column, i) =>
    i === at || options.leaveOut.includes(column.name) || column.values.length === 0 ? [] : [{ ...column, place: i }],
  );
  if (used.length === 0) throw refuse('no column is left to predict from');
  const wide = used.find(({ kind, values }) => kind === 'category' && values.length > MOST_CATEGORIES);
  if (wide) {
    throw refuse(`the column "${wide.name}" has more than ${MOST_CATEGORIES} different words: leave it out`);
  }
  const places = [...used.map(({ place }) => place), at];
  const rows = table.rows.filter((row) => places.every((place) => !isMissing(row[place] as string)));
  const columns = used.flatMap((column): SourceColumn[] =>
    column.kind === 'number'
      ? [{ name: column.name, place: column.place, category: undefined }]
      : column.values.map((value) => ({ name: `${column.name} = ${value}`, place: column.place, category: value })),
  );
  const values: SourceColumn = { name: target.name, place: at, category: undefined };
  // Without classes all rows are alike.
  const classOf = rows.map((row) => (predictsNumber ? 0 : classes.indexOf(row[at] as string)));
  const parts = stratified(classOf, Math.max(1, classes.length), options.testShare, options.seed);
  if (parts.train.length === 0 || parts.test.length === 0) {
    throw refuse(`${rows.length} complete rows are too few to train and to test with`);
  }
  const scales = columns.map((column) => scaleOf(column, rows, parts.train, options.standardize));
  const scale = predictsNumber ? scaleOf(values, rows, parts.train, options.standardize) : undefined;
  const scaled = (column: SourceColumn, row: number, { mean, deviation }: InputColumn): number =>
    (cellNumber(column, rows[row] as readonly string[]) - mean) / deviation;
  const split = (chosen: readonly number[]): Split => {
    const inputs = new Float32Array(chosen.length * columns.length);
    chosen.forEach((row, i) => {
      columns.forEach((column, k) => {
        inputs[i * columns.length + k] = scaled(column, row, scales[k] as InputColumn);
      });
    });
    const labels = scale
      ? Float32Array.from(chosen, (row) => scaled(values, row, scale))
      : Int32Array.from(chosen, (row) => classOf[row] as number);
    return { count: chosen.length, inputs, labels };
  };
  return {
    dataset: {
      id,
      title,
      sample: [columns.length],
      classes,
      columns: scales,
      ...(scale && { target: scale }),
      train: split(parts.train),
      test: split(parts.test),
    },
    incomplete: table.rows.length - rows.length,
  };
}

interface SourceColumn {
  readonly name: string;
  readonly place: number;
  /** The category that this number is 1 for; undefined: the cell is the number. */
  readonly category: string | undefined;
}

function cellNumber({ place, category }: SourceColumn, row: readonly string[]): number {
  const cell = row[place] as string;
  return category === undefined ? Number(cell) : Number(cell === category);
}

/** Mean and deviation over the training rows; 0 and 1 for what is not scaled. A constant column is only shifted. */
function scaleOf(
  column: SourceColumn,
  rows: readonly (readonly string[])[],
  train: readonly number[],
  standardize: boolean,
): InputColumn {
  const { name, category } = column;
  if (!standardize || category !== undefined) return { name, mean: 0, deviation: 1 };
  const values = train.map((row) => cellNumber(column, rows[row] as readonly string[]));
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return { name, mean, deviation: variance > 0 ? Math.sqrt(variance) : 1 };
}

/** Which rows train and which test, with the same share of each class, in an order drawn from the seed. */
function stratified(
  labels: readonly number[],
  classes: number,
  testShare: number,
  seed: number,
): { readonly train: number[]; readonly test: number[] } {
  const order = shuffledIndices(labels.length, seed, 0);
  const counts = new Array<number>(classes).fill(0);
  for (const label of labels) counts[label] = (counts[label] as number) + 1;
  const wanted = counts.map((count) => Math.round(count * testShare));
  const train: number[] = [];
  const test: number[] = [];
  for (const row of order) {
    const label = labels[row] as number;
    if ((wanted[label] as number) > 0) {
      wanted[label] = (wanted[label] as number) - 1;
      test.push(row);
    } else train.push(row);
  }
  return { train, test };
}
