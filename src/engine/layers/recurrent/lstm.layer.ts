import { defineLayer } from '../defineLayer.ts';
import { applyOne, pythonCall } from '../python.ts';
import {
  bothBiases,
  type Cell,
  inferRecurrent,
  kerasRecurrent,
  lowerRecurrent,
  recurrentParameters as parameters,
  pytorchRecurrent,
  pytorchStates,
} from './recurrent.ts';

declare module '../defineLayer.ts' {
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
    shapes: '[N, steps, features] → [N, hidden] (last) or [N, steps, hidden] (sequence); 2·hidden if bidirectional',
    reference: 'https://docs.pytorch.org/docs/stable/generated/torch.nn.LSTM.html',
  },
  role: 'layer',
  inputs: [{ name: 'input' }],
  outputs: [{ name: 'output' }],
  parameters,
  version: 1,
  migrations: [],
  infer: ([input], parameters) => inferRecurrent('LSTM', input!, 4, parameters),
  lower: (context) => [lowerRecurrent(context, context.parameters, cell)],
  emit: {
    pytorch: ({ inputs, parameters }) => ({
      make: pythonCall('nn.LSTM', [inputs[0]![1]!, parameters.hiddenSize], {
        ...pytorchRecurrent(parameters),
      }),
      apply: (layer, [x]) => pytorchStates(layer, x!, parameters, true),
    }),
    keras: ({ parameters }) => ({ make: kerasRecurrent('layers.LSTM', parameters), apply: applyOne }),
  },
  samples: [
    { inputs: [[3, 5]], parameters: { hiddenSize: 4 } },
    { inputs: [[4, 2]], parameters: { hiddenSize: 3, numLayers: 2, bidirectional: true } },
    { inputs: [[4, 2]], parameters: { hiddenSize: 3, output: 'sequence' } },
  ],
});

const cell: Cell = {
  bias: bothBiases,
  scan: ({ emit }, shared, { weightHidden }, reverse) => emit.ops('lstm', [shared, weightHidden], { reverse }),
};
