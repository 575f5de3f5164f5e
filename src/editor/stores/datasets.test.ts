import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { datasetsStore, readDataset, readDatasets } from './datasets.ts';

const manifest = readFileSync('public/datasets/manifest.json');
const fetched: string[] = [];
let online = true;

beforeEach(() => {
  fetched.length = 0;
  vi.stubGlobal('document', { baseURI: 'http://localhost/' });
  vi.stubGlobal('fetch', async (url: URL) => {
    fetched.push(url.pathname);
    if (!online) throw new TypeError('no network');
    return new Response(manifest);
  });
});
afterEach(() => void vi.unstubAllGlobals());

it('says why the list can not be read, tries again, and then reads it no more', async () => {
  online = false;
  await readDatasets();
  expect(datasetsStore.getState()).toMatchObject({ entries: undefined, problem: expect.stringMatching(/no network/) });
  online = true;
  await readDatasets();
  const { entries, problem } = datasetsStore.getState();
  expect(problem).toBeUndefined();
  expect(entries?.map(({ id }) => id)).toContain('moons');
  await readDatasets();
  expect(datasetsStore.getState().entries).toBe(entries);
  expect(fetched).toEqual(['/datasets/manifest.json', '/datasets/manifest.json']);
});

it('reads a data set once, for all who ask for it meanwhile', async () => {
  const [first, second] = await Promise.all([readDataset('moons'), readDataset('moons')]);
  expect(first.train.count).toBeGreaterThan(0);
  expect(second).toBe(first);
  expect(await readDataset('moons')).toBe(first);
});

it('names what there is for a data set that nobody knows, and forgets that it was asked for', async () => {
  await expect(readDataset('mars')).rejects.toThrow(/unknown data set "mars": choose one of .*moons/);
  await expect(readDataset('mars')).rejects.toThrow(/unknown data set "mars"/);
});
