import { sizeOf } from '../ir/shape.ts';
import type { Access, AccessAxis } from '../kernels/access.ts';
import { accumulator, type Expression, mapLeaves, multiply } from '../kernels/expression.ts';
import type { ContractSpec, MapSpec } from '../kernels/spec.ts';
import { simplified } from './copies.ts';
import type { KernelNode, Operand } from './kernelGraph.ts';

/** A product with sums of at most so many terms reads each element few times, so that it may look it up itself. */
const LONGEST_SUM = 64;

/**
 * Lets products with short sums, as the first convolution over an image of few channels, read rows of a data set
 * themselves instead of waiting for the batch: the factor that turns bytes into numbers up to 1 moves behind the sum.
 * The batch is still made for who else reads it.
 */
export function gatherIntoContracts(nodes: readonly KernelNode[], kept: ReadonlySet<number>): KernelNode[] {
  const makers = new Map(nodes.flatMap((node) => node.results.map(({ id }) => [id, node] as const)));
  const fused = nodes.map((node) => {
    const { spec } = node;
    if (spec.kind !== 'contract') return node;
    const sum = spec.dims.flatMap(({ extent, role }) => (role === 'k' ? [extent] : []));
    if (sizeOf(sum) > LONGEST_SUM) return node;
    for (const side of ['a', 'b'] as const) {
      const maker = makers.get(node.operands[spec[side].operand]?.root as number);
      const gathering = maker && withGather(node, spec, side, maker);
      if (gathering) return gathering;
    }
    return node;
  });
  const read = new Set(fused.flatMap(({ operands }) => operands.map(({ root }) => root)));
  return fused.filter(({ results }) => results.some(({ id }) => read.has(id) || kept.has(id)));
}

function withGather(node: KernelNode, spec: ContractSpec, side: 'a' | 'b', maker: KernelNode): KernelNode | undefined {
  const map = maker.spec;
  const outer = spec[side];
  const own = node.operands[outer.operand];
  if (map.kind !== 'map' || own?.offset !== 0 || outer.outside !== 0) return undefined;
  const scaled = scaledLoad(map);
  const read = scaled && map.loads[scaled.load];
  const gathers = read ? read.axes.flatMap(({ gather }) => (gather === undefined ? [] : [gather])) : [];
  const [gather] = gathers;
  const ids = gather === undefined ? undefined : map.loads[gather];
  if (!scaled || !read || !ids || gathers.length !== 1 || read.axes.length !== outer.axes.length) return undefined;
  if (own.type.shape.some((extent, dim) => extent !== map.dims[dim])) return undefined;

  const place = spec.loads.length;
  const composed = read.axes.map((axis) => composeAxis(axis, outer, place));
  const row = ids.axes.map((axis) => composeAxis(axis, outer, undefined));
  if (!allFound(composed) || !allFound(row)) return undefined;
  // What all terms of a sum share is looked up once.
  const inSum = row.some((axis) => axis.terms.some(({ dim }) => spec.dims[dim]?.role === 'k'));
  if (inSum) return undefined;
  const { factor } = scaled;
  const epilogue =
    factor === undefined
      ? spec.epilogue
      : mapLeaves(spec.epilogue, (leaf) => (leaf.kind === 'stage' ? multiply(accumulator, factor) : leaf));
  const table = maker.operands[read.operand] as Operand;
  const others = [spec.a, spec.b, ...spec.loads].filter((each) => each !== outer && each.operand === outer.operand);
  if (others.length > 0) return undefined;
  return {
    ...node,
    operands: [
      ...node.operands.map((operand, k) => (k === outer.operand ? table : operand)),
      maker.operands[ids.operand] as Operand,
    ],
    spec: {
      ...spec,
      [side]: { operand: outer.operand, axes: composed, outside: 0 },
      loads: [...spec.loads, { ...ids, operand: node.operands.length, axes: row }],
      epilogue,
    },
    ops: [...maker.ops, ...node.ops],
  };
}

/** A map that is one load, perhaps times a constant. */
function scaledLoad({ outputs }: MapSpec): { load: number; factor: Expression | undefined } | undefined {
  const value = outputs.length === 1 ? simplified(outputs[0] as Expression) : undefined;
  if (value?.kind === 'load') return { load: value.load, factor: undefined };
  if (value?.kind !== 'binary' || value.fn !== 'multiply') return undefined;
  const [a, b] = [value.a, value.b];
  if (a.kind === 'load' && b.kind === 'constant') return { load: a.load, factor: b };
  if (b.kind === 'load' && a.kind === 'constant') return { load: b.load, factor: a };
  return undefined;
}

/**
 * An axis of the map's read as the product sees it: it must stand for one axis of the map's result, whose place the
 * product knows, or be looked up (`gather` is the number of the load that gives it).
 */
function composeAxis(axis: AccessAxis, outer: Access, gather: number | undefined): AccessAxis | undefined {
  if (axis.gather !== undefined) return axis.terms.length === 0 ? { ...axis, gather } : undefined;
  const [term] = axis.terms;
  if (axis.extent === 1 && !term) return axis;
  if (axis.terms.length !== 1 || !term || term.scale !== 1 || axis.offset !== 0 || axis.divisor !== 1) return undefined;
  const own = outer.axes[term.dim];
  if (!own || own.extent !== axis.extent || own.gather !== undefined) return undefined;
  return { ...own, stride: axis.stride };
}

function allFound(axes: (AccessAxis | undefined)[]): axes is AccessAxis[] {
  return axes.every((axis) => axis !== undefined);
}
