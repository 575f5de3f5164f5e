import { stridesOf } from '../../../ir/shape.ts';
import type { Access } from '../../../kernels/access.ts';
import type { ContractSpec } from '../../../kernels/spec.ts';
import type { Location } from '../../../schedule/schedule.ts';
import { bindTensors, type Storage, writeElement } from '../bindings.ts';
import { ExpressionPrinter, type Leaves, type LoadedValue } from '../wgsl/expression.ts';
import { affine, type Indices, SplitIndex } from '../wgsl/indices.ts';
import { foldGrid, Shader } from '../wgsl/shader.ts';
import { type Product, rowOperands } from './contractShape.ts';
import type { CallOf, DeviceKernel, DeviceLimits } from './kernel.ts';
import { loadsAt } from './loads.ts';
import { loadsUsed } from './reduceReads.ts';
import type { RegisterTiling } from './registerTiling.ts';
import { type ReadPart, readPart, readParts } from './sideReads.ts';

const LANES = 16;
/** How a thread reaches what the one `j` places further in its quad has read (further by exclusive or). */
const SWAPS = ['', 'quadSwapX', 'quadSwapY', 'quadSwapDiagonal'] as const;

/** The product kernel; with `partial` it stores sums of its split there, without the epilogue. */
export function registerContractKernel(
  call: CallOf<ContractSpec>,
  limits: DeviceLimits,
  product: Product,
  tiling: RegisterTiling,
  partial: Location | undefined,
): DeviceKernel {
  const factors = [product.a.operand, product.b.operand, ...rowOperands(call.spec)];
  const places = call.operands.map((place, k) => (partial && !factors.includes(k) ? undefined : place));
  const given = places.filter((place) => place !== undefined);
  const bound = bindTensors(given, partial ? [partial] : call.results, limits.storageBuffers, call.label);
  const operands = call.operands.map((_, k) => bound.operands[places.slice(0, k).filter(Boolean).length] as Storage);
  const writer = new RegisterWriter(call.spec, product, tiling, operands, bound.results[0] as Storage);
  const { lines, threads } = writer.write(partial !== undefined);
  return {
    source: writer.shader.source([], lines, LANES),
    bindings: bound.bindings,
    grid: foldGrid(Math.ceil(threads / LANES)),
  };
}

/** A row of `a` or a column of `b` that a thread stands for: its number, and its indices. */
interface Line {
  readonly number: string;
  readonly indices: SplitIndex;
}

/** A row or column with what all of its elements share: its part of their address, its loads and its indices. */
interface ReadyLine {
  readonly number: string;
  readonly address: string;
  readonly loads: ReadonlyMap<number, LoadedValue>;
  readonly indices: Indices;
}

class RegisterWriter {
  readonly shader = new Shader(true);
  readonly #lines: string[] = [];
  readonly #spec: ContractSpec;
  readonly #product: Product;
  readonly #tiling: RegisterTiling;
  readonly #operands: readonly Storage[];
  readonly #result: Storage;

  constructor(
    spec: ContractSpec,
    product: Product,
    tiling: RegisterTiling,
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
    const { size, m, n, batch: batchDims, extents } = this.#product;
    const { share, splits, kSplit } = this.#tiling;
    const lines = this.#lines;
    const shader = this.shader;
    const tilesM = Math.ceil(size.m / (share * this.#tiling.rows));
    const tilesN = Math.ceil(size.n / (share * this.#tiling.columns));
    const tiles = splits * size.batch * tilesM * tilesN;
    const wanted = share === 1 ? `group * ${LANES}u + lane` : `(group * ${LANES}u + lane) / ${share}u`;
    // Threads beyond the last tile do it again and do not store: all threads of a quad must take part in its exchanges.
    lines.push(`let wanted = ${wanted};`, `let tile = min(wanted, ${tiles - 1}u);`);
    if (share > 1) lines.push(`let member = ${shader.subgroupLane()} & ${share - 1}u;`);
    const place = new SplitIndex(shader, lines, 'tile', [0, 1, 2, 3], [splits, size.batch, tilesM, tilesN]);
    const number = (dim: number): string => (place.of(dim) === '0' ? '0u' : `u32(${place.of(dim)})`);
    lines.push(`let part = ${number(0)};`, `let batch = ${number(1)};`);
    lines.push(`let first_m = ${number(2)} * ${share * this.#tiling.rows}u;`);
    lines.push(`let first_n = ${number(3)} * ${share * this.#tiling.columns}u;`);
    lines.push(`let k_start = part * ${kSplit}u;`);
    const batch = new SplitIndex(shader, lines, 'batch', batchDims, extents);
    const rows = this.#linesOf('first_m', this.#tiling.rows, m, 0);
    const columns = Array.from({ length: share }, (_, j) => this.#linesOf('first_n', this.#tiling.columns, n, j));
    this.#sumProducts(rows, columns[0] as Line[], batch);
    const store = split ? this.#storePartial(rows, columns) : this.#storeResult(rows, columns, batch);
    lines.push(`if (wanted < ${tiles}u) {`, ...store, '}');
    return { lines, threads: tiles * share };
  }

  /** `count` rows or columns of a thread; those of member `member ^ j` of its quad. */
  #linesOf(first: string, count: number, dims: readonly number[], j: number): Line[] {
    const { share } = this.#tiling;
    const member = share === 1 ? '' : j === 0 ? ' + member' : ` + (member ^ ${j}u)`;
    return Array.from({ length: count }, (_, i) => {
      const number = this.shader.fresh('line');
      this.#lines.push(`let ${number} = ${first} + ${share * i}u${member};`);
      return { number, indices: new SplitIndex(this.shader, this.#lines, number, dims, this.#product.extents) };
    });
  }

  #sumName(row: number, column: number, j: number): string {
    return `sum_${row}_${column}_${j}`;
  }

  #sumProducts(rows: readonly Line[], columns: readonly Line[], batch: SplitIndex): void {
    const { a, b, k, m, n, size, extents } = this.#product;
    const { share, unroll, kSplit } = this.#tiling;
    const shader = this.shader;
    const side = (read: Access, all: readonly Line[], dims: readonly number[]): Side => ({
      read,
      storage: this.#operands[read.operand] as Storage,
      parts: all.map(({ indices }) => this.#linePart(read, dims, indices, batch)),
    });
    const sides = { a: side(a, rows, m), b: side(b, columns, n) };
    this.#eachSum((row, column, j) => this.#lines.push(`var ${this.#sumName(row, column, j)} = 0.0;`));
    const loop = kSplit > unroll;
    const uneven = size.k % kSplit !== 0;
    const ragged = uneven || kSplit % unroll !== 0;
    // The same turns for all threads, or those of a quad may not exchange values.
    if (loop) this.#lines.push(`for (var turn = 0u; turn < ${kSplit}u; turn += ${unroll}u) {`);
    this.#lines.push(`let k0 = k_start${loop ? ' + turn' : ''};`);
    const isK = new Set(k);
    const inner = [...k].reverse().find((dim) => (extents[dim] as number) > 1);
    const aligned = inner !== undefined && ((extents[inner] as number) % unroll === 0 || k.length === 1);
    const start = new SplitIndex(shader, this.#lines, 'k0', k, extents);
    const values: { a: string[]; b: string[][] }[] = [];
    for (let u = 0; u < unroll; u++) {
      const lines = this.#lines;
      const indices = aligned || u === 0 ? stepped(start, inner, u) : this.#step(u, k);
      const beyond = ragged ? [shader.fresh('within')] : [];
      for (const name of beyond) lines.push(`let ${name} = k0 + ${u}u < ${size.k}u;`);
      const read = ({ read: access, storage, parts }: Side): string[] => {
        const step = readPart(shader, lines, access, isK, indices, false);
        return parts.map((part) => {
          const { value, tests } = readParts(shader, lines, access, storage, [part, step]);
          const name = shader.fresh('factor');
          const inside = selected(value, tests, shader.constant(access.outside));
          lines.push(`let ${name} = ${selected(inside, beyond, '0.0')};`);
          return name;
        });
      };
      const left = read(sides.a);
      const right = read(sides.b).map((own) => [own, ...Array.from({ length: share - 1 }, () => shader.fresh('swap'))]);
      values.push({ a: left, b: right });
    }
    for (const { b: right } of values) {
      for (const [own, ...others] of right) {
        for (const [j, name] of others.entries()) this.#lines.push(`let ${name} = ${SWAPS[j + 1]}(${own});`);
      }
    }
    this.#eachSum((row, column, j) => {
      const sum = this.#sumName(row, column, j);
      const terms = values.map(({ a: left, b: right }) => `${left[row]} * ${right[column]?.[j]}`);
      this.#lines.push(`${sum} += ${terms.join(' + ')};`);
    });
    if (loop) this.#lines.push('}');
  }

  /** Indices of the k dims `u` steps after `k0`. */
  #step(u: number, k: readonly number[]): Indices {
    const name = this.shader.fresh('k');
    this.#lines.push(`let ${name} = k0 + ${u}u;`);
    return new SplitIndex(this.shader, this.#lines, name, k, this.#product.extents);
  }

  #linePart(read: Access, dims: readonly number[], own: SplitIndex, batch: SplitIndex): ReadPart {
    const indices: Indices = { of: (dim) => (own.has(dim) ? own : batch).of(dim) };
    const place = { shader: this.shader, lines: this.#lines, indices, linear: undefined };
    const leaves = loadsAt(this.#spec.loads, this.#operands, place);
    const set = new Set([...dims, ...this.#product.batch]);
    return readPart(this.shader, this.#lines, read, set, indices, true, (load) => leaves.load(load).integer);
  }

  #eachSum(visit: (row: number, column: number, j: number) => void): void {
    const { rows, columns, share } = this.#tiling;
    for (let column = 0; column < columns; column++)
      for (let j = 0; j < share; j++) for (let row = 0; row < rows; row++) visit(row, column, j);
  }

  #storePartial(rows: readonly Line[], columns: readonly (readonly Line[])[]): string[] {
    const { size } = this.#product;
    const lines: string[] = [];
    this.#eachElement(lines, rows, columns, (block, row, column, sum) => {
      const address = `((part * ${size.batch}u + batch) * ${size.m}u + ${row.number}) * ${size.n}u + ${column.number}`;
      block.push(writeElement(this.#result, `i32(${address})`, sum));
    });
    return lines;
  }

  #storeResult(rows: readonly Line[], columns: readonly (readonly Line[])[], batch: SplitIndex): string[] {
    const { loads, epilogue } = this.#spec;
    const { m, n, batch: batchDims } = this.#product;
    const lines: string[] = [];
    const allRows = rows.map((row) => this.#ready(row, [...m, ...batchDims], batch));
    const own = (columns[0] as Line[]).map((column) => this.#ready(column, n, batch));
    const allColumns = columns.map((each, j) =>
      j === 0 ? own : each.map(({ number }, c) => this.#swapped(own[c] as ReadyLine, number, j)),
    );
    this.#eachElement(lines, allRows, allColumns, (block, row, column, sum) => {
      const indices: Indices = { of: (dim) => (n.includes(dim) ? column : row).indices.of(dim) };
      const known: Leaves = {
        load: (load) => (row.loads.get(load) ?? column.loads.get(load)) as LoadedValue,
        index: (dim) => indices.of(dim),
        stage: () => sum,
        linear: () => '',
      };
      const place = { shader: this.shader, lines: block, indices, linear: undefined };
      const leaves = loadsAt(loads, this.#operands, place, {
        stage: () => sum,
        outer: { leaves: known, has: (load) => row.loads.has(load) || column.loads.has(load) },
      });
      const value = new ExpressionPrinter(this.shader, block, leaves).value(epilogue);
      const stored = this.#result.dtype === 'f32' ? value : `i32(${value})`;
      block.push(writeElement(this.#result, `${row.address} + ${column.address}`, stored));
    });
    return lines;
  }

  /** Reads what the epilogue needs of a row or column once for all of its elements. */
  #ready({ number, indices: split }: Line, dims: readonly number[], batch: SplitIndex): ReadyLine {
    const { epilogue, output, loads } = this.#spec;
    const { extents } = this.#product;
    const strides = stridesOf(output.map((dim) => extents[dim] as number));
    const own = output.flatMap((dim, axis) => (dims.includes(dim) ? [{ dim, scale: strides[axis] as number }] : []));
    const indices: Indices = { of: (dim) => (split.has(dim) ? split : batch).of(dim) };
    const place = { shader: this.shader, lines: this.#lines, indices, linear: undefined };
    const leaves = loadsAt(loads, this.#operands, place);
    const ready = [...loadsUsed(epilogue)].filter((load) => this.#dimsOf(load).every((dim) => dims.includes(dim)));
    const known = new Map(ready.map((load) => [load, leaves.load(load)]));
    const address = this.shader.fresh('address');
    this.#lines.push(`let ${address} = ${affine(own, 0, indices)};`);
    const names = new Map(dims.map((dim) => [dim, indices.of(dim)]));
    return { number, address, loads: known, indices: { of: (dim) => names.get(dim) as string } };
  }

  /** The column that the thread `j` places further has made ready: an exchange is cheaper than to do that again. */
  #swapped(column: ReadyLine, number: string, j: number): ReadyLine {
    const swap = (value: string): string => {
      if (/^\d+$/.test(value)) return value;
      const name = this.shader.fresh('swap');
      this.#lines.push(`let ${name} = ${SWAPS[j]}(${value});`);
      return name;
    };
    const loads = new Map(
      [...column.loads].map(([load, { value, integer, neverNan }]) => [
        load,
        { value: swap(value), integer: /^i32\(/.test(integer) ? integer : swap(integer), neverNan },
      ]),
    );
    const names = new Map(this.#product.n.map((dim) => [dim, swap(column.indices.of(dim))]));
    return { number, address: swap(column.address), loads, indices: { of: (dim) => names.get(dim) as string } };
  }

  #dimsOf(load: number): number[] {
    return (this.#spec.loads[load] as Access).axes.flatMap(({ terms, gather }) => [
      ...terms.map(({ dim }) => dim),
      ...(gather === undefined ? [] : this.#dimsOf(gather)),
    ]);
  }

  /** Statements for each element that a thread has, with a test where tiles reach over the edge. */
  #eachElement<Row extends { number: string }, Column extends { number: string }>(
    lines: string[],
    rows: readonly Row[],
    columns: readonly (readonly Column[])[],
    write: (block: string[], row: Row, column: Column, sum: string) => void,
  ): void {
    const { size } = this.#product;
    const { share } = this.#tiling;
    const over = {
      m: size.m % (share * this.#tiling.rows) !== 0,
      n: size.n % (share * this.#tiling.columns) !== 0,
    };
    this.#eachSum((r, c, j) => {
      const row = rows[r] as Row;
      const column = columns[j]?.[c] as Column;
      const block: string[] = [];
      write(block, row, column, this.#sumName(r, c, j));
      const tests = [
        ...(over.m ? [`(${row.number} < ${size.m}u)`] : []),
        ...(over.n ? [`(${column.number} < ${size.n}u)`] : []),
      ];
      lines.push(`${tests.length > 0 ? `if (${tests.join(' & ')}) ` : ''}{`, ...block, '}');
    });
  }
}

/** One factor of the product: how it is read, and what each of a thread's rows or columns adds to the place. */
interface Side {
  readonly read: Access;
  readonly storage: Storage;
  readonly parts: readonly ReadPart[];
}

/** Tests without branches: what lies outside may be read, WebGPU bounds it, and is not taken. */
function selected(value: string, tests: readonly string[], otherwise: string): string {
  if (tests.length === 0) return value;
  return `select(${otherwise}, ${value}, ${tests.map((test) => `(${test})`).join(' & ')})`;
}

/** The indices `u` steps further along dim `inner`. */
function stepped(start: SplitIndex, inner: number | undefined, u: number): Indices {
  return { of: (dim) => (dim === inner && u > 0 ? `(${start.of(dim)} + ${u})` : start.of(dim)) };
}
