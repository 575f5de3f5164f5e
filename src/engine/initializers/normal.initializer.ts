import { defineInitializer } from './defineInitializer.ts';

/** https://docs.pytorch.org/docs/stable/nn.init.html#torch.nn.init.normal_ */
export default defineInitializer({
  type: 'Normal',
  title: 'Normal',
  help: {
    summary: 'A normal distribution around 0, of a spread of one’s own.',
    reference: 'https://docs.pytorch.org/docs/stable/nn.init.html#torch.nn.init.normal_',
  },
  parameters: { std: { kind: 'number', default: 0.02, min: 0, step: 0.01, help: 'Standard deviation.' } },
  distribution: (_shape, { std }) => ({ kind: 'normal', deviation: std }),
  emit: {
    pytorch: (weight, { std }) => `nn.init.normal_(${weight}, std=${std})`,
    keras: ({ std }) => `keras.initializers.RandomNormal(stddev=${std})`,
  },
});
