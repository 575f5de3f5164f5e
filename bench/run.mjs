// Our engine and its peers side by side, in one browser and one run: `npm run bench`.
//
//   --model mlp|keras-cnn|pytorch-cnn|lstm-rows   --backend wasm|webgpu   --batch N   --peer jax-js|tf.js|pytorch
//   --document FILE (ours alone)   --threads 1,2 (PyTorch's; ours has one)   --quick (under 50 s)   --json
//   --check: against bench/results.json, exit code 1 if a ratio fell by more than 10%   --write: makes that file anew
//
// Peers run in their best configuration; every engine must have the same loss from the same weights and batch.
import { execFile, execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { chromium } from '@playwright/test';
import { build } from 'vite';
import { findBrowser } from '../scripts/findBrowser.mjs';
import { createIsolatedServer } from './isolatedServer.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.join(here, '..');
const { values: options } = parseArgs({
  options: {
    model: { type: 'string' },
    backend: { type: 'string' },
    peer: { type: 'string' },
    batch: { type: 'string', default: '64' },
    threads: { type: 'string', default: '1,2' },
    document: { type: 'string' },
    quick: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    check: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
  },
});
const batch = Number(options.batch);
if (!Number.isSafeInteger(batch) || batch < 1)
  throw new Error(`--batch expects a whole number, got "${options.batch}"`);

/** Which peers can train which model, and on what. */
const PLAN = [
  { model: 'mlp', backend: 'wasm', peers: ['pytorch', 'jax-js', 'tf.js'] },
  { model: 'keras-cnn', backend: 'wasm', peers: ['pytorch', 'jax-js', 'tf.js cpu'] },
  { model: 'lstm-rows', backend: 'wasm', peers: ['pytorch'] },
  { model: 'pytorch-cnn', backend: 'wasm', peers: [] },
  { model: 'residual-cnn', backend: 'wasm', peers: [] },
  { model: 'mlp', backend: 'webgpu', peers: ['jax-js', 'tf.js'] },
  { model: 'keras-cnn', backend: 'webgpu', peers: ['jax-js', 'tf.js'] },
];
const milliseconds = options.quick ? 400 : 1500;
const rounds = options.quick ? 1 : 3;
/** A slow peer's blocks would take the whole time of a quick run. */
const SLOW = new Set(['tf.js cpu', 'tf.js webgpu keras-cnn']);

if (!options.document && !existsSync(path.join(here, 'node_modules'))) {
  console.error('Installing the peers into bench/node_modules…');
  execFileSync('npm', ['ci', '--ignore-scripts'], { cwd: here, stdio: ['ignore', 'ignore', 'inherit'] });
}
const outDir = path.join(root, 'node_modules/.cache/gradloom/bench');
await build({
  root: path.join(here, 'peers'),
  configFile: false,
  base: './',
  logLevel: 'error',
  publicDir: path.join(root, 'public'),
  worker: { format: 'es' },
  build: { outDir, emptyOutDir: true, target: 'es2022', minify: false },
});
const server = createIsolatedServer({
  '/tfjs/': path.join(here, 'node_modules/@tensorflow/tfjs-backend-wasm/dist'),
  '/': outDir,
}).listen(0);
await new Promise((resolve) => server.once('listening', resolve));
const browser = await chromium.launch({
  executablePath: await findBrowser(),
  args: ['--no-sandbox', '--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'],
});
const results = [];

async function withPage(body) {
  const page = await browser.newPage();
  page.on('pageerror', (error) => console.error(error.message));
  try {
    await page.goto(`http://localhost:${server.address().port}/`);
    await page.waitForFunction(() => 'bench' in globalThis);
    return await body(page);
  } finally {
    await page.close();
  }
}

const median = (numbers) => numbers.sort((a, b) => a - b)[(numbers.length - 1) >> 1];

function report(row) {
  results.push(row);
  if (options.json) console.log(JSON.stringify(row));
  else if (row.peer) {
    const words = [row.model, row.backend, row.peer].map((word) => word.padEnd(14)).join('');
    console.log(
      `${words}${row.ratio.toFixed(2).padStart(8)}×   ours ${row.oursMs.toFixed(2)} ms, theirs ${row.peerMs.toFixed(2)} ms`,
    );
  } else {
    const { model, backend, ms, dispatches, firstLossMs, gflops } = row;
    console.log(
      `${model.padEnd(14)}${backend.padEnd(14)}${ms.toFixed(2).padStart(9)} ms a step, ${gflops.toFixed(1)} GFLOP/s, ${dispatches} kernels, first loss after ${firstLossMs.toFixed(0)} ms`,
    );
  }
}

/** A B A B: ours and theirs in turns, medians of each. */
async function against(page, entry, peer, ours) {
  const [engine, backend = entry.backend] = peer.split(' ');
  const settings = { model: entry.model, template: entry.model, batch, backend, own: entry.backend };
  const prepared = await page.evaluate(([e, s]) => globalThis.bench.prepare(e, s), [engine, settings]);
  requireSameLoss(entry.model, peer, ours.loss, prepared.loss);
  const times = { ours: [], theirs: [] };
  for (let round = 0; round < rounds; round++) {
    times.ours.push(
      await page.evaluate(([s, ms]) => globalThis.bench.measure('gradloom', s, ms), [settings, milliseconds]),
    );
    times.theirs.push(
      await page.evaluate(([e, s, ms]) => globalThis.bench.measure(e, s, ms), [engine, settings, milliseconds]),
    );
  }
  return { oursMs: median(times.ours), peerMs: median(times.theirs) };
}

async function againstTorch(page, entry, ours, threads) {
  const python = process.env.PYTHON ?? 'python3';
  const settings = { model: entry.model, template: entry.model, batch, backend: entry.backend };
  const shared = JSON.stringify(await page.evaluate((s) => globalThis.bench.shared(s), settings));
  const times = { ours: [], theirs: [] };
  for (let round = 0; round < rounds; round++) {
    times.ours.push(
      await page.evaluate(([s, ms]) => globalThis.bench.measure('gradloom', s, ms), [settings, milliseconds]),
    );
    const answer = await new Promise((resolve, reject) => {
      const words = [path.join(here, 'peers/torchStep.py'), entry.model, threads, String(milliseconds / 1000)];
      const child = execFile(python, words, (error, output) => (error ? reject(error) : resolve(JSON.parse(output))));
      child.stdin.end(shared);
    });
    requireSameLoss(entry.model, 'pytorch', ours.loss, answer.loss);
    times.theirs.push(answer.ms);
  }
  return { oursMs: median(times.ours), peerMs: median(times.theirs) };
}

function requireSameLoss(model, peer, ours, theirs) {
  if (Math.abs(ours / theirs - 1) < 1e-4) return;
  throw new Error(`${model}: ${peer} has the loss ${theirs} where ours is ${ours}: they do not compute the same`);
}

function torchIsThere() {
  try {
    execFileSync(process.env.PYTHON ?? 'python3', ['-c', 'import torch'], { stdio: 'ignore' });
    return true;
  } catch {
    console.error('Python has no torch here: PyTorch is left out. PYTHON=… names another Python.');
    return false;
  }
}

const hasTorch = !options.document && torchIsThere();
const wanted = options.document
  ? [
      {
        model: path.basename(options.document),
        backend: options.backend ?? 'wasm',
        peers: [],
        document: JSON.parse(readFileSync(options.document, 'utf8')),
      },
    ]
  : PLAN.filter(
      ({ model, backend }) =>
        (!options.model || model === options.model) && (!options.backend || backend === options.backend),
    );
for (const entry of wanted) {
  await withPage(async (page) => {
    const settings = {
      model: entry.model,
      template: entry.model,
      batch,
      backend: entry.backend,
      document: entry.document,
    };
    const ours = await page.evaluate((s) => globalThis.bench.prepare('gradloom', s), settings);
    const ms = await page.evaluate(
      ([s, time]) => globalThis.bench.measure('gradloom', s, time),
      [settings, milliseconds],
    );
    const { device, dispatches, firstLossMs, flops } = ours;
    report({
      model: entry.model,
      backend: entry.backend,
      device,
      batch,
      ms,
      dispatches,
      firstLossMs,
      gflops: flops / ms / 1e6,
    });
    for (const peer of entry.peers) {
      if (options.peer && !peer.startsWith(options.peer)) continue;
      if (peer === 'pytorch' && !hasTorch) continue;
      if (options.quick && SLOW.has(peer)) continue;
      if (options.quick && SLOW.has(`${peer} ${entry.backend} ${entry.model}`)) continue;
      const turns = peer === 'pytorch' ? options.threads.split(',').slice(0, options.quick ? 1 : undefined) : [''];
      for (const threads of turns) {
        const times = threads ? await againstTorch(page, entry, ours, threads) : await against(page, entry, peer, ours);
        const named = threads ? `pytorch ${threads}T` : peer;
        const ratio = times.peerMs / times.oursMs;
        report({ model: entry.model, backend: entry.backend, batch, peer: named, ...times, ratio });
      }
    }
  });
}
await browser.close();
server.close();

const file = path.join(here, 'results.json');
if (options.check) {
  const before = JSON.parse(readFileSync(file, 'utf8')).rows;
  for (const row of results.filter(({ peer }) => peer)) {
    const old = before.find(
      (each) =>
        each.peer === row.peer && each.model === row.model && each.backend === row.backend && each.batch === row.batch,
    );
    if (!old || row.ratio >= 0.9 * old.ratio) continue;
    console.error(
      `${row.model} ${row.backend} against ${row.peer}: ${row.ratio.toFixed(2)}×, it was ${old.ratio.toFixed(2)}×`,
    );
    process.exitCode = 1;
  }
}
if (options.write) {
  const machine = { cpu: cpus()[0].model, cores: cpus().length, date: new Date().toISOString().slice(0, 10) };
  writeFileSync(file, `${JSON.stringify({ machine, rows: results }, null, 2)}\n`);
  writeFileSync(path.join(here, 'RESULTS.md'), table(machine));
}

/** The rows as a page for people. */
function table({ cpu, cores, date }) {
  const { dependencies } = JSON.parse(readFileSync(path.join(here, 'package.json'), 'utf8'));
  const versions = `jax-js ${dependencies['@jax-js/jax']}, TensorFlow.js ${dependencies['@tensorflow/tfjs']}, PyTorch 2.13`;
  const compared = results.filter(({ peer }) => peer);
  const alone = results.filter(({ peer }) => !peer);
  const lines = [
    '# Benchmark',
    '',
    `Made by \`npm run bench -- --write\` on ${date}: ${cores} cores, ${cpu}; Chromium, WebGPU on the software adapter`,
    `SwiftShader; ${versions}. Batch ${batch}, Adam, milliseconds a training step, medians of turns (ours, theirs, ours, …).`,
    'Ours runs on one thread. A ratio above 1 says that ours is faster.',
    '',
    '| model | backend | peer | ratio | ours, ms | theirs, ms |',
    '| --- | --- | --- | ---: | ---: | ---: |',
    ...compared.map(
      (row) =>
        `| ${row.model} | ${row.backend} | ${row.peer} | ${row.ratio.toFixed(2)} | ${row.oursMs.toFixed(2)} | ${row.peerMs.toFixed(2)} |`,
    ),
    '',
    '| model | backend | ms a step | GFLOP/s | kernels or dispatches | first loss, ms |',
    '| --- | --- | ---: | ---: | ---: | ---: |',
    ...alone.map(
      (row) =>
        `| ${row.model} | ${row.backend} | ${row.ms.toFixed(2)} | ${row.gflops.toFixed(1)} | ${row.dispatches} | ${row.firstLossMs.toFixed(0)} |`,
    ),
  ];
  return `${lines.join('\n')}\n`;
}
