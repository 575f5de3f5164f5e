import { axisOf } from '../axis.ts';
import { defineLayer, LayerError } from '../defineLayer.ts';
import { kerasAxisArgument, pythonCall } from '../python.ts';

const parameters = {
  dim: {
    kind: 'integer',
    default: -1,
    help: 'Axis that is split in halves; -1 is the last, 1 the first after the batch (channels of an image).',
  },
} as const;

declare module '../defineLayer.ts' {
  interface LayerCatalog {
    GLU: typeof parameters;
  }
}

/** Dauphin et al. 2017; https://docs.pytorch.org/docs/stable/generated/torch.nn.GLU.html */
export default defineLayer({
  type: 'GLU',
  title: 'GLU',
  category: 'Activation',
  icon: 'toggle-right',
  help: {
    summary: 'One half of the numbers opens or shuts the way for the other half.',
    shapes: '[N, …, 2·K] → [N, …, K], y = a · σ(b) of the halves a and b',
    reference: 'https://docs.pytorch.org/docs/stable/generated/torch.nn.GLU.html',
  },
  role: 'layer',
  inputs: [{ name: 'input' }],
  outputs: [{ name: 'output' }],
  parameters,
  version: 1,
  migrations: [],
  infer([input], { dim }) {
    const axis = axisOf('GLU', dim, input!) - 1;
    if (input![axis]! % 2 !== 0) {
      throw new LayerError(`GLU splits an axis in halves and receives ${input![axis]} along axis ${dim}.`, {
        parameter: 'dim',
      });
    }
    const output = input!.map((extent, i) => (i === axis ? extent / 2 : extent));
    return { outputs: [output], weights: [], multiplyAdds: 0 };
  },
  lower({ emit, inputs, parameters }) {
    const x = inputs[0]!;
    const axis = axisOf('GLU', parameters.dim, x.type.shape.slice(1));
    const sizes = x.type.shape.map((extent, i) => (i === axis ? extent / 2 : extent));
    const half = (from: number) =>
      emit.op('slice', [x], { starts: sizes.map((extent, i) => (i === axis ? from * extent : 0)), sizes });
    return [emit.op('multiply', [half(0), emit.op('sigmoid', [half(1)])])];
  },
  emit: {
    pytorch: ({ parameters }) => ({
      make: pythonCall('nn.GLU', [], { dim: [parameters.dim, -1] }),
      apply: (layer, [x]) => `${layer}(${x})`,
    }),
    keras: ({ parameters, inputs }) => {
      const rank = inputs[0]!.length;
      const axis = kerasAxisArgument(axisOf('GLU', parameters.dim, inputs[0]!), rank);
      return { apply: (_layer, [x]) => `keras.activations.glu(${x}, axis=${axis})` };
    },
  },
  samples: [
    { inputs: [[6]], parameters: {} },
    { inputs: [[4, 3, 5]], parameters: { dim: 1 } },
  ],
});
