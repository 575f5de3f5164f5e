import { FunctionBuilder, I32, V128 } from './assembler.ts';

/** Elements of a cache line. */
const LINE = 16;

/**
 * Packing into panels of `width` rows, k by k; see `Pack`. Rows that lie side by side are fetched as vectors, where there are
 * enough of them as whole cache lines for several panels at once; runs of four k that lie side by side are fetched as
 * vectors along k and transposed; what is left comes one by one.
 */
export function buildPack(width: 4 | 8): FunctionBuilder {
  const f = new FunctionBuilder([I32, I32, I32, I32, I32, I32, I32]);
  const [source, rowOffsets, kOffsets, rows, from, to, target] = [0, 1, 2, 3, 4, 5, 6];
  const [row, k, out, kAddress, whole] = [f.local(I32), f.local(I32), f.local(I32), f.local(I32), f.local(I32)];
  const [at, all, offset] = [f.local(I32), f.local(I32), f.local(I32)];
  const halves = Array.from({ length: width / 4 }, (_, half) => ({
    half,
    addresses: [f.local(I32), f.local(I32), f.local(I32), f.local(I32)] as const,
    /** Whether its four rows lie side by side. */
    runs: f.local(I32),
  }));
  type Half = (typeof halves)[number];
  const lines = [f.local(V128), f.local(V128), f.local(V128), f.local(V128)] as const;

  const copy = ({ half, addresses }: Half, place: number): void => {
    f.get(out)
      .get(addresses[0])
      .get(offset)
      .emit('i32.add')
      .vectorLoadAt(0, 'v128.load')
      .storeAt(place + 16 * half, 'v128.store');
  };
  const gather = ({ half, addresses }: Half, place: number): void => {
    f.get(out).get(addresses[0]).get(offset).emit('i32.add').vectorLoadAt(0, 'v128.load32_splat');
    for (const [lane, address] of addresses.entries()) {
      if (lane > 0) f.get(address).get(offset).emit('i32.add').loadAt(0, 'f32.load').replaceLane(lane);
    }
    f.storeAt(place + 16 * half, 'v128.store');
  };
  // Four rows × four k, read along k and written along the rows.
  const transpose = ({ half, addresses }: Half): void => {
    const [a, b, c, d] = lines;
    for (const [i, line] of lines.entries())
      f.get(addresses[i] as number)
        .get(offset)
        .emit('i32.add')
        .vectorLoadAt(0, 'v128.load')
        .set(line);
    const pairs = [
      [a, b, [0, 4, 1, 5]],
      [c, d, [0, 4, 1, 5]],
      [a, b, [2, 6, 3, 7]],
      [c, d, [2, 6, 3, 7]],
    ] as const;
    const mixed = [f.local(V128), f.local(V128), f.local(V128), f.local(V128)] as const;
    for (const [i, [x, y, picks]] of pairs.entries())
      f.get(x)
        .get(y)
        .shuffle(picks)
        .set(mixed[i] as number);
    for (let step = 0; step < 4; step++) {
      const [low, high] = step < 2 ? [mixed[0], mixed[1]] : [mixed[2], mixed[3]];
      f.get(out).get(low).get(high);
      f.shuffle(step % 2 === 0 ? [0, 1, 4, 5] : [2, 3, 6, 7]).storeAt(4 * width * step + 16 * half, 'v128.store');
    }
  };
  const advance = (steps: number): void => {
    f.get(kAddress)
      .i32(4 * steps)
      .emit('i32.add')
      .set(kAddress);
    f.get(out)
      .i32(4 * width * steps)
      .emit('i32.add')
      .set(out);
  };
  const each = (place: number): void => {
    for (const half of halves)
      f.get(half.runs).when(
        () => copy(half, place),
        () => gather(half, place),
      );
  };

  // Whether a line's rows are left, all side by side. The last one tells most others apart from those.
  const together = f.local(I32);
  const findLines = (): void => {
    const rowOffset = (back: number): void => void f.get(at).loadAt(4 * back, 'i32.load');
    const sideBySide = (back: number): void => {
      rowOffset(back);
      rowOffset(0);
      f.emit('i32.sub')
        .i32(4 * back)
        .emit('i32.eq');
    };
    f.i32(0).set(together);
    f.get(rows).get(row).i32(LINE).emit('i32.add', 'i32.ge_s');
    f.when(() => {
      f.get(rowOffsets).get(row).i32(2).emit('i32.shl', 'i32.add').set(at);
      sideBySide(LINE - 1);
      f.when(() => {
        sideBySide(1);
        for (let back = 2; back < LINE - 1; back++) {
          sideBySide(back);
          f.emit('i32.and');
        }
        f.set(together);
      });
    });
  };
  const copyLines = (): void => {
    const panels = Array.from({ length: LINE / width }, (_, panel) => (panel === 0 ? out : f.local(I32)));
    for (const [i, panel] of panels.slice(1).entries()) {
      f.get(to)
        .get(from)
        .emit('i32.sub')
        .i32(4 * width)
        .emit('i32.mul')
        .get(panels[i] as number)
        .emit('i32.add')
        .set(panel);
    }
    f.get(at).loadAt(0, 'i32.load').get(source).emit('i32.add').set(at);
    f.get(kOffsets).get(from).i32(2).emit('i32.shl', 'i32.add').set(kAddress);
    f.loop(k, { local: from }, { local: to }, 1, () => {
      f.get(kAddress).loadAt(0, 'i32.load').get(at).emit('i32.add').set(offset);
      for (const [i, panel] of panels.entries()) {
        for (const { half } of halves)
          f.get(panel)
            .get(offset)
            .vectorLoadAt(4 * width * i + 16 * half, 'v128.load')
            .storeAt(16 * half, 'v128.store');
      }
      f.get(kAddress).i32(4).emit('i32.add').set(kAddress);
      for (const panel of panels)
        f.get(panel)
          .i32(4 * width)
          .emit('i32.add')
          .set(panel);
    });
    f.get(panels.at(-1) as number).set(out);
  };

  f.get(target).set(out);
  f.get(to).get(from).emit('i32.sub').i32(-4).emit('i32.and').get(from).emit('i32.add').set(whole);
  const copyPanel = (): void => {
    f.i32(1).set(all);
    for (const { half, addresses, runs } of halves) {
      f.i32(1).set(runs);
      for (const [lane, address] of addresses.entries()) {
        f.get(row)
          .i32(4 * half + lane)
          .emit('i32.add')
          .set(at);
        f.get(at).get(rows).i32(1).emit('i32.sub').get(at).get(rows).emit('i32.lt_s', 'select').set(at);
        f.get(rowOffsets).get(at).i32(2).emit('i32.shl', 'i32.add').loadAt(0, 'i32.load').get(source).emit('i32.add');
        f.set(address);
        if (lane > 0)
          f.get(runs)
            .get(address)
            .get(addresses[0])
            .i32(4 * lane)
            .emit('i32.add', 'i32.eq', 'i32.and')
            .set(runs);
      }
      f.get(all).get(runs).emit('i32.and').set(all);
    }
    f.get(kOffsets).get(from).i32(2).emit('i32.shl', 'i32.add').set(kAddress);
    f.get(all).when(
      () =>
        f.loop(k, { local: from }, { local: to }, 1, () => {
          f.get(kAddress).loadAt(0, 'i32.load').set(offset);
          for (const half of halves) copy(half, 0);
          advance(1);
        }),
      () => {
        f.loop(k, { local: from }, { local: whole }, 4, () => {
          f.get(kAddress).loadAt(0, 'i32.load').set(offset);
          // All three distances, since offsets need not grow.
          f.i32(1);
          for (let step = 1; step < 4; step++)
            f.get(kAddress)
              .loadAt(4 * step, 'i32.load')
              .get(offset)
              .emit('i32.sub')
              .i32(4 * step)
              .emit('i32.eq', 'i32.and');
          f.when(
            () => {
              for (const half of halves)
                f.get(half.runs).when(
                  () => {
                    for (let step = 0; step < 4; step++) {
                      f.get(kAddress)
                        .loadAt(4 * step, 'i32.load')
                        .set(offset);
                      copy(half, 4 * width * step);
                    }
                    f.get(kAddress).loadAt(0, 'i32.load').set(offset);
                  },
                  () => transpose(half),
                );
            },
            () => {
              for (let step = 0; step < 4; step++) {
                f.get(kAddress)
                  .loadAt(4 * step, 'i32.load')
                  .set(offset);
                each(4 * width * step);
              }
            },
          );
          advance(4);
        });
        f.loop(k, { local: whole }, { local: to }, 1, () => {
          f.get(kAddress).loadAt(0, 'i32.load').set(offset);
          each(0);
          advance(1);
        });
      },
    );
  };
  f.loop(row, 0, { local: rows }, width, () => {
    findLines();
    f.get(together).when(() => {
      copyLines();
      f.get(row)
        .i32(LINE - width)
        .emit('i32.add')
        .set(row);
    }, copyPanel);
  });
  return f;
}
