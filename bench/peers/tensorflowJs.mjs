import * as tf from '@tensorflow/tfjs';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import '@tensorflow/tfjs-backend-webgpu';

setWasmPaths('./tfjs/');

/** Rows of a Linear behind a Flatten in the order of channels-last: [out, C·H·W] → [H·W·C, out]. */
function flattened(data, [out], [channels, height, width]) {
  const rows = channels * height * width;
  const result = new Float32Array(rows * out);
  for (let c = 0; c < channels; c++) {
    for (let place = 0; place < height * width; place++) {
      const from = c * height * width + place;
      const to = place * channels + c;
      for (let o = 0; o < out; o++) result[to * out + o] = data[o * rows + from];
    }
  }
  return tf.tensor2d(result, [rows, out]);
}

const turned = ({ data, shape }) => tf.tidy(() => tf.tensor2d(data, shape).transpose());
const vector = ({ data }) => tf.tensor1d(data);

const MODELS = {
  mlp: {
    weights: ([w1, b1, w2, b2]) => [turned(w1), vector(b1), turned(w2), vector(b2)],
    inputs: (x, batch) => tf.tensor2d(x, [batch, 784]),
    forward: ([w1, b1, w2, b2], x) => x.matMul(w1).add(b1).relu().matMul(w2).add(b2),
  },
  'keras-cnn': {
    weights: ([k, b, w1, b1, w2, b2]) => [
      tf.tidy(() => tf.tensor4d(k.data, k.shape).transpose([2, 3, 1, 0])),
      vector(b),
      flattened(w1.data, w1.shape, [32, 13, 13]),
      vector(b1),
      turned(w2),
      vector(b2),
    ],
    // One channel: both orders of the axes are the same numbers.
    inputs: (x, batch) => tf.tensor4d(x, [batch, 28, 28, 1]),
    forward: ([k, b, w1, b1, w2, b2], x) => {
      const pooled = x.conv2d(k, 1, 'valid').add(b).relu().maxPool(2, 2, 'valid');
      return pooled.reshape([-1, 5408]).matMul(w1).add(b1).relu().matMul(w2).add(b2);
    },
  },
};

export async function tensorflowJs({ model, backend, batch }, { weights, inputs, labels }) {
  await tf.setBackend(backend);
  await tf.ready();
  const { weights: convert, inputs: place, forward } = MODELS[model];
  const variables = convert(weights).map((each) => tf.variable(each));
  const x = place(inputs, batch);
  const y = tf.oneHot(tf.tensor1d(Int32Array.from(labels), 'int32'), 10);
  const lossOf = () => tf.losses.softmaxCrossEntropy(y, forward(variables, x));
  const first = tf.tidy(lossOf);
  const [loss] = await first.data();
  const optimizer = tf.train.adam(0.001);
  return {
    loss,
    device: backend,
    steps: async (count) => {
      for (let i = 0; i < count; i++) optimizer.minimize(lossOf, false, variables);
      await variables.at(-1).data();
    },
  };
}
