import type { Value } from '../ir/types.ts';
import type { GraphTensor } from './graphTensor.ts';
import type { OperatorContext } from './operatorContext.ts';

/** An output: a value of the first input's element type, or a tensor of another. */
export type OperatorResult = Value | GraphTensor | undefined;

/** How an ONNX operator is written with our ops, from a node's inputs to its outputs. */
export type Operator = (node: OperatorContext) => OperatorResult | readonly OperatorResult[];

/** Whether operators only move numbers, so that each element type is safe, or compute in float32. */
export type FamilyKind = 'moves' | 'computes';

export interface OperatorFamily {
  readonly kind: FamilyKind;
  readonly operators: Readonly<Record<string, Operator>>;
}

/** A family of operators by name; outside of ONNX's own domain as `domain:Name`. */
export function defineOperators(kind: FamilyKind, operators: Readonly<Record<string, Operator>>): OperatorFamily {
  return { kind, operators };
}
