// Runs in the benchmark's page: one training step of a model, again and again, on one of the engines.
import { createBackend } from '../../src/engine/backends/select.ts';
import { loadDataset, loadManifest } from '../../src/engine/data/loadDataset.ts';
import { findTemplate } from '../../src/engine/templates/registry.ts';
import { createTrainingRun } from '../../src/engine/training/trainingRun.ts';

const engines = {
  gradloom,
  'jax-js': async (...words) => (await import('./jaxJs.mjs')).jaxJs(...words),
  'tf.js': async (...words) => (await import('./tensorflowJs.mjs')).tensorflowJs(...words),
};
const ready = new Map();

async function fetchFile(path) {
  const response = await fetch(`datasets/${path}`);
  if (!response.ok) throw new Error(`${path}: the server says ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}

/** The model's document, with the batch size asked for. */
function documentOf({ template, document, batch }) {
  const made = document ?? findTemplate(template).build();
  return { ...made, training: { ...made.training, batchSize: batch } };
}

async function gradloom(settings) {
  const document = documentOf(settings);
  const manifest = await loadManifest(fetchFile);
  const dataset = await loadDataset(
    manifest.find(({ id }) => id === document.data.dataset),
    fetchFile,
  );
  const backend = await createBackend(settings.backend);
  const start = performance.now();
  const run = await createTrainingRun({ document, dataset, backend });
  const weights = await run.weights();
  const batch = Int32Array.from({ length: settings.batch }, (_, i) => i);
  run.submitStep(batch);
  const [{ loss }] = await run.drain();
  const firstLossMs = performance.now() - start;
  const size = dataset.sample.reduce((product, extent) => product * extent, 1);
  const scale = dataset.train.inputs instanceof Uint8Array ? 1 / 255 : 1;
  const inputs = Float32Array.from(dataset.train.inputs.subarray(0, settings.batch * size), (x) => x * scale);
  return {
    loss,
    device: backend.description,
    firstLossMs,
    dispatches: run.stepCode.dispatches,
    flops: run.stepCode.kernels.reduce((sum, { flops }) => sum + flops, 0),
    // What a peer needs to compute the same.
    shared: { weights, inputs, labels: dataset.train.labels.slice(0, settings.batch), sample: dataset.sample },
    steps: async (count) => {
      for (let done = 0; done < count; ) {
        const block = Math.min(count - done, 64);
        for (let i = 0; i < block; i++) run.submitStep(batch);
        await run.drain();
        done += block;
      }
    },
  };
}

globalThis.bench = {
  /** Prepares an engine once; gives what is known of it. */
  async prepare(engine, settings) {
    const key = JSON.stringify([engine, settings]);
    if (!ready.has(key)) {
      const own = await globalThis.bench.ours(settings);
      ready.set(key, engine === 'gradloom' ? own : await engines[engine](settings, own.shared));
    }
    const { loss, device, firstLossMs, dispatches, flops } = ready.get(key);
    return { loss, device, firstLossMs, dispatches, flops };
  },
  async ours(settings) {
    const key = JSON.stringify(['gradloom', { ...settings, backend: settings.own ?? settings.backend }]);
    if (!ready.has(key)) ready.set(key, await gradloom({ ...settings, backend: settings.own ?? settings.backend }));
    return ready.get(key);
  },
  /** Milliseconds a step, over as many as fit into the time. */
  async measure(engine, settings, milliseconds) {
    const prepared =
      engine === 'gradloom' ? await globalThis.bench.ours(settings) : ready.get(JSON.stringify([engine, settings]));
    await prepared.steps(1);
    const start = performance.now();
    let count = 0;
    for (let block = 1; performance.now() - start < milliseconds; block = Math.min(64, block * 2)) {
      await prepared.steps(block);
      count += block;
    }
    return (performance.now() - start) / count;
  },
  /** The initial weights and the batch, for an engine outside of the browser. */
  async shared(settings) {
    const { shared } = await globalThis.bench.ours(settings);
    const weights = shared.weights.map(({ name, shape, data }) => ({ name, shape, data: [...data] }));
    return { weights, inputs: [...shared.inputs], labels: [...shared.labels], sample: shared.sample };
  },
};
