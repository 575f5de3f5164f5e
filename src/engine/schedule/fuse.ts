import { exactKey } from '../ir/exactKey.ts';
import { sizeOf } from '../ir/shape.ts';
import type { Program } from '../ir/types.ts';
import type { Access } from '../kernels/access.ts';
import { type Expression, mapLeaves } from '../kernels/expression.ts';
import type { ContractSpec, KernelSpec, MapSpec, ReduceSpec, ScanSpec } from '../kernels/spec.ts';
import { withoutCopy } from './copies.ts';
import { flopsOf } from './cost.ts';
import { gatherIntoContracts } from './gathers.ts';
import { type Affine, affineIndices, costOf, inlineMap, usesRandom } from './inline.ts';
import type { KernelGraph, KernelNode, Operand } from './kernelGraph.ts';
import { mergeMaps } from './mergeMaps.ts';
import { type Rule, readersOf, sweep } from './rules.ts';

/** WebGPU's default number of storage buffers a stage: a fused kernel must not need more. */
const MOST_BUFFERS = 8;
/** A map this cheap is computed again in each of its readers rather than stored. */
const CHEAP = 4;

/** What a device wants of its kernels. */
export interface ScheduleOptions {
  /** It runs independent kernels together, so that fewer kernels in a row are worth more reads in one of them. */
  readonly concurrent: boolean;
  /** So many tensors, operands and results, one kernel may have. */
  readonly buffers: number;
}

/** A processor: one kernel after another, any number of tensors. */
const ALONE: ScheduleOptions = { concurrent: false, buffers: 32 };

/**
 * Merges kernels, to a fixed point:
 * - a map into the maps and reduces that read it (its expression takes the place of the load);
 * - a map that reads a contract's or a reduce's result element by element into that kernel, as its epilogue;
 * - a map that only copies, into nothing;
 * - a map that several read into one of those that read it element by element, with the results of both.
 */
export function fuse(
  program: Program,
  graph: KernelGraph,
  { concurrent, buffers }: ScheduleOptions = ALONE,
): KernelGraph {
  const kept = new Set<number>();
  for (const { value } of [...program.outputs, ...program.writes]) kept.add(graph.operandOf(value).root);
  for (const { pieces } of graph.packs) for (const { root } of pieces) kept.add(root);
  const fusing: readonly Rule[] = [
    (nodes, from) => intoReaders(nodes, kept, from),
    (nodes, from) => intoProducer(nodes, kept, from),
    (nodes, from) => withoutCopy(nodes, kept, from),
  ];
  const merging: Rule = (nodes, from) => mergeMaps(nodes, kept, from, (node) => tidy(node, buffers));
  let nodes: readonly KernelNode[] = graph.nodes;
  for (;;) {
    const before = nodes;
    for (const rule of fusing) nodes = sweep(nodes, rule);
    // What can be one kernel with one result is better off than with several.
    if (nodes === before) nodes = sweep(nodes, merging);
    if (nodes === before) return { ...graph, nodes: concurrent ? gatherIntoContracts(nodes, kept) : nodes };
  }
}

/** Replaces one map by its expression in all of its readers; undefined if there is none to replace. */
function intoReaders(nodes: readonly KernelNode[], kept: ReadonlySet<number>, from: number): ReturnType<Rule> {
  const readers = readersOf(nodes);
  for (let at = from; at < nodes.length; at++) {
    const producer = nodes[at] as KernelNode;
    const { spec } = producer;
    if (spec.kind !== 'map' || spec.outputs.length !== 1) continue;
    const id = producer.results[0]?.id as number;
    const users = readers.get(id) ?? [];
    if (kept.has(id) || users.length === 0 || producer.results[0]?.type.dtype !== 'f32') continue;
    const cost = costOf(spec.outputs[0] as Expression);
    if (users.length > 1 && (cost > CHEAP || spec.loads.length > 2)) continue;
    const merged = new Map<number, KernelNode>();
    for (const user of users) {
      const node = inlineInto(producer, spec, nodes[user] as KernelNode, cost);
      if (!node) break;
      merged.set(user, node);
    }
    if (merged.size !== users.length) continue;
    return { nodes: nodes.flatMap((node, i) => (i === at ? [] : [merged.get(i) ?? node])), at };
  }
  return undefined;
}

/** The reader with the map's expression in place of each load of its result, or undefined if that can't or shouldn't be. */
function inlineInto(producer: KernelNode, map: MapSpec, reader: KernelNode, cost: number): KernelNode | undefined {
  if (reader.spec.kind === 'contract' || reader.spec.kind === 'scan') return undefined;
  const id = producer.results[0]?.id;
  const size = sizeOf(map.dims);
  const spec = reader.spec;
  const again = sizeOf(spec.dims) * (spec.kind === 'reduce' ? spec.stages.length : 1);
  const loads: Access[] = [];
  const replacement = new Map<number, Expression>();
  const operands: Operand[] = [...reader.operands, ...producer.operands];
  const shift = reader.operands.length;
  if (again > 2 * size && cost > CHEAP) return undefined;
  if (
    spec.loads.some((read) =>
      read.axes.some(({ gather }) => gather !== undefined && readsRoot(reader, spec.loads[gather], id)),
    )
  ) {
    return undefined;
  }
  for (const [number, read] of spec.loads.entries()) {
    const operand = reader.operands[read.operand] as Operand;
    if (operand.root !== id) continue;
    const indices = indicesOver(affineIndices(read), operand.type.shape, map.dims);
    if (!indices || operand.offset !== 0) return undefined;
    if (usesRandom(map.outputs[0] as Expression) && !(spec.kind === 'map' && isIdentity(indices, spec.dims)))
      return undefined;
    const inlined = inlineMap(map, indices, spec.loads.length + loads.length, (k) => k + shift);
    loads.push(...inlined.loads);
    replacement.set(number, inlined.value);
  }
  const replace = (leaf: Expression): Expression => (leaf.kind === 'load' && replacement.get(leaf.load)) || leaf;
  const all = [...spec.loads, ...loads];
  const merged: KernelSpec =
    spec.kind === 'map'
      ? { ...spec, loads: all, outputs: spec.outputs.map((value) => mapLeaves(value, replace)) }
      : {
          ...spec,
          loads: all,
          stages: spec.stages.map((stage) => ({ ...stage, value: mapLeaves(stage.value, replace) })),
          outputs: spec.outputs.map((output) => ({ ...output, value: mapLeaves(output.value, replace) })),
        };
  return tidy({ ...reader, spec: merged, operands, ...joined(producer, reader) });
}

/** Moves one map into the contract or reduce whose result it reads element by element; undefined if there is none. */
function intoProducer(nodes: readonly KernelNode[], kept: ReadonlySet<number>, from: number): ReturnType<Rule> {
  const readers = readersOf(nodes);
  for (let at = from; at < nodes.length; at++) {
    const producer = nodes[at] as KernelNode;
    if (producer.spec.kind === 'map' || producer.spec.kind === 'scan' || producer.results.length !== 1) continue;
    const id = producer.results[0]?.id as number;
    const users = readers.get(id) ?? [];
    if (kept.has(id) || users.length !== 1 || producer.results[0]?.type.dtype !== 'f32') continue;
    const reader = nodes[users[0] as number] as KernelNode;
    if (reader.spec.kind !== 'map' || reader.spec.outputs.length !== 1) continue;
    const merged = epilogue(producer, producer.spec, reader, reader.spec, id);
    if (!merged) continue;
    // At the reader's place: its other operands may be made between the two.
    return { nodes: nodes.flatMap((node, i) => (i === at ? [] : i === users[0] ? [merged] : [node])), at };
  }
  return undefined;
}

function epilogue(
  producer: KernelNode,
  spec: ContractSpec | ReduceSpec,
  reader: KernelNode,
  map: MapSpec,
  id: number,
): KernelNode | undefined {
  const order = spec.kind === 'contract' ? spec.output : (spec.outputs[0] as ReduceSpec['outputs'][number]).order;
  const extent = (dim: number): number =>
    spec.kind === 'contract' ? (spec.dims[dim]?.extent as number) : (spec.dims[dim] as number);
  // Axes of size 1 carry no index, so they need no partner.
  const outer = order.filter((dim) => extent(dim) !== 1);
  const inner = map.dims.flatMap((size, dim) => (size === 1 ? [] : [dim]));
  if (outer.length !== inner.length || outer.some((dim, i) => extent(dim) !== map.dims[inner[i] as number]))
    return undefined;
  const value = map.outputs[0] as Expression;
  if (usesRandom(value)) return undefined;
  const dimOf = new Map(inner.map((dim, i) => [dim, outer[i] as number]));
  const reads = new Set<number>();
  for (const [number, read] of map.loads.entries()) {
    const operand = reader.operands[read.operand] as Operand;
    if (operand.root !== id) {
      continue;
    }
    const indices = affineIndices(read);
    if (
      !indices ||
      operand.offset !== 0 ||
      !sameDims(
        operand.type.shape.filter((size) => size !== 1),
        inner.map((dim) => map.dims[dim] as number),
      )
    )
      return undefined;
    const seen = indices.filter((_, axis) => operand.type.shape[axis] !== 1);
    const direct = seen.every(
      ({ terms, offset }, i) =>
        offset === 0 && terms.length === 1 && terms[0]?.dim === inner[i] && terms[0]?.scale === 1,
    );
    if (!direct) return undefined;
    reads.add(number);
  }
  const old = spec.kind === 'contract' ? spec.epilogue : (spec.outputs[0] as ReduceSpec['outputs'][number]).value;
  const first = spec.loads.length;
  const shift = producer.operands.length;
  const loads = map.loads.map((read) => ({
    ...read,
    operand: read.operand + shift,
    axes: read.axes.map((axis) => ({
      ...axis,
      gather: axis.gather === undefined ? undefined : axis.gather + first,
      terms: axis.terms.flatMap((term) => {
        const dim = dimOf.get(term.dim);
        return dim === undefined ? [] : [{ ...term, dim }];
      }),
    })),
  }));
  const merged = mapLeaves(value, (leaf) => {
    if (leaf.kind === 'load') return reads.has(leaf.load) ? old : { kind: 'load', load: leaf.load + first };
    if (leaf.kind !== 'index') return leaf;
    const dim = dimOf.get(leaf.dim);
    return dim === undefined ? { kind: 'constant', value: 0 } : { kind: 'index', dim };
  });
  const all = [...spec.loads, ...loads];
  const next: KernelSpec =
    spec.kind === 'contract'
      ? { ...spec, loads: all, epilogue: merged }
      : { ...spec, loads: all, outputs: [{ ...(spec.outputs[0] as ReduceSpec['outputs'][number]), value: merged }] };
  return tidy({
    spec: next,
    operands: [...producer.operands, ...reader.operands],
    results: reader.results,
    ...joined(producer, reader),
  });
}

/** Drops loads and operands that nothing uses and merges equal ones; undefined if too many buffers remain. */
function tidy(node: KernelNode, mostBuffers = MOST_BUFFERS): KernelNode | undefined {
  const { spec } = node;
  // Nothing is fused with a scan.
  if (spec.kind === 'scan') return node;
  const used = new Set<number>();
  const note = (leaf: Expression): Expression => {
    if (leaf.kind === 'load') used.add(leaf.load);
    if (leaf.kind === 'random') used.add(leaf.seed).add(leaf.step);
    return leaf;
  };
  for (const value of expressionsOf(spec)) mapLeaves(value, note);
  for (let i = spec.loads.length - 1; i >= 0; i--) {
    if (used.has(i))
      for (const { gather } of (spec.loads[i] as Access).axes) if (gather !== undefined) used.add(gather);
  }
  const operands: Operand[] = [];
  const operandNumber = (old: number): number => {
    const operand = node.operands[old] as Operand;
    const known = operands.findIndex(
      ({ root, offset, type }) =>
        root === operand.root && offset === operand.offset && type.dtype === operand.type.dtype,
    );
    return known >= 0 ? known : operands.push(operand) - 1;
  };
  const renumber = (read: Access): Access => ({ ...read, operand: operandNumber(read.operand) });
  const contract = spec.kind === 'contract' ? { a: renumber(spec.a), b: renumber(spec.b) } : undefined;
  const loads: Access[] = [];
  const numbers = new Map<number, number>();
  const known = new Map<string, number>();
  for (const [old, read] of spec.loads.entries()) {
    if (!used.has(old)) continue;
    const renumbered = renumber(read);
    const moved: Access = {
      ...renumbered,
      axes: renumbered.axes.map((axis) => ({
        ...axis,
        gather: axis.gather === undefined ? undefined : numbers.get(axis.gather),
      })),
    };
    const key = exactKey(moved);
    const same = known.get(key) ?? loads.push(moved) - 1;
    known.set(key, same);
    numbers.set(old, same);
  }
  if (operands.length + node.results.length > mostBuffers) return undefined;
  const move = (leaf: Expression): Expression => {
    if (leaf.kind === 'load') return { kind: 'load', load: numbers.get(leaf.load) as number };
    if (leaf.kind === 'random')
      return { ...leaf, seed: numbers.get(leaf.seed) as number, step: numbers.get(leaf.step) as number };
    return leaf;
  };
  return { ...node, operands, spec: rewritten(spec, loads, (value) => mapLeaves(value, move), contract) };
}

function rewritten(
  spec: Exclude<KernelSpec, ScanSpec>,
  loads: readonly Access[],
  rewrite: (value: Expression) => Expression,
  contract: { a: Access; b: Access } | undefined,
): KernelSpec {
  switch (spec.kind) {
    case 'map':
      return { ...spec, loads, outputs: spec.outputs.map(rewrite) };
    case 'reduce':
      return {
        ...spec,
        loads,
        stages: spec.stages.map((stage) => ({ ...stage, value: rewrite(stage.value) })),
        outputs: spec.outputs.map((output) => ({ ...output, value: rewrite(output.value) })),
      };
    case 'contract':
      return { ...spec, ...contract, loads, epilogue: rewrite(spec.epilogue) };
  }
}

function expressionsOf(spec: Exclude<KernelSpec, ScanSpec>): readonly Expression[] {
  switch (spec.kind) {
    case 'map':
      return spec.outputs;
    case 'reduce':
      return [...spec.stages, ...spec.outputs].map(({ value }) => value);
    case 'contract':
      return [spec.epilogue];
  }
}

function readsRoot(node: KernelNode, read: Access | undefined, root: number | undefined): boolean {
  return read !== undefined && node.operands[read.operand]?.root === root;
}

function sameDims(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((extent, i) => extent === b[i]);
}

/** The indices of a read, one for each of `dims`, where `shape` is the same but for axes of size 1; else undefined. */
function indicesOver(
  indices: readonly Affine[] | undefined,
  shape: readonly number[],
  dims: readonly number[],
): readonly Affine[] | undefined {
  const large = indices?.filter((_, axis) => shape[axis] !== 1);
  if (
    !large ||
    !sameDims(
      shape.filter((size) => size !== 1),
      dims.filter((size) => size !== 1),
    )
  )
    return undefined;
  let next = 0;
  return dims.map((size) => (size === 1 ? { terms: [], offset: 0 } : (large[next++] as Affine)));
}

function isIdentity(
  indices: readonly { terms: readonly { dim: number; scale: number }[]; offset: number }[],
  dims: readonly number[],
): boolean {
  return (
    indices.length === dims.length &&
    indices.every(
      ({ terms, offset }, axis) =>
        dims[axis] === 1 || (offset === 0 && terms.length === 1 && terms[0]?.dim === axis && terms[0]?.scale === 1),
    )
  );
}

/** Names of both; origins of the one that does more work come first. */
function joined(first: KernelNode, second: KernelNode): { ops: readonly string[]; origins: readonly string[] } {
  const [main, other] = flopsOf(first.spec) >= flopsOf(second.spec) ? [first, second] : [second, first];
  return { ops: [...first.ops, ...second.ops], origins: [...new Set([...main.origins, ...other.origins])] };
}
