import type { DType } from '../../ir/types.ts';
import type { ContractSpec } from '../../kernels/spec.ts';
import { I32, ModuleBuilder } from './assembler.ts';
import { type Kernel, operand as operandAddress, own, type Phase, result as resultAddress, shared } from './code.ts';
import { epilogueMap } from './contractEpilogue.ts';
import { type ModuleWithImports, ProductFunction, type ProductOperand } from './contractModule.ts';
import { copyPhases, placeOperand, Region } from './contractScratch.ts';
import type { KernelCompiler } from './kernelCache.ts';
import { buildFilterGradient } from './winogradFilters.ts';
import { asFilterGradient, type FilterGradient } from './winogradForm.ts';
import { buildGradientTransform, buildPlaneProduct } from './winogradSums.ts';
import { PLACES, type TileChunk, type TilePlanes, tileChunk, tilePlanes } from './winogradTiles.ts';
import { buildInputTransform } from './winogradTransforms.ts';

/** Transformed tiles of a chunk take about so many bytes, for the second-level cache. */
const CHUNK_BYTES = 1 << 20;
/** Images are divided into so many slices at the most, each with sums of its own, of so many bytes in all. */
const MOST_SLICES = 8;
const MOST_SLICE_BYTES = 1 << 23;

/**
 * The gradient of a 3×3 convolution by its filters, the transpose of Winograd's F(2×2, 3×3): Gᵀ·(Σ (A·y·Aᵀ) ⊙ (Bᵀ·d·B))·G
 * over all 4×4 tiles d of inputs and 2×2 tiles y of the outputs' gradient. Slices of the images are summed up apart, which
 * depends on shapes alone, and then in order. Undefined for all other contracts, and where it would not be faster.
 */
export function buildWinogradWeights(
  spec: ContractSpec,
  operands: readonly DType[],
  result: DType,
  compiler: KernelCompiler,
): Kernel | undefined {
  const found = asFilterGradient(spec, operands, compiler);
  if (!found) return undefined;
  const { images, outChannels, channels, grid, gradient, input } = found;
  const sliceBytes = 4 * PLACES * outChannels * channels;
  const most = Math.min(MOST_SLICES, Math.floor(MOST_SLICE_BYTES / sliceBytes));
  if (most < 2) return undefined;
  const perSlice = Math.ceil(images / most);
  const slices = Math.ceil(images / perSlice);
  const chunk = tileChunk(grid, perSlice, CHUNK_BYTES / (4 * PLACES * (channels + outChannels)));
  const [ownMemory, sharedMemory] = [new Region(), new Region()];
  const planes = { gradient: tilePlanes(outChannels, chunk.tiles), input: tilePlanes(channels, chunk.tiles) };
  const at = { gradient: ownMemory.take(planes.gradient.bytes), input: ownMemory.take(planes.input.bytes) };
  const sums = sharedMemory.take(sliceBytes * slices);
  const first = { dim: spec.output[0], units: outChannels, most: undefined };
  const sides = {
    gradient: placeOperand(gradient.operand, spec.a.operand, first, ownMemory, sharedMemory),
    input: placeOperand(input.operand, spec.b.operand, first, ownMemory, sharedMemory),
  };
  const plan = { operands: operands.length, compiler, chunk, planes, at, sides, perSlice, sums, sliceBytes };
  const { module, imports } = buildSums(found, plan);
  const all = operands.map((_, i) => operandAddress(i));
  const back = new ModuleBuilder();
  back.add(buildFilterGradient(outChannels, channels, slices, sliceBytes), 'run');
  const direct = spec.epilogue.kind === 'stage' && result === 'f32';
  const products = direct ? resultAddress(0) : shared(sharedMemory.take(36 * outChannels * channels));
  const phases: Phase[] = [
    ...copyPhases(
      [
        { operand: gradient.operand, side: sides.gradient },
        { operand: input.operand, side: sides.input },
      ],
      outChannels,
      operands.length,
    ),
    {
      code: compiler.codes.add(module, imports),
      arguments: [...all, resultAddress(0), shared(0), own(0)],
      range: slices,
      grain: 1,
      independent: false,
    },
    {
      code: compiler.codes.add(back),
      arguments: [shared(sums), products],
      range: outChannels,
      grain: 1,
      independent: false,
    },
  ];
  if (!direct) {
    const { map } = epilogueMap(spec, operands, result, compiler, {
      groups: [{ dims: spec.output, unit: 1 }],
      inChunk: (dim) => spec.dims[dim]?.extent as number,
      firstStride: undefined,
      slices: 1,
      sliceStride: 0,
    });
    const { code, range } = map;
    phases.push({ code, arguments: [...all, products, resultAddress(0)], range, grain: 1, independent: false });
  }
  return { phases, sharedBytes: sharedMemory.bytes, ownBytes: ownMemory.bytes };
}

interface SumsPlan {
  readonly operands: number;
  readonly compiler: KernelCompiler;
  readonly chunk: TileChunk;
  readonly planes: { readonly gradient: TilePlanes; readonly input: TilePlanes };
  /** Offsets in the thread's own scratch memory. */
  readonly at: { readonly gradient: number; readonly input: number };
  readonly sides: { readonly gradient: ProductOperand; readonly input: ProductOperand };
  /** Images of a slice. */
  readonly perSlice: number;
  /** Offset of all slices' sums in shared scratch memory. */
  readonly sums: number;
  readonly sliceBytes: number;
}

/** Slice by slice, chunk by chunk: transform both operands, and add their products to the slice's sums. */
function buildSums(found: FilterGradient, plan: SumsPlan): ModuleWithImports {
  const { images, outChannels, channels, grid, gradient, input } = found;
  const { compiler, chunk, planes, at, sides, perSlice } = plan;
  const kernel = new ProductFunction(plan.operands, compiler.gemm);
  const { f, own: ownAt, begin, end } = kernel;
  const transformGradient = kernel.module.add(
    buildGradientTransform(outChannels, gradient.strides, grid, planes.gradient),
  );
  const transformInput = kernel.module.add(buildInputTransform(channels, input.strides, grid, planes.input, true));
  const multiply = kernel.module.add(
    buildPlaneProduct(outChannels, channels, { rows: planes.gradient, columns: planes.input }, compiler.fused),
  );
  const [slice, image, last, now] = [f.local(I32), f.local(I32), f.local(I32), f.local(I32)];
  const [from, to, bytes, place] = [f.local(I32), f.local(I32), f.local(I32), f.local(I32)];
  const [sums, first, begins] = [f.local(I32), f.local(I32), f.local(I32)];
  const [gradients, inputs] = [kernel.address(ownAt, at.gradient), kernel.address(ownAt, at.input)];
  const sources = { gradient: kernel.source(sides.gradient), input: kernel.source(sides.input) };
  f.loop(slice, begin, end, 1, () => {
    f.get(kernel.shared).i32(plan.sums).emit('i32.add');
    f.get(slice).i32(plan.sliceBytes).emit('i32.mul', 'i32.add').set(sums);
    f.get(slice).i32(perSlice).emit('i32.mul').tee(begins).i32(perSlice).emit('i32.add').set(last);
    f.smaller({ local: last }, images).set(last);
    f.i32(1).set(first);
    f.loop(image, { local: begins }, { local: last }, chunk.images, () => {
      f.get(last).get(image).emit('i32.sub').set(now);
      f.smaller({ local: now }, chunk.images).set(now);
      f.loop(from, 0, grid.down, chunk.rows, () => {
        f.get(from).i32(chunk.rows).emit('i32.add').set(to);
        f.smaller({ local: to }, grid.down).set(to);
        f.get(to).get(from).emit('i32.sub').get(now).emit('i32.mul').i32(grid.across).emit('i32.mul');
        f.i32(3).emit('i32.add').i32(-4).emit('i32.and').i32(4).emit('i32.mul').set(bytes);
        for (const [source, { strides, start }, target, transform] of [
          [sources.gradient, gradient, gradients, transformGradient],
          [sources.input, input, inputs, transformInput],
        ] as const) {
          f.get(source).get(image).i32(strides.image).emit('i32.mul', 'i32.add').i32(start).emit('i32.add');
          f.get(target).get(now).get(from).get(to).call(transform);
        }
        f.loop(place, 0, PLACES, 1, () => {
          const plane = (base: number, size: number) =>
            f.get(place).i32(size).emit('i32.mul').get(base).emit('i32.add');
          plane(gradients, planes.gradient.planeBytes);
          plane(inputs, planes.input.planeBytes);
          plane(sums, 4 * outChannels * channels);
          f.get(bytes).get(first).call(multiply);
        });
        f.i32(0).set(first);
      });
    });
  });
  return kernel.finish();
}
