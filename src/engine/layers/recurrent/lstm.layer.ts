import { defineLayer } from '../defineLayer.ts';
import { applyOne, pythonCall } from '../python.ts';
import {
  type Cell,
  gateOf,
  inferRecurrent,
  kerasRecurrent,
  lowerRecurrent,
  recurrentParameters as parameters,
  pytorchRecurrent,
  pytorchStates,
  recurrentShare,
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
  lower: (context) => [lowerRecurrent(context, context.parameters, cellOf(context.parameters))],
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

function cellOf({ hiddenSize }: { readonly hiddenSize: number }): Cell {
  return {
    bias: ({ emit }, { biasInput, biasHidden }) => emit.op('add', [biasInput, biasHidden]),
    step(context, projected, state, weights) {
      const { emit } = context;
      // The state is 0 at first, which leaves out the first product.
      const gates = state ? emit.op('add', [projected, recurrentShare(context, state.hidden, weights)]) : projected;
      const input = emit.op('sigmoid', [gateOf(context, gates, 0, hiddenSize)]);
      const forget = emit.op('sigmoid', [gateOf(context, gates, 1, hiddenSize)]);
      const candidate = emit.op('tanh', [gateOf(context, gates, 2, hiddenSize)]);
      const output = emit.op('sigmoid', [gateOf(context, gates, 3, hiddenSize)]);
      const stored = emit.op('multiply', [input, candidate]);
      const cell = state?.cell ? emit.op('add', [emit.op('multiply', [forget, state.cell]), stored]) : stored;
      return { cell, hidden: emit.op('multiply', [output, emit.op('tanh', [cell])]) };
    },
  };
}
