// The documents that are timed: templates and a few more, with one optimizer for all, so that peers can do the same.
import { findTemplate } from '../../src/engine/templates/registry.ts';
import { Sketch } from '../../src/engine/templates/sketch.ts';

const IMAGES = { dataset: 'mnist' };

function chained(name, ...layers) {
  const sketch = new Sketch();
  sketch.chain([sketch.add('Input', [])], ...layers, ['CrossEntropyLoss']);
  return sketch.document(name, findTemplate('mlp').build().training, IMAGES);
}

/** Random numbers differ from engine to engine: a layer that draws some would give every one another loss. */
function withoutDropout(document) {
  const nodes = Object.entries(document.nodes).map(([id, node]) => [
    id,
    node.type === 'Dropout' ? { ...node, parameters: { ...node.parameters, p: 0 } } : node,
  ]);
  return { ...document, nodes: Object.fromEntries(nodes) };
}

const repeat = (count, layers) => Array.from({ length: count }, () => layers).flat();

const MADE = {
  'cnn-32-32-64': () =>
    chained(
      'CNN 32-32-64 + 128',
      ['Conv2d', { outChannels: 32 }],
      ['ReLU'],
      ['Conv2d', { outChannels: 32 }],
      ['ReLU'],
      ['MaxPool2d'],
      ['Conv2d', { outChannels: 64 }],
      ['ReLU'],
      ['MaxPool2d'],
      ['Flatten'],
      ['Linear', { outFeatures: 128 }],
      ['ReLU'],
      ['Linear', { outFeatures: 10 }],
    ),
  /** `mlp:WIDTH:DEPTH`: so many hidden layers of so many units. */
  mlp: (width, depth) =>
    chained('MLP', ['Flatten'], ...repeat(depth, [['Linear', { outFeatures: width }], ['ReLU']]), [
      'Linear',
      { outFeatures: 10 },
    ]),
  /** `cnn:CHANNELS:DEPTH`: so many convolutions that keep the size, then pooling and a classifier. */
  cnn: (channels, depth) =>
    chained(
      'CNN',
      ...repeat(depth, [['Conv2d', { outChannels: channels, padding: [1, 1] }], ['ReLU']]),
      ['MaxPool2d'],
      ['Flatten'],
      ['Linear', { outFeatures: 10 }],
    ),
};

/** The document to time: the given one, or a model by name, with the batch size asked for. */
export function documentOf({ model, document, batch }) {
  const [name, ...sizes] = model.split(':');
  const made =
    document ??
    withoutDropout(
      sizes.length > 0 || !findTemplate(name) ? MADE[name](...sizes.map(Number)) : findTemplate(name).build(),
    );
  const optimizer = document ? made.training.optimizer : { type: 'Adam', parameters: { lr: 0.001 } };
  return { ...made, training: { ...made.training, optimizer, batchSize: batch } };
}
