import { stridesOf } from '../../ir/shape.ts';
import type { DType } from '../../ir/types.ts';
import { type Access, access, term } from '../../kernels/access.ts';
import { type Expression, load, mapLeaves } from '../../kernels/expression.ts';
import { type MapSpec, type ScanSpec, scanSizes } from '../../kernels/spec.ts';
import { FunctionBuilder, I32, type ModuleBuilder, V128 } from './assembler.ts';
import { type Compiled, type Kernel, operand, result, shared } from './code.ts';
import { TILE_COLUMNS, TILE_ROWS } from './gemmModule.ts';
import { emitTanhFit } from './inlineMath.ts';
import { KernelBuilder, type OutputPlace } from './kernelBuilder.ts';
import type { KernelCompiler } from './kernelCache.ts';
import { usedLoads } from './mapKernel.ts';

/** Rows that go through all steps together: what they read and write at a step stays in the first-level cache. */
const ROWS_TOGETHER = 16;

/** Where a scan keeps what is its own, in float32 elements of scratch memory: products, then carried values, then weights. */
interface Layout {
  readonly fed: number;
  readonly panels: number;
  /** Elements from one row of products to the next. */
  readonly stride: number;
  /** Elements of carried values of a row. */
  readonly width: number;
  readonly carried: number;
  readonly weights: number;
  readonly size: number;
}

function layoutOf(spec: ScanSpec): Layout {
  const [, rows, units] = spec.dims;
  const { fed, columns } = scanSizes(spec);
  const panels = Math.ceil(columns / TILE_COLUMNS);
  const stride = panels * TILE_COLUMNS;
  const width = spec.carried.length * units;
  const carried = rows * stride;
  // The packed weights are read as vectors.
  const weights = 4 * Math.ceil((carried + rows * width) / 4);
  return { fed, panels, stride, width, carried, weights, size: weights + stride * fed };
}

/** A scan as phases: the weights are packed first, then rows go through all steps, any of them apart from the others. */
export function scanKernel(
  spec: ScanSpec,
  scan: Compiled,
  operands: readonly DType[],
  compiler: KernelCompiler,
): Kernel {
  const layout = layoutOf(spec);
  const packing = packSpec(spec, layout);
  const weight = spec.weight.operand;
  const pack = compiler.placedMap(packing, [operands[weight] as DType], 'f32', stridesOf(packing.dims));
  const given = [...operands.map((_, i) => operand(i)), ...spec.results.map((_, k) => result(k))];
  return {
    phases: [
      {
        code: pack.code,
        arguments: [operand(weight), shared(4 * layout.weights)],
        range: pack.range,
        grain: 1,
        independent: false,
      },
      {
        code: scan.code,
        arguments: [...given, shared(0)],
        range: scan.range,
        grain: ROWS_TOGETHER,
        independent: false,
      },
    ],
    sharedBytes: 256 * Math.ceil(layout.size / 64),
    ownBytes: 0,
  };
}

/** The weights in panels of so many columns, row by row; columns beyond the last are 0. */
function packSpec({ weight }: ScanSpec, { fed, panels }: Layout): MapSpec {
  const ragged = weight.axes.map((axis) => axis.terms.some(({ dim }) => dim === 1));
  const read: Access = {
    ...weight,
    operand: 0,
    outside: 0,
    axes: weight.axes.map((axis, i) => ({
      ...axis,
      checked: axis.checked || (ragged[i] as boolean),
      terms: axis.terms.flatMap(({ dim, scale }) =>
        dim === 0 ? [term(1, scale)] : [term(0, scale * TILE_COLUMNS), term(2, scale)],
      ),
    })),
  };
  return { kind: 'map', dims: [panels, fed, TILE_COLUMNS], loads: [read], outputs: [load(0)] };
}

/**
 * A scan as a module. At each step the product goes to scratch memory, then the scalar work is done over rows and units,
 * four units at a time. `run` takes the operands', the results' and the scratch memory's address, then a range of rows.
 */
export function buildScan(
  spec: ScanSpec,
  operands: readonly DType[],
  fused: boolean,
): { readonly module: ModuleBuilder; readonly range: number } {
  const [steps, rows, units] = spec.dims;
  const layout = layoutOf(spec);
  const scratch = operands.length + spec.results.length;
  const loads = [...spec.loads];
  const values = [...spec.results.flatMap((result) => result.values), ...spec.carried].map(
    stagesAsLoads(spec, layout, operands.length, scratch, loads),
  );
  const builder = new KernelBuilder(spec.dims, loads, operands, placesOf(spec, layout), spec.results.length + 1);
  const { f, begin } = builder;
  const multiply = builder.add(buildProduct(layout, fused));
  const used = usedLoads(values);
  const [first, last, turn] = [f.local(I32), f.local(I32), f.local(I32)];
  const [step] = builder.indices as [number];
  const rowBytes = 4 * layout.fed;

  const tanh = () => emitTanhFit(f, fused);
  f.loop(first, { local: begin }, { local: begin + 1 }, ROWS_TOGETHER, () => {
    f.get(first)
      .i32(ROWS_TOGETHER)
      .emit('i32.add')
      .tee(last)
      .get(begin + 1)
      .get(last)
      .get(begin + 1);
    f.emit('i32.lt_s', 'select').set(last);
    clear(f, scratch, 0, layout.stride, first, last);
    clear(f, scratch, layout.carried, layout.width, first, last);
    f.loop(turn, 0, steps, 1, () => {
      if (spec.reverse)
        f.i32(steps - 1)
          .get(turn)
          .emit('i32.sub')
          .set(step);
      else f.get(turn).set(step);
      f.get(turn).when(() => {
        // What the step before gave: its rows of the first result.
        f.get(step)
          .i32(spec.reverse ? 1 : -1)
          .emit('i32.add')
          .i32(rows)
          .emit('i32.mul')
          .get(first)
          .emit('i32.add');
        f.i32(rowBytes).emit('i32.mul').get(operands.length).emit('i32.add');
        f.get(scratch)
          .i32(4 * layout.weights)
          .emit('i32.add');
        f.get(first)
          .i32(4 * layout.stride)
          .emit('i32.mul')
          .get(scratch)
          .emit('i32.add');
        f.get(last).get(first).emit('i32.sub').call(multiply);
      });
      builder.inside(0, () =>
        builder.loop(1, { local: first }, { local: last }, 1, () => {
          builder.prepareLoads(used, 2);
          builder.lanesAlong(2, 0, units, () => {
            for (const [k, value] of builder.emit(values, [], { tanh }).entries()) builder.store(value, k);
          });
        }),
      );
    });
  });
  return { module: builder.module(), range: rows };
}

/** Turns each stage into a load, added to `loads`: of a product, of the first result at the step before, or of what is carried. */
function stagesAsLoads(
  spec: ScanSpec,
  { stride, width, carried, size, fed }: Layout,
  firstResult: number,
  scratch: number,
  loads: Access[],
): (value: Expression) => Expression {
  const [steps, rows, units] = spec.dims;
  const known = new Map<number, Expression>();
  const readOf = (stage: number): Access => {
    const block = stage - spec.groups;
    const inScratch = (perRow: number, offset: number) =>
      access(scratch, [size], spec.dims, [{ terms: [term(1, perRow), term(2)], offset }]);
    if (block < 0) return inScratch(stride, stage * units);
    if (block * units >= fed) return inScratch(width, carried + block * units - fed);
    return access(firstResult, [steps, rows, fed], spec.dims, [
      { terms: [term(0)], offset: spec.reverse ? 1 : -1 },
      { terms: [term(1)] },
      { terms: [term(2)], offset: block * units },
    ]);
  };
  return (value) =>
    mapLeaves(value, (leaf) => {
      if (leaf.kind !== 'stage') return leaf;
      const before = known.get(leaf.stage);
      if (before) return before;
      const made = load(loads.push(readOf(leaf.stage)) - 1);
      known.set(leaf.stage, made);
      return made;
    });
}

/** Where values go. Of results that only the last step gives each step writes its own, over that of the step before. */
function placesOf(spec: ScanSpec, { width, carried }: Layout): OutputPlace[] {
  const [, rows, units] = spec.dims;
  return [
    ...spec.results.flatMap(({ over, values }, result) =>
      values.map((_, i): OutputPlace => {
        const perRow = values.length * units;
        const strides = [over === 'steps' ? rows * perRow : 0, perRow, 1];
        return { result, dtype: 'f32', strides, offset: i * units };
      }),
    ),
    ...spec.carried.map(
      (_, i): OutputPlace => ({
        result: spec.results.length,
        dtype: 'f32',
        strides: [0, width, 1],
        offset: carried + i * units,
      }),
    ),
  ];
}

/** Sets rows `first` to `last` of a table in scratch memory to 0. */
function clear(f: FunctionBuilder, scratch: number, offset: number, width: number, first: number, last: number): void {
  if (width === 0) return;
  const [from, to] = [f.local(I32), f.local(I32)];
  for (const [row, address] of [
    [first, from],
    [last, to],
  ] as const) {
    f.get(row)
      .i32(4 * width)
      .emit('i32.mul')
      .get(scratch)
      .emit('i32.add')
      .i32(4 * offset)
      .emit('i32.add')
      .set(address);
  }
  const at = f.local(I32);
  f.loop(at, { local: from }, { local: to }, 4, () => f.get(at).f32(0).storeAt(0, 'f32.store'));
}

/** A(rows × fed)·B into C, tile by tile: A as it lies in memory, B packed. Parameters: addresses of A, B and C, and rows. */
function buildProduct({ fed, panels, stride }: Layout, fused: boolean): FunctionBuilder {
  const f = new FunctionBuilder([I32, I32, I32, I32]);
  const [a, b, c, rows] = [0, 1, 2, 3];
  const [panel, row, whole] = [f.local(I32), f.local(I32), f.local(I32)];
  const [aAt, bAt, cAt, end] = [f.local(I32), f.local(I32), f.local(I32), f.local(I32)];
  const halves = Array.from({ length: TILE_COLUMNS / 4 }, () => f.local(V128));
  const sums = Array.from({ length: TILE_ROWS }, () => halves.map(() => f.local(V128)));
  const splat = f.local(V128);
  const tile = (height: number) => {
    const own = sums.slice(0, height);
    for (const list of own) for (const sum of list) f.splat(0).set(sum);
    f.get(row)
      .i32(4 * fed)
      .emit('i32.mul')
      .get(a)
      .emit('i32.add')
      .set(aAt);
    f.get(b).set(bAt);
    // Not unrolled: longer bodies run out of vector registers, at two thirds of the speed.
    f.repeat({ local: bAt }, { local: end }, () => {
      for (const [half, factor] of halves.entries())
        f.get(bAt)
          .vectorLoadAt(16 * half, 'v128.load')
          .set(factor);
      for (const [r, list] of own.entries()) {
        f.get(aAt)
          .vectorLoadAt(4 * fed * r, 'v128.load32_splat')
          .set(splat);
        for (const [half, sum] of list.entries()) {
          const factor = halves[half] as number;
          if (fused) f.get(splat).get(factor).get(sum).emit('f32x4.relaxed_madd').set(sum);
          else f.get(splat).get(factor).emit('f32x4.mul').get(sum).emit('f32x4.add').set(sum);
        }
      }
      f.get(aAt).i32(4).emit('i32.add').set(aAt);
      f.get(bAt)
        .i32(4 * TILE_COLUMNS)
        .emit('i32.add')
        .set(bAt);
    });
    f.get(row)
      .i32(4 * stride)
      .emit('i32.mul')
      .get(c)
      .emit('i32.add')
      .set(cAt);
    for (const [r, list] of own.entries()) {
      for (const [half, sum] of list.entries())
        f.get(cAt)
          .get(sum)
          .storeAt(4 * stride * r + 16 * half, 'v128.store');
    }
  };
  f.get(rows).i32(-TILE_ROWS).emit('i32.and').set(whole);
  f.loop(panel, 0, panels, 1, () => {
    f.get(b)
      .i32(4 * TILE_COLUMNS * fed)
      .emit('i32.add')
      .set(end);
    f.loop(row, 0, { local: whole }, TILE_ROWS, () => tile(TILE_ROWS));
    f.loop(row, { local: whole }, { local: rows }, 1, () => tile(1));
    f.get(end).set(b);
    f.get(c)
      .i32(4 * TILE_COLUMNS)
      .emit('i32.add')
      .set(c);
  });
  return f;
}
