import { formatShape } from '../../ir/shape.ts';
import { axisOf } from '../axis.ts';
import { defineLayer, LayerError } from '../defineLayer.ts';
import { kerasCannot } from '../python.ts';

const parameters = {
  dim: { kind: 'integer', default: 1, help: 'Axis from which one index is taken; 1 is the first after the batch.' },
  index: { kind: 'integer', default: 0, help: 'Which one: 0 is the first, -1 the last.' },
} as const;

declare module '../defineLayer.ts' {
  interface LayerCatalog {
    Select: typeof parameters;
  }
}

/** https://docs.pytorch.org/docs/stable/generated/torch.select.html */
export default defineLayer({
  type: 'Select',
  title: 'Select',
  category: 'Core',
  icon: 'target',
  help: {
    summary:
      'Takes one index of an axis, which is gone afterwards: the last step of a sequence, one channel of an image.',
    shapes: '[N, …, A, …] → [N, …, …]',
    reference: 'https://docs.pytorch.org/docs/stable/generated/torch.select.html',
  },
  role: 'layer',
  inputs: [{ name: 'input' }],
  outputs: [{ name: 'output' }],
  parameters,
  version: 1,
  migrations: [],
  infer([input], { dim, index }) {
    const axis = axisOf('Select', dim, input!) - 1;
    if (index >= input![axis]! || index < -input![axis]!) {
      throw new LayerError(
        `Select takes index ${index} of axis ${dim} and receives samples of ${formatShape(input!)}.`,
        {
          parameter: 'index',
          fixes: [{ kind: 'setParameter', parameter: 'index', value: -1 }],
        },
      );
    }
    return { outputs: [input!.filter((_, i) => i !== axis)], weights: [], multiplyAdds: 0 };
  },
  lower({ emit, inputs, parameters: { dim, index } }) {
    const { shape } = inputs[0]!.type;
    const axis = axisOf('Select', dim, shape.slice(1));
    const at = index < 0 ? shape[axis]! + index : index;
    const one = emit.op('slice', [inputs[0]!], {
      starts: shape.map((_, i) => (i === axis ? at : 0)),
      sizes: shape.map((extent, i) => (i === axis ? 1 : extent)),
    });
    return [emit.op('reshape', [one], { shape: shape.filter((_, i) => i !== axis) })];
  },
  emit: {
    pytorch: ({ parameters: { dim, index } }) => ({ apply: (_layer, [x]) => `${x}.select(${dim}, ${index})` }),
    keras: ({ parameters: { dim, index }, inputs }) => {
      const rank = inputs[0]!.length;
      if (rank >= 3) kerasCannot('Select', 'images');
      const axis = axisOf('Select', dim, inputs[0]!);
      const places = Array.from({ length: rank + 1 }, (_, i) => (i === axis ? `${index}` : ':'));
      return { apply: (_layer, [x]) => `${x}[${places.join(', ')}]` };
    },
  },
  samples: [
    { inputs: [[4, 3]], parameters: { index: -1 } },
    { inputs: [[4, 3, 5]], parameters: { dim: 2, index: 1 } },
  ],
});
