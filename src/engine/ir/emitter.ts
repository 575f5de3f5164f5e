import type { OpAttributes, OpName, Value } from './types.ts';

/** Names of the ops that take no attributes: for them the last argument may be left out. */
type Attributes<Name extends OpName> =
  Record<string, never> extends OpAttributes[Name]
    ? [attributes?: OpAttributes[Name]]
    : [attributes: OpAttributes[Name]];

/**
 * Where operations go. The program builder records them; the eager device runs them at once. Gradients, layers and
 * optimizers are written against this, so one rule serves both ways.
 */
export interface Emitter {
  /** Applies an op and returns its first output. */
  op<Name extends OpName>(name: Name, inputs: readonly Value[], ...attributes: Attributes<Name>): Value;
  /** Applies an op and returns all of its outputs. */
  ops<Name extends OpName>(name: Name, inputs: readonly Value[], ...attributes: Attributes<Name>): readonly Value[];
  /** A float32 constant, filled with one number. */
  fill(shape: readonly number[], value: number): Value;
}

/** An emitter that keeps in mind for which canvas node it works. */
export interface NodeEmitter extends Emitter {
  /** Everything emitted inside `body` is said to come from this node. */
  from<Result>(origin: string, body: () => Result): Result;
}
