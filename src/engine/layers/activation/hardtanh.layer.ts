import { pythonCall } from '../python.ts';
import { defineActivation } from './defineActivation.ts';

const parameters = {
  minVal: { kind: 'number', default: -1, step: 0.1, help: 'Numbers below this one become this one.' },
  maxVal: { kind: 'number', default: 1, step: 0.1, help: 'Numbers above this one become this one.' },
} as const;

declare module '../defineLayer.ts' {
  interface LayerCatalog {
    Hardtanh: typeof parameters;
  }
}

export default defineActivation({
  type: 'Hardtanh',
  icon: 'spline',
  summary: 'A straight line that is cut off at two values: a cheap tanh.',
  formula: 'min(max(minVal, x), maxVal)',
  parameters,
  lower: (emit, input, { minVal, maxVal }) =>
    emit.op('minimum', [emit.op('maximum', [input, emit.fill([], minVal)]), emit.fill([], maxVal)]),
  pytorch: ({ minVal, maxVal }) => pythonCall('nn.Hardtanh', [], { min_val: [minVal, -1], max_val: [maxVal, 1] }),
  keras: ({ minVal, maxVal }) =>
    minVal === -1 && maxVal === 1
      ? 'layers.Activation("hard_tanh")'
      : `layers.Lambda(lambda x: ops.clip(x, ${minVal}, ${maxVal}))`,
  kerasActivation: ({ minVal, maxVal }) => (minVal === -1 && maxVal === 1 ? 'hard_tanh' : undefined),
  sample: { minVal: -0.5, maxVal: 0.8 },
});
