import { sizeOf } from '../../ir/shape.ts';
import { broadcastAccess } from '../../kernels/access.ts';
import { binary, constant, index, load, select, subtract } from '../../kernels/expression.ts';
import { pointwise } from '../compose.ts';
import { defineOperators, type OperatorResult } from '../defineOperators.ts';
import { bitsOf, type ElementType, elementFormat, heldType, isFloat, isInteger, shortFloat } from '../elementTypes.ts';
import type { GraphTensor } from '../graphTensor.ts';
import { truncate, wrapped } from '../integers.ts';
import type { OnnxTensor } from '../model.ts';
import type { OperatorContext } from '../operatorContext.ts';
import { roundToShort } from '../shortFloats.ts';

const MOST_NUMBERS = 2 ** 24;

function stored(node: OperatorContext, tensor: OnnxTensor): GraphTensor {
  if (!tensor.numbers) return node.unsupported(tensor.problem as string);
  return node.constant(tensor.elementType as ElementType, tensor.shape, tensor.numbers);
}

function constantNode(node: OperatorContext): GraphTensor {
  const given = (name: string) => node.attribute(name);
  const tensor = given('value')?.tensor;
  if (tensor) return stored(node, tensor);
  const whole = given('value_int')?.integer;
  if (whole !== undefined) return node.constant('int64', [], [whole]);
  const real = given('value_float')?.float;
  if (real !== undefined) return node.constant('float32', [], [real]);
  const integers = given('value_ints')?.integers;
  if (integers) return node.constant('int64', [integers.length], integers);
  const floats = given('value_floats')?.floats;
  if (floats) return node.constant('float32', [floats.length], floats);
  return node.unsupported('a constant that is no dense tensor of numbers');
}

function cast(node: OperatorContext, to: ElementType): OperatorResult {
  const from = node.elementType();
  const x = node.input(0);
  if (from === to) return node.tensor(0);
  if (to === 'bool') return node.as(to, pointwise(node.emit, [x], binary('notEqual', load(0), constant(0))));
  if (!isInteger(to)) {
    const short = shortFloat(to);
    return node.as(
      to,
      short ? roundToShort(node.emit, x, short, to.startsWith('float8') && node.int('saturate', 1) === 1) : x,
    );
  }
  const whole = isFloat(from) ? pointwise(node.emit, [x], truncate(load(0))) : x;
  if (bitsOf(to) > 16) return node.as(to, isFloat(from) ? node.guard(whole) : whole);
  const { signed } = { signed: false, ...elementFormat(to) };
  node.guard(whole);
  return node.as(to, pointwise(node.emit, [whole], wrapped(load(0), bitsOf(to), signed)));
}

function range(node: OperatorContext): GraphTensor {
  const [start, limit, delta] = [node.number(0), node.number(1), node.number(2)];
  if (delta === 0) node.refuse('a step of 0');
  const count = Math.max(0, Math.ceil((limit - start) / delta));
  if (!(count <= MOST_NUMBERS)) node.refuse(`${count} numbers`);
  return node.constant(
    node.elementType(),
    [count],
    Float64Array.from({ length: count }, (_, i) => start + i * delta),
  );
}

function filled(node: OperatorContext): GraphTensor {
  const shape = node.numbers(0);
  const tensor = node.attribute('value')?.tensor;
  const type = tensor ? stored(node, tensor).elementType : 'float32';
  const number = tensor?.numbers?.[0] ?? 0;
  if (shape.some((size) => size < 0)) node.refuse(`the shape [${shape}]`);
  return node.as(type, node.emit.fill(shape, number));
}

/** The part of the last two axes on one side of a diagonal; the rest is 0. */
function triangle(node: OperatorContext): OperatorResult {
  const x = node.input(0);
  const { shape } = x.type;
  const k = node.optionalNumbers(1)?.[0] ?? 0;
  if (shape.length < 2) node.refuse(`a tensor with ${shape.length} axes`);
  if (sizeOf(shape) === 0) return node.tensor(0);
  const diagonal = subtract(index(shape.length - 1), index(shape.length - 2));
  const keep = node.int('upper', 1) === 1 ? 'greaterEqual' : 'lessEqual';
  // Beyond the corner every k is alike; a float32 holds the corner exactly.
  const edge = Math.min(2 ** 23, Math.max(-(2 ** 23), k));
  const formula = select(binary(keep, diagonal, constant(edge)), load(0), constant(0));
  const spec = { kind: 'map', dims: shape, loads: [broadcastAccess(0, shape, shape)], outputs: [formula] } as const;
  return node.emit.op('compute', [x], { spec });
}

function eye(node: OperatorContext): GraphTensor {
  const { shape } = node.input(0).type;
  const [rows, columns] = shape;
  if (shape.length !== 2) node.refuse(`a tensor with ${shape.length} axes`);
  const number = node.attribute('dtype')?.integer;
  const type = number === undefined ? node.elementType() : heldType(number, node.where);
  const size = sizeOf(shape);
  if (size > MOST_NUMBERS) node.refuse(`${size} numbers`);
  const k = node.int('k', 0);
  const numbers = new Float32Array(size);
  for (let row = 0; row < (rows as number); row++) {
    const column = row + k;
    if (column >= 0 && column < (columns as number)) numbers[row * (columns as number) + column] = 1;
  }
  return node.constant(type, shape, numbers);
}

/** https://onnx.ai/onnx/operators/ — constants, shapes as numbers, casts, and operators that give their input back. */
export default defineOperators('moves', {
  Constant: constantNode,
  ConstantOfShape: filled,
  Range: range,
  EyeLike: eye,
  Trilu: triangle,
  Identity: (node) => node.tensor(0),
  Cast: (node) => cast(node, heldType(node.int('to', 0), node.where)),
  CastLike: (node) => cast(node, node.elementType(1)),
  Shape: (node) => {
    const { shape } = node.tensor(0);
    const place = (at: number): number => Math.min(shape.length, Math.max(0, at < 0 ? at + shape.length : at));
    const sizes = shape.slice(place(node.int('start', 0)), place(node.int('end', shape.length)));
    return node.constant('int64', [sizes.length], sizes);
  },
  Size: (node) => node.constant('int64', [], [sizeOf(node.tensor(0).shape)]),
  Dropout: (node) => {
    const training = node.has(2) ? node.number(2) !== 0 : false;
    const ratio = node.has(1) ? node.number(1) : node.float('ratio', 0.5);
    if (training && ratio !== 0) return node.unsupported('a random mask');
    const mask = node.as('bool', node.emit.fill(node.shape(0), 1));
    return [node.tensor(0), mask];
  },
  OptionalGetElement: (node) => node.tensor(0),
  OptionalHasElement: (node) => node.constant('bool', [], [node.has(0) ? 1 : 0]),
});
