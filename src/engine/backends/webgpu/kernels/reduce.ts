import { sizeOf, stridesOf } from '../../../ir/shape.ts';
import type { Expression } from '../../../kernels/expression.ts';
import type { ReduceSpec } from '../../../kernels/spec.ts';
import type { Location } from '../../../schedule/schedule.ts';
import { bindTensors, readElement, roomForScratch, SCRATCH, type Storage, writeElement } from '../bindings.ts';
import { ExpressionPrinter, type Leaves } from '../wgsl/expression.ts';
import { affine, type Indices, SplitIndex } from '../wgsl/indices.ts';
import { foldGrid, Shader } from '../wgsl/shader.ts';
import { combiner, joinThreads } from './combine.ts';
import type { CallOf, DeviceKernel, DeviceLimits } from './kernel.ts';
import { loadsAt } from './loads.ts';
import { operandsRead } from './reduceReads.ts';
import { type ReduceShape, reduceShape, stripOf } from './reduceShape.ts';
import { type SolvedDim, solvableDims, solveFor } from './solvedDims.ts';

/**
 * A workgroup holds `rows` outer elements side by side and `lanes` threads along the inner ones of each; the threads'
 * partial results are joined by a tree in workgroup memory. Where outer elements are few and inner ones many, the
 * inner ones are split over `chunks` workgroups and each stage becomes a dispatch of its own, whose partial results
 * lie in scratch memory and are joined anew, in the same order, by every reader.
 */
export function reduceKernels(call: CallOf<ReduceSpec>, limits: DeviceLimits): DeviceKernel[] {
  const { spec } = call;
  const rank = spec.dims.length - spec.inner;
  const outer = sizeOf(spec.dims.slice(0, rank));
  const inner = sizeOf(spec.dims.slice(rank));
  if (outer === 0 || spec.outputs.every(({ over }) => over === 'all' && inner === 0)) return [];
  const whole = reduceShape(spec, outer, inner, limits.software);
  const shape = roomForScratch([...call.operands, ...call.results], limits.storageBuffers)
    ? whole
    : { ...whole, chunks: 1 };
  if (shape.chunks === 1) return [new ReduceWriter(call, limits, shape, outer, inner, undefined).kernel()];
  const passes = [...spec.stages.keys(), spec.stages.length];
  return passes.map((pass) => new ReduceWriter(call, limits, shape, outer, inner, pass).kernel());
}

/** Up to this many inner elements are written out where a loop would cost more. */
const WRITTEN_OUT = 16;

/** One inner element: what prints values there, its indices, and its row-major number (u32 code). */
interface InnerPlace {
  readonly printer: ExpressionPrinter;
  readonly inner: Indices;
  readonly k: string;
}

class ReduceWriter {
  readonly #shader: Shader;
  readonly #lines: string[] = [];
  readonly #stages: string[] = [];
  readonly #call: CallOf<ReduceSpec>;
  readonly #limits: DeviceLimits;
  readonly #shape: ReduceShape;
  readonly #outer: number;
  readonly #inner: number;
  /** The stage that this dispatch computes, the number of stages for the outputs, or undefined for all at once. */
  readonly #pass: number | undefined;
  readonly #rank: number;
  #operands: readonly Storage[] = [];
  #outerIndices: SplitIndex | undefined;
  #outerLeaves: Leaves | undefined;
  /** One for each inner element where the walk over them is written out. */
  readonly #printers: ExpressionPrinter[] = [];

  constructor(
    call: CallOf<ReduceSpec>,
    limits: DeviceLimits,
    shape: ReduceShape,
    outer: number,
    inner: number,
    pass: number | undefined,
  ) {
    this.#call = call;
    this.#shader = new Shader(limits.software);
    this.#limits = limits;
    this.#outer = outer;
    this.#inner = inner;
    this.#pass = pass;
    this.#rank = call.spec.dims.length - call.spec.inner;
    const last = pass === call.spec.stages.length && call.spec.outputs.every(({ over }) => over === 'outer');
    // Outer results after the last stage need no walk over inner elements.
    this.#shape = last ? { rows: 64, lanes: 1, chunks: shape.chunks } : shape;
  }

  kernel(): DeviceKernel {
    const { spec, operands, results, label } = this.#call;
    const { rows, lanes, chunks } = this.#shape;
    const shader = this.#shader;
    const stagePass = this.#pass !== undefined && this.#pass < spec.stages.length;
    const scratch: Location[] = spec.stages
      .slice(0, this.#pass === undefined ? 0 : stagePass ? this.#pass + 1 : this.#pass)
      .map((_, stage) => ({
        slot: SCRATCH,
        byteOffset: stage * Math.ceil((this.#outer * chunks * 4) / 256) * 256,
        type: { dtype: 'f32', shape: [this.#outer * chunks] },
      }));
    const read = operandsRead(spec, this.#pass);
    const bound = bindTensors(
      [...operands.filter((_, k) => read.has(k)), ...(stagePass ? scratch.slice(0, -1) : scratch)],
      stagePass ? scratch.slice(-1) : results,
      this.#limits.storageBuffers,
      label,
    );
    const places = [...operands.keys()].filter((k) => read.has(k));
    this.#operands = operands.map((_, k) => bound.operands[places.indexOf(k)] as Storage);
    const partial = [...bound.operands.slice(places.length), ...(stagePass ? bound.results : [])];

    const lines = this.#lines;
    const walked = stagePass || this.#pass === undefined || spec.outputs.some(({ over }) => over === 'all');
    const split = chunks > 1 && walked;
    lines.push(`let row = lane % ${rows}u;`, `let thread = lane / ${rows}u;`);
    lines.push(`let chunk = ${split ? `group % ${chunks}u` : '0u'};`);
    const first = `${split ? `(group / ${chunks}u)` : 'group'} * ${rows}u + row`;
    const strip = this.#limits.software && lanes === 1 ? stripOf(this.#outer * (split ? chunks : 1)) : 1;
    if (strip > 1) lines.push(`for (var turn = 0u; turn < ${strip}u; turn++) {`);
    lines.push(`let wanted = ${strip > 1 ? `(${first}) * ${strip}u + turn` : first};`);
    lines.push(`let live = wanted < ${this.#outer}u;`, `let outer = min(wanted, ${this.#outer - 1}u);`);
    const extents = spec.dims;
    this.#outerIndices = new SplitIndex(shader, lines, 'outer', [...extents.keys()].slice(0, this.#rank), extents);
    this.#outerLeaves = loadsAt(
      spec.loads,
      this.#operands,
      {
        shader,
        lines,
        indices: this.#outerIndices,
        linear: undefined,
      },
      { stage: (stage) => this.#stage(stage) },
    );

    spec.stages.forEach((stage, number) => {
      if (this.#pass === undefined) this.#stages.push(this.#computeStage(number));
      else if (number < this.#pass) this.#stages.push(this.#joinChunks(stage.combine, partial[number] as Storage));
      else if (number === this.#pass) {
        const value = this.#computeStage(number);
        const target = writeElement(partial[number] as Storage, `i32(outer * ${chunks}u + chunk)`, value);
        lines.push(`if (${this.#writes(['thread'])}) { ${target} }`);
      }
    });
    if (!stagePass) this.#writeOutputs(bound.results);
    if (strip > 1) lines.push('}');
    const groups = Math.ceil(this.#outer / rows / strip) * (split ? chunks : 1);
    return {
      source: shader.source([], lines, rows * lanes),
      bindings: bound.bindings,
      grid: foldGrid(groups),
    };
  }

  /** The test of who stores a result: one thread, and one of the workgroups that share an outer element. */
  #writes(first: readonly ('thread' | 'chunk')[]): string {
    const { lanes, chunks } = this.#shape;
    const alone = { thread: lanes === 1, chunk: chunks === 1 };
    return ['live', ...first.filter((name) => !alone[name]).map((name) => `(${name} == 0u)`)].join(' & ');
  }

  #stage(stage: number): string {
    return this.#stages[stage] as string;
  }

  /** Statements for each inner element of this thread; `write` fills the block. Dims in `solved` have one index each. */
  #walk(write: (block: string[], at: InnerPlace) => void, condition = '', solved: readonly SolvedDim[] = []): void {
    const { spec } = this.#call;
    if (solved.length === 0 && this.#isWrittenOut()) {
      this.#writeOut(write, condition !== '');
      return;
    }
    const { lanes, chunks } = this.#shape;
    const shader = this.#shader;
    const block: string[] = [];
    const outer = this.#outerIndices as SplitIndex;
    const innerDims = [...spec.dims.keys()].slice(this.#rank);
    const found = new Map(solved.map((each) => [each.dim, solveFor(shader, this.#lines, each, outer)]));
    const walked = innerDims.filter((dim) => !found.has(dim));
    const split = new SplitIndex(shader, block, 'k', walked, spec.dims);
    const inner: Indices = { of: (dim) => found.get(dim) ?? split.of(dim) };
    const linear = `outer * ${this.#inner}u + k`;
    const leaves = loadsAt(
      spec.loads,
      this.#operands,
      {
        shader,
        lines: block,
        indices: { of: (dim) => (dim < this.#rank ? outer : inner).of(dim) },
        linear: solved.length > 0 ? undefined : { dims: spec.dims, name: () => `i32(${linear})` },
      },
      {
        ...(solved.length > 0 ? {} : { linear: () => `(${linear})` }),
        stage: (stage) => this.#stage(stage),
        outer: { leaves: this.#outerLeaves as Leaves, has: (load) => this.#isOuter(load) },
      },
    );
    write(block, { printer: new ExpressionPrinter(shader, block, leaves), inner, k: 'k' });
    if (solved.length > 0) {
      const inside = solved.flatMap(({ dim, extent, divisor }) =>
        extent < divisor ? [`${found.get(dim)} < ${extent}`] : [],
      );
      const count = walked.reduce((product, dim) => product * (spec.dims[dim] as number), 1);
      const open = count === 1 ? ['{', 'let k = 0u;'] : [`for (var k = 0u; k < ${count}u; k++) {`];
      const wrapped = [...open, ...block, '}'];
      this.#lines.push(...(inside.length > 0 ? [`if (${inside.join(' && ')}) {`, ...wrapped, '}'] : wrapped));
      return;
    }
    const size = Math.ceil(this.#inner / chunks);
    const from = chunks === 1 ? 'thread' : `chunk * ${size}u + thread`;
    const to = chunks === 1 ? `${this.#inner}u` : `min((chunk + 1u) * ${size}u, ${this.#inner}u)`;
    const end = shader.fresh('end');
    this.#lines.push(`let ${end} = ${to};`);
    this.#lines.push(`for (var k = ${from}; ${condition}k < ${end}; k += ${lanes}u) {`, ...block, '}');
  }

  /** Windows: a few elements over several dims, whose indices a loop would have to divide for. */
  #isWrittenOut(): boolean {
    const inner = this.#call.spec.dims.slice(this.#rank);
    const { lanes, chunks } = this.#shape;
    return lanes * chunks === 1 && this.#inner <= WRITTEN_OUT && inner.filter((extent) => extent > 1).length > 1;
  }

  /** The walk without a loop: indices are constants, and what one stage has read the next ones have too. */
  #writeOut(write: (block: string[], at: InnerPlace) => void, ifLive: boolean): void {
    const { dims } = this.#call.spec;
    const outer = this.#outerIndices as SplitIndex;
    const strides = stridesOf(dims.slice(this.#rank));
    const block: string[] = [];
    for (let k = 0; k < this.#inner; k++) {
      const inner: Indices = {
        of: (dim) => `${Math.floor(k / (strides[dim - this.#rank] as number)) % (dims[dim] as number)}`,
      };
      const linear = `outer * ${this.#inner}u + ${k}u`;
      const place = {
        shader: this.#shader,
        lines: this.#lines,
        indices: { of: (dim: number) => (dim < this.#rank ? outer : inner).of(dim) },
        linear: { dims, name: () => `i32(${linear})` },
      };
      this.#printers[k] ??= new ExpressionPrinter(
        this.#shader,
        this.#lines,
        loadsAt(this.#call.spec.loads, this.#operands, place, {
          linear: () => `(${linear})`,
          stage: (stage) => this.#stage(stage),
          outer: { leaves: this.#outerLeaves as Leaves, has: (load) => this.#isOuter(load) },
        }),
      );
      write(block, { printer: this.#printers[k] as ExpressionPrinter, inner, k: `${k}u` });
    }
    this.#lines.push(...(ifLive ? ['if (live) {', ...block, '}'] : block));
  }

  #isOuter(load: number): boolean {
    return (this.#call.spec.loads[load]?.axes ?? []).every(
      (axis) =>
        axis.terms.every(({ dim, scale }) => dim < this.#rank || scale === 0) &&
        (axis.gather === undefined || this.#isOuter(axis.gather)),
    );
  }

  /** Reduces the inner elements of this workgroup; gives the name of the result, which every thread has. */
  #computeStage(number: number): string {
    const { combine, value } = this.#call.spec.stages[number] as ReduceSpec['stages'][number];
    const { rows, lanes, chunks } = this.#shape;
    const shader = this.#shader;
    const alone = lanes === 1 && chunks === 1;
    const solved = alone && combine === 'sum' ? solvableDims(this.#call.spec, value) : [];
    const join = combiner(shader, combine);
    const best = shader.fresh('best');
    const place = shader.fresh('place');
    this.#lines.push(...join.start(best, place));
    if (this.#inner > 0) {
      this.#walk(
        (block, { printer, k }) => {
          block.push(...join.join(best, place, printer.value(value), `i32(${k})`));
        },
        '',
        solved,
      );
    }
    if (lanes > 1) this.#lines.push(...joinThreads(shader, join, best, place, rows, lanes));
    const result = shader.fresh('s');
    this.#lines.push(`let ${result} = ${join.arg ? `f32(${place})` : best};`);
    return result;
  }

  /** Joins the partial results that the workgroups of an earlier pass left. */
  #joinChunks(combine: ReduceSpec['stages'][number]['combine'], partial: Storage): string {
    const shader = this.#shader;
    const { chunks } = this.#shape;
    const join = combiner(shader, combine);
    const best = shader.fresh('best');
    const element = readElement(partial, `i32(outer * ${chunks}u + c)`);
    this.#lines.push(
      ...join.start(best, ''),
      `for (var c = 0u; c < ${chunks}u; c++) {`,
      ...join.join(best, '', element, ''),
      '}',
    );
    const result = shader.fresh('s');
    this.#lines.push(`let ${result} = ${best};`);
    return result;
  }

  #writeOutputs(results: readonly Storage[]): void {
    const { spec } = this.#call;
    const numbered = spec.outputs.map((output, k) => ({ output, storage: results[k] as Storage }));
    const overAll = numbered.filter(({ output }) => output.over === 'all');
    const overOuter = numbered.filter(({ output }) => output.over === 'outer');
    if (overAll.length > 0 && this.#inner > 0) {
      this.#walk((block, { printer, inner, k: at }) => {
        const outer = this.#outerIndices as SplitIndex;
        const indices = { of: (dim: number) => (dim < this.#rank ? outer : inner).of(dim) };
        const values = overAll.map(({ output, storage }) => outputValue(printer, output.value, storage));
        overAll.forEach(({ output, storage }, k) => {
          const straight = output.order.every((dim, i) => dim === i);
          const address = straight
            ? `i32(outer * ${this.#inner}u + ${at})`
            : affine(outputTerms(spec.dims, output.order), 0, indices);
          block.push(writeElement(storage, address, values[k] as string));
        });
      }, 'live && ');
    }
    if (overOuter.length === 0) return;
    const lines = this.#lines;
    const printer = new ExpressionPrinter(this.#shader, lines, this.#outerLeaves as Leaves);
    const values = overOuter.map(({ output, storage }) => outputValue(printer, output.value, storage));
    const addresses = overOuter.map(({ output }) =>
      output.order.every((dim, i) => dim === i)
        ? 'i32(outer)'
        : affine(outputTerms(spec.dims, output.order), 0, this.#outerIndices as SplitIndex),
    );
    lines.push(`if (${this.#writes(['thread', 'chunk'])}) {`);
    overOuter.forEach(({ storage }, k) => {
      lines.push(writeElement(storage, addresses[k] as string, values[k] as string));
    });
    lines.push('}');
  }
}

function outputValue(printer: ExpressionPrinter, value: Expression, storage: Storage): string {
  if (storage.dtype === 'f32') return printer.value(value);
  return value.kind === 'load' ? printer.integer(value.load) : `i32(${printer.value(value)})`;
}

/** Address of a contiguous tensor whose axes are the dims in `order`. */
function outputTerms(dims: readonly number[], order: readonly number[]): { dim: number; scale: number }[] {
  const strides = stridesOf(order.map((dim) => dims[dim] as number));
  return order.map((dim, axis) => ({ dim, scale: strides[axis] as number }));
}
