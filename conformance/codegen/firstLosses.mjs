/**
 * The first training steps of a generated project, held against the engine's: from the same weights and the same batches,
 * by the project's own model, loss, optimizer and step. See `run.mjs`.
 */
import { execFile } from 'node:child_process';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const here = path.dirname(fileURLToPath(import.meta.url));
const run = promisify(execFile);

export const STEPS = 5;

/** Layers whose chance is turned off, since each framework draws its own numbers, and the parameter that does it. */
const CHANCE = {
  Dropout: 'p',
  Dropout1d: 'p',
  Dropout2d: 'p',
  AlphaDropout: 'p',
  GaussianNoise: 'stddev',
  LSTM: 'dropout',
  GRU: 'dropout',
  RNN: 'dropout',
  MultiheadAttention: 'dropout',
  TransformerEncoderLayer: 'dropout',
  TransformerDecoderLayer: 'dropout',
};

/** Layers that draw as they are: the frameworks are given the engine's numbers instead of their own. */
const DRAWING = ['Noise', 'Reparameterize'];

/** The document without chance: `Noise` and `Reparameterize` stay. */
export function withoutChance(document) {
  const calm = (nodes) =>
    Object.fromEntries(
      Object.entries(nodes).map(([id, node]) => {
        const name = CHANCE[node.type];
        return [id, name ? { ...node, parameters: { ...node.parameters, [name]: 0 } } : node];
      }),
    );
  const blocks = Object.fromEntries(
    Object.entries(document.blocks).map(([id, block]) => [id, { ...block, nodes: calm(block.nodes) }]),
  );
  return { ...document, nodes: calm(document.nodes), blocks };
}

/** The engine's losses of the first steps, and what another framework needs to take the same ones. */
export async function engineSteps(load, document, dataset) {
  const { createWasmBackend } = await load('engine/backends/wasm/wasmBackend.ts');
  const { createTrainingRun } = await load('engine/training/createTrainingRun.ts');
  const { shuffledIndices } = await load('engine/data/shuffle.ts');
  const backend = await createWasmBackend();
  const training = await createTrainingRun({ document, dataset, backend });
  const weights = await training.weights('trained');
  for (let i = 0; i < STEPS; i++) training.submitStep();
  const losses = (await training.drain()).map(({ loss }) => loss);
  const { batchSize, seed } = document.training;
  const order = shuffledIndices(dataset.train.count, seed, 0);
  const batches = losses.map((_, i) => [...order.subarray(i * batchSize, (i + 1) * batchSize)]);
  const noise = await drawnNoise(load, backend, training.inference, batches, seed);
  const { inference } = training;
  training.dispose();
  await backend.dispose();
  return { losses, weights, batches, noise, inference };
}

/** What each drawing layer draws at each step: the k-th of them has the streams 2k and 2k + 1. */
async function drawnNoise(load, backend, { order, nodes }, batches, seed) {
  const { ProgramBuilder } = await load('engine/ir/builder.ts');
  const { opDefinition } = await load('engine/ops/registry.ts');
  const { normalNoise } = await load('engine/layers/generative/noise.ts');
  const drawing = order.filter((id) => DRAWING.includes(nodes[id].definition.type));
  const scalar = { shape: [], dtype: 'i32' };
  const all = [];
  for (const [at, batch] of batches.entries()) {
    const drawn = [];
    for (const [k, id] of drawing.entries()) {
      const builder = new ProgramBuilder(opDefinition);
      const [from, step] = [builder.input('seed', scalar), builder.input('step', scalar)];
      const shape = [batch.length, ...nodes[id].inference.outputs[0]];
      const draw = (stream) => ({ seed: from, step, stream });
      builder.output('noise', normalNoise(builder, shape, draw(2 * k), draw(2 * k + 1)));
      const program = builder.build();
      const buffers = {
        seed: backend.allocate(scalar, Int32Array.of(seed)),
        step: backend.allocate(scalar, Int32Array.of(at + 1)),
        noise: backend.allocate({ shape, dtype: 'f32' }),
      };
      const plan = backend.compile(program).bind(buffers);
      plan.run();
      drawn.push({ shape, data: await backend.read(buffers.noise) });
      plan.dispose();
      for (const buffer of Object.values(buffers)) backend.release(buffer);
    }
    all.push(drawn);
  }
  return all;
}

/** PyTorch's or Keras' losses of the same steps. `names` are what the code calls each layer. */
export async function pythonSteps(python, target, folder, { weights, batches, noise, inference }, names) {
  const parts = [];
  let count = 0;
  const stored = (shape, data) => {
    parts.push(data);
    count += data.length;
    return { shape, at: count - data.length };
  };
  const layers = inference.order.flatMap((id) => {
    const { definition, inference: found, shares } = inference.nodes[id];
    if (shares || !found?.weights.length) return [];
    const own = found.weights.map(({ name }) => {
      const { shape, data } = weights.find((weight) => weight.name === `${id}.${name}`);
      return { name, ...stored(shape, data) };
    });
    return [{ type: definition.type, name: names[id], image: flattenedImage(inference, id), weights: own }];
  });
  const spec = { layers, batches, noise: noise.map((step) => step.map(({ shape, data }) => stored(shape, data))) };
  const flat = new Float32Array(count);
  let at = 0;
  for (const part of parts) {
    flat.set(part, at);
    at += part.length;
  }
  await writeFile(path.join(folder, 'steps.json'), JSON.stringify(spec));
  await writeFile(path.join(folder, 'steps.f32'), flat);
  const { stdout } = await run(python, [path.join(here, `${target}Steps.py`), folder], {
    env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: '3', CUDA_VISIBLE_DEVICES: '' },
    maxBuffer: 1 << 26,
  });
  return JSON.parse(stdout.trim().split('\n').at(-1));
}

/** Losses of the same steps of a TypeScript project that is compiled to `dist`, by the package it was written for. */
export async function typescriptSteps(folder) {
  const modules = path.join(folder, 'node_modules', 'gradloom');
  await rm(modules, { recursive: true });
  await mkdir(modules);
  await writeFile(path.join(modules, 'package.json'), '{"type": "module", "exports": "./steps.js"}');
  await writeFile(
    path.join(modules, 'steps.js'),
    `import { createBackend, train as whole } from '../../gradloom/gradloom.js';
export * from '../../gradloom/gradloom.js';
export async function train(network, options) {
  const losses = [];
  const onStep = ({ loss }) => {
    losses.push(loss);
    if (losses.length < ${STEPS}) return;
    console.log(JSON.stringify(losses.slice(0, ${STEPS})));
    process.exit(0);
  };
  return whole(network, { ...options, backend: await createBackend('wasm'), onStep });
}
`,
  );
  const { stdout } = await run(process.execPath, ['dist/train.js'], { cwd: folder });
  return JSON.parse(stdout.trim().split('\n').at(-1));
}

/** Channels, height and width of the image that was flattened into what a layer receives; nothing for other layers. */
function flattenedImage({ nodes }, id) {
  let at = nodes[id].sources[0]?.node;
  const size = ([first]) => JSON.stringify(first);
  while (at && nodes[at].definition.type !== 'Flatten') {
    const before = nodes[at].sources[0]?.node;
    // Out of a block for each step the image is that of a step.
    const isPort = nodes[at].definition.type === 'BlockOutput';
    const alike = before && (isPort || size(nodes[before].inference.outputs) === size(nodes[at].inference.outputs));
    if (!alike || nodes[at].inference.weights.length > 0) return undefined;
    at = before;
  }
  if (!at) return undefined;
  const [image] = nodes[nodes[at].sources[0].node].inference.outputs;
  return image.length === 3 ? image : undefined;
}
