import type { Access, AccessTerm } from '../../../kernels/access.ts';
import { readElement, type Storage } from '../bindings.ts';
import { affine, type Indices, SplitIndex } from '../wgsl/indices.ts';
import { printChecked } from '../wgsl/load.ts';
import type { Shader } from '../wgsl/shader.ts';
import { strideAlong } from './reduceShape.ts';

/** One side of a product: rows of `a` or columns of `b`, and how they are read. */
export interface TileSide {
  readonly read: Access;
  readonly storage: Storage;
  readonly rowDims: readonly number[];
  readonly kDims: readonly number[];
  readonly extents: readonly number[];
  readonly rows: number;
  readonly k: number;
  /** Rows of the tile over four. */
  readonly quads: number;
  readonly kTile: number;
  readonly threads: number;
  readonly batch: Indices;
  /** Name of the workgroup array of vec4f, kTile × (quads + 1). */
  readonly array: string;
  /** u32 code of the tile's number among the rows. */
  readonly tile: string;
}

/**
 * Code that brings a tile into workgroup memory, four rows a vector. What depends on rows only is computed before the
 * loop over k; what depends on k only, once a step for four rows.
 */
export function tileLoader(shader: Shader, side: TileSide): { readonly before: string[]; readonly inLoop: string[] } {
  const before: string[] = [];
  const inLoop: string[] = [];
  const vectors = side.quads * side.kTile;
  const turns = Math.ceil(vectors / side.threads);
  const kFirst = readsAlongK(side);
  for (let turn = 0; turn < turns; turn++) {
    const q = shader.fresh('vector');
    const kk = shader.fresh('step');
    const quad = shader.fresh('quad');
    before.push(
      `let ${q} = lane + ${turn * side.threads}u;`,
      `let ${kk} = ${q} ${kFirst ? '%' : '/'} ${kFirst ? side.kTile : side.quads}u;`,
      `let ${quad} = ${q} ${kFirst ? '/' : '%'} ${kFirst ? side.kTile : side.quads}u;`,
    );
    const rows = [0, 1, 2, 3].map((part) => rowParts(shader, before, side, quad, part));
    const block = stepBlock(shader, side, kk, quad, rows);
    const exact = vectors >= (turn + 1) * side.threads;
    inLoop.push(exact ? '{' : `if (${q} < ${vectors}u) {`, ...block, '}');
  }
  return { before, inLoop };
}

interface RowParts {
  readonly valid: string;
  /** Address part of the axes without a test. */
  readonly base: string;
  /** One index part for each axis with a test. */
  readonly checked: readonly string[];
}

function rowParts(shader: Shader, lines: string[], side: TileSide, quad: string, part: number): RowParts {
  const row = shader.fresh('row');
  lines.push(`let ${row} = (${side.tile}) * ${side.quads * 4}u + ${quad} * 4u + ${part}u;`);
  const split = new SplitIndex(shader, lines, row, side.rowDims, side.extents);
  const indices: Indices = { of: (dim) => (split.has(dim) ? split : side.batch).of(dim) };
  const isK = new Set(side.kDims);
  const rowTerms = (terms: readonly AccessTerm[]): AccessTerm[] => terms.filter(({ dim }) => !isK.has(dim));
  const valid = shader.fresh('inside');
  lines.push(`let ${valid} = ${row} < ${side.rows}u;`);
  const { terms, offset } = untested(side.read);
  const base = shader.fresh('base');
  lines.push(`let ${base} = ${affine(rowTerms(terms), offset, indices)};`);
  const checked = side.read.axes
    .filter((axis) => axis.checked)
    .map((axis) => {
      const name = shader.fresh('part');
      lines.push(`let ${name} = ${affine(rowTerms(axis.terms), axis.offset, indices)};`);
      return name;
    });
  return { valid, base, checked };
}

function stepBlock(shader: Shader, side: TileSide, kk: string, quad: string, rows: readonly RowParts[]): string[] {
  const lines: string[] = [];
  const k = shader.fresh('k');
  lines.push(`let ${k} = k0 + ${kk};`, `let within = ${k} < k_end;`);
  const indices = new SplitIndex(shader, lines, k, side.kDims, side.extents);
  const isK = new Set(side.kDims);
  const kTerms = (terms: readonly AccessTerm[]): AccessTerm[] => terms.filter(({ dim }) => isK.has(dim));
  const base = shader.fresh('base');
  lines.push(`let ${base} = ${affine(kTerms(untested(side.read).terms), 0, indices)};`);
  const checkedAxes = side.read.axes.filter((axis) => axis.checked);
  const steps = checkedAxes.map((axis) => {
    const name = shader.fresh('part');
    lines.push(`let ${name} = ${affine(kTerms(axis.terms), 0, indices)};`);
    return name;
  });
  lines.push('var four = vec4f();');
  rows.forEach((row, part) => {
    const component = 'xyzw'[part];
    const block: string[] = [];
    const tests: string[] = [];
    const address = [row.base, base];
    checkedAxes.forEach((axis, i) => {
      const at = shader.fresh('i');
      block.push(`let ${at} = ${row.checked[i]} + ${steps[i]};`);
      address.push(printChecked(shader, block, tests, at, axis));
    });
    const element = readElement(side.storage, address.join(' + '));
    const value = side.storage.dtype === 'f32' ? element : `f32(${element})`;
    if (tests.length === 0) block.push(`four.${component} = ${value};`);
    else {
      block.push(`if (${tests.join(' && ')}) { four.${component} = ${value}; }`);
      if (side.read.outside !== 0) block.push(`else { four.${component} = ${shader.constant(side.read.outside)}; }`);
    }
    lines.push(`if (within && ${row.valid}) {`, ...block, '}');
  });
  lines.push(`${side.array}[${kk} * ${side.quads + 1}u + ${quad}] = four;`);
  return lines;
}

function untested(read: Access): { terms: AccessTerm[]; offset: number } {
  let offset = 0;
  const terms: AccessTerm[] = [];
  for (const axis of read.axes) {
    if (axis.checked) continue;
    offset += axis.offset * axis.stride;
    for (const { dim, scale } of axis.terms) terms.push({ dim, scale: scale * axis.stride });
  }
  return { terms, offset };
}

/** Whether neighbours in memory are neighbours along k, so that threads should be too. */
function readsAlongK({ read, rowDims, kDims, extents }: TileSide): boolean {
  const nearest = (dims: readonly number[]): number => {
    const last = [...dims].reverse().find((dim) => (extents[dim] as number) > 1);
    const stride = last === undefined ? 0 : Math.abs(strideAlong(read, last));
    return stride === 0 ? Number.POSITIVE_INFINITY : stride;
  };
  return nearest(kDims) < nearest(rowDims);
}
