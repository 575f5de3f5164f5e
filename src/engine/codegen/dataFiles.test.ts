import { describe, expect, it } from 'vitest';
import { parseCsv } from '../data/csv.ts';
import { tableDataset } from '../data/table.ts';
import { datasetFromIdx } from '../model/datasetFromIdx.ts';
import { dataFiles, TABLE_FILE } from './dataFiles.ts';

const csv = ['size,rooms,price', ...Array.from({ length: 20 }, (_, i) => `${50 + i},${1 + (i % 4)},${900 + 31 * i}`)];
const options = {
  target: 'price',
  predict: 'number',
  leaveOut: [],
  testShare: 0.25,
  seed: 1,
  standardize: true,
} as const;

describe('the files of a table whose target is a number', () => {
  it('give the same data set again, with what its numbers were', () => {
    const table = parseCsv(new TextEncoder().encode(csv.join('\n')), 'houses.csv');
    const { dataset } = tableDataset(table, { id: 'houses', title: 'Houses' }, options);
    const files = new Map(dataFiles(dataset).map(({ path, content }) => [path, content]));
    const { columns, target } = JSON.parse(new TextDecoder().decode(files.get(TABLE_FILE)));
    const split = (name: string) => ({
      samples: files.get(`data/${name}-samples.idx.gz`)!,
      labels: files.get(`data/${name}-labels.idx.gz`)!,
    });
    const { id, title, sample, classes } = dataset;
    const read = datasetFromIdx({
      id,
      title,
      sample,
      classes,
      columns,
      target,
      train: split('train'),
      test: split('test'),
    });
    expect(read).toEqual(dataset);
    expect(read.target!.mean + read.target!.deviation * read.test.labels[0]!).toBeGreaterThan(800);
  });
});
