// Our engine in a worker, as the page has it: only there may a thread wait for others.
import { createBackend } from '../../src/engine/backends/select.ts';
import { loadDataset, loadManifest } from '../../src/engine/data/loadDataset.ts';
import { createTrainingRun } from '../../src/engine/training/createTrainingRun.ts';
import { documentOf } from './models.mjs';

let run;
let batch;

async function fetchFile(path) {
  const response = await fetch(`../datasets/${path}`);
  if (!response.ok) throw new Error(`${path}: the server says ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}

const METHODS = {
  /** Makes the run and takes one step; gives what is known of it, and what a peer needs to compute the same. */
  async prepare(settings) {
    const document = documentOf(settings);
    const manifest = await loadManifest(fetchFile);
    const dataset = await loadDataset(
      manifest.find(({ id }) => id === document.data.dataset),
      fetchFile,
    );
    const backend = await createBackend(settings.backend, undefined, settings.threads);
    const start = performance.now();
    run = await createTrainingRun({ document, dataset, backend });
    const trained = new Set(run.layout.entries.filter(({ trainable }) => trainable).map(({ name }) => name));
    const weights = (await run.weights()).filter(({ name }) => trained.has(name));
    batch = Int32Array.from({ length: settings.batch }, (_, i) => i);
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
      peakBytes: backend.memoryBytes,
      shared: { weights, inputs, labels: dataset.train.labels.slice(0, settings.batch), sample: dataset.sample },
    };
  },
  async steps(count) {
    for (let done = 0; done < count; ) {
      const block = Math.min(count - done, 64);
      for (let i = 0; i < block; i++) run.submitStep(batch);
      await run.drain();
      done += block;
    }
  },
};

globalThis.onmessage = async ({ data: { method, given } }) => {
  try {
    globalThis.postMessage({ value: await METHODS[method](given) });
  } catch (error) {
    globalThis.postMessage({ error: error.message });
  }
};
