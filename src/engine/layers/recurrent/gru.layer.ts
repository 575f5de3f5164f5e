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
    shapes: '[N, steps, features] → [N, hidden] (last) or [N, steps, hidden] (sequence)',
    reference: 'https://docs.pytorch.org/docs/stable/generated/torch.nn.GRU.html',
  },
  role: 'layer',
  inputs: [{ name: 'input' }],
  outputs: [{ name: 'output' }],
  parameters,
  version: 1,
  migrations: [],
  infer: ([input], parameters) => inferRecurrent('GRU', input!, 3, parameters),
  lower(context) {
    const { emit, weights, parameters } = context;
    const { hiddenSize } = parameters;
    const states: Value[] = [];
    let hidden: Value | undefined;
    for (const projected of projectSteps(context, weights.bias_ih_l0!)) {
      // The reset gate works on the state's share of the candidate, bias included: the two biases stay apart.
      const recurrent: Value = hidden
        ? emit.op('add', [
            emit.op('matmul', [hidden, weights.weight_hh_l0!], { transposeA: false, transposeB: true }),
            weights.bias_hh_l0!,
          ])
        : emit.op('expand', [weights.bias_hh_l0!], { shape: projected.type.shape });
      const both = (gate: number) => [
        gateOf(context, projected, gate, hiddenSize),
        gateOf(context, recurrent, gate, hiddenSize),
      ];
      const reset = emit.op('sigmoid', [emit.op('add', both(0))]);
      const keep = emit.op('sigmoid', [emit.op('add', both(1))]);
      const [fromInput, fromState] = both(2) as [Value, Value];
      const candidate = emit.op('tanh', [emit.op('add', [fromInput, emit.op('multiply', [reset, fromState])])]);
      // (1 − z)·n + z·h, written as n + z·(h − n).
      const change = hidden ? emit.op('subtract', [hidden, candidate]) : emit.op('negate', [candidate]);
      hidden = emit.op('add', [candidate, emit.op('multiply', [keep, change])]);
      states.push(hidden);
    }
    return [collectStates(context, states, parameters.output)];
  },
  emit: {
    pytorch: ({ inputs, parameters }) => ({
      make: pythonCall('nn.GRU', [inputs[0]![1]!, parameters.hiddenSize], { batch_first: [true, false] }),
      apply: (layer, [x]) => pytorchStates(layer, x!, parameters.output),
    }),
    keras: ({ parameters }) => ({
      make: pythonCall('layers.GRU', [parameters.hiddenSize], {
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
