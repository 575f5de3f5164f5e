import { formatShape } from '../../ir/shape.ts';
import { defineLayer, LayerError } from '../defineLayer.ts';
import { inputAt } from '../ports.ts';

const parameters = {
  timeDistributed: {
    kind: 'boolean',
    default: false,
    help: 'Set by a use of the block that works on each step by itself: the steps of a sequence go on as samples.',
  },
} as const;

declare module '../defineLayer.ts' {
  interface LayerCatalog {
    BlockInput: typeof parameters;
  }
}

/**
 * A port of a block. When blocks are expanded, what is joined to the use's port flows in here. Where the use is for each
 * step, `[N, T, …]` goes on as `[N·T, …]`, and `sequence` gives what came in, for the outputs to put the steps together
 * again and for the other inputs to have as many.
 */
export default defineLayer({
  type: 'BlockInput',
  title: 'Block input',
  category: 'Block',
  icon: 'log-in',
  help: {
    summary: 'Where data comes into a block: each use of the block has a port for it.',
    shapes: '[N, …] → [N, …]',
    reference: 'https://docs.pytorch.org/docs/stable/generated/torch.nn.Module.html',
  },
  role: 'layer',
  inputs: [{ name: 'input' }, { name: 'sequence', optional: true }],
  outputs: [{ name: 'output' }, { name: 'sequence' }],
  parameters,
  version: 1,
  migrations: [],
  infer(inputs, { timeDistributed }, _, ports) {
    const [input] = inputs;
    if (!timeDistributed) return { outputs: [input!, input!], weights: [], multiplyAdds: 0 };
    const [steps, ...step] = input!;
    if (step.length === 0) {
      throw new LayerError(
        `A block for each step expects sequences of at least two axes (steps × …) and receives ${formatShape(input!)}.`,
      );
    }
    const first = inputAt('sequence', inputs, ports);
    if (first && first[0] !== steps) {
      throw new LayerError(
        `A block for each step needs as many steps at all of its inputs and receives ${first[0]!} and ${steps!}.`,
      );
    }
    return { outputs: [step, input!], weights: [], multiplyAdds: 0 };
  },
  lower({ emit, inputs, parameters: { timeDistributed } }) {
    const [x] = inputs;
    const [batch, steps, ...step] = x!.type.shape;
    return [timeDistributed ? emit.op('reshape', [x!], { shape: [batch! * steps!, ...step] }) : x!, x!];
  },
  emit: {
    pytorch: () => ({ apply: (_layer, inputs) => inputs[0]! }),
    keras: () => ({ apply: (_layer, inputs) => inputs[0]! }),
  },
  samples: [{ inputs: [[2, 3]], parameters: {} }],
});
