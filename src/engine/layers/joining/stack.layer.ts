import { formatShape, sameShape } from '../../ir/shape.ts';
import { axisOf } from '../axis.ts';
import { defineLayer, LayerError } from '../defineLayer.ts';
import { kerasCannot, pythonCall } from '../python.ts';

const parameters = {
  dim: { kind: 'integer', default: 1, help: 'Where the new axis goes; 1 is the first after the batch.' },
} as const;

declare module '../defineLayer.ts' {
  interface LayerCatalog {
    Stack: typeof parameters;
  }
}

/** https://docs.pytorch.org/docs/stable/generated/torch.stack.html */
export default defineLayer({
  type: 'Stack',
  title: 'Stack',
  category: 'Joining',
  icon: 'combine',
  help: {
    summary: 'Puts tensors of one shape side by side along a new axis.',
    shapes: 'k × [N, A, …] → [N, k, A, …] for dim 1',
    reference: 'https://docs.pytorch.org/docs/stable/generated/torch.stack.html',
  },
  role: 'layer',
  inputs: [{ name: 'inputs', many: true }],
  outputs: [{ name: 'output' }],
  parameters,
  version: 1,
  migrations: [],
  infer(inputs, { dim }) {
    const first = inputs[0]!;
    if (inputs.length < 2) throw new LayerError('Stack joins two or more tensors: connect another wire to it.');
    if (inputs.some((shape) => !sameShape(shape, first))) {
      throw new LayerError(
        `Stack can't put samples of ${inputs.map(formatShape).join(' and ')} together: shapes must be equal.`,
      );
    }
    const axis = axisOf('Stack', dim, [...first, 1]) - 1;
    return { outputs: [[...first.slice(0, axis), inputs.length, ...first.slice(axis)]], weights: [], multiplyAdds: 0 };
  },
  lower({ emit, inputs, parameters }) {
    const { shape } = inputs[0]!.type;
    const axis = axisOf('Stack', parameters.dim, [...shape.slice(1), 1]);
    const apart = [...shape.slice(0, axis), 1, ...shape.slice(axis)];
    return [
      emit.op(
        'concat',
        inputs.map((input) => emit.op('reshape', [input], { shape: apart })),
        { axis },
      ),
    ];
  },
  emit: {
    pytorch: ({ parameters }) => ({
      apply: (_layer, inputs) =>
        pythonCall('torch.stack', [{ source: `[${inputs.join(', ')}]` }], { dim: [parameters.dim, undefined] }),
    }),
    keras: ({ parameters, inputs: [sample] }) => {
      // Ranks 2 and 3 lie differently there before and after.
      if (sample!.length >= 2) kerasCannot('Stack', 'images or sequences');
      const axis = axisOf('Stack', parameters.dim, [...sample!, 1]);
      return { apply: (_layer, inputs) => `ops.stack([${inputs.join(', ')}], axis=${axis})` };
    },
  },
  samples: [
    { inputs: [[4], [4]], parameters: {} },
    {
      inputs: [
        [2, 3],
        [2, 3],
        [2, 3],
      ],
      parameters: { dim: -1 },
    },
  ],
});
