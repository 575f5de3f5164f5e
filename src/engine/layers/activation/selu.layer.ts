import { defineActivation } from './defineActivation.ts';

const parameters = {} as const;

declare module '../defineLayer.ts' {
  interface LayerCatalog {
    SELU: typeof parameters;
  }
}

export default defineActivation({
  type: 'SELU',
  icon: 'trending-up',
  summary: 'Keeps mean 0 and variance 1 from layer to layer by itself, if weights start small and layers are plain.',
  formula: '1.0507 · (x for x ≥ 0, else 1.6733 · (exp(x) − 1))',
  parameters,
  lower: (emit, input) => {
    // The two constants of Klambauer et al. 2017, to the digits that PyTorch has.
    const bent = emit.op('elu', [input], { alpha: 1.6732632423543772 });
    return emit.op('multiply', [bent, emit.fill([], 1.0507009873554805)]);
  },
  pytorch: () => 'nn.SELU()',
  keras: () => 'layers.Activation("selu")',
  kerasActivation: () => 'selu',
});
