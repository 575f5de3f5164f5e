import { formatShape } from '../../ir/shape.ts';
import { axisOf } from '../axis.ts';
import { defineLayer, LayerError } from '../defineLayer.ts';
import { kerasAxis } from '../python.ts';

const parameters = {
  dim: {
    kind: 'integer',
    default: 1,
    help: 'Axis that is cut; 1 is the first after the batch (channels of an image).',
  },
  start: { kind: 'integer', default: 0, min: 0, help: 'Index of the first element that is kept.' },
  length: { kind: 'integer', default: 1, min: 1, help: 'How many elements are kept.' },
} as const;

declare module '../defineLayer.ts' {
  interface LayerCatalog {
    Slice: typeof parameters;
  }
}

/** https://docs.pytorch.org/docs/stable/generated/torch.narrow.html */
export default defineLayer({
  type: 'Slice',
  title: 'Slice',
  category: 'Core',
  icon: 'scan',
  help: {
    summary: 'Keeps a stretch of one axis: some channels, some steps, a part of the features.',
    shapes: '[N, …, A, …] → [N, …, length, …]',
    reference: 'https://docs.pytorch.org/docs/stable/generated/torch.narrow.html',
  },
  role: 'layer',
  inputs: [{ name: 'input' }],
  outputs: [{ name: 'output' }],
  parameters,
  version: 1,
  migrations: [],
  infer([input], { dim, start, length }) {
    const axis = axisOf('Slice', dim, input!) - 1;
    if (start + length > input![axis]!) {
      throw new LayerError(
        `Slice takes ${start} to ${start + length - 1} of axis ${dim} and receives samples of ${formatShape(input!)}.`,
        {
          parameter: 'length',
          fixes:
            start < input![axis]! ? [{ kind: 'setParameter', parameter: 'length', value: input![axis]! - start }] : [],
        },
      );
    }
    return { outputs: [input!.map((extent, i) => (i === axis ? length : extent))], weights: [], multiplyAdds: 0 };
  },
  lower({ emit, inputs, parameters: { dim, start, length } }) {
    const { shape } = inputs[0]!.type;
    const axis = axisOf('Slice', dim, shape.slice(1));
    return [
      emit.op('slice', [inputs[0]!], {
        starts: shape.map((_, i) => (i === axis ? start : 0)),
        sizes: shape.map((extent, i) => (i === axis ? length : extent)),
      }),
    ];
  },
  emit: {
    pytorch: ({ parameters: { dim, start, length } }) => ({
      apply: (_layer, [x]) => `${x}.narrow(${dim}, ${start}, ${length})`,
    }),
    keras: ({ parameters: { dim, start, length }, inputs }) => {
      const rank = inputs[0]!.length;
      const axis = kerasAxis(axisOf('Slice', dim, inputs[0]!), rank);
      const places = Array.from({ length: rank + 1 }, (_, i) => (i === axis ? `${start}:${start + length}` : ':'));
      return { apply: (_layer, [x]) => `${x}[${places.join(', ')}]` };
    },
  },
  samples: [
    { inputs: [[6]], parameters: { start: 2, length: 3 } },
    { inputs: [[4, 3, 5]], parameters: { dim: -1, start: 1, length: 2 } },
  ],
});
