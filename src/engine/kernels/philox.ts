/** Second word of every key: "grad" in ASCII, so that streams of other programs with the same seed differ. */
const KEY = 0x67726164;

/**
 * Philox 4×32-10 (Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3"): four 32-bit words that depend on
 * nothing but the counter and the key.
 */
export function philox4x32(
  counter: readonly [number, number, number, number],
  key: readonly [number, number],
): [number, number, number, number] {
  let [c0, c1, c2, c3] = counter;
  let [k0, k1] = key;
  for (let round = 0; round < 10; round++) {
    if (round > 0) {
      k0 = (k0 + 0x9e3779b9) >>> 0;
      k1 = (k1 + 0xbb67ae85) >>> 0;
    }
    const [high0, low0] = multiplyWide(0xd2511f53, c0);
    const [high1, low1] = multiplyWide(0xcd9e8d57, c2);
    [c0, c1, c2, c3] = [(high1 ^ c1 ^ k0) >>> 0, low1, (high0 ^ c3 ^ k1) >>> 0, low0];
  }
  return [c0 >>> 0, c1 >>> 0, c2 >>> 0, c3 >>> 0];
}

/**
 * The uniforms in [0, 1) that the `random` expression draws: element i is word i mod 4 of block i div 4, of which the
 * upper 24 bits count, so that every value is exact in float32.
 */
export function philoxUniforms(count: number, seed: number, step: number, stream: number): Float32Array {
  const uniforms = new Float32Array(count);
  for (let block = 0; 4 * block < count; block++) {
    const words = philox4x32([block >>> 0, stream >>> 0, step >>> 0, 0], [seed >>> 0, KEY]);
    for (let lane = 0; lane < 4 && 4 * block + lane < count; lane++) {
      uniforms[4 * block + lane] = ((words[lane] as number) >>> 8) / 0x1000000;
    }
  }
  return uniforms;
}

/** Upper and lower half of the 64-bit product of two 32-bit words, by halves of 16 bits. */
function multiplyWide(a: number, b: number): [number, number] {
  const [aLow, aHigh, bLow, bHigh] = [a & 0xffff, a >>> 16, b & 0xffff, b >>> 16];
  const low = aLow * bLow;
  const middle = aHigh * bLow + (low >>> 16);
  const other = aLow * bHigh + (middle % 0x10000);
  const high = aHigh * bHigh + Math.floor(middle / 0x10000) + Math.floor(other / 0x10000);
  return [high >>> 0, (((other % 0x10000) << 16) | (low & 0xffff)) >>> 0];
}
