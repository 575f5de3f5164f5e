import { kerasCannot } from '../layers/python.ts';
import { defineInitializer, fans } from './defineInitializer.ts';
import { gainOf, modeParameter, nonlinearityParameter } from './gain.ts';

/** He et al. 2015; https://docs.pytorch.org/docs/stable/nn.init.html#torch.nn.init.kaiming_normal_ */
export default defineInitializer({
  type: 'KaimingNormal',
  title: 'Kaiming normal',
  help: {
    summary:
      'Keeps the size of signals through layers with ReLU: a normal distribution that fits the number of inputs.',
    reference: 'https://docs.pytorch.org/docs/stable/nn.init.html#torch.nn.init.kaiming_normal_',
  },
  parameters: { mode: modeParameter, nonlinearity: nonlinearityParameter },
  distribution(shape, { mode, nonlinearity }) {
    const fan = mode === 'fan_in' ? fans(shape).in : fans(shape).out;
    return { kind: 'normal', deviation: gainOf(nonlinearity) / Math.sqrt(fan) };
  },
  emit: {
    pytorch(weight, { mode, nonlinearity }) {
      const more = mode === 'fan_in' ? '' : ', mode="fan_out"';
      return `nn.init.kaiming_normal_(${weight}${more}, nonlinearity="${nonlinearity}")`;
    },
    keras({ mode, nonlinearity }) {
      if (mode !== 'fan_in' || nonlinearity !== 'relu') {
        kerasCannot('KaimingNormal', 'fan_out or another activation than ReLU: it has HeNormal');
      }
      return 'he_normal';
    },
  },
});
