import { defaultDevice, init, jit, lax, nn, numpy as np, valueAndGrad } from '@jax-js/jax';

/** The models as one writes them there: parameters in the order of our weights. */
const FORWARD = {
  mlp: ([w1, b1, w2, b2], x) => np.matmul(nn.relu(np.matmul(x, np.transpose(w1)).add(b1)), np.transpose(w2)).add(b2),
  'keras-cnn': ([k, b, w1, b1, w2, b2], x, batch) => {
    const convolved = nn.relu(lax.conv(x, k, [1, 1], 'VALID').add(b.reshape([1, 32, 1, 1])));
    const pooled = np.max(convolved.reshape([batch, 32, 13, 2, 13, 2]), [3, 5]).reshape([batch, 5408]);
    return np.matmul(nn.relu(np.matmul(pooled, np.transpose(w1)).add(b1)), np.transpose(w2)).add(b2);
  },
};

/** The whole step (forward, backward, Adam) jitted, as its makers recommend. */
export async function jaxJs({ model, backend, batch }, { weights, inputs, labels, sample }) {
  await init(backend);
  defaultDevice(backend);
  const forward = FORWARD[model];
  const lossOf = (params, x, y) => {
    const logits = forward(params, x, batch);
    return np.sum(nn.logSoftmax(logits, -1).mul(y)).mul(-1 / batch);
  };
  const update = jit((params, m, v, x, y) => {
    const [loss, gradients] = valueAndGrad(lossOf)(
      params.map((each) => each.ref),
      x,
      y,
    );
    const first = m.map((each, i) => each.mul(0.9).add(gradients[i].ref.mul(0.1)));
    const second = v.map((each, i) => each.mul(0.999).add(gradients[i].ref.mul(gradients[i]).mul(0.001)));
    const next = params.map((each, i) => each.sub(first[i].ref.mul(0.001).div(np.sqrt(second[i].ref).add(1e-8))));
    return [loss, next, first, second];
  });
  let params = weights.map(({ data, shape }) => np.array(data).reshape(shape));
  let m = weights.map(({ shape }) => np.zeros(shape));
  let v = weights.map(({ shape }) => np.zeros(shape));
  const shape = model === 'mlp' ? [batch, 784] : [batch, ...sample];
  const x = np.array(inputs).reshape(shape);
  const hot = new Float32Array(batch * 10);
  for (let i = 0; i < batch; i++) hot[i * 10 + labels[i]] = 1;
  const y = np.array(hot).reshape([batch, 10]);
  const step = () => {
    const [loss, next, first, second] = update(params, m, v, x.ref, y.ref);
    params = next;
    m = first;
    v = second;
    return loss;
  };
  const [loss] = await step().data();
  return {
    loss,
    device: backend,
    steps: async (count) => {
      let last;
      for (let i = 0; i < count; i++) {
        last?.dispose();
        last = step();
      }
      await last.data();
    },
  };
}
