/**
 * Runs the generated code of every template for real and holds it against the engine: PyTorch and Keras in Python,
 * TypeScript type-checked and executed in Node. A project first takes a few steps from the engine's weights on its batches,
 * which must give the engine's losses; then it trains by itself. What a target can't express is refused by name.
 *
 *     node conformance/codegen/run.mjs [--template ID …] [--target pytorch|keras|typescript] [--epochs N] [--keep] [--table]
 *
 * `--epochs 0` leaves out the training, `--table` writes RESULTS.md. PYTHON names a Python that has torch, keras and tensorflow; default python3. Exit code 1 if anything fails.
 */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { createServer } from 'vite';
import { engineSteps, pythonSteps, STEPS, typescriptSteps, withoutChance } from './firstLosses.mjs';
import { writeTable } from './table.mjs';

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '..', '..');
const here = path.join(root, 'conformance', 'codegen');
const run = promisify(execFile);
const { values: options } = parseArgs({
  options: {
    template: { type: 'string', multiple: true },
    target: { type: 'string' },
    epochs: { type: 'string', default: '2' },
    keep: { type: 'boolean', default: false },
    table: { type: 'boolean', default: false },
  },
});
const python = process.env.PYTHON ?? 'python3';
process.env.GRADLOOM_ROOT = root;

const server = await createServer({
  root,
  configFile: false,
  logLevel: 'error',
  appType: 'custom',
  server: { middlewareMode: true, hmr: false, ws: false, watch: null },
});
const load = (file) => server.ssrLoadModule(path.join(root, 'src', file));
const { writeProject } = await load('cli/generate.ts');
const { fetchDatasetFile } = await load('cli/sources.ts');
const { dataShapes } = await load('engine/data/dataset.ts');
const { allTemplates } = await load('engine/templates/registry.ts');
const { CODE_TARGETS, generateCode } = await load('engine/codegen/generate.ts');
const { inferGraph } = await load('engine/compiler/infer.ts');
const { loadDataset, loadManifest } = await load('engine/data/loadDataset.ts');
const FIRST = 5e-6;
const LATER = { pytorch: 1e-4, keras: 5e-3 };
const NORMALIZED = 1e-2;

const templates = allTemplates().filter(({ id }) => options.template?.includes(id) ?? true);
const targets = CODE_TARGETS.filter((target) => !options.target || target === options.target);
if (templates.length === 0 || targets.length === 0) {
  console.error(`nothing to run: templates ${allTemplates().map(({ id }) => id)}, targets ${CODE_TARGETS}`);
  process.exit(2);
}
if (targets.includes('typescript')) await run(process.execPath, [path.join(root, 'scripts/buildLibrary.mjs')]);
const manifest = await loadManifest(fetchDatasetFile);
const scratch = await mkdtemp(path.join(tmpdir(), 'gradloom-codegen-'));
const epochs = Number(options.epochs);
const rows = [];
for (const template of templates) {
  const document = template.build();
  const calm = withoutChance(document);
  const taken = await engineSteps(load, calm, await loadDataset(datasetOf(document), fetchDatasetFile));
  for (const target of targets) {
    const start = performance.now();
    const row = { template: template.id, target, problems: [], refused: undefined, apart: undefined, losses: [] };
    rows.push(row);
    let names;
    try {
      ({ names } = generateCode(calm, target, datasetOf(calm)));
    } catch (error) {
      if (error.id !== 'unsupported') throw error;
      row.refused = error.message;
      report(row, 0);
      continue;
    }
    try {
      const first = path.join(scratch, `${template.id}-${target}-first`);
      await project(calm, target, first);
      const found =
        target === 'typescript' ? await typescriptSteps(first) : await pythonSteps(python, target, first, taken, names);
      row.apart = taken.losses.map((loss, i) => Math.abs(found[i] - loss) / Math.abs(loss));
      row.problems.push(...tooFar(row.apart, target, document, taken.losses, found));
      if (epochs > 0) {
        const folder = path.join(scratch, `${template.id}-${target}`);
        await project(document, target, folder);
        row.losses = target === 'typescript' ? await runTypescript(folder) : await runPython(folder);
        if (row.losses.length !== epochs) row.problems.push(`printed ${row.losses.length} epochs`);
        else if (!row.losses.every(Number.isFinite)) row.problems.push('loss is not finite');
        else if (epochs > 1 && !template.id.includes('gan') && row.losses.at(-1) >= row.losses[0])
          row.problems.push('loss does not fall');
        if (target !== 'typescript') {
          row.problems.push(...(await checkWeights(folder, target, document, expectedWeights(document))));
        }
      }
    } catch (error) {
      const said = String(error.stderr || error.stdout || error.message);
      row.problems.push(said.trim().split('\n').slice(-12).join('\n    '));
    }
    report(row, (performance.now() - start) / 1000);
  }
}
await server.close();
if (options.keep) console.log(`projects kept in ${scratch}`);
else await rm(scratch, { recursive: true });
if (options.table) await writeTable(rows);
const failed = rows.filter(({ problems }) => problems.length > 0).length;
const refused = rows.filter((row) => row.refused).length;
console.log(`${rows.length - failed - refused} projects compute as the engine, ${refused} refused by name, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);

function report({ template, target, problems, refused, apart, losses }, seconds) {
  const verdict = refused ? 'none' : problems.length === 0 ? 'ok  ' : 'FAIL';
  const trail = losses.map((loss) => loss.toFixed(4)).join(' → ');
  const distance = apart ? apart.map((each) => each.toExponential(0)).join(' ') : '';
  console.log(
    `${verdict} ${template.padEnd(21)} ${target.padEnd(11)} ${seconds.toFixed(0).padStart(4)} s  ${refused ?? `${distance}  ${trail}`}`,
  );
  for (const problem of problems) console.log(`    ${problem}`);
}

/** The project as its reader would have it, dependencies and all; TypeScript is compiled. */
async function project(document, target, folder) {
  await mkdir(folder);
  await writeProject(document, target, folder);
  if (target !== 'typescript') return;
  const modules = path.join(folder, 'node_modules');
  await mkdir(path.join(modules, '@types'), { recursive: true });
  // What `npm install` does with the project's package.json, without a network.
  await symlink(path.join(folder, 'gradloom'), path.join(modules, 'gradloom'));
  for (const name of ['@types/node', 'undici-types']) {
    await symlink(path.join(root, 'node_modules', name), path.join(modules, name));
  }
  await run(process.execPath, [path.join(root, 'node_modules/typescript/bin/tsc')], { cwd: folder });
}

/**
 * Losses further from the engine's than rounding takes them. The first one is a forward pass alone; each step after it
 * adds an update's rounding, and Keras' Adam has its epsilon in another place. A bias before a BatchNorm has a gradient
 * of rounding alone, of which Adam makes whole steps: with it, Small ResNet parts by 5e-3 between two devices of ours
 * within four steps. Keras' LSTM has one bias where PyTorch's has two, each of which learns: only its first loss is held.
 */
function tooFar(apart, target, document, wanted, found) {
  if (found.length !== STEPS) return [`took ${found.length} steps`];
  const graphs = [document, ...Object.values(document.blocks)];
  const has = (...types) => graphs.some(({ nodes }) => Object.values(nodes).some(({ type }) => types.includes(type)));
  const oneBias = target === 'keras' && has('LSTM', 'RNN');
  const later = oneBias ? Number.POSITIVE_INFINITY : has('BatchNorm1d', 'BatchNorm2d') ? NORMALIZED : LATER[target];
  const bounds = target === 'typescript' ? [0, 0] : [FIRST, later];
  return apart.flatMap((each, i) =>
    each <= bounds[Math.min(i, 1)] ? [] : [`loss ${found[i]} of step ${i + 1}, the engine has ${wanted[i]}`],
  );
}

async function runPython(folder) {
  const { stdout } = await run(python, ['train.py', '--epochs', options.epochs], {
    cwd: folder,
    env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: '3', CUDA_VISIBLE_DEVICES: '' },
    maxBuffer: 1 << 26,
  });
  // PyTorch: "epoch 1: loss 0.5, …"; Keras with verbose=2: "141/141 - 3s - 20ms/step - loss: 0.5 - …".
  return [...stdout.matchAll(/^(?:epoch \d+: loss |.*\bstep - .*?\bloss: )([-\d.e+]+)/gm)].map(([, loss]) => Number(loss));
}

async function runTypescript(folder) {
  const { stdout } = await run(process.execPath, ['dist/train.js', '--epochs', options.epochs], { cwd: folder });
  return [...stdout.matchAll(/^epoch \d+: loss ([-\d.e+]+)/gm)].map(([, loss]) => Number(loss));
}

/** Every weight that the engine would train or keep, by node. */
function expectedWeights(document) {
  const data = datasetOf(document);
  const inference = inferGraph(document, dataShapes(data));
  return inference.order.flatMap((id) =>
    (inference.nodes[id]?.inference?.weights ?? []).map(({ name, shape }) => ({
      node: id,
      type: inference.nodes[id].definition.type,
      name,
      shape,
    })),
  );
}

function datasetOf(document) {
  return manifest.find(({ id }) => id === document.data.dataset);
}

/** The framework's own weights have the names, shapes and number that the engine infers. */
async function checkWeights(folder, target, document, expected) {
  const { names } = generateCode(document, target, datasetOf(document));
  const { stdout } = await run(python, [path.join(here, `${target}Weights.py`), folder], {
    env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: '3', CUDA_VISIBLE_DEVICES: '' },
  });
  const found = JSON.parse(stdout.trim().split('\n').at(-1));
  if (target === 'keras') {
    // PyTorch's LSTM and RNN have two biases that are added up, Keras' have one. A GRU's stay apart in both.
    const once = (type) => ['LSTM', 'RNN'].includes(type);
    const counted = expected.filter(({ type, name }) => !(name.startsWith('bias_hh') && once(type)));
    const total = counted.reduce((sum, { shape }) => sum + shape.reduce((size, extent) => size * extent, 1), 0);
    return found.count === total ? [] : [`Keras has ${found.count} weights, the engine ${total}`];
  }
  const wanted = Object.fromEntries(expected.map(({ node, name, shape }) => [`${names[node]}.${name}`, shape]));
  const problems = [];
  for (const name of new Set([...Object.keys(wanted), ...Object.keys(found)])) {
    const [here, there] = [wanted[name], found[name]].map((shape) => (shape ? `[${shape}]` : 'nothing'));
    if (here !== there) problems.push(`${name}: the engine has ${here}, PyTorch ${there}`);
  }
  return problems;
}
