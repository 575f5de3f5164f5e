import type { Emitter } from '../../ir/emitter.ts';
import { formatShape, sameShape, sizeOf } from '../../ir/shape.ts';
import type { Shape, Value } from '../../ir/types.ts';
import { access, term } from '../../kernels/access.ts';
import { binary, index, load } from '../../kernels/expression.ts';
import { type DataShapes, type EmitContext, type Inference, LayerError, type PythonLayer } from '../defineLayer.ts';
import { kerasShape } from '../python.ts';

/** Losses that compare numbers with numbers: with the input itself, or with the label as numbers. */
export const targetParameter = {
  kind: 'choice',
  default: 'label',
  choices: ['label', 'input'],
  help: 'What the output is to be: the label, which is a number or one number a class (1 for the right one), or the input itself (autoencoders).',
} as const;

/** Each loss has it: several losses in one document are summed with these factors. */
export const lossWeightParameter = {
  kind: 'number',
  default: 1,
  step: 0.1,
  help: 'Factor of this loss in the sum of all losses of the model.',
} as const;

type Target = 'label' | 'input';

/**
 * Checks that the output can be compared with the target.
 * @param kind what it compares: numbers, or probabilities, of which one alone may stand for the second of two classes;
 *   `shares` are probabilities that add up to 1
 */
export function inferComparison(
  type: string,
  input: Shape,
  target: Target,
  { sample, classes, label = [], vocabulary, targets }: DataShapes,
  kind: 'numbers' | 'probabilities' | 'shares' = 'numbers',
): Inference {
  if (vocabulary !== undefined) {
    const ids = target === 'input' ? 'samples of this data set' : 'labels of this data set';
    throw new LayerError(`${type} compares numbers, and the ${ids} are ids: use CrossEntropyLoss.`);
  }
  if (label.length > 0) throw new LayerError(`${type} takes one label a sample: use CrossEntropyLoss for steps.`);
  if (target === 'input') {
    if (sizeOf(input) !== sizeOf(sample)) {
      throw new LayerError(
        `${type} compares with the input, samples of ${formatShape(sample)} (${sizeOf(sample)} numbers), and receives ${formatShape(input)} (${sizeOf(input)}).`,
        { parameter: 'target', fixes: widthFixes(input, sizeOf(sample)) },
      );
    }
  } else if (targets !== undefined) {
    if (kind !== 'numbers') {
      throw new LayerError(`${type} compares probabilities, and the label of this data set is a number: use MSELoss.`);
    }
    if (!sameShape(input, [targets])) {
      throw new LayerError(
        `${type} compares with ${targets} number a sample and receives samples of ${formatShape(input)}.`,
        {
          parameter: 'target',
          fixes: input.length > 1 ? [{ kind: 'insertBefore', layer: 'Flatten' }] : widthFixes(input, targets),
        },
      );
    }
  } else {
    if (classes === 0) {
      throw new LayerError(`This data set has no labels: ${type} can compare with the input only.`, {
        parameter: 'target',
        fixes: [{ kind: 'setParameter', parameter: 'target', value: 'input' }],
      });
    }
    const fits = sameShape(input, [classes]) || (kind === 'probabilities' && classes === 2 && sameShape(input, [1]));
    if (!fits) {
      throw new LayerError(
        `${type} compares with ${classes} numbers, one a class, and receives samples of ${formatShape(input)}.`,
        {
          parameter: 'target',
          fixes: [
            ...(sizeOf(input) === sizeOf(sample)
              ? [{ kind: 'setParameter', parameter: 'target', value: 'input' } as const]
              : []),
            ...(input.length > 1 ? [{ kind: 'insertBefore', layer: 'Flatten' } as const] : widthFixes(input, classes)),
          ],
        },
      );
    }
  }
  return { outputs: [[]], weights: [], multiplyAdds: 0 };
}

function widthFixes(input: Shape, features: number) {
  return input.length === 1
    ? ([
        { kind: 'setWidth', features },
        { kind: 'insertBefore', layer: 'Linear', parameters: { outFeatures: features } },
      ] as const)
    : [];
}

/** The target in the shape of the output: samples and numbers reshaped; classes one-hot, or as 0 and 1 for one output. */
export function comparedTarget(emit: Emitter, output: Value, given: Value, target: Target): Value {
  const { shape } = output.type;
  if (target === 'input' || given.type.dtype === 'f32') {
    return sameShape(shape, given.type.shape) ? given : emit.op('reshape', [given], { shape });
  }
  const [batch, width] = shape as [number, number];
  if (width === 1) return emit.op('reshape', [emit.op('castF32', [given])], { shape: [batch, 1] });
  const dims = [batch, width];
  return emit.op('compute', [given], {
    spec: {
      kind: 'map',
      dims,
      loads: [access(0, [batch], dims, [{ terms: [term(0)] }])],
      outputs: [binary('equal', load(0), index(1))],
    },
  });
}

/** Probabilities of both classes where one output stands for that of the second. */
export function twoClasses(emit: Emitter, probability: Value): Value {
  const { shape } = probability.type;
  if (shape.length !== 2 || shape[1] !== 1) return probability;
  const other = emit.op('subtract', [emit.fill([], 1), probability]);
  return emit.op('concat', [other, probability], { axis: 1 });
}

type ComparisonContext = Pick<
  EmitContext<{ readonly target: typeof targetParameter }>,
  'parameters' | 'inputs' | 'data'
>;

/** How PyTorch applies the loss to its input and the labels or samples. */
export function pytorchComparison({ parameters, inputs, data }: ComparisonContext): Omit<PythonLayer, 'make'> {
  const output = inputs[0]!;
  const target = (given: string): string => {
    if (data.targets !== undefined && parameters.target === 'label') return `${given}.unsqueeze(1)`;
    if (parameters.target === 'label') {
      return output[0] === 1 ? `${given}.float().unsqueeze(1)` : `F.one_hot(${given}, ${data.classes}).float()`;
    }
    if (sameShape(output, data.sample)) return given;
    return output.length === 1 ? `${given}.flatten(1)` : `${given}.reshape(-1, ${output.join(', ')})`;
  };
  return { apply: (loss, [x, given]) => `${loss}(${x}, ${target(given!)})` };
}

/** How Keras applies the loss, and its target from an array of labels or of samples. */
export function kerasComparison({ parameters, inputs, data }: ComparisonContext): Omit<PythonLayer, 'make'> {
  const output = inputs[0]!;
  const apply = (loss: string, [x, target]: readonly string[]): string => `${loss}(${target}, ${x})`;
  if (parameters.target === 'label') {
    return output[0] === 1
      ? { apply, target: (labels) => `${labels}.astype("float32").reshape(-1, 1)` }
      : { apply, target: (labels) => `keras.utils.to_categorical(${labels}, ${data.classes})` };
  }
  if (sameShape(output, data.sample)) return { apply };
  // Keras flattens channels-last on both sides, so the numbers come in the same order.
  return { apply, target: (samples) => `${samples}.reshape(-1, ${kerasShape(output).join(', ')})` };
}
