import { expect, it } from 'vitest';
import { nodeId } from '../../engine/graph/document.ts';
import { findTemplate } from '../../engine/templates/registry.ts';
import type { RunProfile } from '../../workers/protocol.ts';
import { profileRows, rate } from './profileRows.ts';

const profile: RunProfile = {
  batchSize: 16,
  arenaBytes: 0,
  kernels: [
    { label: 'conv2d', milliseconds: 3, flops: 6e6, bytes: 100, resultBytes: 40 },
    { label: 'compute', milliseconds: 1, flops: 0, bytes: 10, resultBytes: 0 },
  ],
  layers: [
    {
      node: 'conv2d1',
      milliseconds: 3,
      share: 0.75,
      flops: 6e6,
      bytes: 100,
      weightBytes: 60,
      resultBytes: 40,
      kernels: [0],
    },
    {
      node: undefined,
      milliseconds: 1,
      share: 0.25,
      flops: 0,
      bytes: 10,
      weightBytes: 0,
      resultBytes: 0,
      kernels: [1],
    },
  ],
};

it('names layers as the document does and lists their kernels', () => {
  const document = findTemplate('keras-cnn')!.build();
  const rows = profileRows(profile, document);
  expect(rows.map(({ title }) => title)).toEqual(['Conv2d (conv2d1)', 'Batch, update and metrics']);
  expect(rows[0]?.kernels).toEqual([
    { key: '0', title: 'conv2d', milliseconds: 3, share: 0.75, flops: 6e6, bytes: 100, memory: 40 },
  ]);
  expect(rows.map(({ memory }) => memory)).toEqual([100, 0]);
  const node = document.nodes[nodeId('conv2d1')]!;
  const named = { ...document, nodes: { ...document.nodes, [node.id]: { ...node, name: 'Edges' } } };
  expect(profileRows(profile, named)[0]?.title).toBe('Edges');
  expect(profileRows(profile, undefined)[0]?.title).toBe('conv2d1');
});

it('gives no speed where there is none', () => {
  expect(rate(6e6, 3)).toBe('2.00 GFLOP/s');
  expect(rate(0, 3)).toBe('–');
  expect(rate(5, 0)).toBe('–');
});
