import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EngineError } from '../errors.ts';
import { parseCsv, type Table } from './csv.ts';
import { describeColumns, type TableOptions, tableDataset } from './table.ts';

const PYTHON: readonly { text: string; rows: string[][] }[] = JSON.parse(
  readFileSync(new URL('../../../conformance/csv/fixtures.json', import.meta.url), 'utf8'),
);

const csv = (text: string): Table => parseCsv(new TextEncoder().encode(text), 'own.csv');

describe('CSV', () => {
  it('takes quotes, line breaks in them, semicolons, tabs, a byte-order mark and Windows line ends', () => {
    const wanted = {
      columns: ['a', 'b'],
      rows: [
        ['1', 'x, "y"\nz'],
        ['2', ''],
      ],
    };
    expect(csv('a,b\n1,"x, ""y""\nz"\n2,\n')).toEqual(wanted);
    expect(csv('\ufeffa;b\r\n\r\n1;"x, ""y""\nz"\r\n2;')).toEqual(wanted);
    expect(csv('a\tb\n1\t"x, ""y""\nz"\n2\t')).toEqual(wanted);
  });

  it('reads what Python writes as Python does', () => {
    expect(PYTHON.length).toBeGreaterThanOrEqual(180);
    for (const { text, rows } of PYTHON) {
      const [columns, ...cells] = rows;
      expect(csv(text), JSON.stringify(text)).toEqual({ columns, rows: cells });
    }
  });

  it('takes the letters of old spreadsheets', () => {
    expect(parseCsv(Uint8Array.of(0x61, 0x0a, 0xe4), 'x.csv').rows).toEqual([['ä']]);
  });

  it.each([
    ['', /own.csv: it is empty/],
    ['a,b\n', /a first line only/],
    ['a,b\n1,2\n3\n', /line 3 has 1 cells, expected 2/],
    ['a,b\n"1\n2",2\n3', /line 4 has 1 cells/],
    ['a,b\n1,"2\n', /the quote opened in line 2 is never closed/],
    ['a,b\n"1"x,2', /line 2 goes on with "x" after a closing quote/],
    ['a,a\n1,2', /two columns are called "a"/],
    [`${'a,'.repeat(1001)}\n`, /1002 columns, at most 1000/],
  ])('refuses %j', (text, message) => {
    expect(() => csv(text)).toThrow(message);
  });

  it('gives a table or a refusal, whatever it gets', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('"', ',', '\n', '\r', 'a', ' ', ';'), maxLength: 30 }), (text) => {
        try {
          const { columns, rows } = csv(text);
          for (const row of rows) expect(row).toHaveLength(columns.length);
        } catch (error) {
          expect(error).toMatchObject({ id: 'bad-data', where: 'own.csv' });
          expect(error).toBeInstanceOf(EngineError);
        }
      }),
    );
  });
});

const OPTIONS: TableOptions = { target: 'kind', leaveOut: [], testShare: 0.25, seed: 7, standardize: true };
const rows = Array.from(
  { length: 40 },
  (_, i) => `${i},${['red', 'green'][i % 2]},${i === 3 ? 'NA' : 5},${i % 4 < 2 ? 'low' : 'high'}`,
);
const own = csv(`size,colour,same,kind\n${rows.join('\n')}`);
const named = { id: 'own', title: 'Own' };

describe('tables', () => {
  it('knows numbers, words and what is missing', () => {
    expect(describeColumns(own).map(({ kind, missing, values }) => [kind, missing, values.length])).toEqual([
      ['number', 0, 40],
      ['category', 0, 2],
      ['number', 1, 1],
      ['category', 0, 2],
    ]);
  });

  it('makes standardized numbers, a number a category, and the same parts of each class', () => {
    const { dataset, incomplete } = tableDataset(own, named, OPTIONS);
    expect(incomplete).toBe(1);
    expect(dataset.sample).toEqual([4]);
    expect(dataset.classes).toEqual(['high', 'low']);
    expect(dataset.columns!.map(({ name }) => name)).toEqual(['size', 'colour = green', 'colour = red', 'same']);
    expect([dataset.train.count, dataset.test.count]).toEqual([29, 10]);
    expect([...dataset.test.labels].filter((label) => label === 0)).toHaveLength(5);
    const sizes = Array.from({ length: 29 }, (_, i) => dataset.train.inputs[i * 4]!);
    expect(sizes.reduce((sum, size) => sum + size, 0) / 29).toBeCloseTo(0, 5);
    expect(sizes.reduce((sum, size) => sum + size * size, 0) / 29).toBeCloseTo(1, 5);
    // What does not vary is 0, not infinite; each row has one colour.
    for (let i = 0; i < 29; i++) {
      expect(dataset.train.inputs[i * 4 + 3]).toBe(0);
      expect(dataset.train.inputs[i * 4 + 1]! + dataset.train.inputs[i * 4 + 2]!).toBe(1);
    }
  });

  it('makes a scaled number of the target, where that is asked for', () => {
    const { dataset } = tableDataset(own, named, { ...OPTIONS, target: 'size', predict: 'number' });
    expect(dataset.classes).toEqual([]);
    expect(dataset.columns!.map(({ name }) => name)).not.toContain('size');
    const { name, mean, deviation } = dataset.target!;
    expect(name).toBe('size');
    const labels = [...dataset.train.labels];
    expect(labels.reduce((sum, label) => sum + label, 0) / labels.length).toBeCloseTo(0, 5);
    expect(labels.reduce((sum, label) => sum + label * label, 0) / labels.length).toBeCloseTo(1, 5);
    const inFile = new Set(own.rows.map(([size]) => Number(size)));
    for (const label of dataset.test.labels) expect(inFile).toContain(Math.round(mean + deviation * label));
    const plain = tableDataset(own, named, { ...OPTIONS, target: 'size', predict: 'number', standardize: false });
    expect(plain.dataset.target).toEqual({ name: 'size', mean: 0, deviation: 1 });
  });

  it('draws the parts from the seed', () => {
    const labels = (seed: number) => tableDataset(own, named, { ...OPTIONS, seed }).dataset.train.inputs;
    expect(labels(7)).toEqual(labels(7));
    expect(labels(7)).not.toEqual(labels(8));
  });

  it.each([
    [{ target: 'sort' }, /no column "sort": expected one of size, colour, same, kind/],
    [{ target: 'colour', predict: 'number' as const }, /the target "colour" holds words, expected numbers/],
    [{ target: 'same' }, /has 1 different values, expected 2 to 100 classes/],
    [{ leaveOut: ['size', 'colour', 'same'] }, /no column is left/],
    [{ testShare: 0.001 }, /too few to train and to test/],
  ])('refuses %j', (options, message) => {
    expect(() => tableDataset(own, named, { ...OPTIONS, ...options })).toThrow(message);
  });

  it('refuses columns of free text', () => {
    const text = csv(`words,kind\n${Array.from({ length: 200 }, (_, i) => `w${i},${i % 2}`).join('\n')}`);
    expect(() => tableDataset(text, named, OPTIONS)).toThrow(/"words" has more than 100 different words: leave it out/);
  });
});
