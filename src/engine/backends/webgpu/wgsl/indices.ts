import type { Shader } from './shader.ts';

/** Loop indices by dim, as i32 code. */
export interface Indices {
  of(dim: number): string;
}

/** Takes a row-major linear index (u32) apart into the indices of its dims; only those that are asked for are computed. */
export class SplitIndex implements Indices {
  readonly #shader: Shader;
  readonly #lines: string[];
  readonly #linear: string;
  readonly #known = new Map<number, string>();
  readonly #strides = new Map<number, { extent: number; stride: number; outermost: boolean }>();

  /** `dims` are the dim numbers, outermost first, and `extents` all extents by dim number. */
  constructor(shader: Shader, lines: string[], linear: string, dims: readonly number[], extents: readonly number[]) {
    this.#shader = shader;
    this.#lines = lines;
    this.#linear = linear;
    let stride = 1;
    for (const [place, dim] of [...dims.entries()].reverse()) {
      const extent = extents[dim] as number;
      this.#strides.set(dim, { extent, stride, outermost: place === 0 });
      stride *= extent;
    }
    // The outermost dim larger than 1 needs no remainder either.
    for (const dim of dims) {
      const part = this.#strides.get(dim);
      if (!part) continue;
      part.outermost = true;
      if (part.extent !== 1) break;
    }
  }

  has(dim: number): boolean {
    return this.#strides.has(dim);
  }

  of(dim: number): string {
    const known = this.#known.get(dim);
    if (known !== undefined) return known;
    const part = this.#strides.get(dim);
    if (!part) throw new Error(`dim ${dim} has no index here`);
    if (part.extent === 1) return '0';
    const quotient = part.stride === 1 ? this.#linear : `${this.#linear} / ${part.stride}u`;
    const name = this.#shader.fresh('d');
    this.#lines.push(`let ${name} = i32(${part.outermost ? quotient : `(${quotient}) % ${part.extent}u`});`);
    this.#known.set(dim, name);
    return name;
  }
}

/** `Σ scale·index + offset` as i32 code. */
export function affine(
  terms: readonly { readonly dim: number; readonly scale: number }[],
  offset: number,
  indices: Indices,
): string {
  const parts: string[] = [];
  for (const { dim, scale } of terms) {
    if (scale === 0) continue;
    const name = indices.of(dim);
    if (name === '0') continue;
    parts.push(scale === 1 ? name : `${name} * ${scale < 0 ? `(${scale})` : scale}`);
  }
  if (offset !== 0 || parts.length === 0) parts.push(offset < 0 ? `(${offset})` : `${offset}`);
  return parts.join(' + ');
}
