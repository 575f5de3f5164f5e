import type { Value } from '../../ir/types.ts';
import { defineLayer } from '../defineLayer.ts';
import { applyOne, pythonCall } from '../python.ts';
import { collectStates, inferRecurrent, projectSteps, pytorchStates, recurrentParameters } from './recurrent.ts';

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
    shapes: '[N, steps, features] → [N, hidden] (last) or [N, steps, hidden] (sequence)',
    reference: 'https://docs.pytorch.org/docs/stable/generated/torch.nn.RNN.html',
  },
  role: 'layer',
  inputs: [{ name: 'input' }],
  outputs: [{ name: 'output' }],
  parameters,
  version: 1,
  migrations: [],
  infer: ([input], parameters) => inferRecurrent('RNN', input!, 1, parameters),
  lower(context) {
    const { emit, weights, parameters } = context;
    const states: Value[] = [];
    let hidden: Value | undefined;
    for (const projected of projectSteps(context, emit.op('add', [weights.bias_ih_l0!, weights.bias_hh_l0!]))) {
      const sum: Value = hidden
        ? emit.op('add', [
            projected,
            emit.op('matmul', [hidden, weights.weight_hh_l0!], { transposeA: false, transposeB: true }),
          ])
        : projected;
      hidden = emit.op(parameters.nonlinearity, [sum]);
      states.push(hidden);
    }
    return [collectStates(context, states, parameters.output)];
  },
  emit: {
    pytorch: ({ inputs, parameters }) => ({
      make: pythonCall('nn.RNN', [inputs[0]![1]!, parameters.hiddenSize], {
        nonlinearity: [{ source: `"${parameters.nonlinearity}"` }, { source: '"tanh"' }],
        batch_first: [true, false],
      }),
      apply: (layer, [x]) => pytorchStates(layer, x!, parameters.output),
    }),
    keras: ({ parameters }) => ({
      make: pythonCall('layers.SimpleRNN', [parameters.hiddenSize], {
        activation: [{ source: `"${parameters.nonlinearity}"` }, { source: '"tanh"' }],
        return_sequences: [parameters.output === 'sequence', false],
      }),
      apply: applyOne,
    }),
  },
  samples: [
    { inputs: [[3, 5]], parameters: { hiddenSize: 4 } },
    { inputs: [[4, 2]], parameters: { hiddenSize: 3, output: 'sequence', nonlinearity: 'relu' } },
  ],
});
