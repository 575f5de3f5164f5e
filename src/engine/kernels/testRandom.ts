import { sizeOf } from '../ir/shape.ts';
import type { TypedArray } from '../ir/types.ts';
import { type Access, access, term } from './access.ts';
import { binary, constant, type Expression, index, load, select, stage, unary } from './expression.ts';
import type { ContractRole, ContractSpec, KernelSpec, MapSpec, ReduceSpec } from './spec.ts';

/** A kernel with data for it, all small whole numbers: float32 results are exact in any order of summation. */
export interface RandomKernel {
  readonly spec: KernelSpec;
  readonly operands: readonly TypedArray[];
}

type Random = () => number;
const below = (random: Random, most: number): number => Math.floor(random() * most);
const pick = <T>(random: Random, list: readonly T[]): T => list[below(random, list.length)] as T;

/** Random numbers that a seed gives again. */
function randomOf(seed: number): Random {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

function operand(random: Random, size: number): TypedArray {
  const kind = pick(random, ['f32', 'f32', 'f32', 'i32', 'u8']);
  const numbers = Array.from({ length: size }, () => below(random, 7));
  if (kind === 'u8') return Uint8Array.from(numbers, (x) => x * 40);
  const signed = numbers.map((x) => x - 3);
  return kind === 'i32' ? Int32Array.from(signed) : Float32Array.from(signed);
}

/** A read over some dims: broadcast, transposed, shifted, strided, out of range, divided, or by ids. */
function read(
  random: Random,
  operands: TypedArray[],
  dims: readonly number[],
  over: readonly number[],
  ids?: number,
): Access {
  const wild = random() < 0.4;
  const rank = 1 + below(random, 3);
  const free = [...over];
  const axes = Array.from({ length: rank }, (_, i) => {
    const terms = Array.from({ length: free.length > 0 ? 1 + below(random, wild ? 2 : 1) : 0 }, () =>
      free.length === 0
        ? []
        : [term(free.splice(below(random, free.length), 1)[0] as number, wild ? pick(random, [1, 1, 2, 3, -1]) : 1)],
    ).flat();
    const spread = terms.reduce((sum, { dim, scale }) => sum + Math.abs(scale) * ((dims[dim] as number) - 1), 0);
    const low = terms.reduce((sum, { dim, scale }) => sum + Math.min(0, scale * ((dims[dim] as number) - 1)), 0);
    const gather = ids !== undefined && i === 0 ? ids : undefined;
    const divisor = wild && gather === undefined ? pick(random, [1, 1, 2, 3]) : 1;
    const offset = wild ? below(random, 5) - 2 : -low;
    const extent = wild ? 1 + below(random, spread + 3) : spread + 1 + below(random, 2);
    return {
      extent: Math.max(1, extent),
      spec: { terms, offset, divisor, ...(gather === undefined ? {} : { gather }) },
    };
  });
  const shape = axes.map(({ extent }) => extent);
  const data = operand(random, sizeOf(shape));
  return access(
    operands.push(data) - 1,
    shape,
    dims,
    axes.map(({ spec }) => spec),
    pick(random, [0, 0, -5]),
  );
}

function expression(random: Random, leaves: readonly Expression[], depth: number): Expression {
  if (depth === 0) return pick(random, leaves);
  const sub = () => expression(random, leaves, depth - 1);
  switch (below(random, 7)) {
    case 0:
      return binary(pick(random, ['add', 'subtract']), sub(), sub());
    case 1:
      return binary(pick(random, ['maximum', 'minimum']), sub(), sub());
    case 2:
      return binary('multiply', sub(), pick(random, leaves));
    case 3:
      return select(binary(pick(random, ['less', 'greaterEqual', 'equal', 'notEqual']), sub(), sub()), sub(), sub());
    case 4:
      return select(sub(), sub(), constant(2));
    case 5:
      return unary(pick(random, ['negate', 'abs', 'sign', 'floor']), sub());
    default: {
      const twice = sub();
      return binary('add', twice, twice);
    }
  }
}

const EXTENTS = [1, 1, 2, 3, 4, 5, 7, 9, 13];

/** A map over up to four dims, with reads of any kind, and perhaps a gather. */
export function randomMap(seed: number): RandomKernel {
  const random = randomOf(seed);
  const dims = Array.from({ length: below(random, 5) }, () => pick(random, EXTENTS));
  const over = dims.map((_, dim) => dim);
  const operands: TypedArray[] = [];
  const loads: Access[] = [];
  if (random() < 0.3) {
    const ids = Int32Array.from({ length: dims.at(0) ?? 1 }, () => below(random, 5) - 1);
    loads.push(access(operands.push(ids) - 1, [ids.length], dims, [{ terms: dims.length > 0 ? [term(0)] : [] }]));
    loads.push(read(random, operands, dims, over.slice(1), 0));
  }
  for (let i = 0; i < 1 + below(random, 3); i++) loads.push(read(random, operands, dims, over));
  const leaves = [...loads.map((_, i) => load(i)), ...over.map(index), constant(3), constant(-1)];
  const spec: MapSpec = {
    kind: 'map',
    dims,
    loads,
    outputs: Array.from({ length: 1 + below(random, 2) }, () => expression(random, leaves, 2)),
  };
  return { spec, operands };
}

/** A reduce of one or two stages, with results over the outer dims or over all. */
export function randomReduce(seed: number): RandomKernel {
  const random = randomOf(seed);
  // 37 makes lines of several vectors, with a rest.
  const dims = Array.from({ length: 1 + below(random, 5) }, () => pick(random, [...EXTENTS.slice(1), 37]));
  while (sizeOf(dims) > 3000) dims.pop();
  const inner = below(random, dims.length + 1);
  const over = dims.map((_, dim) => dim);
  const outer = over.slice(0, dims.length - inner);
  const operands: TypedArray[] = [];
  const whole = Array.from({ length: 1 + below(random, 2) }, () => read(random, operands, dims, over));
  const lines = Array.from({ length: below(random, 2) }, () => read(random, operands, dims, outer));
  const loads = [...whole, ...lines];
  const leaves = [...loads.map((_, i) => load(i)), ...over.map(index), constant(2)];
  const steady = [...lines.map((_, i) => load(whole.length + i)), ...outer.map(index), constant(1)];
  const combines = pick(random, [
    ['sum'],
    ['maximum'],
    ['minimum', 'sum'],
    ['argmax'],
    ['argmin', 'sum'],
    ['sum', 'maximum'],
  ] as const);
  const stages = combines.map((combine, k) => {
    const earlier = Array.from({ length: k }, (_, i) => stage(i));
    return { combine, value: expression(random, [...leaves, ...earlier], 1) };
  });
  const results = stages.map((_, k) => stage(k));
  const outputs = Array.from({ length: 1 + below(random, 2) }, (): ReduceSpec['outputs'][number] => {
    const all = random() < 0.4;
    const order = (all ? over : outer).map((dim) => [random(), dim] as const).sort(([a], [b]) => a - b);
    return {
      over: all ? 'all' : 'outer',
      order: order.map(([, dim]) => dim),
      value: expression(random, [...(all ? leaves : steady), ...results, ...results], 1),
    };
  });
  return { spec: { kind: 'reduce', dims, inner, loads, stages, outputs }, operands };
}

/** A product over up to six dims of any role, with an epilogue. */
export function randomContract(seed: number): RandomKernel {
  const random = randomOf(seed);
  const count = 1 + below(random, 6);
  const roles = Array.from({ length: count }, () =>
    pick<ContractRole>(random, ['batch', 'm', 'm', 'n', 'n', 'k', 'k']),
  );
  const extents = roles.map(() => pick(random, [1, 2, 3, 4, 5, 8, 11, 20]));
  while (sizeOf(extents) > 20_000) extents[extents.indexOf(Math.max(...extents))] = 2;
  const ofRole = (...wanted: ContractRole[]): number[] =>
    roles.flatMap((role, dim) => (wanted.includes(role) ? [dim] : []));
  const operands: TypedArray[] = [];
  const a = read(random, operands, extents, ofRole('batch', 'm', 'k'));
  const b = read(random, operands, extents, ofRole('batch', 'n', 'k'));
  const outer = ofRole('batch', 'm', 'n');
  const loads = Array.from({ length: below(random, 3) }, () => read(random, operands, extents, outer));
  const leaves = [stage(0), ...loads.map((_, i) => load(i)), ...outer.map(index), stage(0)];
  const spec: ContractSpec = {
    kind: 'contract',
    dims: extents.map((extent, dim) => ({ extent, role: roles[dim] as ContractRole })),
    a,
    b,
    output: outer
      .map((dim) => [random(), dim] as const)
      .sort(([x], [y]) => x - y)
      .map(([, dim]) => dim),
    loads,
    epilogue: random() < 0.3 ? stage(0) : expression(random, leaves, 1),
  };
  return { spec, operands };
}
