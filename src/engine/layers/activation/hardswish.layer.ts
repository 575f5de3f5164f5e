import { defineActivation } from './defineActivation.ts';

const parameters = {} as const;

declare module '../defineLayer.ts' {
  interface LayerCatalog {
    Hardswish: typeof parameters;
  }
}

export default defineActivation({
  type: 'Hardswish',
  icon: 'waves',
  summary: 'A SiLU made of straight lines and a parabola, which small networks for phones use.',
  formula: 'x · min(max(0, x + 3), 6) / 6',
  parameters,
  lower: (emit, input) => {
    const shifted = emit.op('relu', [emit.op('add', [input, emit.fill([], 3)])]);
    const share = emit.op('divide', [emit.op('minimum', [shifted, emit.fill([], 6)]), emit.fill([], 6)]);
    return emit.op('multiply', [input, share]);
  },
  pytorch: () => 'nn.Hardswish()',
  keras: () => 'layers.Activation("hard_silu")',
  kerasActivation: () => 'hard_silu',
});
