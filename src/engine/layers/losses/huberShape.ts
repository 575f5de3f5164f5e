import type { Emitter } from '../../ir/emitter.ts';
import type { Value } from '../../ir/types.ts';

/**
 * Squared for small differences, absolute for large ones: `d²/2` up to `delta`, `delta·(|d| − delta/2)` beyond.
 * Written as `m·(|d| − m/2)` with `m = min(|d|, delta)`, which has the right slope on both sides.
 */
export function huber(emit: Emitter, difference: Value, delta: number): Value {
  const size = emit.op('abs', [difference]);
  const bounded = emit.op('minimum', [size, emit.fill([], delta)]);
  const half = emit.op('multiply', [bounded, emit.fill([], 0.5)]);
  return emit.op('multiply', [bounded, emit.op('subtract', [size, half])]);
}
