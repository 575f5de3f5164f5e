import { defineActivation } from './defineActivation.ts';

const parameters = {} as const;

declare module '../defineLayer.ts' {
  interface LayerCatalog {
    ReLU6: typeof parameters;
  }
}

export default defineActivation({
  type: 'ReLU6',
  icon: 'trending-up',
  summary: 'A ReLU that stops at 6: its numbers survive low precision, which is why small networks for phones use it.',
  formula: 'min(max(0, x), 6)',
  parameters,
  lower: (emit, input) => emit.op('minimum', [emit.op('relu', [input]), emit.fill([], 6)]),
  pytorch: () => 'nn.ReLU6()',
  keras: () => 'layers.Activation("relu6")',
  kerasActivation: () => 'relu6',
});
