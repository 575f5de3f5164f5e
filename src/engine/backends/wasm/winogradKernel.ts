import type { DType } from '../../ir/types.ts';
import type { ContractSpec } from '../../kernels/spec.ts';
import { FunctionBuilder, I32, ModuleBuilder } from './assembler.ts';
import { type Kernel, operand as operandAddress, own, result as resultAddress, shared } from './code.ts';
import { epilogueMap } from './contractEpilogue.ts';
import { type ModuleWithImports, ProductFunction, type ProductOperand } from './contractModule.ts';
import { copyPhases, placeOperand, Region } from './contractScratch.ts';
import { TILE_COLUMNS } from './gemmModule.ts';
import type { KernelCompiler } from './kernelCache.ts';
import { buildFilterTransform } from './winogradFilters.ts';
import { asConvolution, type Convolution } from './winogradForm.ts';
import { buildOverlapTransform, overlapSize } from './winogradOverlap.ts';
import { buildGradientTransform } from './winogradSums.ts';
import { LANES, PLACES, type TileChunk, type TilePlanes, tileChunk, tilePlanes } from './winogradTiles.ts';
import { buildInputTransform, buildOutputTransform } from './winogradTransforms.ts';

/** Transformed tiles of a chunk take about so many bytes, for the second-level cache. */
const CHUNK_BYTES = 1 << 19;
/** A chunk has at least so many tiles, if there are, since all filters are gone through for each. */
const LEAST_TILES = 48;
/** There are at least so many chunks, if there are images, so that all threads have about as much to do. */
const LEAST_CHUNKS = 16;

/**
 * A 3×3 convolution of stride 1 by Winograd's F(2×2, 3×3), which takes 16 products for a tile of 2×2 outputs where the sum
 * as it stands takes 36: filters and 4×4 tiles of inputs are transformed, multiplied place by place, which for all channels
 * is 16 matrix products, and transformed back (Lavin and Gray 2015, arXiv:1509.09308). The gradient by a convolution's input
 * is such a convolution too, or, without padding, the transpose of one: tiles of outputs are transformed and multiplied, and
 * give shares in overlapping 4×4 tiles of inputs. Sums round otherwise than term by term, within a few bits; a number that is not finite makes
 * all outputs of its tiles NaN or infinite. Undefined for all other contracts, and where it would not be faster.
 */
export function buildWinograd(
  spec: ContractSpec,
  operands: readonly DType[],
  result: DType,
  compiler: KernelCompiler,
): Kernel | undefined {
  const found = asConvolution(spec, operands, compiler);
  if (!found) return undefined;
  const { images, outChannels, channels, grid, input, overlaps } = found;
  const most = Math.max(1, Math.floor(images / LEAST_CHUNKS));
  const wanted = Math.max(LEAST_TILES, CHUNK_BYTES / (4 * PLACES * (channels + outChannels)));
  const chunk = tileChunk(grid, most, wanted);
  const [ownMemory, sharedMemory] = [new Region(), new Region()];
  const planes = { input: tilePlanes(channels, chunk.tiles), output: tilePlanes(outChannels, chunk.tiles) };
  const at = { inputs: ownMemory.take(planes.input.bytes), outputs: ownMemory.take(planes.output.bytes) };
  const filters = sharedMemory.take(4 * PLACES * outChannels * channels);
  const first = { dim: spec.output[0], units: images, most: chunk.images };
  const side = placeOperand(input.operand, spec.b.operand, first, ownMemory, sharedMemory);
  const { height, width } = overlaps ? overlapSize(grid) : grid;
  const imageBytes = 4 * outChannels * height * width;
  const imagesBytes = imageBytes * chunk.images;
  const direct = spec.epilogue.kind === 'stage' && result === 'f32' && !overlaps;
  const [, , down, across] = spec.output;
  const epilogue = direct
    ? undefined
    : {
        products: ownMemory.take(overlaps ? 2 * imagesBytes : imagesBytes),
        ...epilogueMap(spec, operands, result, compiler, {
          groups: [{ dims: spec.output, unit: 1 }],
          inChunk: (dim) => (dim === down ? height : dim === across ? width : (spec.dims[dim]?.extent as number)),
          firstStride: undefined,
          slices: overlaps ? 2 : 1,
          sliceStride: imagesBytes / 4,
        }),
      };
  const { module, imports } = buildChunks(found, {
    operands: operands.length,
    compiler,
    chunk,
    planes,
    at,
    filters,
    side,
    epilogue,
    image: { height, width, bytes: imageBytes },
  });
  const all = operands.map((_, i) => operandAddress(i));
  const transform = new ModuleBuilder();
  transform.add(buildFilterTransform(outChannels, channels, found.filters), 'run');
  const copies = copyPhases([{ operand: input.operand, side }], images, operands.length);
  const phases = [
    ...copies,
    {
      code: compiler.codes.add(transform),
      arguments: [operandAddress(spec.a.operand), shared(filters)],
      range: outChannels / LANES,
      grain: 1,
      independent: copies.length > 0,
    },
    {
      code: compiler.codes.add(module, imports),
      arguments: [...all, resultAddress(0), shared(0), own(0)],
      range: images,
      grain: chunk.images,
      independent: false,
    },
  ];
  return { phases, sharedBytes: sharedMemory.bytes, ownBytes: ownMemory.bytes };
}

interface ChunksPlan {
  readonly operands: number;
  readonly compiler: KernelCompiler;
  readonly chunk: TileChunk;
  readonly planes: { readonly input: TilePlanes; readonly output: TilePlanes };
  /** Offsets in the thread's own scratch memory. */
  readonly at: { readonly inputs: number; readonly outputs: number };
  /** Offset of the transformed filters in shared scratch memory. */
  readonly filters: number;
  readonly side: ProductOperand;
  readonly epilogue: ({ readonly products: number } & ReturnType<typeof epilogueMap>) | undefined;
  /** An image of outputs as it is put together. */
  readonly image: { readonly height: number; readonly width: number; readonly bytes: number };
}

/** Chunk by chunk: transform, multiply, transform back, and the epilogue for whole images; the range is of images. */
function buildChunks(found: Convolution, plan: ChunksPlan): ModuleWithImports {
  const { outChannels, channels, grid, input, overlaps } = found;
  const { compiler, chunk, planes, image } = plan;
  const kernel = new ProductFunction(plan.operands, compiler.gemm);
  const { f, own: ownAt, begin, end } = kernel;
  const images = kernel.byUnits(plan.side, 'B', chunk.images);
  const epilogue = plan.epilogue && kernel.import('epilogue', plan.epilogue.map.code, plan.operands + 4);
  const transformInput = kernel.module.add(
    overlaps
      ? buildGradientTransform(channels, input.strides, grid, planes.input)
      : buildInputTransform(channels, input.strides, grid, planes.input, false),
  );
  const strides = { image: image.bytes, channel: 4 * image.height * image.width, row: 4 * image.width };
  const apart = image.bytes * chunk.images;
  const transformOutput = kernel.module.add(
    overlaps
      ? buildOverlapTransform(outChannels, strides, grid, planes.output, apart)
      : buildOutputTransform(outChannels, strides, grid, planes.output),
  );
  const [unit, now, until, target] = [f.local(I32), f.local(I32), f.local(I32), f.local(I32)];
  const [from, to, tiles, place] = [f.local(I32), f.local(I32), f.local(I32), f.local(I32)];
  const [inputs, outputs] = [kernel.address(ownAt, plan.at.inputs), kernel.address(ownAt, plan.at.outputs)];
  const filters = kernel.address(kernel.shared, plan.filters);
  images.prepare();
  if (overlaps && plan.epilogue) {
    // The rows of both images that the other one alone has a share in.
    const zeros = kernel.module.add(buildZeros(strides.row / 8));
    for (const start of [strides.channel - 2 * strides.row, apart])
      f.get(ownAt)
        .i32(plan.epilogue.products + start)
        .emit('i32.add')
        .i32(outChannels * chunk.images)
        .i32(strides.channel)
        .call(zeros);
  }
  f.loop(unit, begin, end, chunk.images, () => {
    f.get(end.local).get(unit).emit('i32.sub').set(now);
    f.smaller({ local: now }, chunk.images).set(now);
    f.get(unit).get(now).emit('i32.add').set(until);
    images.load(unit, until);
    if (plan.epilogue) f.get(ownAt).i32(plan.epilogue.products).emit('i32.add').set(target);
    else f.get(kernel.result).get(unit).i32(image.bytes).emit('i32.mul', 'i32.add').set(target);
    f.loop(from, 0, grid.down, chunk.rows, () => {
      f.get(from).i32(chunk.rows).emit('i32.add').set(to);
      f.smaller({ local: to }, grid.down).set(to);
      f.get(to).get(from).emit('i32.sub').get(now).emit('i32.mul').i32(grid.across).emit('i32.mul').set(tiles);
      f.get(images.at).i32(input.start).emit('i32.add').get(inputs).get(now).get(from).get(to).call(transformInput);
      f.loop(place, 0, PLACES, 1, () => {
        const plane = (base: number, bytes: number) =>
          f.get(place).i32(bytes).emit('i32.mul').get(base).emit('i32.add');
        plane(filters, 4 * outChannels * channels);
        plane(inputs, planes.input.planeBytes);
        plane(outputs, planes.output.planeBytes);
        f.i32(outChannels).get(tiles).i32(channels).i32(planes.output.rowBytes).i32(1);
        f.i32(planes.input.rowBytes)
          .i32(4 * TILE_COLUMNS)
          .call(kernel.gemm.multiply);
      });
      f.get(target).get(outputs).get(now).get(from).get(to).call(transformOutput);
    });
    if (plan.epilogue && epilogue !== undefined) {
      kernel.operands();
      f.get(target).get(unit).i32(plan.epilogue.firstBytes).emit('i32.mul', 'i32.sub');
      f.get(kernel.result).get(unit).get(until).call(epilogue);
    }
  });
  return kernel.finish();
}

/** A function that sets so many vectors to 0 at each of some places: parameters are the first, their number, and their distance. */
function buildZeros(vectors: number): FunctionBuilder {
  const f = new FunctionBuilder([I32, I32, I32]);
  const [at, places, apart] = [0, 1, 2];
  const [place, vector] = [f.local(I32), f.local(I32)];
  f.loop(place, 0, { local: places }, 1, () => {
    f.loop(vector, 0, 16 * vectors, 16, () => {
      f.get(at).get(vector).emit('i32.add').splat(0).storeAt(0, 'v128.store');
    });
    f.get(at).get(apart).emit('i32.add').set(at);
  });
  return f;
}
