import { f32, formatShape, i32 } from '../ir/shape.ts';
import { access, term } from '../kernels/access.ts';
import { binary, load, stage } from '../kernels/expression.ts';
import { defineOp } from './defineOp.ts';

declare module '../ir/types.ts' {
  interface OpAttributes {
    correct: Record<string, never>;
  }
}

/** For logits [N, C] and int32 labels [N]: 1 for each sample whose first largest logit is the label's, else 0; [N]. */
export default defineOp({
  name: 'correct',
  infer: ([logits, labels]) => {
    if (logits!.shape.length !== 2 || labels!.shape[0] !== logits!.shape[0] || labels!.dtype !== 'i32') {
      throw new RangeError(
        `expected logits [N, classes] and int32 labels [N], got ${formatShape(logits!.shape)} and ${formatShape(labels!.shape)}`,
      );
    }
    return [f32(logits!.shape[0]!)];
  },
  reference: ([logits, labels]) => {
    const [n, classes] = logits!.type.shape as [number, number];
    return [
      Float32Array.from({ length: n }, (_, i) => {
        let best = 0;
        for (let c = 1; c < classes; c++)
          if (logits!.data[i * classes + c]! > logits!.data[i * classes + best]!) best = c;
        return best === labels!.data[i] ? 1 : 0;
      }),
    ];
  },
  gradient: 'none',
  lower: ([logits, labels]) => {
    const dims = logits!.shape;
    return {
      kind: 'reduce',
      dims,
      inner: 1,
      loads: [
        access(0, dims, dims, [{ terms: [term(0)] }, { terms: [term(1)] }]),
        access(1, labels!.shape, dims, [{ terms: [term(0)] }]),
      ],
      stages: [{ combine: 'argmax', value: load(0) }],
      outputs: [{ over: 'outer', order: [0], value: binary('equal', stage(0), load(1)) }],
    };
  },
  samples: [{ inputs: [f32(6, 4), i32(6)], attributes: {}, draw: ['spread', { ids: 4 }] }],
});
