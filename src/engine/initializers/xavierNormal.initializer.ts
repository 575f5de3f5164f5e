import { kerasCannot } from '../layers/python.ts';
import { defineInitializer, fans } from './defineInitializer.ts';
import { gainParameter } from './gain.ts';

/** Glorot and Bengio 2010; https://docs.pytorch.org/docs/stable/nn.init.html#torch.nn.init.xavier_normal_ */
export default defineInitializer({
  type: 'XavierNormal',
  title: 'Xavier normal',
  help: {
    summary: 'Keeps the size of signals and of gradients, as far as both is possible: for tanh, sigmoid and attention.',
    reference: 'https://docs.pytorch.org/docs/stable/nn.init.html#torch.nn.init.xavier_normal_',
  },
  parameters: { gain: gainParameter },
  distribution(shape, { gain }) {
    const { in: into, out } = fans(shape);
    return { kind: 'normal', deviation: gain * Math.sqrt(2 / (into + out)) };
  },
  emit: {
    pytorch: (weight, { gain }) => `nn.init.xavier_normal_(${weight}${gain === 1 ? '' : `, gain=${gain}`})`,
    keras({ gain }) {
      if (gain !== 1) kerasCannot('XavierNormal', 'a gain');
      return 'glorot_normal';
    },
  },
});
