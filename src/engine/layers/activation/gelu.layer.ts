import { defineActivation } from './defineActivation.ts';

const parameters = {
  approximate: {
    kind: 'choice',
    default: 'none',
    choices: ['none', 'tanh'],
    help: 'With tanh, the approximation that GPT-2 and BERT were trained with.',
  },
} as const;

declare module '../defineLayer.ts' {
  interface LayerCatalog {
    GELU: typeof parameters;
  }
}

export default defineActivation({
  type: 'GELU',
  icon: 'spline',
  summary:
    'A smooth ReLU that lets small negative numbers through, weighted by the normal distribution; used in Transformers.',
  formula: 'x · Φ(x), Φ the normal distribution function',
  parameters,
  lower(emit, input, { approximate }) {
    if (approximate === 'none') return emit.op('gelu', [input]);
    // Hendrycks and Gimpel 2016: 0.5·x·(1 + tanh(√(2/π)·(x + 0.044715·x³))).
    const cube = emit.op('multiply', [
      emit.op('multiply', [input, emit.op('square', [input])]),
      emit.fill([], 0.044715),
    ]);
    const inner = emit.op('multiply', [emit.op('add', [input, cube]), emit.fill([], Math.sqrt(2 / Math.PI))]);
    const share = emit.op('add', [emit.op('tanh', [inner]), emit.fill([], 1)]);
    return emit.op('multiply', [emit.op('multiply', [input, emit.fill([], 0.5)]), share]);
  },
  pytorch: ({ approximate }) => (approximate === 'none' ? 'nn.GELU()' : 'nn.GELU(approximate="tanh")'),
  // Keras' own activation "gelu" is the exact one.
  keras: ({ approximate }) =>
    approximate === 'none'
      ? 'layers.Activation("gelu")'
      : 'layers.Lambda(lambda x: keras.activations.gelu(x, approximate=True))',
  kerasActivation: ({ approximate }) => (approximate === 'none' ? 'gelu' : undefined),
  sample: { approximate: 'tanh' },
});
