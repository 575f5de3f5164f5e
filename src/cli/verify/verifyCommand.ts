import { createBackend } from '../../engine/backends/select.ts';
import { nodeGpu } from '../nodeGpu.ts';
import { CommandError, choiceOption, type Options } from '../options.ts';
import { suites } from './suite.ts';

/**
 * Holds the engine against references that others made. One line a case, then a summary a suite; exit code 1 if any
 * failed. Without a name all suites run that are about the device.
 * @throws CommandError for an unknown suite.
 */
export async function verifyCommand(name: string | undefined, options: Options): Promise<void> {
  const device = choiceOption(options, 'backend', ['wasm', 'webgpu', 'reference']) ?? 'wasm';
  const chosen = suites.filter((suite) =>
    name === undefined ? suite.comparesDevices || device === 'wasm' : suite.name === name,
  );
  if (chosen.length === 0) {
    throw new CommandError(`unknown suite "${name}": expected ${suites.map((suite) => suite.name).join(', ')}`);
  }
  const gpu = device === 'webgpu' ? await nodeGpu() : undefined;
  const backend = await createBackend(device, gpu);
  const json = options.flags.has('json');
  const root = process.env.GRADLOOM_ROOT ?? process.cwd();
  for (const suite of chosen) {
    const counts = { passed: 0, unsupported: 0, failed: 0 };
    const run = { backend, root, filter: options.values.filter, quick: options.flags.has('quick') };
    for await (const { name: test, verdict, ...detail } of suite.run(run)) {
      counts[verdict]++;
      if (json) print(JSON.stringify({ suite: suite.name, backend: device, name: test, verdict, ...detail }));
      else if (verdict === 'failed') print(`failed  ${test}: ${'reason' in detail ? detail.reason : ''}`);
    }
    print(
      json
        ? JSON.stringify({ suite: suite.name, backend: device, ...counts })
        : `${suite.name} on ${device}: ${counts.passed} passed, ${counts.unsupported} unsupported, ${counts.failed} failed`,
    );
    if (counts.failed > 0) process.exitCode = 1;
  }
  backend.dispose();
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
