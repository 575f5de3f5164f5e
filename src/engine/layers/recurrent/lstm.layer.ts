import type { Value } from '../../ir/types.ts';
import { defineLayer } from '../defineLayer.ts';
import { applyOne, pythonCall } from '../python.ts';
import {
  collectStates,
  gateOf,
  inferRecurrent,
  recurrentParameters as parameters,
  projectSteps,
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
    shapes: '[N, steps, features] → [N, hidden] (last) or [N, steps, hidden] (sequence)',
    reference: 'https://docs.pytorch.org/docs/stable/generated/torch.nn.LSTM.html',
  },
  role: 'layer',
  inputs: [{ name: 'input' }],
  outputs: [{ name: 'output' }],
  parameters,
  version: 1,
  migrations: [],
  infer: ([input], parameters) => inferRecurrent('LSTM', input!, 4, parameters),
  lower(context) {
    const { emit, weights, parameters } = context;
    const { hiddenSize } = parameters;
    const states: Value[] = [];
    let hidden: Value | undefined;
    let cell: Value | undefined;
    for (const projected of projectSteps(context, emit.op('add', [weights.bias_ih_l0!, weights.bias_hh_l0!]))) {
      // The state is 0 at first, which leaves out the first product.
      const gates: Value = hidden
        ? emit.op('add', [
            projected,
            emit.op('matmul', [hidden, weights.weight_hh_l0!], { transposeA: false, transposeB: true }),
          ])
        : projected;
      const input = emit.op('sigmoid', [gateOf(context, gates, 0, hiddenSize)]);
      const forget = emit.op('sigmoid', [gateOf(context, gates, 1, hiddenSize)]);
      const candidate = emit.op('tanh', [gateOf(context, gates, 2, hiddenSize)]);
      const output = emit.op('sigmoid', [gateOf(context, gates, 3, hiddenSize)]);
      const stored = emit.op('multiply', [input, candidate]);
      cell = cell ? emit.op('add', [emit.op('multiply', [forget, cell]), stored]) : stored;
      hidden = emit.op('multiply', [output, emit.op('tanh', [cell])]);
      states.push(hidden);
    }
    return [collectStates(context, states, parameters.output)];
  },
  emit: {
    pytorch: ({ inputs, parameters }) => ({
      make: pythonCall('nn.LSTM', [inputs[0]![1]!, parameters.hiddenSize], { batch_first: [true, false] }),
      apply: (layer, [x]) => pytorchStates(layer, x!, parameters.output),
    }),
    keras: ({ parameters }) => ({
      make: pythonCall('layers.LSTM', [parameters.hiddenSize], {
        return_sequences: [parameters.output === 'sequence', false],
      }),
      apply: applyOne,
    }),
  },
  samples: [
    { inputs: [[3, 5]], parameters: { hiddenSize: 4 } },
    { inputs: [[4, 2]], parameters: { hiddenSize: 3, output: 'sequence' } },
  ],
});
