// Our engine and its peers side by side, in one browser and one run: `npm run bench`.
//
//   --model mlp|keras-cnn|pytorch-cnn|cnn-32-32-64|residual-cnn|lstm-rows   --backend wasm|webgpu   --batch N
//   --peer jax-js|tf.js|pytorch   --document FILE (ours alone)   --quick (under 50 s)   --json
//   --threads 1,2: PyTorch's, and ours on wasm beside it; against others ours has the last of them
//   --check: against bench/results.json, exit code 1 if a ratio fell by more than 10%
//   --write: makes that file anew, or the rows of --model and --backend in it
//   --scale: ours alone, over batch, width and depth, or over the --axis of that name; with --write into bench/SCALE.md
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
import { resultsTable, sameRow, scaleEntries, scaleTable } from './tables.mjs';

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
    scale: { type: 'boolean', default: false },
    axis: { type: 'string' },
  },
});
const batch = Number(options.batch);
if (!Number.isSafeInteger(batch) || batch < 1)
  throw new Error(`--batch expects a whole number, got "${options.batch}"`);

/** Which peers can train which model, and on what. */
const PLAN = [
  { model: 'mlp', backend: 'wasm', peers: ['pytorch', 'jax-js', 'tf.js'] },
  { model: 'keras-cnn', backend: 'wasm', peers: ['pytorch', 'jax-js', 'tf.js cpu'] },
  { model: 'pytorch-cnn', backend: 'wasm', peers: ['pytorch'] },
  { model: 'cnn-32-32-64', backend: 'wasm', peers: ['pytorch'] },
  { model: 'residual-cnn', backend: 'wasm', peers: ['pytorch'] },
  { model: 'lstm-rows', backend: 'wasm', peers: ['pytorch'] },
  { model: 'mlp', backend: 'webgpu', peers: ['jax-js', 'tf.js'] },
  { model: 'keras-cnn', backend: 'webgpu', peers: ['jax-js', 'tf.js'] },
  { model: 'lstm-rows', backend: 'webgpu', peers: [] },
];
const threadCounts = options.threads.split(',').map(Number);
if (threadCounts.some((count) => !Number.isSafeInteger(count) || count < 1))
  throw new Error(`--threads expects whole numbers with commas between, got "${options.threads}"`);
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
    const { model, backend, threads, ms, dispatches, firstLossMs, gflops } = row;
    const name = threads ? `${backend} ${threads}T` : backend;
    console.log(
      `${model.padEnd(14)}${name.padEnd(14)}${ms.toFixed(2).padStart(9)} ms a step, ${gflops.toFixed(1)} GFLOP/s, ${dispatches} kernels, first loss after ${firstLossMs.toFixed(0)} ms`,
    );
  }
}

/** Settings of ours: threads are WebAssembly's only. */
const settingsOf = (entry, threads) => ({
  model: entry.model,
  document: entry.document,
  batch: entry.batch ?? batch,
  backend: entry.backend,
  threads: entry.backend === 'wasm' ? threads : undefined,
});

const measure = (page, engine, settings, time = milliseconds) =>
  page.evaluate(([e, s, ms]) => globalThis.bench.measure(e, s, ms), [engine, settings, time]);
const prepare = (page, engine, settings) =>
  page.evaluate(([e, s]) => globalThis.bench.prepare(e, s), [engine, settings]);

/** A B A B: ours and theirs in turns, medians of each. */
async function against(page, entry, peer, ours) {
  const [engine, backend = entry.backend] = peer.split(' ');
  const own = settingsOf(entry, threadCounts.at(-1));
  const settings = { ...own, backend, own: entry.backend };
  requireSameLoss(entry.model, peer, ours.loss, (await prepare(page, engine, settings)).loss);
  const times = { ours: [], theirs: [] };
  for (let round = 0; round < rounds; round++) {
    times.ours.push(await measure(page, 'gradloom', own));
    times.theirs.push(await measure(page, engine, settings));
  }
  return { oursMs: median(times.ours), peerMs: median(times.theirs), threads: own.threads };
}

/** PyTorch on so many threads, and ours on as many. */
async function againstTorch(page, entry, ours, threads) {
  const python = process.env.PYTHON ?? 'python3';
  const settings = settingsOf(entry, threads);
  const shared = JSON.stringify(await page.evaluate((s) => globalThis.bench.shared(s), settings));
  const times = { ours: [], theirs: [] };
  for (let round = 0; round < rounds; round++) {
    times.ours.push(await measure(page, 'gradloom', settings));
    const answer = await new Promise((resolve, reject) => {
      const words = [path.join(here, 'peers/torchStep.py'), entry.model, String(threads), String(milliseconds / 1000)];
      const child = execFile(python, words, (error, output) => (error ? reject(error) : resolve(JSON.parse(output))));
      child.stdin.end(shared);
    });
    requireSameLoss(entry.model, 'pytorch', ours.loss, answer.loss);
    times.theirs.push(answer.ms);
  }
  return { oursMs: median(times.ours), peerMs: median(times.theirs), threads };
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

const hasTorch = !options.document && !options.scale && torchIsThere();

/** What ours is and takes, on each number of threads. */
async function alone(page, entry, threads) {
  const settings = settingsOf(entry, threads);
  const known = await prepare(page, 'gradloom', settings);
  const ms = await measure(page, 'gradloom', settings, entry.milliseconds);
  const { device, dispatches, firstLossMs, flops, peakBytes } = known;
  const row = { model: entry.model, backend: entry.backend, device, batch: settings.batch, threads: settings.threads };
  return { row: { ...row, ms, dispatches, peakBytes, firstLossMs, gflops: flops / ms / 1e6 }, known };
}

async function compare(entry) {
  await withPage(async (page) => {
    let ours;
    for (const threads of entry.backend === 'wasm' ? threadCounts : [undefined]) {
      const { row, known } = await alone(page, entry, threads);
      report(row);
      ours = known;
    }
    for (const peer of entry.peers) {
      if (options.peer && !peer.startsWith(options.peer)) continue;
      if (peer === 'pytorch' && !hasTorch) continue;
      if (options.quick && SLOW.has(peer)) continue;
      if (options.quick && SLOW.has(`${peer} ${entry.backend} ${entry.model}`)) continue;
      const turns = peer === 'pytorch' ? threadCounts.slice(0, options.quick ? 1 : undefined) : [undefined];
      for (const threads of turns) {
        const times = threads ? await againstTorch(page, entry, ours, threads) : await against(page, entry, peer, ours);
        const named = threads ? `pytorch ${threads}T` : peer;
        const ratio = times.peerMs / times.oursMs;
        report({ model: entry.model, backend: entry.backend, batch, peer: named, ...times, ratio });
      }
    }
  });
}

const file = path.join(here, 'results.json');
const machine = { cpu: cpus()[0].model, cores: cpus().length, date: new Date().toISOString().slice(0, 10) };
if (options.scale) {
  const threads = threadCounts.at(-1);
  const entries = scaleEntries(options.backend ?? 'wasm').filter(({ axis }) => axis === (options.axis ?? axis));
  if (entries.length === 0) throw new Error(`--axis expects batch, width or depth, got "${options.axis}"`);
  for (const entry of entries) {
    // A page of its own for each, so that the memory of one is gone before the next.
    await withPage(async (page) => report({ ...entry, ...(await alone(page, entry, threads)).row }));
  }
  if (options.write) writeScale();
} else {
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
  for (const entry of wanted) await compare(entry);
  if (options.check) check(JSON.parse(readFileSync(file, 'utf8')).rows);
  if (options.write) write();
}
await browser.close();
server.close();

/** Complains of rows whose ratio fell by more than a tenth. */
function check(before) {
  for (const row of results.filter(({ peer }) => peer)) {
    const old = before.find((each) => sameRow(each, row));
    if (!old || row.ratio >= 0.9 * old.ratio) continue;
    console.error(
      `${row.model} ${row.backend} against ${row.peer}: ${row.ratio.toFixed(2)}×, it was ${old.ratio.toFixed(2)}×`,
    );
    process.exitCode = 1;
  }
}

/** Keeps the rows that were not measured this time, in the order of the plan. */
function write() {
  const measured = new Set(results.map(({ model, backend }) => `${model} ${backend}`));
  const before = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).rows : [];
  const kept = before.filter(({ model, backend }) => !measured.has(`${model} ${backend}`));
  const rows = PLAN.flatMap(({ model, backend }) =>
    [...kept, ...results].filter((row) => row.model === model && row.backend === backend),
  );
  writeFileSync(file, `${JSON.stringify({ machine, rows }, null, 2)}\n`);
  writeFileSync(path.join(here, 'RESULTS.md'), resultsTable(machine, rows));
}

/** Keeps what was not measured this time: other devices, other axes. */
function writeScale() {
  const scaleFile = path.join(here, 'scale.json');
  const measured = new Set(results.map(({ backend, axis }) => `${backend} ${axis}`));
  const before = existsSync(scaleFile) ? JSON.parse(readFileSync(scaleFile, 'utf8')).rows : [];
  const kept = before.filter(({ backend, axis }) => !measured.has(`${backend} ${axis}`));
  const rows = [...kept, ...results.map((row) => ({ ...row, machine }))];
  writeFileSync(scaleFile, `${JSON.stringify({ rows }, null, 1)}\n`);
  writeFileSync(path.join(here, 'SCALE.md'), scaleTable(rows));
}
