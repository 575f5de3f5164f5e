import { formatShape, sizeOf } from '../../ir/shape.ts';
import type { Shape } from '../../ir/types.ts';
import { defineLayer, LayerError } from '../defineLayer.ts';
import { kerasShape, pythonCall, pythonValue } from '../python.ts';

const parameters = {
  shape: {
    kind: 'shape',
    default: [28, 28],
    min: -1,
    help: 'New shape of one sample, without the batch; one entry may be -1 and is found from the others.',
  },
} as const;

declare module '../defineLayer.ts' {
  interface LayerCatalog {
    Reshape: typeof parameters;
  }
}

/** The same numbers in another shape: https://docs.pytorch.org/docs/stable/generated/torch.nn.Unflatten.html */
export default defineLayer({
  type: 'Reshape',
  title: 'Reshape',
  category: 'Core',
  icon: 'grid-2x2',
  help: {
    summary: 'Gives each sample another shape with the same numbers in the same order.',
    shapes: '[N, …] → [N, …shape]',
    reference: 'https://docs.pytorch.org/docs/stable/generated/torch.nn.Unflatten.html',
  },
  role: 'layer',
  inputs: [{ name: 'input' }],
  outputs: [{ name: 'output' }],
  parameters,
  version: 1,
  migrations: [],
  infer: ([input], { shape }) => ({ outputs: [resolve(input!, shape)], weights: [], multiplyAdds: 0 }),
  lower({ emit, inputs, parameters }) {
    const [batch, ...sample] = inputs[0]!.type.shape;
    return [emit.op('reshape', [inputs[0]!], { shape: [batch!, ...resolve(sample, parameters.shape)] })];
  },
  emit: {
    pytorch: ({ inputs, outputs }) => {
      const target = outputs[0]!;
      if (inputs[0]!.length === 1 && target.length > 1)
        return {
          make: pythonCall('nn.Unflatten', [1, target]),
          apply: (layer, [x]) => `${layer}(${x})`,
        };
      return { apply: (_layer, [x]) => `${x}.reshape(-1, ${target.join(', ')})` };
    },
    keras: ({ inputs, outputs }) => {
      const from = inputs[0]!;
      const to = outputs[0]!;
      // With several channels the numbers lie in another order in Keras: go through channels-first.
      const before = from.length === 3 && from[0]! > 1;
      const after = to.length === 3 && to[0]! > 1;
      return {
        make: `layers.Reshape(${pythonValue(after ? to : kerasShape(to))})`,
        apply: (layer, [x]) => {
          const reshaped = `${layer}(${before ? `layers.Permute((3, 1, 2))(${x})` : x})`;
          return after ? `layers.Permute((2, 3, 1))(${reshaped})` : reshaped;
        },
      };
    },
  },
  samples: [
    { inputs: [[1, 4, 6]], parameters: { shape: [4, 6] } },
    { inputs: [[24]], parameters: { shape: [2, 3, -1] } },
    { inputs: [[2, 3, 4]], parameters: { shape: [4, 3, 2] } },
  ],
});

/** @throws LayerError if the numbers of a sample do not fill the shape. */
function resolve(input: Shape, shape: Shape): Shape {
  const size = sizeOf(input);
  const open = shape.filter((extent) => extent === -1).length;
  const known = sizeOf(shape.filter((extent) => extent !== -1));
  const wrong = `can't hold the ${size} numbers of a sample of ${formatShape(input)}.`;
  if (open > 1 || shape.includes(0) || shape.length === 0) {
    throw new LayerError(`The shape [${shape.join(', ')}] ${wrong} At most one entry may be -1, none may be 0.`, {
      parameter: 'shape',
      fixes: [{ kind: 'setParameter', parameter: 'shape', value: [size] }],
    });
  }
  if (open === 0 ? known !== size : size % known !== 0) {
    throw new LayerError(`The shape [${shape.join(', ')}] ${wrong}`, {
      parameter: 'shape',
      fixes: [
        { kind: 'setParameter', parameter: 'shape', value: suggestion(shape, size) },
        { kind: 'setParameter', parameter: 'shape', value: [size] },
      ],
    });
  }
  return shape.map((extent) => (extent === -1 ? size / known : extent));
}

/** The shape with its first entry changed so that the sample fits, or a list of all numbers. */
function suggestion(shape: Shape, size: number): number[] {
  const rest = shape.slice(1);
  const known = sizeOf(rest);
  return rest.every((extent) => extent > 0) && size % known === 0 ? [size / known, ...rest] : [size];
}
