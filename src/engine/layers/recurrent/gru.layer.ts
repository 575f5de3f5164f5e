import { defineLayer } from '../defineLayer.ts';
import {
  type Cell,
  inferRecurrent,
  kerasRecurrent,
  lowerRecurrent,
  recurrentParameters as parameters,
  pytorchRecurrent,
  recurrentInputs,
} from './recurrent.ts';

declare module '../defineLayer.ts' {
  interface LayerOptionalPorts {
    GRU: 'mask';
  }
  interface LayerCatalog {
    GRU: typeof parameters;
  }
}

/** Cho et al. 2014; https://docs.pytorch.org/docs/stable/generated/torch.nn.GRU.html with batch_first. */
export default defineLayer({
  type: 'GRU',
  title: 'GRU',
  category: 'Recurrent',
  icon: 'refresh-cw',
  help: {
    summary:
      'Reads a sequence step by step with two gates instead of the three of an LSTM: fewer weights, often as good.',
    shapes:
      '[N, steps, features] (, mask [N, steps]) → [N, hidden] (last) or [N, steps, hidden] (sequence); 2·hidden if bidirectional',
    reference: 'https://docs.pytorch.org/docs/stable/generated/torch.nn.GRU.html',
  },
  role: 'layer',
  inputs: recurrentInputs,
  outputs: [{ name: 'output' }],
  parameters,
  version: 1,
  migrations: [],
  infer: (inputs, parameters) => inferRecurrent('GRU', inputs, 3, parameters),
  lower: (context) => [lowerRecurrent(context, context.parameters, cell)],
  emit: {
    pytorch: (context) => pytorchRecurrent('nn.GRU', context),
    keras: (context) => kerasRecurrent('layers.GRU', context),
  },
  samples: [
    { inputs: [[3, 5]], parameters: { hiddenSize: 4 } },
    { inputs: [[4, 2]], parameters: { hiddenSize: 3, numLayers: 2, bidirectional: true } },
    { inputs: [[4, 2]], parameters: { hiddenSize: 3, output: 'sequence' } },
    {
      inputs: [[4, 5], [4]],
      ports: ['input', 'mask'],
      parameters: { hiddenSize: 3, numLayers: 2, bidirectional: true },
    },
    { inputs: [[4, 2], [4]], ports: ['input', 'mask'], parameters: { hiddenSize: 3, output: 'sequence' } },
  ],
});

const cell: Cell = {
  // The reset gate works on the state's share of the candidate, bias included: the two biases stay apart.
  bias: (_, { biasInput }) => biasInput,
  scan: ({ emit }, shared, { weightHidden, biasHidden }, { reverse, mask }) =>
    emit.ops('gru', [shared, weightHidden, biasHidden, ...mask], { reverse }),
};
