/**
 * Holds what every layer emits for PyTorch and Keras against the shapes that the engine infers, and both against each
 * other, on the samples of the layer's definition.
 *
 *     PYTHON=python3 node conformance/codegen/layers.mjs
 *
 * Exit code 1 if a layer's code does not run or gives something else.
 */
import { spawn } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { createServer } from 'vite';

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.join(here, '..', '..');
const server = await createServer({
  root,
  configFile: false,
  logLevel: 'error',
  appType: 'custom',
  server: { middlewareMode: true, hmr: false, ws: false, watch: null },
});
const load = (file) => server.ssrLoadModule(path.join(root, 'src', file));
const { allLayers } = await load('engine/layers/registry.ts');
const { portsOf } = await load('engine/layers/ports.ts');
const { completeParameters } = await load('engine/layers/parameters.ts');

const samples = allLayers()
  .filter(({ role }) => role === 'layer')
  .flatMap((definition) => definition.samples.map((sample, i) => emitted(definition, sample, i + 1)));
await server.close();

const python = spawn(process.env.PYTHON ?? 'python3', [path.join(here, 'layers.py')], {
  env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: '3', CUDA_VISIBLE_DEVICES: '' },
  stdio: ['pipe', 'pipe', 'inherit'],
});
python.stdin.end(JSON.stringify(samples));
let seen = 0;
let failed = 0;
for await (const line of createInterface({ input: python.stdout })) {
  const { type, number, problems, unsupported } = JSON.parse(line);
  seen++;
  if (problems.length > 0) failed++;
  if (problems.length > 0) console.log(`FAIL ${type} ${number}: ${problems.join('; ')}`);
  else if (unsupported) console.log(`ok   ${type} ${number} in PyTorch; ${unsupported}`);
}
console.log(`${seen - failed} of ${samples.length} samples of layers run as inferred`);
process.exit(failed === 0 && seen === samples.length ? 0 : 1);

function emitted(definition, { inputs, parameters, data, ports = portsOf(definition.inputs, inputs.length) }, number) {
  const complete = completeParameters(definition.parameters, parameters);
  const shapes = data ?? { sample: inputs[0], classes: 0 };
  const { outputs, weights } = definition.infer(inputs, complete, shapes, ports);
  const context = { parameters: complete, inputs, ports, outputs, data: shapes };
  const names = inputs.map((_, i) => `x${i}`);
  const code = (target) => {
    try {
      const layer = definition.emit[target](context);
      return { support: layer.support ?? '', make: layer.make ?? '', apply: layer.apply('layer', names) };
    } catch (error) {
      if (error.id === 'unsupported') return { unsupported: error.message };
      throw error;
    }
  };
  return {
    type: definition.type,
    number,
    inputs,
    output: outputs[0],
    ids: inputs.map((_, i) => definition.inputs[i]?.dtype === 'i32'),
    masks: ports.map((port) => definition.inputs.some(({ name, optional }) => name === port && optional)),
    weights: weights.length > 0,
    pytorch: code('pytorch'),
    keras: code('keras'),
  };
}
