import { defineActivation } from './defineActivation.ts';

const parameters = {} as const;

declare module '../defineLayer.ts' {
  interface LayerCatalog {
    Hardsigmoid: typeof parameters;
  }
}

export default defineActivation({
  type: 'Hardsigmoid',
  icon: 'spline',
  summary: 'A sigmoid made of three straight lines: cheap, and exactly 0 or 1 at the ends.',
  formula: 'min(max(0, x + 3), 6) / 6',
  parameters,
  lower: (emit, input) => {
    const shifted = emit.op('relu', [emit.op('add', [input, emit.fill([], 3)])]);
    return emit.op('divide', [emit.op('minimum', [shifted, emit.fill([], 6)]), emit.fill([], 6)]);
  },
  pytorch: () => 'nn.Hardsigmoid()',
  keras: () => 'layers.Activation("hard_sigmoid")',
  kerasActivation: () => 'hard_sigmoid',
});
