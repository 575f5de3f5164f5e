import { FunctionBuilder, I32, V128 } from './assembler.ts';
import { LANES } from './winogradTiles.ts';

/** Elements of a filter's tensor: from one output channel, one input channel, one row and one column to the next. */
export interface FilterStrides {
  readonly out: number;
  readonly channel: number;
  readonly row: number;
  readonly column: number;
  /** Of the first tap. */
  readonly offset: number;
}

/**
 * G·g·Gᵀ of each 3×3 filter g, as the panels of four rows that the matrix product takes: a plane for each place, in it
 * panel by panel the input channels, in each of these four output channels. Parameters are the filters' address, the
 * planes', and a range of panels.
 */
export function buildFilterTransform(outChannels: number, channels: number, strides: FilterStrides): FunctionBuilder {
  const f = new FunctionBuilder([I32, I32, I32, I32]);
  const [filters, target, begin, end] = [0, 1, 2, 3];
  const [panel, channel, at, into] = [f.local(I32), f.local(I32), f.local(I32), f.local(I32)];
  const vectors = (count: number): number[] => Array.from({ length: count }, () => f.local(V128));
  const [taps, rows, ends] = [vectors(9), vectors(12), f.local(V128)];
  const half = f.constant(0.5);
  // g₀, (g₀ + g₂ + g₁) / 2, (g₀ + g₂ − g₁) / 2, g₂ for three vectors.
  const spread = (g: readonly number[], store: (i: number, value: () => void) => void): void => {
    const [g0, g1, g2] = g as [number, number, number];
    f.get(g0).get(g2).emit('f32x4.add').set(ends);
    store(0, () => f.get(g0));
    store(1, () => f.get(ends).get(g1).emit('f32x4.add').get(half).emit('f32x4.mul'));
    store(2, () => f.get(ends).get(g1).emit('f32x4.sub').get(half).emit('f32x4.mul'));
    store(3, () => f.get(g2));
  };
  f.loop(panel, { local: begin }, { local: end }, 1, () => {
    f.get(filters)
      .get(panel)
      .i32(4 * LANES * strides.out)
      .emit('i32.mul', 'i32.add')
      .i32(4 * strides.offset)
      .emit('i32.add')
      .set(at);
    f.get(target)
      .get(panel)
      .i32(4 * LANES * channels)
      .emit('i32.mul', 'i32.add')
      .set(into);
    f.loop(channel, 0, channels, 1, () => {
      for (const [tap, vector] of taps.entries()) {
        const place = 4 * (Math.floor(tap / 3) * strides.row + (tap % 3) * strides.column);
        gather(f, at, place, 4 * strides.out);
        f.set(vector);
      }
      for (let column = 0; column < 3; column++)
        spread(
          [0, 1, 2].map((row) => taps[3 * row + column] as number),
          (i, value) => {
            value();
            f.set(rows[3 * i + column] as number);
          },
        );
      for (let i = 0; i < 4; i++)
        spread(rows.slice(3 * i, 3 * i + 3), (j, value) => {
          f.get(into);
          value();
          f.storeAt(4 * (4 * i + j) * outChannels * channels, 'v128.store');
        });
      f.get(at)
        .i32(4 * strides.channel)
        .emit('i32.add')
        .set(at);
      f.get(into)
        .i32(4 * LANES)
        .emit('i32.add')
        .set(into);
    });
  });
  return f;
}

/** Leaves the four numbers at an address plus `place`, plus multiples of `distance`, on the stack. */
function gather(f: FunctionBuilder, address: number, place: number, distance: number): void {
  const lane = f.local(I32);
  f.get(address).i32(place).emit('i32.add').tee(lane).vectorLoadAt(0, 'v128.load32_zero');
  for (let i = 1; i < LANES; i++)
    f.get(lane)
      .i32(i * distance)
      .emit('i32.add')
      .loadAt(0, 'f32.load')
      .replaceLane(i);
}

/**
 * Gᵀ·m·G of the sums m of all places, added up over `slices` of them that lie `sliceBytes` apart: the gradient of each 3×3
 * filter, [outChannels, channels, 3, 3]. Parameters are the sums' address, the gradients', and a range of output channels.
 */
export function buildFilterGradient(
  outChannels: number,
  channels: number,
  slices: number,
  sliceBytes: number,
): FunctionBuilder {
  const f = new FunctionBuilder([I32, I32, I32, I32]);
  const [sums, target, begin, end] = [0, 1, 2, 3];
  const [out, channel, at, into] = [f.local(I32), f.local(I32), f.local(I32), f.local(I32)];
  const vectors = (count: number): number[] => Array.from({ length: count }, () => f.local(V128));
  const [column, rows, both, value] = [vectors(4), vectors(12), f.local(V128), f.local(V128)];
  const half = f.constant(0.5);
  // m₀ + (m₁ + m₂) / 2, (m₁ − m₂) / 2, (m₁ + m₂) / 2 + m₃ for four vectors.
  const gathered = (m: readonly number[], store: (i: number) => void): void => {
    const [m0, m1, m2, m3] = m as [number, number, number, number];
    f.get(m1).get(m2).emit('f32x4.add').get(half).emit('f32x4.mul').set(both);
    f.get(m0).get(both).emit('f32x4.add');
    store(0);
    f.get(m1).get(m2).emit('f32x4.sub').get(half).emit('f32x4.mul');
    store(1);
    f.get(both).get(m3).emit('f32x4.add');
    store(2);
  };
  f.loop(out, { local: begin }, { local: end }, 1, () => {
    f.get(sums)
      .get(out)
      .i32(4 * channels)
      .emit('i32.mul', 'i32.add')
      .set(at);
    f.get(target)
      .get(out)
      .i32(36 * channels)
      .emit('i32.mul', 'i32.add')
      .set(into);
    f.loop(channel, 0, channels, LANES, () => {
      for (let l = 0; l < 4; l++) {
        for (const [k, part] of column.entries()) {
          for (let slice = 0; slice < slices; slice++) {
            f.get(at).vectorLoadAt(slice * sliceBytes + 4 * (4 * k + l) * outChannels * channels, 'v128.load');
            if (slice > 0) f.emit('f32x4.add');
          }
          f.set(part);
        }
        gathered(column, (i) => f.set(rows[4 * i + l] as number));
      }
      for (let i = 0; i < 3; i++)
        gathered(rows.slice(4 * i, 4 * i + 4), (j) => {
          f.set(value);
          for (let lane = 0; lane < LANES; lane++)
            f.get(into)
              .get(value)
              .storeLane(lane, 4 * (3 * i + j + 9 * lane));
        });
      f.get(at)
        .i32(4 * LANES)
        .emit('i32.add')
        .set(at);
      f.get(into)
        .i32(36 * LANES)
        .emit('i32.add')
        .set(into);
    });
  });
  return f;
}
