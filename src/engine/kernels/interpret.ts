import { sizeOf, stridesOf } from '../ir/shape.ts';
import type { Shape, TypedArray } from '../ir/types.ts';
import type { Access } from './access.ts';
import { erf } from './erf.ts';
import type { BinaryFunction, Expression, UnaryFunction } from './expression.ts';
import { philox4x32 } from './philox.ts';
import {
  type Combine,
  type ContractSpec,
  type KernelSpec,
  type MapSpec,
  type ReduceSpec,
  type ScanSpec,
  scanSizes,
} from './spec.ts';

/**
 * What a kernel spec means, element by element in float64: the oracle for device code, and how a test sees that an op's
 * kernel computes what its reference does. Slow, and made to be read. Results are plain numbers, one array an output.
 */
export function interpretKernel(spec: KernelSpec, operands: readonly TypedArray[]): number[][] {
  switch (spec.kind) {
    case 'map':
      return interpretMap(spec, operands);
    case 'reduce':
      return interpretReduce(spec, operands);
    case 'contract':
      return [interpretContract(spec, operands)];
    case 'scan':
      return interpretScan(spec, operands);
  }
}

export function interpretMap(spec: MapSpec, operands: readonly TypedArray[]): number[][] {
  const results = spec.outputs.map(() => new Array<number>(sizeOf(spec.dims)));
  forEachPlace(spec.dims, (place, i) => {
    const element = evaluator(spec.dims, spec.loads, operands, place, []);
    for (const [k, value] of spec.outputs.entries()) (results[k] as number[])[i] = element(value);
  });
  return results;
}

function interpretReduce(spec: ReduceSpec, operands: readonly TypedArray[]): number[][] {
  const split = spec.dims.length - spec.inner;
  const inner = spec.dims.slice(split);
  const results = spec.outputs.map(
    ({ order }) => new Array<number>(sizeOf(order.map((dim) => spec.dims[dim] as number))),
  );
  const put = (output: number, place: readonly number[], stages: readonly number[]): void => {
    const { order, value } = spec.outputs[output] as ReduceSpec['outputs'][number];
    const strides = stridesOf(order.map((dim) => spec.dims[dim] as number));
    const at = order.reduce((sum, dim, i) => sum + (place[dim] as number) * (strides[i] as number), 0);
    (results[output] as number[])[at] = evaluator(spec.dims, spec.loads, operands, place, stages)(value);
  };
  forEachPlace(spec.dims.slice(0, split), (outer) => {
    const stages: number[] = [];
    for (const { combine, value } of spec.stages) {
      const elements: number[] = [];
      forEachPlace(inner, (place) => {
        elements.push(evaluator(spec.dims, spec.loads, operands, [...outer, ...place], stages)(value));
      });
      stages.push(combineAll(combine, elements));
    }
    for (const [k, { over }] of spec.outputs.entries()) {
      if (over === 'outer') put(k, [...outer, ...inner.map(() => 0)], stages);
      else forEachPlace(inner, (place) => put(k, [...outer, ...place], stages));
    }
  });
  return results;
}

function interpretContract(spec: ContractSpec, operands: readonly TypedArray[]): number[] {
  const dims = spec.dims.map(({ extent }) => extent);
  const summed = dims.flatMap((_, dim) => (spec.dims[dim]?.role === 'k' ? [dim] : []));
  const result: number[] = [];
  forEachPlace(
    spec.output.map((dim) => dims[dim] as number),
    (outer) => {
      const place = dims.map(() => 0);
      for (const [i, dim] of spec.output.entries()) place[dim] = outer[i] as number;
      let sum = 0;
      forEachPlace(
        summed.map((dim) => dims[dim] as number),
        (inner) => {
          for (const [i, dim] of summed.entries()) place[dim] = inner[i] as number;
          const read = (access: Access) => readElement(access, spec.loads, operands, place);
          sum += read(spec.a) * read(spec.b);
        },
      );
      result.push(evaluator(dims, spec.loads, operands, place, [sum])(spec.epilogue));
    },
  );
  return result;
}

function interpretScan(spec: ScanSpec, operands: readonly TypedArray[]): number[][] {
  const [steps, rows, units] = spec.dims;
  const { fed, columns } = scanSizes(spec);
  const widths = spec.results.map(({ values }) => values.length * units);
  const results = spec.results.map(({ over }, k) =>
    new Array<number>((over === 'steps' ? steps : 1) * rows * (widths[k] as number)).fill(0),
  );
  const zeros = (length: number): number[] => new Array<number>(length).fill(0);
  for (let row = 0; row < rows; row++) {
    let before = zeros(fed);
    let carried = zeros(units * spec.carried.length);
    for (let turn = 0; turn < steps; turn++) {
      const step = spec.reverse ? steps - 1 - turn : turn;
      const products = Array.from({ length: columns }, (_, column) =>
        before.reduce((sum, x, k) => sum + x * readElement(spec.weight, [], operands, [k, column]), 0),
      );
      const [fedNow, carriedNow] = [zeros(fed), zeros(carried.length)];
      for (let unit = 0; unit < units; unit++) {
        const own = (list: readonly number[], count: number) =>
          Array.from({ length: count }, (_, i) => list[i * units + unit] as number);
        const stages = [
          ...own(products, spec.groups),
          ...own(before, fed / units),
          ...own(carried, spec.carried.length),
        ];
        const evaluate = evaluator(spec.dims, spec.loads, operands, [step, row, unit], stages);
        for (const [i, value] of spec.carried.entries()) carriedNow[i * units + unit] = evaluate(value);
        for (const [k, { over, values }] of spec.results.entries()) {
          const at = ((over === 'steps' ? step * rows : 0) + row) * (widths[k] as number) + unit;
          for (const [i, value] of values.entries()) {
            const given = evaluate(value);
            (results[k] as number[])[at + i * units] = given;
            if (k === 0) fedNow[i * units + unit] = given;
          }
        }
      }
      [before, carried] = [fedNow, carriedNow];
    }
  }
  return results;
}

function readElement(
  access: Access,
  loads: readonly Access[],
  operands: readonly TypedArray[],
  place: readonly number[],
): number {
  let at = 0;
  for (const axis of access.axes) {
    let sum = axis.offset;
    for (const { dim, scale } of axis.terms) sum += scale * (place[dim] as number);
    if (axis.gather !== undefined) sum += readElement(loads[axis.gather] as Access, loads, operands, place);
    const index = sum / axis.divisor;
    if (!Number.isInteger(index) || index < 0 || index >= axis.extent) return access.outside;
    at += index * axis.stride;
  }
  return operands[access.operand]?.[at] as number;
}

function evaluator(
  dims: Shape,
  loads: readonly Access[],
  operands: readonly TypedArray[],
  place: readonly number[],
  stages: readonly number[],
): (expression: Expression) => number {
  const evaluate = (expression: Expression): number => {
    switch (expression.kind) {
      case 'load':
        return readElement(loads[expression.load] as Access, loads, operands, place);
      case 'constant':
        return expression.value;
      case 'index':
        return place[expression.dim] as number;
      case 'stage':
        return stages[expression.stage] as number;
      case 'unary':
        return applyUnary(expression.fn, evaluate(expression.a));
      case 'binary':
        return applyBinary(expression.fn, evaluate(expression.a), evaluate(expression.b));
      case 'select':
        return evaluate(expression.condition) !== 0 ? evaluate(expression.then) : evaluate(expression.otherwise);
      case 'random': {
        const strides = stridesOf(dims);
        const i = place.reduce((sum, index, dim) => sum + index * (strides[dim] as number), 0);
        const [seed, step] = [expression.seed, expression.step].map((number) =>
          readElement(loads[number] as Access, loads, operands, place),
        ) as [number, number];
        const words = philox4x32([i >>> 2, expression.stream >>> 0, step >>> 0, 0], [seed >>> 0, 0x67726164]);
        return ((words[i & 3] as number) >>> 8) / 0x1000000;
      }
    }
  };
  return evaluate;
}

/** Rounds half to even, as WGSL and IEEE 754 do. */
function roundEven(x: number): number {
  const floor = Math.floor(x);
  const rest = x - floor;
  if (rest !== 0.5) return rest < 0.5 ? floor : floor + 1;
  return floor % 2 === 0 ? floor : floor + 1;
}

export function applyUnary(fn: UnaryFunction, a: number): number {
  switch (fn) {
    case 'negate':
      return -a;
    case 'round':
      return roundEven(a);
    case 'erf':
      return erf(a);
    case 'isFinite':
      return Number.isFinite(a) ? 1 : 0;
    default:
      return Math[fn](a);
  }
}

export function applyBinary(fn: BinaryFunction, a: number, b: number): number {
  switch (fn) {
    case 'add':
      return a + b;
    case 'subtract':
      return a - b;
    case 'multiply':
      return a * b;
    case 'divide':
      return a / b;
    case 'power':
      return a ** b;
    case 'maximum':
      return Math.max(a, b);
    case 'minimum':
      return Math.min(a, b);
    case 'modulo':
      return a - b * Math.floor(a / b);
    case 'equal':
      return a === b ? 1 : 0;
    case 'notEqual':
      return a !== b ? 1 : 0;
    case 'less':
      return a < b ? 1 : 0;
    case 'lessEqual':
      return a <= b ? 1 : 0;
    case 'greater':
      return a > b ? 1 : 0;
    case 'greaterEqual':
      return a >= b ? 1 : 0;
  }
}

function combineAll(combine: Combine, elements: readonly number[]): number {
  switch (combine) {
    case 'sum':
      return elements.reduce((sum, element) => sum + element, 0);
    case 'product':
      return elements.reduce((product, element) => product * element, 1);
    case 'maximum':
      return elements.reduce((best, element) => Math.max(best, element), Number.NEGATIVE_INFINITY);
    case 'minimum':
      return elements.reduce((best, element) => Math.min(best, element), Number.POSITIVE_INFINITY);
    case 'argmax':
      return bestIndex(elements, (element, best) => element > best);
    case 'argmin':
      return bestIndex(elements, (element, best) => element < best);
  }
}

function bestIndex(elements: readonly number[], better: (element: number, best: number) => boolean): number {
  let found = 0;
  for (const [i, element] of elements.entries()) {
    const best = elements[found] as number;
    if (better(element, best) || (Number.isNaN(element) && !Number.isNaN(best))) found = i;
  }
  return found;
}

/** Visits all places of a box in row-major order. */
function forEachPlace(dims: Shape, visit: (place: readonly number[], i: number) => void): void {
  const size = sizeOf(dims);
  const place = dims.map(() => 0);
  for (let i = 0; i < size; i++) {
    visit(place, i);
    for (let dim = dims.length - 1; dim >= 0; dim--) {
      place[dim] = (place[dim] as number) + 1;
      if ((place[dim] as number) < (dims[dim] as number)) break;
      place[dim] = 0;
    }
  }
}
