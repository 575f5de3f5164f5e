import { defineLayer } from '../defineLayer.ts';
import {
  bothBiases,
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
    LSTM: 'mask';
  }
  interface LayerCatalog {
    LSTM: typeof parameters;
  }
}

/** Hochreiter and Schmidhuber 1997; https://docs.pytorch.org/docs/stable/generated/torch.nn.LSTM.html with batch_first. */
export default defineLayer({
  type: 'LSTM',
  title: 'LSTM',
  category: 'Recurrent',
  icon: 'repeat',
  help: {
    summary:
      'Reads a sequence step by step. Gates decide what to forget, what to store and what to show, so that it can remember over many steps.',
    shapes:
      '[N, steps, features] (, mask [N, steps]) → [N, hidden] (last) or [N, steps, hidden] (sequence); 2·hidden if bidirectional',
    reference: 'https://docs.pytorch.org/docs/stable/generated/torch.nn.LSTM.html',
  },
  role: 'layer',
  inputs: recurrentInputs,
  outputs: [{ name: 'output' }],
  parameters,
  version: 1,
  migrations: [],
  infer: (inputs, parameters) => inferRecurrent('LSTM', inputs, 4, parameters),
  lower: (context) => [lowerRecurrent(context, context.parameters, cell)],
  emit: {
    pytorch: (context) => pytorchRecurrent('nn.LSTM', context),
    keras: (context) => kerasRecurrent('layers.LSTM', context),
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
  bias: bothBiases,
  scan: ({ emit }, shared, { weightHidden }, { reverse, mask }) =>
    emit.ops('lstm', [shared, weightHidden, ...mask], { reverse }),
};
