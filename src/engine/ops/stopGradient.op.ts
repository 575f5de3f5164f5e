import { f32 } from '../ir/shape.ts';
import { defineOp } from './defineOp.ts';

declare module '../ir/types.ts' {
  interface OpAttributes {
    stopGradient: Record<string, never>;
  }
}

/** The same numbers, through which no gradient flows: https://docs.pytorch.org/docs/stable/generated/torch.Tensor.detach.html */
export default defineOp({
  name: 'stopGradient',
  infer: ([input]) => [input!],
  reference: ([input]) => [input!.data.slice()],
  gradient: 'stop',
  lower: () => ({ kind: 'alias', offsets: [0] }),
  samples: [{ inputs: [f32(3, 4)], attributes: {} }],
});
