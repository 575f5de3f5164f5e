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
    shapes: '[N, steps, features] → [N, hidden] (last) or [N, steps, hidden] (sequence); 2·hidden if bidirectional',
    reference: 'https://docs.pytorch.org/docs/stable/generated/torch.nn.GRU.html',
  },
  role: 'layer',
  inputs: [{ name: 'input' }],
  outputs: [{ name: 'output' }],
  parameters,
  version: 1,
  migrations: [],
  infer: ([input], parameters) => inferRecurrent('GRU', input!, 3, parameters),
  lower: (context) => [lowerRecurrent(context, context.parameters, cellOf(context.parameters))],
  emit: {
    pytorch: ({ inputs, parameters }) => ({
      make: pythonCall('nn.GRU', [inputs[0]![1]!, parameters.hiddenSize], {
        ...pytorchRecurrent(parameters),
      }),
      apply: (layer, [x]) => pytorchStates(layer, x!, parameters, false),
    }),
    keras: ({ parameters }) => ({ make: kerasRecurrent('layers.GRU', parameters), apply: applyOne }),
  },
  samples: [
    { inputs: [[3, 5]], parameters: { hiddenSize: 4 } },
    { inputs: [[4, 2]], parameters: { hiddenSize: 3, numLayers: 2, bidirectional: true } },
    { inputs: [[4, 2]], parameters: { hiddenSize: 3, output: 'sequence' } },
  ],
});

function cellOf({ hiddenSize }: { readonly hiddenSize: number }): Cell {
  return {
    // The reset gate works on the state's share of the candidate, bias included: the two biases stay apart.
    bias: (_, { biasInput }) => biasInput,
    step(context, projected, state, weights) {
      const { emit } = context;
      const recurrent = state
        ? emit.op('add', [recurrentShare(context, state.hidden, weights), weights.biasHidden])
        : emit.op('expand', [weights.biasHidden], { shape: projected.type.shape });
      const both = (gate: number) => [
        gateOf(context, projected, gate, hiddenSize),
        gateOf(context, recurrent, gate, hiddenSize),
      ];
      const reset = emit.op('sigmoid', [emit.op('add', both(0))]);
      const keep = emit.op('sigmoid', [emit.op('add', both(1))]);
      const [fromInput, fromState] = both(2);
      const candidate = emit.op('tanh', [emit.op('add', [fromInput!, emit.op('multiply', [reset, fromState!])])]);
      // (1 − z)·n + z·h, written as n + z·(h − n).
      const change = state ? emit.op('subtract', [state.hidden, candidate]) : emit.op('negate', [candidate]);
      return { hidden: emit.op('add', [candidate, emit.op('multiply', [keep, change])]) };
    },
  };
}
