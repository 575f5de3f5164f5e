import { expect, it, vi } from 'vitest';
import type { Backend } from '../engine/backends/backend.ts';
import { createReferenceBackend } from '../engine/backends/reference/referenceBackend.ts';
import { apply } from '../engine/graph/changes.ts';
import { type GraphDocument, nodeId } from '../engine/graph/document.ts';
import { chain, groups } from '../engine/training/testModels.ts';
import { Preparation } from './preparation.ts';

const document = chain([
  ['Input', {}],
  ['Linear', { outFeatures: 4 }],
  ['Linear', { outFeatures: 2 }],
  ['CrossEntropyLoss', {}],
]);
const dataset = groups(64, 20);
const wanted = { document, dataset, device: 'reference' } as const;

/** A backend, and how many of its buffers are in use. */
function counted(most = Number.POSITIVE_INFINITY): { backend: Backend; inUse: () => number } {
  const backend = createReferenceBackend();
  let [made, inUse] = [0, 0];
  const { allocate, release } = backend;
  vi.spyOn(backend, 'allocate').mockImplementation((...given) => {
    if (++made > most) throw new Error('no memory left');
    inUse++;
    return allocate.apply(backend, given);
  });
  vi.spyOn(backend, 'release').mockImplementation((buffer) => {
    inUse--;
    release.call(backend, buffer);
  });
  return { backend, inUse: () => inUse };
}

const moved = apply(document, { kind: 'moveNode', node: nodeId('n1'), position: { x: 500, y: 80 } });
const changed = (outFeatures: number): GraphDocument =>
  apply(document, { kind: 'setParameter', node: nodeId('n1'), parameter: 'outFeatures', value: outFeatures });

it('gives what was made for the same document, wherever its layers lie, and gives it once', () => {
  const preparation = new Preparation();
  const { backend } = counted();
  preparation.make(wanted, backend);
  expect(preparation.has({ ...wanted, document: moved })).toBe(true);
  expect(preparation.take({ ...wanted, document: moved })).toMatchObject({ backend, step: 0, parameterCount: 22 });
  expect(preparation.take(wanted)).toBeUndefined();
});

it.each([
  ['another document', { ...wanted, document: changed(3) }],
  ['other samples of the same name', { ...wanted, dataset: { ...dataset } }],
  ['another device', { ...wanted, device: 'auto' }],
] as const)('lets go of what was made when %s is wanted', (_what, other) => {
  const preparation = new Preparation();
  const { backend, inUse } = counted();
  preparation.make(wanted, backend);
  expect(inUse()).toBeGreaterThan(0);
  expect(preparation.take(other)).toBeUndefined();
  expect(inUse()).toBe(0);
  expect(preparation.take(wanted)).toBeUndefined();
});

it('holds one run at most, and none of a device that is gone', () => {
  const preparation = new Preparation();
  const { backend, inUse } = counted();
  preparation.make(wanted, backend);
  const one = inUse();
  preparation.make({ ...wanted, document: changed(3) }, backend);
  expect(inUse()).toBe(one);
  preparation.dropFrom(createReferenceBackend());
  expect(inUse()).toBe(one);
  preparation.dropFrom(backend);
  expect(inUse()).toBe(0);
});

it('leaves nothing on the device when memory runs out on the way', () => {
  const { backend, inUse } = counted(6);
  expect(() => new Preparation().make(wanted, backend)).toThrow('no memory left');
  expect(inUse()).toBe(0);
});
