import { defineInitializer } from './defineInitializer.ts';
import { gainParameter } from './gain.ts';

/** Saxe et al. 2013; https://docs.pytorch.org/docs/stable/nn.init.html#torch.nn.init.orthogonal_ */
export default defineInitializer({
  type: 'Orthogonal',
  title: 'Orthogonal',
  help: {
    summary: 'Rows (or columns, whichever are fewer) at right angles and of one length: for deep and recurrent nets.',
    reference: 'https://docs.pytorch.org/docs/stable/nn.init.html#torch.nn.init.orthogonal_',
  },
  parameters: { gain: gainParameter },
  distribution([rows = 1, ...rest], { gain }) {
    return { kind: 'orthogonal', gain, rows, columns: rest.reduce((product, extent) => product * extent, 1) };
  },
  emit: {
    pytorch: (weight, { gain }) => `nn.init.orthogonal_(${weight}${gain === 1 ? '' : `, gain=${gain}`})`,
    keras: ({ gain }) => `keras.initializers.Orthogonal(${gain === 1 ? '' : `gain=${gain}`})`,
  },
});
