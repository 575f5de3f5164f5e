import { type ScanSpec, scanSizes } from '../../../kernels/spec.ts';
import { bindTensors, readElement, type Storage, writeElement } from '../bindings.ts';
import { ExpressionPrinter } from '../wgsl/expression.ts';
import type { Indices } from '../wgsl/indices.ts';
import { printLoad } from '../wgsl/load.ts';
import { foldGrid, Shader } from '../wgsl/shader.ts';
import type { CallOf, DeviceKernel, DeviceLimits } from './kernel.ts';
import { loadsAt } from './loads.ts';

/** Threads of a workgroup at the most: what every device offers. */
const MOST_LANES = 256;
const FEWEST_LANES = 16;
const BARRIER = 'workgroupBarrier();';

/** How the work is laid out: a workgroup has some rows and goes through all steps with them. */
interface ScanShape {
  /** Rows of a workgroup, 1 or 4: as many numbers a vector. */
  readonly rows: 1 | 4;
  readonly lanes: number;
  /** Units that a thread has, one after another. */
  readonly turns: number;
  /** Whether what is fed back waits in workgroup memory; else it is read where it was stored. */
  readonly inside: boolean;
}

function scanShape({ dims, results }: ScanSpec, limits: DeviceLimits): ScanShape {
  const [, , units] = dims;
  let lanes = FEWEST_LANES;
  while (lanes < units && lanes < MOST_LANES) lanes *= 2;
  const fed = (results[0]?.values.length ?? 0) * units;
  const fits = (rows: number): boolean => 2 * fed * 4 * rows <= limits.workgroupBytes;
  // A GPU has room for a workgroup a row; a CPU reads the weights once for four rows.
  const rows = limits.software && fits(4) ? 4 : 1;
  return { rows, lanes, turns: Math.ceil(units / lanes), inside: fits(1) };
}

/**
 * All steps in one dispatch: rows do not wait for each other, so a workgroup loops over time with a barrier a step. A
 * thread has one unit, or several: it sums up the unit's products and does its scalar work; what it carries stays its own.
 */
export function scanKernels(call: CallOf<ScanSpec>, limits: DeviceLimits): DeviceKernel[] {
  const { spec } = call;
  const [steps, rows, units] = spec.dims;
  if (steps * rows * units === 0) return [];
  const shape = scanShape(spec, limits);
  const bound = bindTensors(call.operands, call.results, limits.storageBuffers, call.label);
  const shader = new Shader(limits.software);
  const vector = shape.rows === 4 ? 'vec4f' : 'f32';
  const { fed } = scanSizes(spec);
  if (shape.inside) shader.shared(`scan_state_${vector}`, vector, 2 * fed);
  const printer = new ScanPrinter(shader, spec, shape, bound.operands, bound.results);
  const body = [
    ...spec.carried.map((_, i) => `var carried${i}: array<${vector}, ${shape.turns}>;`),
    `for (var turn = 0; turn < ${steps}; turn++) {`,
    `let step = ${spec.reverse ? `${steps - 1} - turn` : 'turn'};`,
    `let before = (turn & 1) * ${fed};`,
    `let after = ${fed} - before;`,
    `for (var own = 0; own < ${shape.turns}; own++) {`,
    `let unit = i32(lane) + own * ${shape.lanes};`,
    `if (unit < ${units}) {`,
    ...printer.products(),
    ...printer.cell(),
    '}',
    '}',
    ...(shape.inside ? [] : ['storageBarrier();']),
    BARRIER,
    '}',
  ];
  return [
    {
      source: shader.source([], body, shape.lanes),
      bindings: bound.bindings,
      grid: foldGrid(Math.ceil(rows / shape.rows)),
    },
  ];
}

class ScanPrinter {
  readonly #shader: Shader;
  readonly #spec: ScanSpec;
  readonly #shape: ScanShape;
  readonly #operands: readonly Storage[];
  readonly #results: readonly Storage[];
  readonly #fed: number;

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
  }

  /** The products of a unit with its rows, in `sumG`: a number, or a vector of four rows. */
  products(): string[] {
    const { groups, dims, weight } = this.#spec;
    const [, , units] = dims;
    const all = Array.from({ length: groups }, (_, group) => group);
    const inner: string[] = [];
    const zero = this.#shape.rows === 4 ? 'vec4f()' : '0.0';
    const fed = this.#shape.inside ? `${this.#state}[before + k]` : this.#stored('i32(group)', 'k');
    inner.push(`let state = ${fed};`);
    for (const group of all) {
      const indices: Indices = { of: (dim) => (dim === 0 ? 'k' : `(unit + ${group * units})`) };
      const place = { shader: this.#shader, lines: inner, indices, linear: undefined, integer: noGather };
      const { value } = printLoad(place, weight, this.#operands[weight.operand] as Storage);
      inner.push(`sum${group} += ${value} * state;`);
    }
    return [
      ...all.map((group) => `var sum${group} = ${zero};`),
      'if (turn > 0) {',
      `for (var k = 0; k < ${this.#fed}; k++) {`,
      ...inner,
      '}',
      '}',
    ];
  }

  /** The scalar work of a unit, row by row. */
  cell(): string[] {
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
    const printer = new ExpressionPrinter(this.#shader, lines, leaves);
    const results = spec.results.map(({ values }) => values.map((value) => printer.value(value)));
    const carried = spec.carried.map((value) => printer.value(value));
    for (const [i, value] of carried.entries()) lines.push(`carried${i}[own]${part} = ${value};`);
    for (const [i, value] of (results[0] as string[]).entries()) {
      if (!this.#shape.inside) break;
      lines.push(`${this.#state}[after + unit + ${i * units}]${part} = ${value};`);
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
    if (stage < groups) return `sum${stage}${part}`;
    const block = stage - groups;
    const values = this.#fed / units;
    const column = `unit + ${block * units}`;
    const name = this.#shader.fresh('before');
    if (block >= values) lines.push(`let ${name} = carried${block - values}[own]${part};`);
    // Workgroup memory is 0 at first.
    else if (this.#shape.inside) lines.push(`let ${name} = ${this.#state}[before + ${column}]${part};`);
    else lines.push(`var ${name} = 0.0;`, `if (turn > 0) { ${name} = ${this.#stored('row', column)}; }`);
    return name;
  }

  get #state(): string {
    return this.#shape.rows === 4 ? 'scan_state_vec4f' : 'scan_state_f32';
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
