import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gunzip } from './gunzip.ts';
import { readIdx, writeIdx } from './idx.ts';
import { loadDataset, loadManifest } from './loadDataset.ts';
import { parseManifest } from './manifest.ts';
import { shuffledIndices } from './shuffle.ts';

const fetchBytes = (file: string) => readFile(new URL(`../../../public/datasets/${file}`, import.meta.url));
const manifest = await loadManifest(fetchBytes);

describe.each(manifest)('data set $id', (entry) => {
  it('loads whole, with check sums, and has every class in both parts', async () => {
    const dataset = await loadDataset(entry, fetchBytes);
    for (const split of [dataset.train, dataset.test]) {
      expect(split.inputs.length).toBe(split.count * entry.sample.reduce((size, extent) => size * extent, 1));
      // A rare character stands in one part of a text only.
      if (!entry.text && !entry.target) expect(new Set(split.labels).size).toBe(entry.classes.length);
    }
    expect(dataset.train.count).toBe(entry.counts.train);
    expect(dataset.target?.name).toBe(entry.target);
  });
});

it('reads files that were unpacked on their way, as browsers do with a content encoding', async () => {
  const mnist = manifest.find(({ id }) => id === 'mnist')!;
  const unpacked = async (file: string) => gunzipSync(await fetchBytes(file));
  const [straight, decoded] = await Promise.all([loadDataset(mnist, fetchBytes), loadDataset(mnist, unpacked)]);
  expect(Buffer.compare(decoded.test.inputs as Uint8Array, straight.test.inputs as Uint8Array)).toBe(0);
  expect(decoded.test.labels).toEqual(straight.test.labels);
  const cut = async (file: string) => (await unpacked(file)).subarray(0, 5000);
  await expect(loadDataset(mnist, cut)).rejects.toThrow(/is not an IDX file that can be read/);
});

describe('a damaged data set', () => {
  const mnist = manifest.find(({ id }) => id === 'mnist')!;
  const broken = (edit: (bytes: Uint8Array) => Uint8Array) => async (file: string) => {
    const bytes = Uint8Array.from(await fetchBytes(file));
    return file.includes('t10k-images') ? edit(bytes) : bytes;
  };

  it.each([
    ['one byte changed', (bytes: Uint8Array) => bytes.with(5000, bytes[5000]! ^ 1), /t10k-images.*is damaged/],
    ['cut off', (bytes: Uint8Array) => bytes.slice(0, 5000), /t10k-images.*has 5000 bytes/],
  ])('is refused with the file and the reason: %s', async (_, edit, message) => {
    await expect(loadDataset(mnist, broken(edit))).rejects.toThrow(message);
  });
});

describe('IDX files', () => {
  it('give back what was written', () => {
    for (const data of [
      Uint8Array.of(1, 2, 255, 0, 9, 8),
      Int32Array.of(-1, 2, 3, 4, 5, 6),
      Float32Array.of(1, 2.5, -3, 0, 5, 6),
    ]) {
      expect(readIdx(writeIdx(data, [2, 3]), 'x')).toEqual({ shape: [2, 3], data });
    }
  });

  it('are read or refused by name, whatever they hold', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), fc.boolean(), (noise, valid) => {
        const bytes = valid ? Uint8Array.from([0, 0, 8, 1, ...noise]) : noise;
        try {
          readIdx(bytes, 'noise.idx');
        } catch (error) {
          expect(error).toMatchObject({ id: 'bad-data', where: 'noise.idx' });
        }
      }),
    );
  });
});

it('stops unpacking at the size that is expected', async () => {
  const packed = await new Response(
    new Blob([new Uint8Array(100_000)]).stream().pipeThrough(new CompressionStream('gzip')),
  ).arrayBuffer();
  await expect(gunzip(new Uint8Array(packed), 50_000, 'bomb.gz')).rejects.toThrow(
    'bomb.gz unpacks to more than the 50000 bytes',
  );
  await expect(gunzip(new Uint8Array(packed).slice(0, 40), 200_000, 'cut.gz')).rejects.toThrow(
    'cut.gz is no valid gzip file',
  );
});

it.each([
  ['{', /no JSON/],
  ['{}', /must be a list/],
  ['[{"id":"x"}]', /entry 0 .*"title"/],
  [
    '[{"id":"x","title":"","source":"","licence":"","sample":[1],"classes":[],"counts":{"train":1,"test":1},"kind":"idx","files":{"trainInputs":{"path":"../../etc/passwd"}}}]',
    /files.trainInputs/,
  ],
])('refuses the manifest %s', (text, message) => {
  expect(() => parseManifest(text)).toThrow(message);
});

it('shuffles each epoch to another order of all samples', () => {
  const [first, second] = [shuffledIndices(100, 1, 0), shuffledIndices(100, 1, 1)];
  expect([...first].sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, i) => i));
  expect(first).toEqual(shuffledIndices(100, 1, 0));
  expect(first).not.toEqual(second);
});
