/** Second word of every key: "grad" in ASCII, so that streams of other programs with the same seed differ. */
const KEY = 0x67726164;

/** Where a round leaves its four words: hundreds of thousands of blocks are drawn for a model, and none allocates. */
const words = new Uint32Array(4);

/**
 * Philox 4×32-10 (Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3"): four 32-bit words that depend on
 * nothing but the counter and the key.
 */
export function philox4x32(
  counter: readonly [number, number, number, number],
  key: readonly [number, number],
): [number, number, number, number] {
  draw(counter[0], counter[1], counter[2], counter[3], key[0], key[1]);
  return [words[0]!, words[1]!, words[2]!, words[3]!];
}

/**
 * The uniforms in [0, 1) that the `random` expression draws: element i is word i mod 4 of block i div 4, of which the
 * upper 24 bits count, so that every value is exact in float32.
 */
export function philoxUniforms(count: number, seed: number, step: number, stream: number): Float32Array {
  const uniforms = new Float32Array(count);
  for (let block = 0; 4 * block < count; block++) {
    draw(block, stream, step, 0, seed, KEY);
    const lanes = Math.min(4, count - 4 * block);
    for (let lane = 0; lane < lanes; lane++) uniforms[4 * block + lane] = (words[lane]! >>> 8) / 0x1000000;
  }
  return uniforms;
}

function draw(
  counter0: number,
  counter1: number,
  counter2: number,
  counter3: number,
  key0: number,
  key1: number,
): void {
  // Signed 32-bit integers throughout: engines keep those in registers.
  let c0 = counter0 | 0;
  let c1 = counter1 | 0;
  let c2 = counter2 | 0;
  let c3 = counter3 | 0;
  let k0 = key0 | 0;
  let k1 = key1 | 0;
  for (let round = 0; round < 10; round++) {
    const high0 = multiplyHigh(0xd251, 0x1f53, c0);
    const high1 = multiplyHigh(0xcd9e, 0x8d57, c2);
    const low0 = Math.imul(0xd2511f53, c0);
    const low1 = Math.imul(0xcd9e8d57, c2);
    c0 = high1 ^ c1 ^ k0;
    c1 = low1;
    c2 = high0 ^ c3 ^ k1;
    c3 = low0;
    k0 = (k0 + 0x9e3779b9) | 0;
    k1 = (k1 + 0xbb67ae85) | 0;
  }
  words[0] = c0;
  words[1] = c1;
  words[2] = c2;
  words[3] = c3;
}

/** Upper half of the 64-bit product of two unsigned 32-bit words, the first one given as halves of 16 bits. */
function multiplyHigh(aHigh: number, aLow: number, b: number): number {
  const bHigh = b >>> 16;
  const bLow = b & 0xffff;
  const middle = Math.imul(aHigh, bLow) >>> 0;
  const carry = Math.imul(aLow, bHigh) + (Math.imul(aLow, bLow) >>> 16);
  // Unsigned sums below 2³³: exact as numbers.
  const sum = (middle & 0xffff) + ((carry >>> 0) & 0xffff);
  return (Math.imul(aHigh, bHigh) + (middle >>> 16) + (carry >>> 16) + (sum >>> 16)) | 0;
}
