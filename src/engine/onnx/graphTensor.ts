import { EngineError } from '../errors.ts';
import { sizeOf } from '../ir/shape.ts';
import type { Shape, Value } from '../ir/types.ts';
import { type ElementType, EXACT_LIMIT, isInteger } from './elementTypes.ts';
import type { FoldingEmitter } from './foldingEmitter.ts';

/** A value of an ONNX graph: what it means there, and where its numbers are. */
export interface GraphTensor {
  readonly elementType: ElementType;
  readonly shape: Shape;
  /** In the program, or a constant of the emitter's; always float32. */
  readonly value: Value;
}

export function tensorOf(elementType: ElementType, value: Value): GraphTensor {
  return { elementType, shape: value.type.shape, value };
}

/** A constant that keeps its own numbers: limits such as 2⁶³ − 1 are only refused where they are computed with. */
export class Constant implements GraphTensor {
  readonly elementType: ElementType;
  readonly shape: Shape;
  readonly numbers: ArrayLike<number>;
  readonly #emit: FoldingEmitter;
  #value: Value | undefined;

  constructor(emit: FoldingEmitter, elementType: ElementType, shape: Shape, numbers: ArrayLike<number>) {
    if (sizeOf(shape) !== numbers.length) {
      throw new EngineError('bad-data', `a constant of shape [${shape}] has ${numbers.length} numbers`);
    }
    this.#emit = emit;
    this.elementType = elementType;
    this.shape = shape;
    this.numbers = numbers;
  }

  get value(): Value {
    this.#value ??= this.#emit.constant(this.shape, exactFloats(this.numbers, this.elementType, 'a constant'));
    return this.#value;
  }
}

/** @throws EngineError `not-exact` for an integer that float32 does not hold. */
export function exactFloats(numbers: ArrayLike<number>, type: ElementType, where: string): Float32Array {
  if (isInteger(type)) {
    for (let i = 0; i < numbers.length; i++) {
      if (Math.abs(numbers[i] as number) > EXACT_LIMIT) {
        throw new EngineError(
          'not-exact',
          `${where} of type ${type} holds ${numbers[i]}: integers beyond 2^24 are not exact in float32`,
        );
      }
    }
  }
  return numbers instanceof Float32Array ? numbers : Float32Array.from(numbers);
}
