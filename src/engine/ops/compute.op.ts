import { f32 } from '../ir/shape.ts';
import { broadcastAccess } from '../kernels/access.ts';
import { add, load } from '../kernels/expression.ts';
import { interpretMap } from '../kernels/interpret.ts';
import type { MapSpec } from '../kernels/spec.ts';
import { defineOp } from './defineOp.ts';

declare module '../ir/types.ts' {
  interface OpAttributes {
    compute: { readonly spec: MapSpec; readonly dtype?: DType };
  }
}

/** Any map kernel as an op without a gradient: optimizer updates, the metric ring. */
export default defineOp({
  name: 'compute',
  infer: (_inputs, { spec, dtype = 'f32' }) => spec.outputs.map(() => ({ shape: spec.dims, dtype })),
  reference: (inputs, { spec, dtype = 'f32' }) =>
    interpretMap(
      spec,
      inputs.map(({ data }) => data),
    ).map((result) => (dtype === 'f32' ? Float32Array.from(result) : Int32Array.from(result))),
  gradient: 'none',
  lower: (_inputs, { spec }) => spec,
  samples: [
    {
      inputs: [f32(6), f32(6)],
      attributes: {
        spec: {
          kind: 'map',
          dims: [6],
          loads: [0, 1].map((i) => broadcastAccess(i, [6], [6])),
          outputs: [add(load(0), load(1)), load(1)],
        },
      },
    },
  ],
});
