import type { Program } from '../ir/types.ts';
import type { KernelGraph, KernelNode } from './kernelGraph.ts';

/** Kernels in an order by level, and the level of each: kernels of one level depend on none of each other. */
export interface LevelOrder {
  readonly graph: KernelGraph;
  readonly levels: readonly number[];
}

/**
 * Sorts kernels by how many others they must wait for, one after another, for devices that run independent kernels
 * together. What replaces the content of a buffer waits for all who read the old content.
 */
export function orderByLevel(program: Program, graph: KernelGraph): LevelOrder {
  const { nodes } = graph;
  const maker = new Map<number, number>();
  for (const [at, { results }] of nodes.entries()) for (const { id } of results) maker.set(id, at);
  const before = nodes.map(({ operands }) => new Set(operands.flatMap(({ root }) => makersOf(root, maker, graph))));

  const order = [...nodes.keys()];
  const levels = new Array<number>(nodes.length).fill(0);
  const settle = (): void => {
    // Program order is an order in which nothing comes before what it depends on; later edges keep it by the check below.
    for (const at of order)
      for (const other of before[at] as Set<number>) raise(levels, at, (levels[other] as number) + 1);
  };
  settle();
  const inputs = new Map(program.inputs.map(({ name, value }) => [name, value.id]));
  const last = Math.max(0, ...levels);
  for (const { input, value } of program.writes) {
    const at = maker.get(graph.operandOf(value).root);
    const old = inputs.get(input);
    if (at === undefined || isNeeded(at, before)) continue;
    // Nothing waits for it, so it may as well come last of all.
    const readers = nodes.flatMap(({ operands }, i) =>
      i !== at && operands.some(({ root }) => root === old) ? [i] : [],
    );
    raise(levels, at, Math.max(last, ...readers.map((reader) => (levels[reader] as number) + 1)));
  }
  order.sort((a, b) => (levels[a] as number) - (levels[b] as number) || a - b);
  return {
    graph: { ...graph, nodes: order.map((at) => nodes[at] as KernelNode) },
    levels: order.map((at) => levels[at] as number),
  };
}

/** The kernels that make a value: several where it is packed of pieces. */
function makersOf(root: number, maker: ReadonlyMap<number, number>, graph: KernelGraph): number[] {
  const own = maker.get(root);
  if (own !== undefined) return [own];
  const pack = graph.packs.find(({ result }) => result.id === root);
  return pack ? pack.pieces.flatMap((piece) => makersOf(piece.root, maker, graph)) : [];
}

function isNeeded(at: number, before: readonly ReadonlySet<number>[]): boolean {
  return before.some((needed) => needed.has(at));
}

function raise(levels: number[], at: number, level: number): void {
  levels[at] = Math.max(levels[at] as number, level);
}
