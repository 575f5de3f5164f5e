import type { LayerCategory, PlacedDefinition } from '../../engine/layers/defineLayer.ts';

/** Categories in the order of a model, and of each the layers that most models are made of: these come first. */
const ORDER: readonly (readonly [category: LayerCategory, ...common: string[]])[] = [
  ['Block'],
  ['Input'],
  ['Core', 'Linear', 'Flatten', 'Dropout', 'Reshape', 'Embedding'],
  ['Convolution', 'Conv2d', 'ConvTranspose2d', 'SeparableConv2d'],
  ['Pooling', 'MaxPool2d', 'AvgPool2d', 'AdaptiveAvgPool2d', 'Upsample'],
  ['Normalization', 'BatchNorm2d', 'BatchNorm1d', 'LayerNorm'],
  ['Activation', 'ReLU', 'LeakyReLU', 'GELU', 'SiLU', 'Sigmoid', 'Tanh', 'Softmax'],
  ['Recurrent', 'LSTM', 'GRU', 'RNN'],
  ['Attention', 'TransformerEncoderLayer', 'MultiheadAttention', 'PositionalEncoding'],
  ['Joining', 'Add', 'Concat', 'Multiply'],
  ['Generative', 'Reparameterize', 'Noise'],
  ['Loss', 'CrossEntropyLoss', 'MSELoss', 'BCEWithLogitsLoss', 'L1Loss'],
];

/** All layers by category, each time the common ones first and the others in the order given; no empty categories. */
export function byCategory<Layer extends Pick<PlacedDefinition, 'type' | 'category'>>(
  layers: readonly Layer[],
): { readonly category: LayerCategory; readonly layers: readonly Layer[] }[] {
  return ORDER.map(([category, ...common]) => {
    const placeOf = ({ type }: Layer): number => {
      const place = common.indexOf(type);
      return place === -1 ? common.length : place;
    };
    const own = layers.filter((layer) => layer.category === category);
    return { category, layers: own.sort((a, b) => placeOf(a) - placeOf(b)) };
  }).filter((group) => group.layers.length > 0);
}
