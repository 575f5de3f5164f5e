import { defineLayer } from '../defineLayer.ts';
import { applyOne, pythonCall } from '../python.ts';
import {
  bothBiases,
  type Cell,
  inferRecurrent,
  kerasRecurrent,
  lowerRecurrent,
  pytorchRecurrent,
  pytorchStates,
  recurrentParameters,
} from './recurrent.ts';

const parameters = {
  ...recurrentParameters,
  nonlinearity: {
    kind: 'choice',
    default: 'tanh',
    choices: ['tanh', 'relu'],
    help: 'Function applied to the state at each step.',
  },
} as const;

declare module '../defineLayer.ts' {
  interface LayerCatalog {
    RNN: typeof parameters;
  }
}

/** Elman 1990; https://docs.pytorch.org/docs/stable/generated/torch.nn.RNN.html with batch_first. */
export default defineLayer({
  type: 'RNN',
  title: 'RNN',
  category: 'Recurrent',
  icon: 'rotate-cw',
  help: {
    summary:
      'The simplest recurrent layer: the new state is a function of the input and the old state. Forgets quickly.',
    shapes: '[N, steps, features] → [N, hidden] (last) or [N, steps, hidden] (sequence); 2·hidden if bidirectional',
    reference: 'https://docs.pytorch.org/docs/stable/generated/torch.nn.RNN.html',
  },
  role: 'layer',
  inputs: [{ name: 'input' }],
  outputs: [{ name: 'output' }],
  parameters,
  version: 1,
  migrations: [],
  infer: ([input], parameters) => inferRecurrent('RNN', input!, 1, parameters),
  lower: (context) => [lowerRecurrent(context, context.parameters, cellOf(context.parameters))],
  emit: {
    pytorch: ({ inputs, parameters }) => ({
      make: pythonCall('nn.RNN', [inputs[0]![1]!, parameters.hiddenSize], {
        nonlinearity: [{ source: `"${parameters.nonlinearity}"` }, { source: '"tanh"' }],
        ...pytorchRecurrent(parameters),
      }),
      apply: (layer, [x]) => pytorchStates(layer, x!, parameters, false),
    }),
    keras: ({ parameters }) => ({
      make: kerasRecurrent('layers.SimpleRNN', parameters, {
        activation: [{ source: `"${parameters.nonlinearity}"` }, { source: '"tanh"' }],
      }),
      apply: applyOne,
    }),
  },
  samples: [
    { inputs: [[3, 5]], parameters: { hiddenSize: 4 } },
    { inputs: [[4, 2]], parameters: { hiddenSize: 3, numLayers: 2, bidirectional: true } },
    { inputs: [[4, 2]], parameters: { hiddenSize: 3, output: 'sequence', nonlinearity: 'relu' } },
  ],
});

function cellOf({ nonlinearity }: { readonly nonlinearity: 'tanh' | 'relu' }): Cell {
  return {
    bias: bothBiases,
    scan: ({ emit }, shared, { weightHidden }, reverse) =>
      emit.ops('rnn', [shared, weightHidden], { reverse, nonlinearity }),
  };
}
