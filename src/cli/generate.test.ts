import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readIdx } from '../engine/data/idx.ts';
import { findTemplate } from '../engine/templates/registry.ts';
import { writeProject } from './generate.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'gradloom-generate-'));
});
afterEach(() => rm(folder, { recursive: true }));

const document = findTemplate('keras-cnn')!.build();
const idx = async (name: string) => readIdx(gunzipSync(await readFile(path.join(folder, name))), name);

describe('writeProject', () => {
  it('writes code, loader, readme and all of the data', async () => {
    const files = await writeProject(document, 'pytorch', folder);
    expect(files).toEqual([
      'train.py',
      'data.py',
      'requirements.txt',
      'README.md',
      'data/train-samples.idx.gz',
      'data/train-labels.idx.gz',
      'data/test-samples.idx.gz',
      'data/test-labels.idx.gz',
    ]);
    expect(await readFile(path.join(folder, 'train.py'), 'utf8')).toContain('class KerasQuickStartCNN(nn.Module):');
    expect((await idx('data/train-samples.idx.gz')).shape).toEqual([9000, 1, 28, 28]);
    const labels = await idx('data/test-labels.idx.gz');
    expect(labels.shape).toEqual([1000]);
    expect(new Set(labels.data).size).toBe(10);
  });

  it('refuses a data set that there is not, and a folder that can not be written', async () => {
    const elsewhere = { ...document, data: { dataset: 'nope' } };
    await expect(writeProject(elsewhere, 'keras', folder)).rejects.toThrow(/unknown data set "nope": expected mnist/);
    await writeProject(document, 'keras', folder);
    const inside = path.join(folder, 'train.py', 'project');
    await expect(writeProject(document, 'keras', inside)).rejects.toThrow(/can't write to/);
  });
});
