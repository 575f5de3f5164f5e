// The pages that the benchmark writes, and what `--scale` goes through.
import { readFileSync } from 'node:fs';

/** Whether two rows of a comparison are about the same. */
export function sameRow(a, b) {
  return ['peer', 'model', 'backend', 'batch'].every((key) => a[key] === b[key]);
}

const onThreads = ({ backend, threads }) => (threads ? `${backend} ${threads}T` : backend);

/** The rows as a page for people. */
export function resultsTable({ cpu, cores, date }, rows) {
  const { dependencies } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8'));
  const versions = `jax-js ${dependencies['@jax-js/jax']}, TensorFlow.js ${dependencies['@tensorflow/tfjs']}, PyTorch 2.13`;
  const compared = rows.filter(({ peer }) => peer);
  const alone = rows.filter(({ peer }) => !peer);
  const lines = [
    '# Benchmark',
    '',
    `Made by \`npm run bench -- --write\` on ${date}: ${cores} cores, ${cpu}; Chromium, WebGPU on the software adapter`,
    `SwiftShader; ${versions}. Batch ${alone[0]?.batch}, Adam, milliseconds a training step: of each turn the fastest block of`,
    'steps, of the turns (ours, theirs, ours, …) the median.',
    'A ratio above 1 says that ours is faster; behind the backend stands how many threads ours has.',
    '',
    '| model | backend | peer | ratio | ours, ms | theirs, ms |',
    '| --- | --- | --- | ---: | ---: | ---: |',
    ...compared.map(
      (row) =>
        `| ${row.model} | ${onThreads(row)} | ${row.peer} | ${row.ratio.toFixed(2)} | ${row.oursMs.toFixed(2)} | ${row.peerMs.toFixed(2)} |`,
    ),
    '',
    '| model | backend | ms a step | GFLOP/s | kernels or dispatches | first loss, ms | memory, MB |',
    '| --- | --- | ---: | ---: | ---: | ---: | ---: |',
    ...alone.map(
      (row) =>
        `| ${row.model} | ${onThreads(row)} | ${row.ms.toFixed(2)} | ${row.gflops.toFixed(1)} | ${row.dispatches} | ${row.firstLossMs.toFixed(0)} | ${row.peakBytes ? (row.peakBytes / 1e6).toFixed(0) : ''} |`,
    ),
  ];
  return `${lines.join('\n')}\n`;
}

/** How cost grows: each of batch, width and depth by itself. Models are named as bench/peers/models.mjs makes them. */
export function scaleEntries(backend) {
  const base = { backend, milliseconds: backend === 'wasm' ? 700 : 2000 };
  const batches = [8, 16, 32, 64, 128, 256, 512, 1024];
  // A software adapter takes seconds for what is large.
  const most = (list, count) => (backend === 'wasm' ? list : list.slice(0, count));
  return [
    ...most(batches, 5).map((batch) => ({ ...base, axis: 'batch', model: 'mlp:256:2', batch })),
    ...most(batches, 4).map((batch) => ({ ...base, axis: 'batch', model: 'keras-cnn', batch })),
    ...most([32, 128, 512, 1024, 2048], 3).map((width) => ({
      ...base,
      axis: 'width',
      model: `mlp:${width}:2`,
      batch: 64,
    })),
    ...most([4, 8, 16, 32, 64], 3).map((width) => ({ ...base, axis: 'width', model: `cnn:${width}:2`, batch: 64 })),
    ...most([1, 2, 4, 8, 16, 32], 4).map((depth) => ({ ...base, axis: 'depth', model: `mlp:256:${depth}`, batch: 64 })),
    ...most([1, 2, 4, 8], 2).map((depth) => ({ ...base, axis: 'depth', model: `cnn:16:${depth}`, batch: 64 })),
  ];
}

const SHAPES = {
  mlp: (width, depth) => `MLP, ${depth} hidden layers of ${width}`,
  cnn: (width, depth) => `CNN, ${depth} convolutions 3×3 of ${width} channels on 28×28`,
};

export function scaleTable(rows) {
  const describe = (model) => {
    const [name, ...sizes] = model.split(':');
    return SHAPES[name]?.(...sizes) ?? name;
  };
  const section = (own, axis) => [
    `### By ${axis}`,
    '',
    '| model | batch | ms a step | samples a second | GFLOP/s | kernels or dispatches | memory, MB |',
    '| --- | ---: | ---: | ---: | ---: | ---: | ---: |',
    ...own
      .filter((row) => row.axis === axis)
      .map(
        (row) =>
          `| ${describe(row.model)} | ${row.batch} | ${row.ms.toFixed(2)} | ${Math.round((1000 * row.batch) / row.ms)} | ${row.gflops.toFixed(1)} | ${row.dispatches ?? ''} | ${row.peakBytes ? (row.peakBytes / 1e6).toFixed(0) : ''} |`,
      ),
    '',
  ];
  const parts = ['wasm', 'webgpu'].flatMap((backend) => {
    const own = rows.filter((row) => row.backend === backend);
    if (own.length === 0) return [];
    const [{ device, machine }] = own;
    const { cores, cpu, date } = machine;
    const where = `On ${date}: ${cores} cores, ${cpu}.`;
    return [`## ${device}`, '', where, '', ...['batch', 'width', 'depth'].flatMap((axis) => section(own, axis))];
  });
  return [
    '# How a step scales',
    '',
    'Made by `npm run bench -- --scale --write`, with `--backend webgpu` for the second part; Chromium, WebGPU on the software',
    'adapter SwiftShader. A training step with Adam on images of 28×28. GFLOP/s counts all operations of the step. Memory is',
    'all of the device: data set, weights, their state, intermediate results.',
    '',
    ...parts,
  ].join('\n');
}
