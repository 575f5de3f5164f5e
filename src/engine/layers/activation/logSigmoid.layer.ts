import { defineActivation } from './defineActivation.ts';

const parameters = {} as const;

declare module '../defineLayer.ts' {
  interface LayerCatalog {
    LogSigmoid: typeof parameters;
  }
}

export default defineActivation({
  type: 'LogSigmoid',
  icon: 'spline',
  summary: 'The logarithm of the sigmoid, without the loss of digits that taking both one after the other has.',
  formula: 'log(1 / (1 + exp(−x)))',
  parameters,
  lower: (emit, input) => emit.op('negate', [emit.op('softplus', [emit.op('negate', [input])])]),
  pytorch: () => 'nn.LogSigmoid()',
  keras: () => 'layers.Activation("log_sigmoid")',
  kerasActivation: () => 'log_sigmoid',
});
