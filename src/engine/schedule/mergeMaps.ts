import type { Access } from '../kernels/access.ts';
import { type Expression, mapLeaves } from '../kernels/expression.ts';
import type { MapSpec } from '../kernels/spec.ts';
import { type Affine, affineIndices, inlineMap } from './inline.ts';
import type { KernelNode, Operand } from './kernelGraph.ts';
import { type Rule, readersOf } from './rules.ts';

type MapNode = KernelNode & { readonly spec: MapSpec };

/**
 * Makes one map of two of which the second reads the first element by element, where others read the first too: it
 * keeps its results. `finish` tidies the new kernel up, or refuses it. Undefined if there is no such pair.
 */
export function mergeMaps(
  nodes: readonly KernelNode[],
  kept: ReadonlySet<number>,
  from: number,
  finish: (node: KernelNode) => KernelNode | undefined,
): ReturnType<Rule> {
  const readers = readersOf(nodes);
  for (let at = from; at < nodes.length; at++) {
    const producer = nodes[at] as KernelNode;
    if (!isFloatMap(producer)) continue;
    const places = new Set(producer.results.flatMap(({ id }) => readers.get(id) ?? []));
    for (const place of [...places].sort((a, b) => a - b)) {
      const reader = nodes[place] as KernelNode;
      if (!isFloatMap(reader)) continue;
      const merged = merge(producer, reader, (id) => kept.has(id) || readers.get(id)?.some((other) => other !== place));
      const node = merged && finish(merged);
      if (!node) continue;
      const later = descendantsOf(producer, nodes.slice(at + 1));
      // What the reader needs of the producer by way of others would have to come before and after the new kernel.
      if ([...later].some((between) => between !== reader && readsAny(reader, between))) continue;
      return { nodes: placed(nodes, at, place, node, later), at };
    }
  }
  return undefined;
}

/** Both as one kernel, or undefined if the reader does not read in place. `isNeeded` says which results others read. */
function merge(
  producer: MapNode,
  reader: MapNode,
  isNeeded: (id: number) => boolean | undefined,
): KernelNode | undefined {
  const places = alike(producer.spec.dims, reader.spec.dims);
  if (!places) return undefined;
  const at = producer.spec.dims.map((_, dim): Affine => {
    const own = places.get(dim);
    return { terms: own === undefined ? [] : [{ dim: own, scale: 1 }], offset: 0 };
  });
  const first = reader.spec.loads.length;
  const shift = reader.operands.length;
  const inlined = producer.spec.outputs.map((output) =>
    inlineMap({ ...producer.spec, outputs: [output] }, at, first, (operand) => operand + shift),
  );
  const results = new Map(producer.results.map(({ id }, k) => [id, inlined[k]?.value as Expression]));
  const replacement = new Map<number, Expression>();
  for (const [number, read] of reader.spec.loads.entries()) {
    const operand = reader.operands[read.operand] as Operand;
    const value = results.get(operand.root);
    if (!value) continue;
    if (operand.offset !== 0 || !readsInPlace(read, operand, reader.spec.dims)) return undefined;
    replacement.set(number, value);
  }
  // No load of the reader may look rows up in what is no longer there.
  const gathered = new Set(reader.spec.loads.flatMap(({ axes }) => axes.map(({ gather }) => gather)));
  if ([...replacement.keys()].some((load) => gathered.has(load))) return undefined;
  const replace = (leaf: Expression): Expression => (leaf.kind === 'load' && replacement.get(leaf.load)) || leaf;
  const needed = producer.results.map(({ id }) => isNeeded(id) === true);
  return {
    spec: {
      kind: 'map',
      dims: reader.spec.dims,
      loads: [...reader.spec.loads, ...(inlined[0]?.loads ?? [])],
      outputs: [
        ...inlined.flatMap(({ value }, k) => (needed[k] ? [value] : [])),
        ...reader.spec.outputs.map((value) => mapLeaves(value, replace)),
      ],
    },
    operands: [...reader.operands, ...producer.operands],
    results: [...producer.results.filter((_, k) => needed[k]), ...reader.results],
    ops: [...producer.ops, ...reader.ops],
    origins: [...new Set([...producer.origins, ...reader.origins])],
  };
}

/** The nodes with the new one in place of two; of those between, what waits for it comes behind it. */
function placed(
  nodes: readonly KernelNode[],
  first: number,
  second: number,
  node: KernelNode,
  later: ReadonlySet<KernelNode>,
): KernelNode[] {
  const between = nodes.slice(first + 1, second);
  return [
    ...nodes.slice(0, first),
    ...between.filter((other) => !later.has(other)),
    node,
    ...between.filter((other) => later.has(other)),
    ...nodes.slice(second + 1),
  ];
}

/** All that reads the results of a node, directly or by way of others. */
function descendantsOf(node: KernelNode, after: readonly KernelNode[]): ReadonlySet<KernelNode> {
  const made = new Set(node.results.map(({ id }) => id));
  const found = new Set<KernelNode>();
  for (const other of after) {
    if (!other.operands.some(({ root }) => made.has(root))) continue;
    found.add(other);
    for (const { id } of other.results) made.add(id);
  }
  return found;
}

function readsAny(reader: KernelNode, other: KernelNode): boolean {
  return reader.operands.some(({ root }) => other.results.some(({ id }) => id === root));
}

function isFloatMap(node: KernelNode): node is MapNode {
  return node.spec.kind === 'map' && node.results.every(({ type }) => type.dtype === 'f32');
}

/** For each dim of `a` that is not 1 its partner in `b`, if the two differ in axes of size 1 only. */
function alike(a: readonly number[], b: readonly number[]): Map<number, number> | undefined {
  const [largeA, largeB] = [a, b].map((dims) => dims.flatMap((size, dim) => (size === 1 ? [] : [dim]))) as [
    number[],
    number[],
  ];
  if (largeA.length !== largeB.length || largeA.some((dim, i) => a[dim] !== b[largeB[i] as number])) return undefined;
  return new Map(largeA.map((dim, i) => [dim, largeB[i] as number]));
}

/** Whether a read takes the element at the loop's own place. */
function readsInPlace(read: Access, { type }: Operand, dims: readonly number[]): boolean {
  const places = alike(type.shape, dims);
  const indices = affineIndices(read);
  if (!places || !indices) return false;
  return indices.every(({ terms, offset }, axis) => {
    const dim = places.get(axis);
    if (dim === undefined) return true;
    return offset === 0 && terms.length === 1 && terms[0]?.dim === dim && terms[0].scale === 1;
  });
}
