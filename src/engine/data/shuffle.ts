import { philox4x32 } from '../kernels/philox.ts';

/** Second word of the key: "shuf" in ASCII. Batches do not share random numbers with weights and dropout. */
const KEY = 0x73687566;

/**
 * The order of the samples in an epoch: Fisher–Yates from the end, where place i is exchanged with place
 * ⌊word · (i + 1) / 2³²⌋ and `word` is the first of Philox 4×32-10 with counter (i, epoch, 0, 0) and key (seed, KEY).
 * Anyone can draw the same order elsewhere.
 */
export function shuffledIndices(count: number, seed: number, epoch: number): Int32Array {
  const order = Int32Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const [word] = philox4x32([i, epoch >>> 0, 0, 0], [seed >>> 0, KEY]);
    const other = Math.floor((word * (i + 1)) / 2 ** 32);
    const moved = order[i] as number;
    order[i] = order[other] as number;
    order[other] = moved;
  }
  return order;
}
