import { formatShape, sameShape } from '../../ir/shape.ts';
import { defineLayer, LayerError } from '../defineLayer.ts';
import { kerasCannot } from '../python.ts';
import { normalNoise } from './noise.ts';

const parameters = {} as const;

declare module '../defineLayer.ts' {
  interface LayerCatalog {
    Reparameterize: typeof parameters;
  }
}

/** Kingma and Welling 2014: https://arxiv.org/abs/1312.6114 */
export default defineLayer({
  type: 'Reparameterize',
  title: 'Reparameterize',
  category: 'Generative',
  icon: 'split',
  help: {
    summary:
      'The middle of a variational autoencoder: draws from the normal distribution that mean and log-variance describe, and says how far it is from N(0, 1). Wire kl to a LossTerm.',
    shapes: 'mean, logVar [N, D] → sample [N, D], kl [N, 1]; the mean itself outside of training',
    reference: 'https://arxiv.org/abs/1312.6114',
  },
  role: 'layer',
  inputs: [{ name: 'mean' }, { name: 'logVar' }],
  outputs: [{ name: 'sample' }, { name: 'kl' }],
  parameters,
  version: 1,
  migrations: [],
  infer([mean, logVar]) {
    if (mean!.length !== 1 || !sameShape(mean!, logVar!)) {
      throw new LayerError(
        `Reparameterize expects two lists of as many features and receives ${formatShape(mean!)} and ${formatShape(logVar!)}.`,
      );
    }
    return { outputs: [mean!, [1]], weights: [], multiplyAdds: 0 };
  },
  lower({ emit, inputs: [mean, logVar], mode, random }) {
    const variance = emit.op('exp', [logVar!]);
    const spread = emit.op('subtract', [emit.op('add', [emit.op('square', [mean!]), variance]), logVar!]);
    const excess = emit.op('subtract', [spread, emit.fill([], 1)]);
    const total = emit.op('sum', [excess], { axes: [1], keepDims: true });
    const kl = emit.op('multiply', [total, emit.fill([], 0.5)]);
    if (mode === 'evaluate') return [mean!, kl];
    const noise = normalNoise(emit, mean!.type.shape, random(), random());
    const deviation = emit.op('exp', [emit.op('multiply', [logVar!, emit.fill([], 0.5)])]);
    return [emit.op('add', [mean!, emit.op('multiply', [deviation, noise])]), kl];
  },
  emit: {
    name: 'sampling',
    pytorch: () => ({
      make: 'nn.Identity()',
      apply: (layer, [mean, logVar]) =>
        `(${mean} + (torch.randn_like(${mean}) * (0.5 * ${logVar}).exp() if ${layer}.training else 0.0), 0.5 * (${mean}.square() + ${logVar}.exp() - ${logVar} - 1).sum(dim=1, keepdim=True))`,
    }),
    keras: () => kerasCannot('Reparameterize', 'a loss of its own: compile takes losses of an output and a target'),
  },
  samples: [{ inputs: [[6], [6]], parameters: {} }],
});
