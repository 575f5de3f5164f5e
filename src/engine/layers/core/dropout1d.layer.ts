import { defineLayer } from '../defineLayer.ts';

import { applyOne, pythonCall } from '../python.ts';
import { kerasSignal, signalOf } from '../signals.ts';

const parameters = {
  p: {
    kind: 'number',
    default: 0.5,
    min: 0,
    max: 0.99,
    step: 0.05,
    help: 'Probability with which each channel is set to 0 in training.',
  },
} as const;

declare module '../defineLayer.ts' {
  interface LayerCatalog {
    Dropout1d: typeof parameters;
  }
}

/** Tompson et al. 2015; https://docs.pytorch.org/docs/stable/generated/torch.nn.Dropout1d.html */
export default defineLayer({
  type: 'Dropout1d',
  title: 'Dropout1d',
  category: 'Core',
  icon: 'eye-off',
  help: {
    summary:
      'In training sets whole channels of a signal to 0 with probability p and scales the others: neighbours within a channel are too alike to drop them one by one.',
    shapes: '[N, C, L] → [N, C, L]',
    reference: 'https://docs.pytorch.org/docs/stable/generated/torch.nn.Dropout1d.html',
  },
  role: 'layer',
  inputs: [{ name: 'input' }],
  outputs: [{ name: 'output' }],
  parameters,
  version: 1,
  migrations: [],
  infer([input]) {
    signalOf('Dropout1d', input!);
    return { outputs: [input!], weights: [], multiplyAdds: 0 };
  },
  lower({ emit, inputs, parameters, mode, random }) {
    const x = inputs[0]!;
    if (mode === 'evaluate' || parameters.p === 0) return [x];
    const [batch, channels] = x.type.shape as [number, number];
    const { seed, step, stream } = random();
    const kept = emit.op('dropout', [emit.fill([batch, channels, 1], 1), seed, step], { p: parameters.p, stream });
    return [emit.op('multiply', [x, kept])];
  },
  emit: {
    pytorch: ({ parameters }) => ({ make: pythonCall('nn.Dropout1d', [parameters.p]), apply: applyOne }),
    keras: ({ parameters }) => ({ make: pythonCall('layers.SpatialDropout1D', [parameters.p]), apply: kerasSignal }),
  },
  samples: [{ inputs: [[3, 4]], parameters: { p: 0.25 } }],
});
