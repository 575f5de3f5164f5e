import { kerasCannot } from '../layers/python.ts';
import { defineInitializer, fans } from './defineInitializer.ts';
import { gainParameter } from './gain.ts';

/** Glorot and Bengio 2010; https://docs.pytorch.org/docs/stable/nn.init.html#torch.nn.init.xavier_uniform_ */
export default defineInitializer({
  type: 'XavierUniform',
  title: 'Xavier uniform',
  help: {
    summary: 'Keeps the size of signals and of gradients, as far as both is possible: for tanh, sigmoid and attention.',
    reference: 'https://docs.pytorch.org/docs/stable/nn.init.html#torch.nn.init.xavier_uniform_',
  },
  parameters: { gain: gainParameter },
  distribution(shape, { gain }) {
    const { in: into, out } = fans(shape);
    return { kind: 'uniform', bound: gain * Math.sqrt(6 / (into + out)) };
  },
  emit: {
    pytorch: (weight, { gain }) => `nn.init.xavier_uniform_(${weight}${gain === 1 ? '' : `, gain=${gain}`})`,
    keras({ gain }) {
      if (gain !== 1) kerasCannot('XavierUniform', 'a gain');
      return 'glorot_uniform';
    },
  },
});
