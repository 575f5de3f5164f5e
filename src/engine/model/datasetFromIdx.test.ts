import { describe, expect, it } from 'vitest';
import { writeIdx } from '../data/idx.ts';
import { datasetFromIdx } from './datasetFromIdx.ts';

const about = { id: 'small', title: 'Small', sample: [1, 1, 2], classes: ['a', 'b'] };
const split = (labels: number[], values = labels.length * 2) => ({
  samples: writeIdx(
    Float32Array.from({ length: values }, (_, i) => i / 4),
    [values / 2, 2],
  ),
  labels: writeIdx(Uint8Array.from(labels), [labels.length]),
});

describe('datasetFromIdx', () => {
  it('reads floats and labels', () => {
    const dataset = datasetFromIdx({ ...about, train: split([0, 1, 1]), test: split([1]) });
    expect(dataset.train).toEqual({
      count: 3,
      inputs: Float32Array.of(0, 0.25, 0.5, 0.75, 1, 1.25),
      labels: Int32Array.of(0, 1, 1),
    });
    expect(dataset.test.count).toBe(1);
  });

  it('refuses a wrong number of samples and a label without a class', () => {
    expect(() => datasetFromIdx({ ...about, train: split([0, 1], 6), test: split([1]) })).toThrow(/train samples/);
    expect(() => datasetFromIdx({ ...about, train: split([0]), test: split([2]) })).toThrow(/test label 2 of sample 0/);
  });
});
