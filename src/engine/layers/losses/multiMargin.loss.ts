import { binary, constant, multiply, select } from '../../kernels/expression.ts';
import { defineLayer } from '../defineLayer.ts';
import { kerasCannot, pythonCall } from '../python.ts';
import {
  classWeightParameter,
  eachLabel,
  element,
  fromLabels,
  inferClasses,
  pytorchLabels,
  pytorchWeight,
} from './classes.ts';
import { lossWeightParameter } from './comparison.ts';

const parameters = {
  p: { kind: 'choice', default: '1', choices: ['1', '2'], help: 'Power to which a violated margin is raised.' },
  margin: {
    kind: 'number',
    default: 1,
    step: 0.1,
    help: 'By how much the right class is to lie above each of the others.',
  },
  weight: classWeightParameter,
  lossWeight: lossWeightParameter,
} as const;

declare module '../defineLayer.ts' {
  interface LayerCatalog {
    MultiMarginLoss: typeof parameters;
  }
}

/** https://docs.pytorch.org/docs/stable/generated/torch.nn.MultiMarginLoss.html */
export default defineLayer({
  type: 'MultiMarginLoss',
  title: 'MultiMarginLoss',
  category: 'Loss',
  icon: 'between-horizontal-start',
  help: {
    summary: 'The hinge loss for several classes: the right score is to exceed all others by a margin, as in an SVM.',
    shapes: 'scores [N, classes], labels [N] → scalar, mean Σ_{c ≠ label} max(0, margin − x[label] + x[c])ᵖ / classes',
    reference: 'https://docs.pytorch.org/docs/stable/generated/torch.nn.MultiMarginLoss.html',
  },
  role: 'loss',
  inputs: [{ name: 'input' }],
  outputs: [],
  parameters,
  version: 1,
  migrations: [],
  infer: ([input], { weight }, data) => inferClasses('MultiMarginLoss', input!, weight, data),
  lower({ emit, inputs, target, parameters: { p, margin, weight } }) {
    const [scores, labels] = eachLabel(emit, inputs[0]!, target!);
    const classes = scores.type.shape[1]!;
    const right = fromLabels(emit, labels, classes, (label, own) => binary('equal', label, own));
    const factor = fromLabels(emit, labels, classes, (label, own) =>
      select(binary('equal', label, own), constant(0), multiply(constant(1 / classes), element(weight, label))),
    );
    const own = emit.op('sum', [emit.op('multiply', [right, scores])], { axes: [1], keepDims: true });
    const lead = emit.op('subtract', [emit.fill([], margin), own]);
    const violation = emit.op('relu', [emit.op('add', [lead, scores])]);
    const raised = p === '2' ? emit.op('square', [violation]) : violation;
    const perSample = emit.op('sum', [emit.op('multiply', [factor, raised])], { axes: [1], keepDims: false });
    return [emit.op('mean', [perSample], { axes: [0], keepDims: false })];
  },
  prediction: (emit, input) => emit.op('softmax', [input], { axis: input.type.shape.length - 1 }),
  emit: {
    pytorch: ({ parameters: { p, margin, weight }, data }) => {
      const options = { p: [Number(p), 1], margin: [margin, 1] } as const;
      if (weight.length === 0) {
        return {
          make: pythonCall('nn.MultiMarginLoss', [], options),
          apply: (loss, [output, target]) => `${loss}(${pytorchLabels({ data }, output!, target!)})`,
        };
      }
      return {
        apply: (_, [output, target]) =>
          pythonCall('F.multi_margin_loss', [{ source: pytorchLabels({ data }, output!, target!) }], {
            ...options,
            weight: [pytorchWeight(weight, output!), undefined],
          }),
      };
    },
    keras: () => kerasCannot('MultiMarginLoss', 'any parameters: CategoricalHinge compares with one other class only'),
  },
  samples: [
    { inputs: [[10]], parameters: {}, data: { sample: [1, 8, 8], classes: 10 } },
    { inputs: [[4]], parameters: { p: '2', margin: 0.5 }, data: { sample: [2], classes: 4 } },
  ],
});
