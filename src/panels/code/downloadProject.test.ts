import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { Dataset } from '../../engine/data/dataset.ts';
import { readIdx } from '../../engine/data/idx.ts';
import { fileName, projectFiles } from './downloadProject.ts';

const dataset: Dataset = {
  id: 'tiny',
  title: 'Tiny',
  sample: [1, 1, 2],
  classes: ['a', 'b'],
  train: { count: 2, inputs: Uint8Array.of(1, 2, 3, 4), labels: Int32Array.of(0, 1) },
  test: { count: 1, inputs: Uint8Array.of(5, 6), labels: Int32Array.of(1) },
};

describe('projectFiles', () => {
  it('holds the code and the data as the code reads it', async () => {
    const files = await projectFiles(
      { files: [{ path: 'train.py', text: 'π = 3\n' }], main: 'train.py', names: {} },
      dataset,
      'p',
    );
    expect(new TextDecoder().decode(files['p/train.py'])).toBe('π = 3\n');
    const samples = readIdx(gunzipSync(files['p/data/train-samples.idx.gz']!), 'samples');
    expect(samples.shape).toEqual([2, 1, 1, 2]);
    expect([...samples.data]).toEqual([1, 2, 3, 4]);
    const labels = readIdx(gunzipSync(files['p/data/test-labels.idx.gz']!), 'labels');
    expect([...labels.data]).toEqual([1]);
  });
});

describe('fileName', () => {
  it('keeps letters and digits of any script', () => {
    expect(fileName('Keras quick-start CNN!')).toBe('keras-quick-start-cnn');
    expect(fileName('模型 1')).toBe('模型-1');
    expect(fileName('  ')).toBe('model');
  });
});
