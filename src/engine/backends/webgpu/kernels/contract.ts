import { stridesOf } from '../../../ir/shape.ts';
import { type Expression, load, mapLeaves, multiply } from '../../../kernels/expression.ts';
import type { ContractSpec, ReduceSpec } from '../../../kernels/spec.ts';
import type { Location } from '../../../schedule/schedule.ts';
import { type BoundTensors, bindTensors, roomForScratch, SCRATCH, type Storage, writeElement } from '../bindings.ts';
import { ExpressionPrinter } from '../wgsl/expression.ts';
import { affine, SplitIndex } from '../wgsl/indices.ts';
import { foldGrid, Shader } from '../wgsl/shader.ts';
import { gathersByLine, type Product, productOf, rowOperands, type Tiling, tilingsOf } from './contractShape.ts';
import type { CallOf, DeviceKernel, DeviceLimits } from './kernel.ts';
import { loadsAt } from './loads.ts';
import { reduceKernels } from './reduce.ts';
import { registerContractKernel } from './registerContract.ts';
import { registerTilings } from './registerTiling.ts';
import { tileLoader } from './tile.ts';

/** With fewer rows or columns than this a tile would lie idle for the most part: each sum is reduced on its own. */
const FEWEST = 4;

/**
 * A tiled product, in one dispatch or, where long sums are split, in two: partial sums, then their sum with the
 * epilogue. Products with very few rows or columns (depthwise convolutions, a single output) run as reductions.
 */
export function contractKernels(call: CallOf<ContractSpec>, limits: DeviceLimits): DeviceKernel[] {
  const product = productOf(call.spec);
  const { size } = product;
  if (size.batch * size.m * size.n === 0) return [];
  if (rowOperands(call.spec).length > 0 && !(limits.software && gathersByLine(call.spec, product))) {
    return reduceKernels({ ...call, spec: asReduce(call.spec) }, limits);
  }
  if (Math.min(size.m, size.n) < FEWEST || size.k === 0) {
    return reduceKernels({ ...call, spec: asReduce(call.spec) }, limits);
  }
  const variants = contractVariants(call, limits, product);
  const chosen = limits.choices.get(contractKey(call));
  return ((variants.find(({ name }) => name === chosen) ?? variants[0]) as ContractVariant).make();
}

/** One way to lay a product out on the device. */
export interface ContractVariant {
  readonly name: string;
  make(): DeviceKernel[];
}

/** So many of the own kind, and of the other, are worth a trial. */
const TRIALS = { own: 4, other: 1 } as const;

/**
 * The ways worth a trial, the one that should take least time first: tiles in workgroup memory for GPUs, in registers for
 * CPUs, and the best of the other kind.
 */
export function contractVariants(
  call: CallOf<ContractSpec>,
  limits: DeviceLimits,
  product: Product = productOf(call.spec),
): ContractVariant[] {
  const mayUseScratch = roomForScratch([...call.operands, ...call.results], limits.storageBuffers);
  const withSum = (splits: number, kernel: (partial: Location | undefined) => DeviceKernel): DeviceKernel[] =>
    splits === 1
      ? [kernel(undefined)]
      : [kernel(partialSums(product, splits)), sumKernel(call, limits, product, splits)];
  const shared = tilingsOf(product, mayUseScratch).map((tiling) => ({
    name: `workgroups ${tiling.ty}x${tiling.tx} split ${tiling.splits}`,
    make: () => withSum(tiling.splits, () => productKernel(call, limits, product, tiling)),
  }));
  const registers = registerTilings(product, call.operands, limits.quads ? 4 : 1, mayUseScratch).map((tiling) => ({
    name: `registers ${tiling.rows}x${tiling.columns}x${tiling.share} unroll ${tiling.unroll} split ${tiling.splits}`,
    make: () => withSum(tiling.splits, (partial) => registerContractKernel(call, limits, product, tiling, partial)),
  }));
  // Rows that are looked up are read by threads of one row only.
  if (rowOperands(call.spec).length > 0) return registers.slice(0, TRIALS.own);
  const [own, other] = limits.software ? [registers, shared] : [shared, registers];
  return [...own.slice(0, TRIALS.own), ...other.slice(0, TRIALS.other)];
}

/** Names a product by what it computes, so that a choice made for it is found again: 53 bits of a hash. */
export function contractKey({ spec, operands }: CallOf<ContractSpec>): string {
  const text = JSON.stringify([spec, operands.map(({ type }) => type)]);
  let low = 0xdeadbeef;
  let high = 0x41c6ce57;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    low = Math.imul(low ^ code, 2654435761);
    high = Math.imul(high ^ code, 1597334677);
  }
  return ((high >>> 11) * 2 ** 32 + (low >>> 0)).toString(36);
}

/** The same sum of products as a reduction over the k dims. */
function asReduce(spec: ContractSpec): ReduceSpec {
  const k = [...spec.dims.keys()].filter((dim) => spec.dims[dim]?.role === 'k');
  const order = [...spec.output, ...k];
  const place = new Map(order.map((dim, i) => [dim, i]));
  const moved = (dim: number): number => place.get(dim) as number;
  const renumber = (read: ContractSpec['a']): ContractSpec['a'] => ({
    ...read,
    axes: read.axes.map((axis) => ({
      ...axis,
      terms: axis.terms.map(({ dim, scale }) => ({ dim: moved(dim), scale })),
    })),
  });
  const first = spec.loads.length;
  const value: Expression = mapLeaves(spec.epilogue, (leaf) =>
    leaf.kind === 'index' ? { kind: 'index', dim: moved(leaf.dim) } : leaf,
  );
  return {
    kind: 'reduce',
    dims: order.map((dim) => spec.dims[dim]?.extent as number),
    inner: k.length,
    loads: [...spec.loads, spec.a, spec.b].map(renumber),
    stages: [{ combine: 'sum', value: multiply(load(first), load(first + 1)) }],
    outputs: [{ over: 'outer', order: spec.output.map((_, i) => i), value }],
  };
}

function partialSums(product: Product, splits: number): Location {
  const { batch, m, n } = product.size;
  return { slot: SCRATCH, byteOffset: 0, type: { dtype: 'f32', shape: [splits * batch * m * n] } };
}

function productKernel(
  call: CallOf<ContractSpec>,
  limits: DeviceLimits,
  product: Product,
  tiling: Tiling,
): DeviceKernel {
  const { size, extents } = product;
  const { ty, tx, kTile, splits, kSplit } = tiling;
  const split = splits > 1;
  const factors = [call.spec.a.operand, call.spec.b.operand];
  const places = call.operands.map((place, k) => (split && !factors.includes(k) ? undefined : place));
  const given = places.filter((place) => place !== undefined);
  const bound = bindTensors(
    given,
    split ? [partialSums(product, splits)] : call.results,
    limits.storageBuffers,
    call.label,
  );
  const operands = call.operands.map((_, k) => bound.operands[places.slice(0, k).filter(Boolean).length] as Storage);
  const shader = new Shader(limits.software);
  const lines: string[] = [];
  const tilesN = Math.ceil(size.n / (4 * tx));
  const tilesM = Math.ceil(size.m / (4 * ty));
  const groups = tilesM * tilesN * size.batch * splits;
  lines.push(
    `let tile_n = group % ${tilesN}u;`,
    `let tile_m = (group / ${tilesN}u) % ${tilesM}u;`,
    `let part = group / ${tilesN * tilesM}u;`,
    `let batch = part % ${size.batch}u;`,
    `let split = part / ${size.batch}u;`,
    `let ty = lane / ${tx}u;`,
    `let tx = lane % ${tx}u;`,
    `let k_start = split * ${kSplit}u;`,
    `let k_end = min(k_start + ${kSplit}u, ${size.k}u);`,
  );
  shader.shared('tile_a', 'vec4f', kTile * (ty + 1));
  shader.shared('tile_b', 'vec4f', kTile * (tx + 1));
  const batch = new SplitIndex(shader, lines, 'batch', product.batch, extents);
  const common = { extents, kDims: product.k, k: size.k, kTile, threads: ty * tx, batch };
  const sides = [
    {
      read: product.a,
      storage: operands[product.a.operand] as Storage,
      rowDims: product.m,
      rows: size.m,
      quads: ty,
      array: 'tile_a',
      tile: 'tile_m',
    },
    {
      read: product.b,
      storage: operands[product.b.operand] as Storage,
      rowDims: product.n,
      rows: size.n,
      quads: tx,
      array: 'tile_b',
      tile: 'tile_n',
    },
  ].map((side) => tileLoader(shader, { ...common, ...side }));
  lines.push(
    ...sides.flatMap(({ before }) => before),
    ...[0, 1, 2, 3].map((i) => `var sum${i} = vec4f();`),
    `for (var k0 = k_start; k0 < k_start + ${kSplit}u; k0 += ${kTile}u) {`,
    ...sides.flatMap(({ inLoop }) => inLoop),
    'workgroupBarrier();',
    `for (var step = 0u; step < ${kTile}u; step++) {`,
    `let a = tile_a[step * ${ty + 1}u + ty];`,
    `let b = tile_b[step * ${tx + 1}u + tx];`,
    ...[0, 1, 2, 3].map((i) => `sum${i} += a.${'xyzw'[i]} * b;`),
    '}',
    'workgroupBarrier();',
    '}',
    `let m = tile_m * ${4 * ty}u + ty * 4u;`,
    `let n = tile_n * ${4 * tx}u + tx * 4u;`,
    // A folded grid may hold more workgroups than there are tiles.
    `if (split < ${splits}u) {`,
    ...[0, 1, 2, 3].map((i) => `finish_row(m + ${i}u, n, ${split ? 'part' : 'batch'}, sum${i});`),
    '}',
  );
  const finish = split
    ? [
        `if (m >= ${size.m}u || n >= ${size.n}u) { return; }`,
        writeElement(bound.results[0] as Storage, `i32((batch * ${size.m}u + m) * ${size.n}u + n)`, 'sum'),
      ]
    : finishLines(shader, call.spec, product, bound, operands);
  return {
    source: shader.source(
      [
        'fn finish(m: u32, n: u32, batch: u32, sum: f32) {',
        ...finish,
        '}',
        // A loop, not sixteen calls: drivers inline each of them, which costs a second of compile time on some.
        'fn finish_row(m: u32, n: u32, batch: u32, sums: vec4f) {',
        'for (var i = 0u; i < 4u; i++) { finish(m, n + i, batch, sums[i]); }',
        '}',
      ],
      lines,
      ty * tx,
    ),
    bindings: bound.bindings,
    grid: foldGrid(groups),
  };
}

/** Body of a function of m, n, batch and the sum: applies the epilogue and stores the element. */
function finishLines(
  shader: Shader,
  spec: ContractSpec,
  product: Product,
  bound: BoundTensors,
  operands: readonly Storage[],
): string[] {
  const { size, extents } = product;
  const lines = [`if (m >= ${size.m}u || n >= ${size.n}u) { return; }`];
  const parts = [
    new SplitIndex(shader, lines, 'm', product.m, extents),
    new SplitIndex(shader, lines, 'n', product.n, extents),
    new SplitIndex(shader, lines, 'batch', product.batch, extents),
  ];
  const indices = {
    of: (dim: number): string => {
      const part = parts.find((candidate) => candidate.has(dim));
      if (!part) throw new Error(`dim ${dim} has no index in the epilogue`);
      return part.of(dim);
    },
  };
  const leaves = loadsAt(spec.loads, operands, { shader, lines, indices, linear: undefined }, { stage: () => 'sum' });
  const result = bound.results[0] as Storage;
  const value = new ExpressionPrinter(shader, lines, leaves).value(spec.epilogue);
  const strides = stridesOf(spec.output.map((dim) => extents[dim] as number));
  const terms = spec.output.map((dim, axis) => ({ dim, scale: strides[axis] as number }));
  const address = affine(terms, 0, indices);
  lines.push(writeElement(result, address, result.dtype === 'f32' ? value : `i32(${value})`));
  return lines;
}

/** Second dispatch of a split product: one thread an element adds the partial sums in order and applies the epilogue. */
function sumKernel(call: CallOf<ContractSpec>, limits: DeviceLimits, product: Product, splits: number): DeviceKernel {
  const { size } = product;
  const used = new Set(call.spec.loads.map(({ operand }) => operand));
  const kept = [...call.operands.keys()].filter((k) => used.has(k));
  const bound = bindTensors(
    [...kept.map((k) => call.operands[k] as Location), partialSums(product, splits)],
    call.results,
    limits.storageBuffers,
    call.label,
  );
  const operands = call.operands.map((_, k) => bound.operands[kept.indexOf(k)] as Storage);
  const partial = bound.operands[kept.length] as Storage;
  const shader = new Shader(limits.software);
  const total = size.batch * size.m * size.n;
  const lanes = 64;
  const finish = finishLines(shader, call.spec, product, bound, operands);
  const body = [
    `let element = group * ${lanes}u + lane;`,
    `if (element < ${total}u) {`,
    'var sum = 0.0;',
    `for (var split = 0u; split < ${splits}u; split++) { sum += ${partial.name}[split * ${total}u + element]; }`,
    `finish((element / ${size.n}u) % ${size.m}u, element % ${size.n}u, element / ${size.m * size.n}u, sum);`,
    '}',
  ];
  return {
    source: shader.source(['fn finish(m: u32, n: u32, batch: u32, sum: f32) {', ...finish, '}'], body, lanes),
    bindings: bound.bindings,
    grid: foldGrid(Math.ceil(total / lanes)),
  };
}
