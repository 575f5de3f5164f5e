import type { Emitter } from '../../ir/emitter.ts';
import type { Value } from '../../ir/types.ts';
import { binary, constant, exp, index, multiply, unary } from '../../kernels/expression.ts';

/**
 * Turns the features of `[…, T, E]` by angles that grow with the place (Su et al. 2021, https://arxiv.org/abs/2104.09864), with
 * the two halves of the features as pairs, as LLaMA has it: (a, b) → (a cos tω − b sin tω, b cos tω + a sin tω) with
 * ω = base^(−2i/E).
 */
export function rotated(emit: Emitter, x: Value, base: number): Value {
  const lead = x.type.shape.slice(0, -2);
  const [steps, features] = x.type.shape.slice(-2) as [number, number];
  const half = features / 2;
  const pair = binary('modulo', index(1), constant(half));
  const angle = multiply(index(0), exp(multiply(pair, constant((-2 * Math.log(base)) / features))));
  const outputs = [unary('cos', angle), unary('sin', angle)];
  const spec = { kind: 'map', dims: [steps, features], loads: [], outputs } as const;
  const [cosines, sines] = emit.ops('compute', [], { spec });
  const sizes = [...lead, steps, half];
  const starts = sizes.map(() => 0);
  const first = emit.op('slice', [x], { starts, sizes });
  const second = emit.op('slice', [x], { starts: [...starts.slice(1), half], sizes });
  const turned = emit.op('concat', [emit.op('negate', [second]), first], { axis: lead.length + 1 });
  return emit.op('add', [emit.op('multiply', [x, cosines!]), emit.op('multiply', [turned, sines!])]);
}
