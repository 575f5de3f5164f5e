// Runs in the benchmark's page: one training step of a model, again and again, on one of the engines.
const engines = {
  gradloom,
  'jax-js': async (...words) => (await import('./jaxJs.mjs')).jaxJs(...words),
  'tf.js': async (...words) => (await import('./tensorflowJs.mjs')).tensorflowJs(...words),
};
const ready = new Map();

async function gradloom(settings) {
  const worker = new Worker(new URL('./ours.worker.mjs', import.meta.url), { type: 'module' });
  const ask = (method, given) =>
    new Promise((resolve, reject) => {
      worker.onmessage = ({ data }) => ('error' in data ? reject(new Error(data.error)) : resolve(data.value));
      worker.onerror = ({ message }) => reject(new Error(message));
      worker.postMessage({ method, given });
    });
  return { ...(await ask('prepare', settings)), steps: (count) => ask('steps', count) };
}

/** The settings of ours against which a peer is held. */
const oursOf = (settings) => ({ ...settings, backend: settings.own ?? settings.backend, own: undefined });

globalThis.bench = {
  /** Prepares an engine once; gives what is known of it. */
  async prepare(engine, settings) {
    const key = JSON.stringify([engine, settings]);
    if (!ready.has(key)) {
      const own = await globalThis.bench.ours(settings);
      ready.set(key, engine === 'gradloom' ? own : await engines[engine](settings, own.shared));
    }
    const { loss, device, firstLossMs, dispatches, flops, peakBytes } = ready.get(key);
    return { loss, device, firstLossMs, dispatches, flops, peakBytes };
  },
  async ours(settings) {
    const key = JSON.stringify(['gradloom', oursOf(settings)]);
    if (!ready.has(key)) ready.set(key, await gradloom(oursOf(settings)));
    return ready.get(key);
  },
  /**
   * Milliseconds a step: the fastest of as many blocks of steps as fit into the time, since whatever else the machine does
   * only adds to it. A block takes at least ten milliseconds.
   */
  async measure(engine, settings, milliseconds) {
    const prepared =
      engine === 'gradloom' ? await globalThis.bench.ours(settings) : ready.get(JSON.stringify([engine, settings]));
    await prepared.steps(1);
    const end = performance.now() + milliseconds;
    let best = Number.POSITIVE_INFINITY;
    for (let block = 1; performance.now() < end; ) {
      const start = performance.now();
      await prepared.steps(block);
      const taken = performance.now() - start;
      if (taken < 10) block *= 2;
      else best = Math.min(best, taken / block);
    }
    return best;
  },
  /** The initial weights and the batch, for an engine outside of the browser. */
  async shared(settings) {
    const { shared } = await globalThis.bench.ours(settings);
    const weights = shared.weights.map(({ name, shape, data }) => ({ name, shape, data: [...data] }));
    return { weights, inputs: [...shared.inputs], labels: [...shared.labels], sample: shared.sample };
  },
};
