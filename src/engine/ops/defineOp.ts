import type { Emitter } from '../ir/emitter.ts';
import type { OpAttributes, OpName, TensorType, TypedArray, Value } from '../ir/types.ts';
import type { Lowering } from '../kernels/spec.ts';

/** A tensor on the CPU: what `reference` works with. Data is row-major. */
export interface HostTensor<Data extends TypedArray = TypedArray> {
  readonly type: TensorType;
  readonly data: Data;
}

export interface GradientContext<Name extends OpName> {
  /** Where the gradient's operations go: a program under construction, or the eager tape's device. */
  readonly emit: Emitter;
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
  /** Gradient of the loss by each output; undefined where the loss does not depend on it. At least one is defined. */
  readonly outputGradients: readonly (Value | undefined)[];
  readonly attributes: OpAttributes[Name];
  /** Whether the gradient by input i will be used; work for others may be left out. */
  needs(input: number): boolean;
}

/** One gradient an input, each of that input's type; undefined where it is zero or not asked for. */
export type GradientRule<Name extends OpName> = (context: GradientContext<Name>) => readonly (Value | undefined)[];

/** An op: everything that is known about one pure tensor function, in one place. */
export interface OpDefinition<Name extends OpName = OpName> {
  readonly name: Name;
  /** Types of the outputs. @throws RangeError saying what was given and what was expected. */
  infer(inputs: readonly TensorType[], attributes: OpAttributes[Name]): readonly TensorType[];
  /** The oracle: plain loops, accumulation in float64, results rounded to the output's type. */
  reference(inputs: readonly HostTensor[], attributes: OpAttributes[Name]): readonly TypedArray[];
  /** `none`: asking for one is a mistake; `stop`: gradients end here by intention. */
  readonly gradient: GradientRule<Name> | 'none' | 'stop';
  /** Outputs that are there for the gradient rule or for statistics: nothing is differentiated through them. */
  readonly auxiliaryOutputs?: readonly number[];
  /** The kernel for these types. Operand i of the spec is input i. */
  lower(inputs: readonly TensorType[], attributes: OpAttributes[Name]): Lowering;
  /** Samples that the conformance tests run on every backend and against finite differences. */
  readonly samples: readonly OpSample<Name>[];
}

export interface OpSample<Name extends OpName> {
  readonly inputs: readonly TensorType[];
  readonly attributes: OpAttributes[Name];
  /** How inputs are drawn: standard normal by default; `positive` in [0.5, 2]; `ids` below a bound; `spread` keeps values at least 0.1 apart, for kinks. */
  readonly draw?: readonly ('normal' | 'positive' | 'spread' | 'unit' | { readonly ids: number })[];
}

export function defineOp<Name extends OpName>(definition: OpDefinition<Name>): OpDefinition<Name> {
  return definition;
}
