import { quotientOf } from './divide.ts';
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
  /** The index over stride so far, by stride. */
  readonly #quotients = new Map<number, string>();
  readonly #total: number;

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
    this.#total = stride;
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
    const name = this.#remainder(part);
    this.#known.set(dim, name);
    return name;
  }

  #remainder({ extent, stride, outermost }: { extent: number; stride: number; outermost: boolean }): string {
    const quotient = this.#quotient(stride);
    if (outermost) return quotient;
    if (Number.isInteger(Math.log2(extent))) return this.#name(`${quotient} & ${extent - 1}`);
    return this.#name(`${quotient} - ${this.#quotient(stride * extent)} * ${extent}`);
  }

  #quotient(stride: number): string {
    const known = this.#quotients.get(stride);
    if (known !== undefined) return known;
    // Threads beyond the end have indices too, though none counts.
    const most = this.#total + 65536;
    const name = this.#name(
      stride === 1 ? `i32(${this.#linear})` : quotientOf(this.#shader, this.#quotient(1), stride, most),
    );
    this.#quotients.set(stride, name);
    return name;
  }

  #name(code: string): string {
    return this.#shader.named(this.#lines, 'd', code);
  }
}

/** `Σ scale·index + offset` as i32 code. */
export function affine(
  terms: readonly { readonly dim: number; readonly scale: number }[],
  offset: number,
  indices: Indices,
): string {
  const parts: string[] = [];
  let constant = offset;
  for (const { dim, scale } of terms) {
    if (scale === 0) continue;
    const name = indices.of(dim);
    if (/^\d+$/.test(name)) constant += scale * Number(name);
    else parts.push(scale === 1 ? name : `${name} * ${scale < 0 ? `(${scale})` : scale}`);
  }
  if (constant !== 0 || parts.length === 0) parts.push(constant < 0 ? `(${constant})` : `${constant}`);
  return parts.join(' + ');
}
