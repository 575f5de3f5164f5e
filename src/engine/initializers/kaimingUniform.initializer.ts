import { kerasCannot } from '../layers/python.ts';
import { defineInitializer, fans } from './defineInitializer.ts';
import { gainOf, modeParameter, nonlinearityParameter } from './gain.ts';

/** He et al. 2015; https://docs.pytorch.org/docs/stable/nn.init.html#torch.nn.init.kaiming_uniform_ */
export default defineInitializer({
  type: 'KaimingUniform',
  title: 'Kaiming uniform',
  help: {
    summary:
      'Keeps the size of signals through layers with ReLU: a uniform distribution that fits the number of inputs.',
    reference: 'https://docs.pytorch.org/docs/stable/nn.init.html#torch.nn.init.kaiming_uniform_',
  },
  parameters: { mode: modeParameter, nonlinearity: nonlinearityParameter },
  distribution(shape, { mode, nonlinearity }) {
    const fan = mode === 'fan_in' ? fans(shape).in : fans(shape).out;
    return { kind: 'uniform', bound: Math.sqrt(3 / fan) * gainOf(nonlinearity) };
  },
  emit: {
    pytorch(weight, { mode, nonlinearity }) {
      const more = mode === 'fan_in' ? '' : ', mode="fan_out"';
      return `nn.init.kaiming_uniform_(${weight}${more}, nonlinearity="${nonlinearity}")`;
    },
    keras({ mode, nonlinearity }) {
      if (mode !== 'fan_in' || nonlinearity !== 'relu') {
        kerasCannot('KaimingUniform', 'fan_out or another activation than ReLU: it has HeUniform');
      }
      return 'he_uniform';
    },
  },
});
