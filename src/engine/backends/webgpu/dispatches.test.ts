import { describe, expect, it } from 'vitest';
import type { GraphDocument } from '../../graph/document.ts';
import { makeSchedule } from '../../schedule/makeSchedule.ts';
import { stepOfDocument } from '../../schedule/testSteps.ts';
import { findTemplate } from '../../templates/registry.ts';
import { chain } from '../../training/testModels.ts';
import { type KernelBinding, SCRATCH } from './bindings.ts';
import { dispatchesOf, type PlacedKernel, placeScratch } from './dispatches.ts';
import { deviceKernels } from './kernels/deviceKernels.ts';
import type { DeviceLimits } from './kernels/kernel.ts';
import { Shader } from './wgsl/shader.ts';

const limits: DeviceLimits = {
  storageBuffers: 8,
  workgroupBytes: 16384,
  software: false,
  quads: false,
  choices: new Map(),
};

/** A kernel that adds up 256 bytes of some slots into 256 bytes of another; `[slot, byteOffset]` each. */
function kernel(
  label: string,
  reads: readonly (readonly [number, number])[],
  writes: readonly [number, number],
  lanes = 64,
  shared = 0,
): PlacedKernel {
  const binding = ([slot, byteOffset]: readonly [number, number], write: boolean): KernelBinding => ({
    slot,
    byteOffset,
    bytes: 256,
    write,
    element: 'f32',
  });
  const shader = new Shader();
  if (shared > 0) shader.shared('tile', 'f32', shared);
  const sum = reads.map((_, k) => `buffer${k}[lane]`).join(' + ') || '1.0';
  const source = shader.source(
    ['fn finish(at: u32, value: f32) {', `buffer${reads.length}[at] = value;`, '}'],
    [`finish(lane, ${sum});`],
    lanes,
  );
  const bindings = [...reads.map((read) => binding(read, false)), binding(writes, true)];
  return { label, kernel: { source, bindings, grid: [3, 1] } };
}

const labels = (kernels: readonly PlacedKernel[], within: Partial<DeviceLimits> = {}): string[] =>
  dispatchesOf(kernels, { ...limits, ...within }).map(({ label }) => label);

describe('dispatchesOf', () => {
  it('puts together what does not depend on each other, as early as may be', () => {
    const kernels = [
      kernel('a', [[0, 0]], [1, 0]),
      kernel('b', [[1, 0]], [2, 0]),
      kernel('c', [[0, 0]], [3, 0]),
      kernel('d', [[2, 0]], [4, 0]),
      kernel('e', [[3, 0]], [5, 0]),
    ];
    expect(labels(kernels)).toEqual(['a | c', 'b | e', 'd']);
  });

  it('keeps writers behind readers of the old content, and behind other writers', () => {
    expect(labels([kernel('read', [[0, 0]], [1, 0]), kernel('write', [], [0, 0])])).toEqual(['read', 'write']);
    expect(labels([kernel('first', [], [0, 0]), kernel('second', [], [0, 0])])).toEqual(['first', 'second']);
    expect(labels([kernel('first', [], [0, 0]), kernel('beside', [], [0, 256])])).toEqual(['first | beside']);
  });

  it('heeds the limits of the device', () => {
    const many = [0, 1, 2].map((i) =>
      kernel(
        `${i}`,
        [
          [3 * i, 0],
          [3 * i + 1, 0],
        ],
        [3 * i + 2, 0],
      ),
    );
    expect(labels(many)).toEqual(['0 | 1', '2']);
    expect(labels(many, { storageBuffers: 9 })).toEqual(['0 | 1 | 2']);
    const large = [kernel('a', [], [0, 0], 64, 3000), kernel('b', [], [1, 0], 64, 4000)];
    expect(labels(large, { workgroupBytes: 16_000 })).toEqual(['a | b']);
    expect(labels(large, { workgroupBytes: 15_999 })).toEqual(['a', 'b']);
  });

  it('cuts workgroups to one size only where there are no barriers', () => {
    expect(labels([kernel('a', [], [0, 0], 256, 8), kernel('b', [], [1, 0], 64)])).toEqual(['a | b']);
    expect(labels([kernel('a', [], [0, 0], 256, 8), kernel('b', [], [1, 0], 64, 8)])).toEqual(['a', 'b']);
    const [both] = dispatchesOf([kernel('a', [], [0, 0], 256, 8), kernel('b', [], [1, 0], 64)], limits);
    // 3 workgroups of 64 threads fit into one of 256.
    expect(both?.grid).toEqual([4, 1]);
    expect(both?.code).toContain('@workgroup_size(256)');
    expect(both?.code).toMatch(/fn finish_of_1\(/);
  });

  it('binds a buffer that one kernel writes for writing in all of them', () => {
    const [both] = dispatchesOf([kernel('a', [], [0, 0]), kernel('b', [[0, 256]], [1, 0])], limits);
    expect(both?.bindings.map(({ slot, write }) => [slot, write])).toEqual([
      [0, true],
      [0, true],
      [1, true],
    ]);
    const overlapping = kernel('b', [[0, 256]], [1, 0]);
    const wide = kernel('c', [[0, 300]], [2, 0]);
    expect(labels([kernel('a', [], [0, 1024]), overlapping, wide])).toEqual(['a | b', 'c']);
  });
});

it('lets calls that follow each other have scratch memory of their own', () => {
  const parts = (label: string): PlacedKernel[] => [
    kernel(`${label}1`, [], [SCRATCH, 0]),
    kernel(`${label}2`, [[SCRATCH, 0]], [label.charCodeAt(0), 0]),
  ];
  const { kernels, bytes } = placeScratch([parts('a'), parts('b'), parts('c'), parts('d')]);
  expect(bytes).toBe(3 * 256);
  expect(labels(kernels)).toEqual(['a1 | b1 | c1', 'a2 | b2 | c2', 'd1', 'd2']);
});

const block = (outChannels: number): Parameters<typeof chain>[0] => [
  ['Conv2d', { outChannels, kernelSize: [3, 3], stride: [1, 1], padding: [1, 1] }],
  ['BatchNorm2d', {}],
  ['ReLU', {}],
  ['MaxPool2d', { kernelSize: [2, 2] }],
];
const normalized: GraphDocument = {
  ...chain([
    ['Input', {}],
    ...[16, 32, 64].flatMap(block),
    ['Flatten', {}],
    ['Linear', { outFeatures: 10 }],
    ['CrossEntropyLoss', {}],
  ]),
  data: { dataset: 'mnist' },
};

it.each([
  ['the Keras CNN', findTemplate('keras-cnn')!.build(), true, 12],
  ['the Keras CNN', findTemplate('keras-cnn')!.build(), false, 12],
  ['the MLP', findTemplate('mlp')!.build(), true, 10],
  ['the MLP', findTemplate('mlp')!.build(), false, 10],
  ['the LSTM on rows', findTemplate('lstm-rows')!.build(), true, 16],
  ['the LSTM on rows', findTemplate('lstm-rows')!.build(), false, 16],
  ['the GRU on rows', findTemplate('gru-rows')!.build(), false, 16],
  ['three convolutions with batch norm', normalized, true, 35],
  ['three convolutions with batch norm', normalized, false, 35],
])('a step of %s is few dispatches (%#)', (_, document, software, most) => {
  // What desktop adapters offer; with the 8 buffers of the standard's minimum it is a few more.
  const device: DeviceLimits = {
    storageBuffers: 12,
    workgroupBytes: 16384,
    software,
    quads: software,
    choices: new Map(),
  };
  const schedule = makeSchedule(stepOfDocument(document, 64), { concurrent: true, buffers: device.storageBuffers });
  const kernels = schedule.calls.map((call) =>
    deviceKernels(call, device).map((made) => ({ kernel: made, label: call.label })),
  );
  expect(dispatchesOf(placeScratch(kernels).kernels, device).length).toBeLessThanOrEqual(most);
});
