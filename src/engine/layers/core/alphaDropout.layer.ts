import { defineLayer } from '../defineLayer.ts';
import { applyOne, kerasCannot, pythonCall } from '../python.ts';

const parameters = {
  p: {
    kind: 'number',
    default: 0.5,
    min: 0,
    max: 0.99,
    step: 0.05,
    help: 'Probability with which each number is set to the lowest value of SELU in training.',
  },
} as const;

declare module '../defineLayer.ts' {
  interface LayerCatalog {
    AlphaDropout: typeof parameters;
  }
}

/** What large negative numbers become in SELU: −1.0507 · 1.6733. */
const LOWEST = -1.7580993408473766;

/** Klambauer et al. 2017; https://docs.pytorch.org/docs/stable/generated/torch.nn.AlphaDropout.html */
export default defineLayer({
  type: 'AlphaDropout',
  title: 'AlphaDropout',
  category: 'Core',
  icon: 'eye-off',
  help: {
    summary: 'A dropout for networks of SELU: it keeps mean 0 and variance 1.',
    shapes: '[N, …] → [N, …]',
    reference: 'https://docs.pytorch.org/docs/stable/generated/torch.nn.AlphaDropout.html',
  },
  role: 'layer',
  inputs: [{ name: 'input' }],
  outputs: [{ name: 'output' }],
  parameters,
  version: 1,
  migrations: [],
  infer: ([input]) => ({ outputs: [input!], weights: [], multiplyAdds: 0 }),
  lower({ emit, inputs, parameters: { p }, mode, random }) {
    const x = inputs[0]!;
    if (mode === 'evaluate' || p === 0) return [x];
    const { seed, step, stream } = random();
    // 1/(1 − p) where a number is kept, else 0.
    const kept = emit.op('dropout', [emit.fill(x.type.shape, 1), seed, step], { p, stream });
    const number = (value: number) => emit.fill([], value);
    const share = emit.op('multiply', [kept, number(1 - p)]);
    const lowest = emit.op('multiply', [emit.op('subtract', [number(1), share]), number(LOWEST)]);
    const mixed = emit.op('add', [emit.op('multiply', [x, share]), lowest]);
    // Scale and shift that bring mean and variance back to 0 and 1.
    const scale = 1 / Math.sqrt((1 - p) * (1 + p * LOWEST ** 2));
    return [emit.op('add', [emit.op('multiply', [mixed, number(scale)]), number(-scale * p * LOWEST)])];
  },
  emit: {
    pytorch: ({ parameters }) => ({ make: pythonCall('nn.AlphaDropout', [parameters.p]), apply: applyOne }),
    keras: ({ parameters }) => {
      if (parameters.p === 0) kerasCannot('AlphaDropout', 'p = 0');
      return { make: pythonCall('layers.AlphaDropout', [parameters.p]), apply: applyOne };
    },
  },
  samples: [
    { inputs: [[6]], parameters: {} },
    { inputs: [[2, 3, 3]], parameters: { p: 0.25 } },
  ],
});
