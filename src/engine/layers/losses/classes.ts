import type { Emitter } from '../../ir/emitter.ts';
import { formatShape, sameShape, sizeOf } from '../../ir/shape.ts';
import type { Shape, Value } from '../../ir/types.ts';
import { access, term } from '../../kernels/access.ts';
import { binary, constant, type Expression, index, load, multiply, select } from '../../kernels/expression.ts';
import { type DataShapes, type EmitContext, type Inference, LayerError } from '../defineLayer.ts';
import type { ParameterSchema } from '../parameters.ts';

/** Parameters of losses on class labels, with PyTorch's defaults. */
export const classWeightParameter = {
  kind: 'numbers',
  default: [],
  min: 0,
  help: 'How much each class counts, one number a class, for rare classes; empty: all the same.',
} as const;

export const ignoreIndexParameter = {
  kind: 'integer',
  default: -100,
  help: 'Samples with this label are left out of the loss.',
} as const;

/** Checks that there is one score a class (at each step that has a label), and one weight a class if there are any. */
export function inferClasses(
  type: string,
  input: Shape,
  weight: readonly number[],
  { classes, label = [], targets }: DataShapes,
): Inference {
  if (targets !== undefined) {
    throw new LayerError(`${type} chooses among classes, and the label of this data set is a number: use MSELoss.`);
  }
  if (classes === 0) {
    throw new LayerError(`${type} needs labels, and this data set has none: choose another loss or data set.`);
  }
  if (input.length !== label.length + 1 || !sameShape(input.slice(0, -1), label)) {
    if (label.length > 0) {
      throw new LayerError(
        `${type} expects scores for each of ${formatShape(label)} steps, ${formatShape([...label, classes])}, and receives samples of ${formatShape(input)}.`,
      );
    }
    throw new LayerError(`${type} expects one score a class and receives samples of ${formatShape(input)}.`, {
      fixes: [{ kind: 'insertBefore', layer: 'Flatten' }],
    });
  }
  const scores = input.at(-1)!;
  if (scores !== classes) {
    const fixes = [
      { kind: 'setWidth', features: classes },
      { kind: 'insertBefore', layer: 'Linear', parameters: { outFeatures: classes } },
    ] as const;
    if (scores < classes) {
      throw new LayerError(
        `${type} receives ${scores} scores, and the labels of this data set name ${classes} classes: labels from ${scores} on are outside of them.`,
        { id: 'labels-outside-classes', fixes },
      );
    }
    throw new LayerError(`${type} expects ${classes} scores, one a class, and receives ${scores}.`, { fixes });
  }
  if (weight.length > 0 && weight.length !== classes) {
    throw new LayerError(`${type} expects a weight for each of ${classes} classes and has ${weight.length}.`, {
      parameter: 'weight',
      fixes: [{ kind: 'setParameter', parameter: 'weight', value: [] }],
    });
  }
  return { outputs: [[]], weights: [], multiplyAdds: 0 };
}

/** Scores `[N, C]` and labels `[N]`; of sequences `[N, T, C]` and `[N, T]`, each step counts as a sample. */
export function eachLabel(emit: Emitter, scores: Value, labels: Value): readonly [scores: Value, labels: Value] {
  if (labels.type.shape.length === 1) return [scores, labels];
  const count = sizeOf(labels.type.shape);
  const classes = scores.type.shape.at(-1)!;
  return [emit.op('reshape', [scores], { shape: [count, classes] }), emit.op('reshape', [labels], { shape: [count] })];
}

/** Scores and labels in PyTorch, which wants the classes on axis 1: steps become samples. */
export function pytorchLabels(
  { data: { label = [] } }: Pick<EmitContext<ParameterSchema>, 'data'>,
  output: string,
  target: string,
): string {
  return label.length === 0 ? `${output}, ${target}` : `${output}.flatten(0, ${label.length}), ${target}.flatten()`;
}

/** A constant `[N, classes]` made from the labels: `value` of the label and of the class, both as expressions. */
export function fromLabels(
  emit: Emitter,
  labels: Value,
  classes: number,
  value: (label: Expression, own: Expression) => Expression,
): Value {
  const batch = labels.type.shape[0] as number;
  const dims = [batch, classes];
  return emit.op('compute', [labels], {
    spec: {
      kind: 'map',
      dims,
      loads: [access(0, [batch], dims, [{ terms: [term(0)] }])],
      outputs: [value(load(0), index(1))],
    },
  });
}

/** Element `at` of a list, as a tree of choices; 1 for an empty list. */
export function element(list: readonly number[], at: Expression): Expression {
  if (list.length === 0) return constant(1);
  const pick = (from: number, to: number): Expression => {
    if (to - from === 1) return constant(list[from] as number);
    const middle = (from + to) >> 1;
    return select(binary('less', at, constant(middle)), pick(from, middle), pick(middle, to));
  };
  return pick(0, list.length);
}

/**
 * Minus the weighted mean of log-probabilities `[N, C]`: `−Σ w[y]·((1 − s)·logp[y]) + s/C·Σ w[c]·logp[c]`, over the sum
 * of `w[y]`, samples whose label is `ignoreIndex` left out, as torch.nn.functional.cross_entropy has it.
 */
export function weightedLikelihood(
  emit: Emitter,
  logProbabilities: Value,
  labels: Value,
  { weight, ignoreIndex, labelSmoothing }: { weight: readonly number[]; ignoreIndex: number; labelSmoothing: number },
): Value {
  const classes = logProbabilities.type.shape[1] as number;
  const kept = (label: Expression): Expression => binary('notEqual', label, constant(ignoreIndex));
  const share = (label: Expression, own: Expression): Expression =>
    select(
      binary('equal', label, own),
      constant(1 - labelSmoothing + labelSmoothing / classes),
      constant(labelSmoothing / classes),
    );
  const wanted = fromLabels(emit, labels, classes, (label, own) =>
    multiply(kept(label), multiply(element(weight, own), share(label, own))),
  );
  const counted = fromLabels(emit, labels, classes, (label, own) =>
    multiply(kept(label), multiply(element(weight, own), binary('equal', label, own))),
  );
  const axes = { axes: [0, 1], keepDims: false };
  // What does not count may be −∞.
  const terms = emit.op('select', [wanted, emit.op('multiply', [wanted, logProbabilities]), emit.fill([], 0)]);
  return emit.op('divide', [emit.op('negate', [emit.op('sum', [terms], axes)]), emit.op('sum', [counted], axes)]);
}

/** `weight=` as PyTorch takes it beside the tensor `like`, which says type and device; undefined without weights. */
export function pytorchWeight(weight: readonly number[], like: string): { readonly source: string } {
  return { source: weight.length === 0 ? 'None' : `${like}.new_tensor([${weight.join(', ')}])` };
}
