import { stridesOf } from '../../../ir/shape.ts';
import { type Access, type AccessAxis, asStrided } from '../../../kernels/access.ts';
import type { ContractSpec } from '../../../kernels/spec.ts';
import type { Location } from '../../../schedule/schedule.ts';
import { bindTensors, readElement, type Storage, writeElement } from '../bindings.ts';
import { ExpressionPrinter } from '../wgsl/expression.ts';
import { affine, type Indices, SplitIndex } from '../wgsl/indices.ts';
import { printChecked } from '../wgsl/load.ts';
import { foldGrid, Shader } from '../wgsl/shader.ts';
import { type Product, rowOperands } from './contractShape.ts';
import { type DirectTiling, type Reading, threadDims } from './directTiling.ts';
import type { CallOf, DeviceKernel, DeviceLimits } from './kernel.ts';
import { loadsAt } from './loads.ts';

const LANES = 16;
/** Loops over k of at most so many turns are written out. */
const UNROLLED = 8;

/** The product kernel; with `partial` it stores sums of its split there, without the epilogue. */
export function directContractKernel(
  call: CallOf<ContractSpec>,
  limits: DeviceLimits,
  product: Product,
  tiling: DirectTiling,
  partial: Location | undefined,
): DeviceKernel {
  const factors = [product.a.operand, product.b.operand, ...rowOperands(call.spec)];
  const places = call.operands.map((place, k) => (partial && !factors.includes(k) ? undefined : place));
  const given = places.filter((place) => place !== undefined);
  const fourfold = new Set(
    [
      { read: product.a, reading: tiling.a },
      { read: product.b, reading: tiling.b },
    ].flatMap(({ read, reading }) =>
      reading === 'single' ? [] : [places.slice(0, read.operand).filter(Boolean).length],
    ),
  );
  const results = partial ? [partial] : call.results;
  const bound = bindTensors(given, results, limits.storageBuffers, call.label, fourfold);
  const operands = call.operands.map((_, k) => bound.operands[places.slice(0, k).filter(Boolean).length] as Storage);
  const writer = new DirectWriter(call.spec, product, tiling, operands, bound.results[0] as Storage);
  const { lines, threads } = writer.write(partial !== undefined);
  return {
    source: writer.shader.source([], lines, LANES),
    bindings: bound.bindings,
    grid: foldGrid(Math.ceil(threads / LANES)),
  };
}

/** One factor of the product. */
interface Side {
  readonly read: Access;
  readonly reading: Reading;
  readonly storage: Storage;
  readonly tileDim: number | undefined;
  /** Indices of the tiled dim that a thread takes. */
  readonly tile: number;
}

class DirectWriter {
  readonly shader = new Shader();
  readonly #lines: string[] = [];
  readonly #spec: ContractSpec;
  readonly #product: Product;
  readonly #tiling: DirectTiling;
  readonly #operands: readonly Storage[];
  readonly #result: Storage;
  readonly #indices = new Map<number, string>();
  /** The integer that each gathering load gave. */
  readonly #rows = new Map<number, string>();

  constructor(
    spec: ContractSpec,
    product: Product,
    tiling: DirectTiling,
    operands: readonly Storage[],
    result: Storage,
  ) {
    this.#spec = spec;
    this.#product = product;
    this.#tiling = tiling;
    this.#operands = operands;
    this.#result = result;
  }

  write(split: boolean): { lines: string[]; threads: number } {
    const { rows, columns, splits } = this.#tiling;
    const threads = this.#placeThread();
    const lines = this.#lines;
    this.#gatherRows();
    const vectors = columns / 4;
    for (let r = 0; r < rows; r++) for (let c = 0; c < vectors; c++) lines.push(`var sum_${r}_${c} = vec4f();`);
    this.#sumProducts();
    const sums = Array.from({ length: rows * vectors }, (_, i) => `sum_${Math.floor(i / vectors)}_${i % vectors}`);
    lines.push(`var sums = array<vec4f, ${sums.length}>(${sums.join(', ')});`);
    // Loops, not one copy an element: drivers take long to compile those.
    lines.push(`for (var row = 0; row < ${rows}; row++) {`, `for (var column = 0; column < ${columns}; column++) {`);
    this.#store(split);
    lines.push('}', '}');
    return {
      lines: [`let thread = group * ${LANES}u + lane;`, `if (thread < ${threads * splits}u) {`, ...lines, '}'],
      threads: threads * splits,
    };
  }

  /** Takes the thread's number apart into the indices that it stands for; gives the number of threads of a split. */
  #placeThread(): number {
    const { splits, kSplit, rowDim, columnDim, rows, columns } = this.#tiling;
    const dims = threadDims(this.#product, this.#tiling);
    const counts = [splits, ...dims.map(({ count }) => count)];
    const split = new SplitIndex(this.shader, this.#lines, 'thread', [...counts.keys()], counts);
    const first = split.of(0);
    for (const [i, { dim }] of dims.entries()) {
      const at = split.of(i + 1);
      const tile = dim === rowDim ? rows : dim === columnDim ? columns : 1;
      this.#indices.set(dim, tile === 1 || at === '0' ? at : `(${at} * ${tile})`);
    }
    this.#lines.push(`let k_start = ${first} * ${kSplit};`);
    return dims.reduce((count, { count: each }) => count * each, 1);
  }

  /** What is looked up is the same for all that the thread reads. */
  #gatherRows(): void {
    const place = { shader: this.shader, lines: this.#lines, indices: this.#indicesOf(), linear: undefined };
    const leaves = loadsAt(this.#spec.loads, this.#operands, place);
    for (const { gather } of [...this.#product.a.axes, ...this.#product.b.axes]) {
      if (gather !== undefined) this.#rows.set(gather, leaves.load(gather).integer);
    }
  }

  #sumProducts(): void {
    const { extents, k } = this.#product;
    const { a, b, rows, columns, rowDim, columnDim, splits, kSplit } = this.#tiling;
    const lines = this.#lines;
    const inner = k.at(-1);
    const splitDim = k.find((dim) => (extents[dim] as number) > 1);
    const step = a === 'alongK' || b === 'alongK' ? 4 : 1;
    let loops = 0;
    let turns = 1;
    for (const dim of k) {
      const extent = extents[dim] as number;
      if (extent === 1) {
        this.#indices.set(dim, '0');
        continue;
      }
      if (dim === inner && step === 1 && extent <= UNROLLED && dim !== splitDim) {
        turns = extent;
        continue;
      }
      const name = `k${dim}`;
      const end = dim === splitDim && splits > 1 ? `min(k_start + ${kSplit}, ${extent})` : `${extent}`;
      const start = dim === splitDim && splits > 1 ? 'k_start' : '0';
      const stride = dim === inner ? step : 1;
      lines.push(`for (var ${name} = ${start}; ${name} < ${end}; ${name} += ${stride}) {`);
      this.#indices.set(dim, name);
      loops++;
    }
    const sides = {
      a: this.#side(this.#product.a, a, rowDim, rows),
      b: this.#side(this.#product.b, b, columnDim, columns),
    };
    for (let turn = 0; turn < turns; turn++) {
      if (turns > 1) this.#indices.set(inner as number, `${turn}`);
      lines.push('{');
      const left = this.#loads(sides.a, step);
      const right = this.#loads(sides.b, step);
      for (let q = 0; q < step; q++) {
        for (let c = 0; c < columns / 4; c++) {
          const four = right(q, c);
          for (let r = 0; r < rows; r++) {
            lines.push(`sum_${r}_${c} += ${left(q, Math.floor(r / 4))}.${'xyzw'[r % 4]} * ${four};`);
          }
        }
      }
      lines.push('}');
    }
    lines.push(...new Array<string>(loops).fill('}'));
  }

  #side(read: Access, reading: Reading, tileDim: number | undefined, tile: number): Side {
    return { read, reading, storage: this.#operands[read.operand] as Storage, tileDim, tile };
  }

  /** Loads one side for `step` indices of the innermost k dim; gives the four elements of group `four` at index `q`. */
  #loads(side: Side, step: number): (q: number, four: number) => string {
    const lines = this.#lines;
    const { tile, reading } = side;
    const fours = Math.ceil(tile / 4);
    const names = new Map<string, string>();
    const keep = (q: number, four: number, code: string): void => {
      const name = this.shader.fresh('four');
      lines.push(`let ${name} = ${code};`);
      names.set(`${q},${four}`, name);
    };
    if (reading === 'alongK') {
      const base = this.#strided(side);
      const steps = base.strides;
      for (let four = 0; four < fours; four++) {
        const members = Array.from({ length: 4 }, (_, i) => {
          const at = 4 * four + i;
          if (at >= tile) return undefined;
          const name = this.shader.fresh('along');
          const jump = side.tileDim === undefined ? 0 : (steps[side.tileDim] as number) * at;
          lines.push(`let ${name} = ${side.storage.name}[(${base.address} + ${jump + side.storage.base}) >> 2u];`);
          return name;
        });
        for (let q = 0; q < 4; q++) {
          const parts = members.map((name) => (name === undefined ? '0.0' : `${name}.${'xyzw'[q]}`));
          keep(q, four, `vec4f(${parts.join(', ')})`);
        }
      }
    } else {
      for (let q = 0; q < step; q++) {
        for (let four = 0; four < fours; four++) {
          if (reading === 'alongTile') {
            const base = this.#strided(side, q);
            keep(q, four, `${side.storage.name}[(${base.address} + ${4 * four + side.storage.base}) >> 2u]`);
          } else {
            const parts = [0, 1, 2, 3].map((i) => (4 * four + i < tile ? this.#single(side, 4 * four + i, q) : '0.0'));
            keep(q, four, `vec4f(${parts.join(', ')})`);
          }
        }
      }
    }
    return (q, four) => names.get(`${q},${four}`) as string;
  }

  /** Address of a read that is strides only, at the thread's first index of the tiled dim. */
  #strided({ read }: Side, q = 0): { address: string; strides: readonly number[] } {
    const strided = asStrided(read, this.#product.extents.length);
    if (!strided) throw new Error('a read with tests is not taken four at a time');
    const terms = strided.strides.map((scale, dim) => ({ dim, scale }));
    const inner = this.#product.k.at(-1);
    const jump = inner === undefined ? 0 : q * (strided.strides[inner] as number);
    const address = affine(terms, strided.offset + jump, this.#indicesOf());
    return { address, strides: strided.strides };
  }

  /** Code of one element, at index `i` of the thread's tile and `q` steps along the innermost k dim. */
  #single(side: Side, i: number, q: number): string {
    const { read, storage, tileDim } = side;
    const inner = this.#product.k.at(-1);
    const block: string[] = [];
    const tests: string[] = [];
    const parts: string[] = [];
    const moved = (axis: AccessAxis): number =>
      axis.terms.reduce(
        (sum, { dim, scale }) => sum + scale * ((dim === tileDim ? i : 0) + (dim === inner ? q : 0)),
        0,
      );
    for (const axis of read.axes) {
      const at = affine(axis.terms, axis.offset + moved(axis), this.#indicesOf());
      if (!axis.checked) {
        if (at !== '0') parts.push(axis.stride === 1 ? `(${at})` : `(${at}) * ${axis.stride}`);
        continue;
      }
      const name = this.shader.fresh('i');
      block.push(`let ${name} = ${at}${axis.gather === undefined ? '' : ` + ${this.#rows.get(axis.gather)}`};`);
      parts.push(printChecked(this.shader, block, tests, name, axis));
    }
    this.#lines.push(...block);
    const element = readElement(storage, parts.length === 0 ? '0' : parts.join(' + '));
    const value = storage.dtype === 'f32' ? element : `f32(${element})`;
    if (tests.length === 0) return value;
    // What lies outside may be read, WebGPU bounds it, and is not taken. Tests without branches: SwiftShader's compile
    // time grows by a factor with each branch.
    const inside = tests.map((test) => `(${test})`).join(' & ');
    return `select(${this.shader.constant(read.outside)}, ${value}, ${inside})`;
  }

  /** Inside of the loops over `row` and `column`: one element. */
  #store(split: boolean): void {
    const { extents, batch, m, n } = this.#product;
    const { rowDim, columnDim, columns } = this.#tiling;
    const lines = this.#lines;
    const inside: string[] = [];
    for (const [dim, at] of [
      [rowDim, 'row'],
      [columnDim, 'column'],
    ] as const) {
      if (dim === undefined) {
        inside.push(`${at} == 0`);
        continue;
      }
      const name = this.shader.fresh('at');
      lines.push(`let ${name} = ${this.#indices.get(dim)} + ${at};`);
      this.#indices.set(dim, name);
      inside.push(`${name} < ${extents[dim]}`);
    }
    lines.push(`if (${inside.join(' && ')}) {`, `let sum = sums[row * ${columns / 4} + column / 4][column % 4];`);
    const order = split ? [...batch, ...m, ...n] : this.#spec.output;
    const strides = stridesOf(order.map((dim) => extents[dim] as number));
    const indices = this.#indicesOf();
    const terms = order.map((dim, axis) => ({ dim, scale: strides[axis] as number }));
    let address = affine(terms, 0, indices);
    let value = 'sum';
    if (split) {
      const total = order.reduce((product, dim) => product * (extents[dim] as number), 1);
      address = `${address} + (k_start / ${this.#tiling.kSplit}) * ${total}`;
    } else {
      const { loads, epilogue } = this.#spec;
      const place = { shader: this.shader, lines, indices, linear: undefined };
      const leaves = loadsAt(loads, this.#operands, place, { stage: () => 'sum' });
      value = new ExpressionPrinter(this.shader, lines, leaves).value(epilogue);
    }
    lines.push(writeElement(this.#result, address, this.#result.dtype === 'f32' ? value : `i32(${value})`), '}');
  }

  #indicesOf(): Indices {
    return {
      of: (dim) => {
        const index = this.#indices.get(dim);
        if (index === undefined) throw new Error(`dim ${dim} has no index here`);
        return index;
      },
    };
  }
}
