import { formatShape } from '../../ir/shape.ts';
import { axisOf } from '../axis.ts';
import { defineLayer, LayerError } from '../defineLayer.ts';
import { kerasAxis, pythonCall } from '../python.ts';

const parameters = {
  dim: {
    kind: 'integer',
    default: 1,
    help: 'Axis that is halved; 1 is the first after the batch (channels of an image).',
  },
} as const;

declare module '../defineLayer.ts' {
  interface LayerCatalog {
    Split: typeof parameters;
  }
}

/** https://docs.pytorch.org/docs/stable/generated/torch.chunk.html */
export default defineLayer({
  type: 'Split',
  title: 'Split',
  category: 'Core',
  icon: 'fold-horizontal',
  help: {
    summary: 'Cuts one axis into two halves that go different ways: mean and spread of a VAE, values and gates.',
    shapes: '[N, 2·A, …] → [N, A, …], [N, A, …] for dim 1',
    reference: 'https://docs.pytorch.org/docs/stable/generated/torch.chunk.html',
  },
  role: 'layer',
  inputs: [{ name: 'input' }],
  outputs: [{ name: 'first' }, { name: 'second' }],
  parameters,
  version: 1,
  migrations: [],
  infer([input], { dim }) {
    const axis = axisOf('Split', dim, input!) - 1;
    if (input![axis]! % 2 !== 0) {
      throw new LayerError(`Split halves axis ${dim} and receives samples of ${formatShape(input!)}.`, {
        parameter: 'dim',
      });
    }
    const half = input!.map((extent, i) => (i === axis ? extent / 2 : extent));
    return { outputs: [half, half], weights: [], multiplyAdds: 0 };
  },
  lower({ emit, inputs, parameters }) {
    const { shape } = inputs[0]!.type;
    const axis = axisOf('Split', parameters.dim, shape.slice(1));
    const sizes = shape.map((extent, i) => (i === axis ? extent / 2 : extent));
    return [0, 1].map((half) =>
      emit.op('slice', [inputs[0]!], { starts: sizes.map((extent, i) => (i === axis ? half * extent : 0)), sizes }),
    );
  },
  emit: {
    pytorch: ({ parameters }) => ({
      apply: (_layer, [x]) => pythonCall('torch.chunk', [{ source: x! }, 2], { dim: [parameters.dim, 0] }),
    }),
    keras: ({ parameters, inputs }) => {
      const axis = kerasAxis(axisOf('Split', parameters.dim, inputs[0]!), inputs[0]!.length);
      return { apply: (_layer, [x]) => `ops.split(${x}, 2, axis=${axis})` };
    },
  },
  samples: [
    { inputs: [[6]], parameters: {} },
    { inputs: [[4, 3, 5]], parameters: { dim: 1 } },
  ],
});
