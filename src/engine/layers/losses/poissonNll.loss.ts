import { defineLayer } from '../defineLayer.ts';
import { kerasCannot, pythonCall } from '../python.ts';
import {
  comparedTarget,
  inferComparison,
  kerasComparison,
  lossWeightParameter,
  pytorchComparison,
  targetParameter,
} from './comparison.ts';
import { meanOf } from './meanOf.ts';

const parameters = {
  target: targetParameter,
  logInput: {
    kind: 'boolean',
    default: true,
    help: 'Whether the input is the logarithm of the rate; else it is the rate itself.',
  },
  full: { kind: 'boolean', default: false, help: 'Adds Stirling’s approximation of log(target!).' },
  eps: { kind: 'number', default: 1e-8, min: 0, step: 1e-8, help: 'Added to a rate before its logarithm is taken.' },
  lossWeight: lossWeightParameter,
} as const;

declare module '../defineLayer.ts' {
  interface LayerCatalog {
    PoissonNLLLoss: typeof parameters;
  }
}

/** https://docs.pytorch.org/docs/stable/generated/torch.nn.PoissonNLLLoss.html */
export default defineLayer({
  type: 'PoissonNLLLoss',
  title: 'PoissonNLLLoss',
  category: 'Loss',
  icon: 'chart-no-axes-column-decreasing',
  help: {
    summary: 'For counts: minus the log-likelihood of the target under a Poisson distribution of the predicted rate.',
    shapes: 'log-rates and counts [N, …] → scalar, mean exp(x) − target · x',
    reference: 'https://docs.pytorch.org/docs/stable/generated/torch.nn.PoissonNLLLoss.html',
  },
  role: 'loss',
  inputs: [{ name: 'input' }],
  outputs: [],
  parameters,
  version: 1,
  migrations: [],
  infer: ([input], { target }, data) => inferComparison('PoissonNLLLoss', input!, target, data),
  lower({ emit, inputs, parameters, target }) {
    const x = inputs[0]!;
    const count = comparedTarget(emit, x, target!, parameters.target);
    const rate = parameters.logInput ? emit.op('exp', [x]) : x;
    const logRate = parameters.logInput ? x : emit.op('log', [emit.op('add', [x, emit.fill([], parameters.eps)])]);
    const each = emit.op('subtract', [rate, emit.op('multiply', [count, logRate])]);
    if (!parameters.full) return [meanOf(emit, each)];
    const scaled = emit.op('multiply', [count, emit.fill([], 2 * Math.PI)]);
    const half = emit.op('multiply', [emit.op('log', [scaled]), emit.fill([], 0.5)]);
    const powers = emit.op('subtract', [emit.op('multiply', [count, emit.op('log', [count])]), count]);
    const one = emit.fill([], 1);
    const stirling = emit.op('select', [
      emit.op('greater', [count, one]),
      emit.op('add', [powers, half]),
      emit.fill([], 0),
    ]);
    return [meanOf(emit, emit.op('add', [each, stirling]))];
  },
  prediction: (emit, input, { logInput }) => (logInput ? emit.op('exp', [input]) : input),
  emit: {
    pytorch: (context) => ({
      make: pythonCall('nn.PoissonNLLLoss', [], {
        log_input: [context.parameters.logInput, true],
        full: [context.parameters.full, false],
        eps: [context.parameters.eps, 1e-8],
      }),
      ...pytorchComparison(context),
    }),
    keras: (context) => {
      const { logInput, full, eps } = context.parameters;
      if (full) kerasCannot('PoissonNLLLoss', 'full');
      return {
        make: `lambda y, x: ops.mean(${logInput ? 'ops.exp(x) - y * x' : `x - y * ops.log(x + ${eps})`})`,
        ...kerasComparison(context),
        apply: (loss, [x, y]) => `(${loss})(${y}, ${x})`,
      };
    },
  },
  samples: [
    { inputs: [[3]], parameters: {}, data: { sample: [2], classes: 3 } },
    { inputs: [[16]], parameters: { target: 'input', full: true }, data: { sample: [1, 4, 4], classes: 10 } },
  ],
});
