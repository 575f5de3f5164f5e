import { philoxUniforms } from '../kernels/philox.ts';

/** `count` numbers of the standard normal distribution, by Box and Muller on pairs of uniforms. */
export function normals(count: number, seed: number, stream: number): Float64Array {
  const uniforms = philoxUniforms(2 * count, seed, 0, stream);
  return Float64Array.from({ length: count }, (_, i) => {
    // 1 − u keeps the logarithm finite.
    const radius = Math.sqrt(-2 * Math.log(1 - uniforms[2 * i]!));
    return radius * Math.cos(2 * Math.PI * uniforms[2 * i + 1]!);
  });
}

/**
 * A matrix whose rows, or columns if those are fewer, are orthonormal: Gram and Schmidt on a normal matrix, twice over,
 * since once leaves rounding behind. Its distribution is the uniform one (Haar's), as that of torch.nn.init.orthogonal_.
 */
export function orthogonal(rows: number, columns: number, seed: number, stream: number): Float64Array {
  const [count, length] = [Math.min(rows, columns), Math.max(rows, columns)];
  const basis = normals(count * length, seed, stream);
  for (let k = 0; k < count; k++) {
    const own = basis.subarray(k * length, (k + 1) * length);
    for (let pass = 0; pass < 2; pass++) {
      for (let j = 0; j < k; j++) {
        const other = basis.subarray(j * length, (j + 1) * length);
        let product = 0;
        for (let i = 0; i < length; i++) product += own[i]! * other[i]!;
        for (let i = 0; i < length; i++) own[i] = own[i]! - product * other[i]!;
      }
    }
    const norm = Math.sqrt(own.reduce((sum, each) => sum + each * each, 0));
    for (let i = 0; i < length; i++) own[i] = own[i]! / norm;
  }
  if (rows <= columns) return basis;
  return Float64Array.from(
    { length: rows * columns },
    (_, at) => basis[(at % columns) * rows + Math.floor(at / columns)]!,
  );
}

/** Normal numbers, each within two standard deviations: what falls outside is drawn anew from what follows. */
export function truncatedNormals(count: number, seed: number, stream: number): Float64Array {
  const result = new Float64Array(count);
  let filled = 0;
  // One in 22 falls outside; a longer draw begins with the shorter one's numbers.
  for (let length = Math.ceil(1.1 * count) + 16; filled < count; length *= 2) {
    filled = 0;
    for (const number of normals(length, seed, stream)) {
      if (Math.abs(number) <= 2 && filled < count) result[filled++] = number;
    }
  }
  return result;
}
