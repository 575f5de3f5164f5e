import { defineLayer } from '../defineLayer.ts';
import {
  bothBiases,
  type Cell,
  inferRecurrent,
  kerasRecurrent,
  lowerRecurrent,
  pytorchRecurrent,
  recurrentInputs,
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
  interface LayerOptionalPorts {
    RNN: 'mask';
  }
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
    shapes:
      '[N, steps, features] (, mask [N, steps]) → [N, hidden] (last) or [N, steps, hidden] (sequence); 2·hidden if bidirectional',
    reference: 'https://docs.pytorch.org/docs/stable/generated/torch.nn.RNN.html',
  },
  role: 'layer',
  inputs: recurrentInputs,
  outputs: [{ name: 'output' }],
  parameters,
  version: 1,
  migrations: [],
  infer: (inputs, parameters) => inferRecurrent('RNN', inputs, 1, parameters),
  lower: (context) => [lowerRecurrent(context, context.parameters, cellOf(context.parameters))],
  emit: {
    pytorch: (context) =>
      pytorchRecurrent('nn.RNN', context, {
        nonlinearity: [{ source: `"${context.parameters.nonlinearity}"` }, { source: '"tanh"' }],
      }),
    keras: (context) =>
      kerasRecurrent('layers.SimpleRNN', context, {
        activation: [{ source: `"${context.parameters.nonlinearity}"` }, { source: '"tanh"' }],
      }),
  },
  samples: [
    { inputs: [[3, 5]], parameters: { hiddenSize: 4 } },
    { inputs: [[4, 2]], parameters: { hiddenSize: 3, numLayers: 2, bidirectional: true } },
    { inputs: [[4, 2]], parameters: { hiddenSize: 3, output: 'sequence', nonlinearity: 'relu' } },
    {
      inputs: [[4, 5], [4]],
      ports: ['input', 'mask'],
      parameters: { hiddenSize: 3, numLayers: 2, bidirectional: true },
    },
    { inputs: [[4, 2], [4]], ports: ['input', 'mask'], parameters: { hiddenSize: 3, output: 'sequence' } },
  ],
});

function cellOf({ nonlinearity }: { readonly nonlinearity: 'tanh' | 'relu' }): Cell {
  return {
    bias: bothBiases,
    scan: ({ emit }, shared, { weightHidden }, { reverse, mask }) =>
      emit.ops('rnn', [shared, weightHidden, ...mask], { reverse, nonlinearity }),
  };
}
