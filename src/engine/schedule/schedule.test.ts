import { describe, expect, it } from 'vitest';
import { ProgramBuilder } from '../ir/builder.ts';
import { byteLengthOf } from '../ir/shape.ts';
import type { Program, TypedArray } from '../ir/types.ts';
import { interpretKernel } from '../kernels/interpret.ts';
import { opDefinition } from '../ops/registry.ts';
import { allTemplates, findTemplate } from '../templates/registry.ts';
import { fuse } from './fuse.ts';
import { type KernelGraph, type KernelNode, kernelGraph } from './kernelGraph.ts';
import { orderByLevel } from './levels.ts';
import { planMemory } from './planMemory.ts';
import type { Schedule } from './schedule.ts';
import { stepOfDocument } from './testSteps.ts';

const templates = allTemplates();

const stepOf = (id: string, batchSize: number): Program => stepOfDocument(findTemplate(id)!.build(), batchSize);

interface Tensor {
  readonly slot: number;
  readonly byteOffset: number;
  readonly bytes: number;
  readonly from: number;
  readonly to: number;
}

const rounded = (bytes: number): number => Math.ceil(Math.max(4, bytes) / 256) * 256;

/** The tensors in planned memory, with the first and the last time that each is needed. */
function plannedTensors(
  { slots, calls: all }: Schedule,
  { nodes, packs }: KernelGraph,
  times: readonly number[],
): Tensor[] {
  const calls = all.filter(({ label }) => label !== 'copy');
  expect(calls).toHaveLength(nodes.length);
  const pieces = new Set(packs.flatMap((pack) => pack.pieces.map(({ root }) => root)));
  const tensors = nodes.flatMap(({ results }, at) =>
    results.flatMap(({ id, type }, k): Tensor[] => {
      const { slot, byteOffset } = calls[at]!.results[k]!;
      if (slots[slot]?.kind !== 'arena' || pieces.has(id)) return [];
      const readers = nodes.flatMap(({ operands }, i) => (operands.some(({ root }) => root === id) ? [times[i]!] : []));
      const from = times[at]!;
      return [{ slot, byteOffset, bytes: rounded(byteLengthOf(type)), from, to: Math.max(from, ...readers) }];
    }),
  );
  const packSlots = new Set(
    nodes.flatMap(({ results }, at) =>
      results.flatMap(({ id }, k) => (pieces.has(id) ? [calls[at]!.results[k]!.slot] : [])),
    ),
  );
  // The gaps of a pack stay zero: its memory is never anything else's.
  const always = { byteOffset: 0, from: 0, to: Number.POSITIVE_INFINITY };
  return [...tensors, ...[...packSlots].map((slot) => ({ slot, bytes: bytesOf(slots[slot]!), ...always }))];
}

const bytesOf = (slot: Schedule['slots'][number]): number => (slot.kind === 'arena' ? slot.bytes : 0);

describe.each(templates.map(({ id }) => id))('the memory plan of %s', (id) => {
  it.each([
    ['one kernel after another', false, 16],
    ['one kernel after another', false, 64],
    ['a level at a time', true, 64],
  ] as const)(
    '%s, keeps what lives at the same time apart, in little more than it needs',
    (_, concurrent, batchSize) => {
      const program = stepOf(id, batchSize);
      const fused = fuse(program, kernelGraph(program), { concurrent, buffers: 10 });
      const { graph, levels } = concurrent ? orderByLevel(program, fused) : { graph: fused, levels: undefined };
      const schedule = planMemory(program, graph, levels);
      const times = levels ?? [...graph.nodes.keys()];
      const tensors = plannedTensors(schedule, graph, times);
      for (const [i, a] of tensors.entries()) {
        for (const b of tensors.slice(i + 1)) {
          const together = a.from <= b.to && b.from <= a.to && a.slot === b.slot;
          const overlap = a.byteOffset < b.byteOffset + b.bytes && b.byteOffset < a.byteOffset + a.bytes;
          if (together && overlap) throw new Error(`${JSON.stringify(a)} and ${JSON.stringify(b)} share memory`);
        }
      }
      const live = times.map((time) =>
        tensors.reduce((sum, { from, to, bytes }) => sum + (from <= time && time <= to ? bytes : 0), 0),
      );
      const arena = schedule.slots.reduce((sum, slot) => sum + bytesOf(slot), 0);
      expect(arena).toBeLessThanOrEqual(1.2 * Math.max(...live));
    },
  );
});

const labelsOf = (nodes: readonly KernelNode[]): string[] => nodes.map(({ ops }) => ops.join('+'));

describe('fusion', () => {
  const step = stepOf('keras-cnn', 8);
  const graph = kernelGraph(step);

  it('leaves out copies: the gradient of a mean loss is the kernel that made it', () => {
    expect(labelsOf(fuse(step, graph).nodes).filter((label) => label.includes('expand'))).toEqual([]);
  });

  it('lets the first convolution look up its rows only where kernels run together', () => {
    const lookups = (concurrent: boolean): string[] =>
      fuse(step, graph, { concurrent, buffers: 10 }).nodes.flatMap(({ spec, ops }) =>
        spec.kind === 'contract' && [...spec.a.axes, ...spec.b.axes].some(({ gather }) => gather !== undefined)
          ? [ops.join('+')]
          : [],
      );
    expect(lookups(false)).toEqual([]);
    expect(lookups(true)).toEqual(['fill+takeRows+multiply+convolution']);
  });

  it('means the same with rows looked up as with rows taken first', () => {
    const builder = new ProgramBuilder(opDefinition);
    const table = builder.input('table', { shape: [5, 2, 4, 4], dtype: 'u8' });
    const ids = builder.input('ids', { shape: [3], dtype: 'i32' });
    const weights = builder.input('weights', { shape: [6, 2, 3, 3], dtype: 'f32' });
    const x = builder.op('multiply', [builder.op('takeRows', [table, ids]), builder.fill([], 1 / 255)]);
    const window = { stride: [1, 1], padding: [1, 1], dilation: [1, 1], groups: 1 };
    builder.output('y', builder.op('relu', [builder.op('convolution', [x, weights], window)]));
    const program = builder.build();
    const data = new Map<number, TypedArray>([
      [table.id, Uint8Array.from({ length: 160 }, (_, i) => (37 * i) % 256)],
      // Rows that do not exist read 0.
      [ids.id, Int32Array.of(4, 0, 9)],
      [weights.id, Float32Array.from({ length: 108 }, (_, i) => Math.sin(i))],
    ]);
    const run = (concurrent: boolean): { kernels: number; y: number[] } => {
      const { nodes } = fuse(program, kernelGraph(program), { concurrent, buffers: 10 });
      const values = new Map(data);
      let y: number[] = [];
      for (const { spec, operands, results } of nodes) {
        const [result] = interpretKernel(
          spec,
          operands.map(({ root }) => values.get(root)!),
        );
        y = result!;
        values.set(results[0]!.id, Float32Array.from(y));
      }
      return { kernels: nodes.length, y };
    };
    const [apart, together] = [run(false), run(true)];
    expect([apart.kernels, together.kernels]).toEqual([2, 1]);
    expect(together.y).toHaveLength(apart.y.length);
    for (const [i, value] of together.y.entries()) expect(value).toBeCloseTo(apart.y[i]!, 5);
  });
});

describe('orderByLevel', () => {
  it('puts each kernel behind what it reads, and what changes the parameters behind all who read them', () => {
    const step = stepOf('mlp', 8);
    const { graph, levels } = orderByLevel(step, fuse(step, kernelGraph(step), { concurrent: true, buffers: 10 }));
    const madeAt = new Map(
      graph.nodes.flatMap(({ results }, at) => results.map(({ id }) => [id, levels[at]!] as const)),
    );
    for (const [at, { operands }] of graph.nodes.entries()) {
      for (const { root } of operands) expect(madeAt.get(root) ?? -1).toBeLessThan(levels[at]!);
    }
    const parameters = step.inputs.find(({ name }) => name === 'parameters')!.value.id;
    const updated = step.writes.find(({ input }) => input === 'parameters')!.value.id;
    const readers = graph.nodes.flatMap(({ operands, results }, at) =>
      operands.some(({ root }) => root === parameters) && !results.some(({ id }) => id === updated)
        ? [levels[at]!]
        : [],
    );
    expect(readers.length).toBeGreaterThan(2);
    expect(madeAt.get(updated)).toBeGreaterThan(Math.max(...readers));
    expect(Math.max(...levels)).toBeLessThan(graph.nodes.length - 1);
  });
});
