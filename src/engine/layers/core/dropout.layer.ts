import { defineLayer } from '../defineLayer.ts';
import { applyOne, pythonCall } from '../python.ts';

const parameters = {
  p: {
    kind: 'number',
    default: 0.5,
    min: 0,
    max: 0.99,
    step: 0.05,
    help: 'Probability with which each number is set to 0 in training.',
  },
} as const;

declare module '../defineLayer.ts' {
  interface LayerCatalog {
    Dropout: typeof parameters;
  }
}

/** Srivastava et al. 2014; https://docs.pytorch.org/docs/stable/generated/torch.nn.Dropout.html */
export default defineLayer({
  type: 'Dropout',
  title: 'Dropout',
  category: 'Core',
  icon: 'eye-off',
  help: {
    summary:
      'In training sets each number to 0 with probability p and scales the others by 1/(1 − p), against over-fitting. Does nothing in evaluation.',
    shapes: '[N, …] → [N, …]',
    reference: 'https://docs.pytorch.org/docs/stable/generated/torch.nn.Dropout.html',
  },
  role: 'layer',
  inputs: [{ name: 'input' }],
  outputs: [{ name: 'output' }],
  parameters,
  version: 1,
  migrations: [],
  infer: ([input]) => ({ outputs: [input!], weights: [], multiplyAdds: 0 }),
  lower({ emit, inputs, parameters, mode, random }) {
    if (mode === 'evaluate' || parameters.p === 0) return [inputs[0]!];
    const { seed, step, stream } = random();
    return [emit.op('dropout', [inputs[0]!, seed, step], { p: parameters.p, stream })];
  },
  emit: {
    pytorch: ({ parameters }) => ({ make: pythonCall('nn.Dropout', [parameters.p]), apply: applyOne }),
    keras: ({ parameters }) => ({ make: pythonCall('layers.Dropout', [parameters.p]), apply: applyOne }),
  },
  samples: [
    { inputs: [[6]], parameters: {} },
    { inputs: [[2, 3, 3]], parameters: { p: 0.25 } },
  ],
});
