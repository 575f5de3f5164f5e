import { defineLayer, LayerError } from '../defineLayer.ts';
import { kerasCannot } from '../python.ts';
import {
  comparedTarget,
  inferComparison,
  kerasComparison,
  lossWeightParameter,
  pytorchComparison,
  targetParameter,
  twoClasses,
} from './comparison.ts';
import { meanOf } from './meanOf.ts';

const parameters = {
  target: targetParameter,
  posWeight: {
    kind: 'numbers',
    default: [],
    min: 0,
    help: 'How much a yes counts against a no: one number, or one for each of the last axis; empty: the same.',
  },
  lossWeight: lossWeightParameter,
} as const;

declare module '../defineLayer.ts' {
  interface LayerCatalog {
    BCEWithLogitsLoss: typeof parameters;
  }
}

/** https://docs.pytorch.org/docs/stable/generated/torch.nn.BCEWithLogitsLoss.html */
export default defineLayer({
  type: 'BCEWithLogitsLoss',
  title: 'BCEWithLogitsLoss',
  category: 'Loss',
  icon: 'toggle-right',
  help: {
    summary: 'Sigmoid and BCELoss in one, which is exact for large scores: for yes-or-no labels and for pixels.',
    shapes: 'output and target [N, …] → scalar, mean log(1 + exp(x)) − target · x',
    reference: 'https://docs.pytorch.org/docs/stable/generated/torch.nn.BCEWithLogitsLoss.html',
  },
  role: 'loss',
  inputs: [{ name: 'input' }],
  outputs: [],
  parameters,
  version: 1,
  migrations: [],
  unsuitable: {
    Sigmoid:
      'BCEWithLogitsLoss applies the sigmoid itself. With another one before it, gradients shrink and training slows down.',
  },
  infer([input], { target, posWeight }, data) {
    const width = input!.at(-1) ?? 1;
    if (posWeight.length > 1 && posWeight.length !== width) {
      throw new LayerError(
        `BCEWithLogitsLoss expects 1 or ${width} numbers as posWeight and has ${posWeight.length}.`,
        {
          parameter: 'posWeight',
          fixes: [{ kind: 'setParameter', parameter: 'posWeight', value: [] }],
        },
      );
    }
    return inferComparison('BCEWithLogitsLoss', input!, target, data, 'probabilities');
  },
  lower({ emit, inputs, parameters, target }) {
    const x = inputs[0]!;
    const wanted = comparedTarget(emit, x, target!, parameters.target);
    const { posWeight } = parameters;
    if (posWeight.length === 0) return [emit.op('binaryCrossEntropyWithLogits', [x, wanted])];
    const parts = posWeight.map((number) => emit.fill([1], number));
    const weight = parts.length === 1 ? parts[0]! : emit.op('concat', parts, { axis: 0 });
    // (1 − t)·x + (1 + (w − 1)·t)·log(1 + e^−x)
    const one = emit.fill([], 1);
    const factor = emit.op('add', [one, emit.op('multiply', [emit.op('subtract', [weight, one]), wanted])]);
    const yes = emit.op('multiply', [factor, emit.op('softplus', [emit.op('negate', [x])])]);
    return [meanOf(emit, emit.op('add', [emit.op('multiply', [emit.op('subtract', [one, wanted]), x]), yes]))];
  },
  prediction: (emit, input) => twoClasses(emit, emit.op('sigmoid', [input])),
  emit: {
    pytorch: (context) => {
      const { posWeight } = context.parameters;
      const comparison = pytorchComparison(context);
      if (posWeight.length === 0) return { make: 'nn.BCEWithLogitsLoss()', ...comparison };
      // The weights must be on the output's device, which a module made beforehand does not know.
      const apply = (_: string, [output, target]: readonly string[]): string => {
        const call = comparison.apply('F.binary_cross_entropy_with_logits', [output!, target!]);
        return `${call.slice(0, -1)}, pos_weight=${output}.new_tensor([${posWeight.join(', ')}]))`;
      };
      return { apply };
    },
    keras: (context) => {
      if (context.parameters.posWeight.length > 0) kerasCannot('BCEWithLogitsLoss', 'posWeight');
      return { make: 'keras.losses.BinaryCrossentropy(from_logits=True)', ...kerasComparison(context) };
    },
  },
  samples: [
    { inputs: [[3]], parameters: {}, data: { sample: [2], classes: 3 } },
    { inputs: [[1]], parameters: {}, data: { sample: [2], classes: 2 } },
    { inputs: [[16]], parameters: { target: 'input' }, data: { sample: [1, 4, 4], classes: 10 } },
    { inputs: [[1, 4, 4]], parameters: { target: 'input' }, data: { sample: [1, 4, 4], classes: 0 } },
  ],
});
