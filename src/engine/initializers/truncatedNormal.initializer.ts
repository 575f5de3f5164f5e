import { defineInitializer } from './defineInitializer.ts';

/** https://docs.pytorch.org/docs/stable/nn.init.html#torch.nn.init.trunc_normal_ */
export default defineInitializer({
  type: 'TruncatedNormal',
  title: 'Truncated normal',
  help: {
    summary: 'A normal distribution cut off at two standard deviations: as transformers are started.',
    reference: 'https://docs.pytorch.org/docs/stable/nn.init.html#torch.nn.init.trunc_normal_',
  },
  parameters: {
    std: { kind: 'number', default: 0.02, min: 0, step: 0.01, help: 'Standard deviation before the cut.' },
  },
  distribution: (_shape, { std }) => ({ kind: 'truncatedNormal', deviation: std }),
  emit: {
    pytorch: (weight, { std }) => `nn.init.trunc_normal_(${weight}, std=${std}, a=${-2 * std}, b=${2 * std})`,
    keras: ({ std }) => `keras.initializers.TruncatedNormal(stddev=${std})`,
  },
});
