import { defineInitializer } from './defineInitializer.ts';

/** https://docs.pytorch.org/docs/stable/nn.init.html#torch.nn.init.constant_ */
export default defineInitializer({
  type: 'Constant',
  title: 'Constant',
  help: {
    summary: 'One number everywhere: 0 for the last layer of a residual branch, so that it starts as nothing.',
    reference: 'https://docs.pytorch.org/docs/stable/nn.init.html#torch.nn.init.constant_',
  },
  parameters: { value: { kind: 'number', default: 0, step: 0.1, help: 'The first value of each weight.' } },
  distribution: (_shape, { value }) => ({ kind: 'constant', value }),
  emit: {
    pytorch: (weight, { value }) => `nn.init.constant_(${weight}, ${value})`,
    keras: ({ value }) => `keras.initializers.Constant(${value})`,
  },
});
