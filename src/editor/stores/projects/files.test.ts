import { readFile } from 'node:fs/promises';
import { strToU8, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import type { GraphNode } from '../../../engine/graph/document.ts';
import { findTemplate } from '../../../engine/templates/registry.ts';
import { readProjectFile, writeProjectFile } from './projectFile.ts';
import { linkFragment, readLinkFragment } from './shareLink.ts';

const document = findTemplate('residual-cnn')!.build();
const about = strToU8('{"format":"gradloom-project","version":1}');
const weights = [{ name: 'linear1.weight', shape: [2, 3], data: Float32Array.of(1, -2, 3.5, 0, 5, 6) }];
const run = {
  document,
  steps: { step: [1, 2], loss: [2.3, 1.9], accuracy: [0.1, null] },
  evaluations: [{ step: 2, epoch: 1, loss: 1.8, accuracy: 0.5 }],
};

describe('project file', () => {
  it('gives back each of several losses, and steps whose loss was not finite', () => {
    const steps = {
      step: [1, 2],
      loss: [2.3, null],
      accuracy: [null, null],
      terms: { Real: [1.3, null], Fake: [1, 0.5] },
    };
    const evaluations = [{ step: 2, epoch: 1, loss: Number.NaN, accuracy: undefined }];
    const read = readProjectFile(writeProjectFile({ document, run: { document, steps, evaluations } }), 'a.gradloom');
    expect(read.run).toEqual({ document, steps, evaluations });
  });

  it('reads files of version 1, which had the sum of several losses alone', async () => {
    const bytes = await readFile(new URL('./fixtures/version1.gradloom', import.meta.url));
    const { run: old, weights: kept, problems } = readProjectFile(new Uint8Array(bytes), 'version1.gradloom');
    expect(old?.steps).toEqual({ step: [1, 2, 3], loss: [2.5, 2.25, 2], accuracy: [0.125, 0.25, null] });
    expect(old?.evaluations).toEqual([{ step: 3, epoch: 1, loss: 1.75, accuracy: 0.5 }]);
    expect(kept?.[0]?.name).toBe('n2.weight');
    expect(problems).toEqual([]);
  });

  it.each([
    ['terms that are no lists', '{"Real":3}'],
    ['terms of another length', '{"Real":[1,2,3]}'],
    ['terms that are a list', '[]'],
  ])('refuses %s', (_, terms) => {
    const last = `{"steps":{"step":[1],"loss":[1],"accuracy":[null],"terms":${terms}},"evaluations":[]}`;
    const bytes = zipSync({
      'gradloom.json': strToU8('{"format":"gradloom-project","version":2}'),
      'document.json': strToU8(JSON.stringify(document)),
      'runs/last.json': strToU8(last),
    });
    expect(() => readProjectFile(bytes, 'a.gradloom')).toThrow(/its run has not the form/);
  });

  it('gives back document, weights and run', () => {
    const read = readProjectFile(writeProjectFile({ document, weights, run }), 'a.gradloom');
    expect(read).toEqual({ document, weights, run, problems: [] });
  });

  it('keeps blocks, and the weights of each repetition', () => {
    const model = findTemplate('resnet')!.build();
    const [use] = Object.values<GraphNode>(model.nodes).filter(({ block }) => block !== undefined);
    expect(use?.parameters.repeat).toBe(3);
    const repeated = [0, 1, 2].map((i) => {
      return { name: `${use?.id}.${i}.conv1.weight`, shape: [2, 1], data: Float32Array.of(i, -i) };
    });
    const read = readProjectFile(writeProjectFile({ document: model, weights: repeated }), 'a.gradloom');
    expect(read).toEqual({ document: model, weights: repeated, problems: [] });
    expect(Object.keys(read.document.blocks)).toHaveLength(1);
  });

  it('reads a document alone, from an archive and as JSON', () => {
    expect(readProjectFile(writeProjectFile({ document }), 'a.gradloom')).toEqual({ document, problems: [] });
    expect(readProjectFile(strToU8(JSON.stringify(document)), 'a.json').document).toEqual(document);
  });

  it('passes over entries that it does not know, whatever their names', () => {
    const text = strToU8(JSON.stringify(document));
    const files = { 'gradloom.json': about, 'document.json': text, '../../etc/passwd': text, __proto__x: text };
    expect(readProjectFile(zipSync(files), 'a.gradloom').document).toEqual(document);
  });

  const hostile: readonly (readonly [string, Uint8Array, RegExp])[] = [
    ['no archive and no JSON', Uint8Array.of(1, 2, 3), /not JSON/],
    ['an archive cut off', writeProjectFile({ document }).subarray(0, 200), /no zip archive/],
    ['an archive of something else', zipSync({ 'readme.txt': strToU8('hello') }), /no Gradloom project/],
    ['no document', zipSync({ 'gradloom.json': about }), /no document\.json/],
    ['a bomb', zipSync({ 'gradloom.json': new Uint8Array(10 * 2 ** 20) }), /unpacks to 10485760 bytes/],
    [
      'another version',
      zipSync({ 'gradloom.json': strToU8('{"format":"gradloom-project","version":9}') }),
      /version 9/,
    ],
    [
      'a run that is none',
      zipSync({
        'gradloom.json': about,
        'document.json': strToU8(JSON.stringify(document)),
        'runs/last.json': strToU8('{"steps":{"step":[1],"loss":[],"accuracy":[]},"evaluations":[]}'),
      }),
      /form that it should have/,
    ],
    [
      'weights that are none',
      zipSync({
        'gradloom.json': about,
        'document.json': strToU8(JSON.stringify(document)),
        'weights.safetensors': new Uint8Array(9).fill(255),
      }),
      /not a safetensors file/,
    ],
  ];
  for (const [what, bytes, message] of hostile) {
    it(`refuses ${what}`, () => {
      expect(() => readProjectFile(bytes, 'a.gradloom')).toThrow(message);
    });
  }

  it('refuses an archive that claims a smaller size than an entry has', () => {
    const bytes = zipSync({ 'gradloom.json': about, 'document.json': strToU8(JSON.stringify(document)) });
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    // The size in the last central directory header (signature PK\1\2), 24 bytes in.
    for (let at = bytes.length - 46; at >= 0; at--) {
      if (view.getUint32(at, true) !== 0x02014b50) continue;
      view.setUint32(at + 24, 10, true);
      break;
    }
    expect(() => readProjectFile(bytes, 'a.gradloom')).toThrow();
  });
});

describe('link', () => {
  it('gives back the document', async () => {
    const fragment = await linkFragment(document);
    expect(fragment).toMatch(/^#model=[\w-]+$/);
    expect((await readLinkFragment(fragment))!.document).toEqual(document);
  });

  it('is none without its prefix', async () => {
    expect(await readLinkFragment('#elsewhere')).toBeUndefined();
  });

  it('refuses what is cut off, no document, or too large', async () => {
    const fragment = await linkFragment(document);
    await expect(readLinkFragment(fragment.slice(0, -40))).rejects.toThrow(/damaged/);
    await expect(readLinkFragment('#model=!!!')).rejects.toThrow(/damaged/);
    const packed = async (text: string) => {
      const stream = new Blob([text]).stream().pipeThrough(new CompressionStream('deflate-raw'));
      return `#model=${Buffer.from(await new Response(stream).arrayBuffer()).toString('base64url')}`;
    };
    await expect(packed('{"format":"other"}').then(readLinkFragment)).rejects.toThrow(/no Gradloom document/);
    await expect(packed(' '.repeat(9 * 2 ** 20)).then(readLinkFragment)).rejects.toThrow(/more than a document/);
  });
});
