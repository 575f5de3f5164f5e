import { f32 } from '../ir/shape.ts';
import { binary, load } from '../kernels/expression.ts';
import { defineOp } from './defineOp.ts';
import { pointwise } from './pointwise.ts';

declare module '../ir/types.ts' {
  interface OpAttributes {
    equal: Record<string, never>;
  }
}

/** 1 where a = b, else 0; no gradient. */
export default defineOp({
  name: 'equal',
  ...pointwise({
    reference: (a, b) => (a! === b! ? 1 : 0),
    expression: binary('equal', load(0), load(1)),
  }),
  gradient: () => [undefined, undefined],
  samples: [
    { inputs: [f32(3, 5), f32(3, 5)], attributes: {}, draw: ['spread', 'spread'] },
    { inputs: [f32(2, 3, 4), f32(3, 1)], attributes: {}, draw: ['spread', 'spread'] },
    { inputs: [f32(), f32(6)], attributes: {}, draw: ['spread', 'spread'] },
  ],
});
