import type { Emitter } from '../../ir/emitter.ts';
import type { Shape, Value } from '../../ir/types.ts';
import { access } from '../../kernels/access.ts';
import { constant, log, multiply, random, sqrt, subtract, unary } from '../../kernels/expression.ts';

type Draw = { readonly seed: Value; readonly step: Value; readonly stream: number };

/** Independent numbers of N(0, 1) by Box and Muller, the same on every device: two draws of `random()` of a layer's context. */
export function normalNoise(emit: Emitter, shape: Shape, first: Draw, second: Draw): Value {
  const dims = shape;
  const loads = [0, 1].map((operand) => access(operand, [], dims, []));
  const u = random(0, 1, first.stream);
  const v = random(0, 1, second.stream);
  // 1 − u keeps the logarithm finite.
  const radius = sqrt(multiply(constant(-2), log(subtract(constant(1), u))));
  const value = multiply(radius, unary('cos', multiply(constant(2 * Math.PI), v)));
  return emit.op('compute', [first.seed, first.step], { spec: { kind: 'map', dims, loads, outputs: [value] } });
}
