import type { NodeId } from '../graph/document.ts';
import { defineTemplate } from './defineTemplate.ts';
import { Sketch, training } from './sketch.ts';

const adam = { type: 'Adam', parameters: { lr: 0.001, beta1: 0.5 } };
const half = { kernelSize: [4, 4], stride: [2, 2], padding: [1, 1] };

export default defineTemplate({
  id: 'dcgan',
  title: 'DCGAN',
  summary:
    'Two networks against each other: a generator makes digits of noise, a discriminator learns to tell them from real ones.',
  level: 'advanced',
  expected: { metric: 'inceptionScore', value: 5.5, epochs: 8 },
  build() {
    const sketch = new Sketch();
    const real = sketch.add('Input', []);
    const generator: NodeId[] = [];
    const make = (type: string, from: NodeId, parameters = {}) => {
      const id = sketch.add(type, [from], parameters);
      generator.push(id);
      return id;
    };
    let fake = sketch.add('Noise', [real], { features: 64 });
    fake = make('Linear', fake, { outFeatures: 64 * 7 * 7, bias: false });
    fake = make('Reshape', fake, { shape: [64, 7, 7] });
    fake = make('BatchNorm2d', fake);
    fake = make('ReLU', fake);
    fake = make('ConvTranspose2d', fake, { outChannels: 32, ...half, bias: false });
    fake = make('BatchNorm2d', fake);
    fake = make('ReLU', fake);
    fake = make('ConvTranspose2d', fake, { outChannels: 1, ...half });
    fake = make('Sigmoid', fake);

    // The first use has the weights, the others share them.
    let owners: readonly NodeId[] = [];
    const judge = (sample: NodeId): NodeId => {
      const used: NodeId[] = [];
      const layer = (type: string, from: NodeId, parameters = {}) => {
        const shares = owners[used.length];
        const id = sketch.add(type, [from], parameters, shares ? { shares } : {});
        used.push(id);
        return id;
      };
      let x = layer('Conv2d', sample, { outChannels: 32, ...half });
      x = sketch.add('LeakyReLU', [x], { negativeSlope: 0.2 });
      x = layer('Conv2d', x, { outChannels: 64, ...half, bias: false });
      x = layer('BatchNorm2d', x);
      x = sketch.add('LeakyReLU', [x], { negativeSlope: 0.2 });
      x = sketch.add('Flatten', [x]);
      x = layer('Linear', x, { outFeatures: 1 });
      if (owners.length === 0) owners = used;
      return x;
    };
    // −log D(real) and −log(1 − D(fake)) of scores; the generator wants D(fake) to be high.
    const term = (score: NodeId, formula: string, name: string) =>
      sketch.add('LossTerm', [sketch.add('Expression', [score], { formula, scalars: '' })], {}, { name });
    const realLoss = term(judge(real), 'softplus(-x)', 'Real loss');
    const fakeLoss = term(judge(sketch.add('StopGradient', [fake])), 'softplus(x)', 'Fake loss');
    const generatorLoss = term(judge(fake), 'softplus(-x)', 'Generator loss');
    return sketch.document(
      'DCGAN',
      training({
        optimizer: adam,
        epochs: 8,
        batchSize: 32,
        groups: [
          { name: 'discriminator', nodes: owners, losses: [realLoss, fakeLoss], optimizer: adam },
          { name: 'generator', nodes: generator, losses: [generatorLoss], optimizer: adam },
        ],
      }),
      { dataset: 'mnist' },
    );
  },
});
