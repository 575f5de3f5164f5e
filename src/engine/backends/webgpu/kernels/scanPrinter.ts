import { type ScanSpec, scanSizes } from '../../../kernels/spec.ts';
import { readElement, type Storage, writeElement } from '../bindings.ts';
import { ExpressionPrinter } from '../wgsl/expression.ts';
import type { Indices } from '../wgsl/indices.ts';
import { printLoad } from '../wgsl/load.ts';
import type { Shader } from '../wgsl/shader.ts';
import { loadsAt } from './loads.ts';
import type { ScanShape } from './scan.ts';

/** Prints the loop over all steps of a scan. */
export class ScanPrinter {
  readonly #shader: Shader;
  readonly #spec: ScanSpec;
  readonly #shape: ScanShape;
  readonly #operands: readonly Storage[];
  readonly #results: readonly Storage[];
  readonly #fed: number;
  /** Type of what a thread has of its rows: a number, or four. */
  readonly #vector: 'f32' | 'vec4f';
  readonly #state: string;

  constructor(
    shader: Shader,
    spec: ScanSpec,
    shape: ScanShape,
    operands: readonly Storage[],
    results: readonly Storage[],
  ) {
    this.#shader = shader;
    this.#spec = spec;
    this.#shape = shape;
    this.#operands = operands;
    this.#results = results;
    this.#fed = scanSizes(spec).fed;
    this.#vector = shape.rows === 4 ? 'vec4f' : 'f32';
    this.#state = shape.inside ? shader.shared('scan_state', 'f32', 2 * this.#fed) : '';
  }

  body(): string[] {
    const { dims, reverse, carried } = this.#spec;
    const [steps, , units] = dims;
    const { lanes, tile, turns, inside } = this.#shape;
    return [
      ...carried.map((_, i) => `var carried${i}: array<${this.#vector}, ${turns * tile}>;`),
      `for (var turn = 0; turn < ${steps}; turn++) {`,
      `let step = ${reverse ? `${steps - 1} - turn` : 'turn'};`,
      `let before = (turn & 1) * ${this.#fed};`,
      `let after = ${this.#fed} - before;`,
      `for (var own = 0; own < ${turns}; own++) {`,
      `let first = i32(lane) + own * ${lanes * tile};`,
      `var sums: array<${this.#vector}, ${tile * this.#spec.groups}>;`,
      'if (turn > 0) {',
      ...this.#products(),
      '}',
      `for (var i = 0; i < ${tile}; i++) {`,
      `let unit = first + i * ${lanes};`,
      `let mine = own * ${tile} + i;`,
      `if (unit < ${units}) {`,
      ...this.#cell(),
      '}',
      '}',
      '}',
      ...(inside ? [] : ['storageBarrier();']),
      'workgroupBarrier();',
      '}',
    ];
  }

  /** The products of a tile of units with the rows, into `sums`. Units beyond the last sum up what is never looked at. */
  #products(): string[] {
    const { groups, dims, weight } = this.#spec;
    const [, , units] = dims;
    const { lanes, tile, inside } = this.#shape;
    const all = Array.from({ length: tile * groups }, (_, place) => ({
      place,
      column: (place % groups) * units + Math.floor(place / groups) * lanes,
    }));
    const stored = this.#rows().map((row) => this.#stored(row, 'k'));
    const inner = [`let state = ${inside ? `${this.#state}[before + k]` : `${this.#vector}(${stored.join(', ')})`};`];
    for (const { place, column } of all) {
      const indices: Indices = { of: (dim) => (dim === 0 ? 'k' : `(first + ${column})`) };
      const at = { shader: this.#shader, lines: inner, indices, linear: undefined, integer: noGather };
      const { value } = printLoad(at, weight, this.#operands[weight.operand] as Storage);
      inner.push(`sum${place} += ${value} * state;`);
    }
    return [
      ...all.map(({ place }) => `var sum${place} = ${this.#vector}();`),
      `for (var k = 0; k < ${this.#fed}; k++) {`,
      ...inner,
      '}',
      ...all.map(({ place }) => `sums[${place}] = sum${place};`),
    ];
  }

  /** The scalar work of a unit, row by row. */
  #cell(): string[] {
    const spec = this.#spec;
    const [steps, rows, units] = spec.dims;
    const several = this.#shape.rows === 4;
    const part = several ? '[part]' : '';
    const lines: string[] = [];
    const indices: Indices = { of: (dim) => ['step', 'row', 'unit'][dim] as string };
    const leaves = loadsAt(
      spec.loads,
      this.#operands,
      { shader: this.#shader, lines, indices, linear: undefined },
      { stage: (stage) => this.#stage(stage, part, lines) },
    );
    const printer = new ExpressionPrinter(this.#shader, lines, leaves, { tanh: 'tanh_fit' });
    const results = spec.results.map(({ values }) => values.map((value) => printer.value(value)));
    const carried = spec.carried.map((value) => printer.value(value));
    for (const [i, value] of carried.entries()) lines.push(`carried${i}[mine]${part} = ${value};`);
    if (this.#shape.inside) {
      for (const [i, value] of (results[0] as string[]).entries())
        lines.push(`${this.#state}[after + unit + ${i * units}] = ${value};`);
    }
    for (const [k, { over, values }] of spec.results.entries()) {
      const row = over === 'steps' ? `(step * ${rows} + row)` : 'row';
      const stores = values.map((_, i) =>
        writeElement(
          this.#results[k] as Storage,
          `${row} * ${values.length * units} + unit + ${i * units}`,
          results[k]?.[i] as string,
        ),
      );
      lines.push(...(over === 'steps' ? stores : [`if (turn == ${steps - 1}) {`, ...stores, '}']));
    }
    const open = several
      ? ['for (var part = 0; part < 4; part++) {', 'let row = i32(group) * 4 + part;']
      : ['{', 'let row = i32(group);'];
    return [...open, `if (row < ${rows}) {`, ...lines, '}', '}'];
  }

  /** Code of a stage; what is overwritten at this step gets a name of its own before that. */
  #stage(stage: number, part: string, lines: string[]): string {
    const { groups, dims } = this.#spec;
    const [, , units] = dims;
    const block = stage - groups;
    const values = this.#fed / units;
    const column = `unit + ${block * units}`;
    const name = this.#shader.fresh('before');
    if (block < 0) lines.push(`let ${name} = sums[i * ${groups} + ${stage}]${part};`);
    else if (block >= values) lines.push(`let ${name} = carried${block - values}[mine]${part};`);
    // Workgroup memory is 0 at first.
    else if (this.#shape.inside) lines.push(`let ${name} = ${this.#state}[before + ${column}];`);
    else lines.push(`var ${name} = 0.0;`, `if (turn > 0) { ${name} = ${this.#stored('row', column)}; }`);
    return name;
  }

  /** Code of the rows of a workgroup. */
  #rows(): string[] {
    const { rows } = this.#shape;
    return Array.from({ length: rows }, (_, i) => (rows === 1 ? 'i32(group)' : `(i32(group) * ${rows} + ${i})`));
  }

  /** Code that reads what the step before stored of the first result. */
  #stored(row: string, column: string): string {
    const [, rows] = this.#spec.dims;
    const step = this.#spec.reverse ? 'step + 1' : 'step - 1';
    return readElement(this.#results[0] as Storage, `((${step}) * ${rows} + ${row}) * ${this.#fed} + ${column}`);
  }
}

function noGather(): never {
  throw new Error('the weights of a scan are read by place alone');
}
