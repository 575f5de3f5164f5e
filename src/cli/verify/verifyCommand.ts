import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Backend } from '../../engine/backends/backend.ts';
import { createBackend } from '../../engine/backends/select.ts';
import { nodeGpu } from '../nodeGpu.ts';
import { CommandError, choiceOption, type Options } from '../options.ts';
import { readOpFixtures, verifyOpCase } from './opsSuite.ts';

/** `--quick` runs every so many-th case only. */
const QUICK = { wasm: 1, reference: 1, webgpu: 2 } as const;

/**
 * Holds the engine against references that PyTorch made. One line a case, then a summary; exit code 1 if any failed.
 * @throws CommandError for an unknown suite.
 */
export async function verifyCommand(suite: string | undefined, options: Options): Promise<void> {
  if (suite !== 'ops') throw new CommandError(`unknown suite "${suite ?? ''}": expected ops`);
  const name = choiceOption(options, 'backend', ['wasm', 'webgpu', 'reference']) ?? 'wasm';
  const gpu = name === 'webgpu' ? await nodeGpu() : undefined;
  const backend = await createBackend(name, gpu);
  const json = options.flags.has('json');
  const counts = { passed: 0, unsupported: 0, failed: 0 };
  const every = options.flags.has('quick') ? QUICK[name] : 1;
  for await (const { op, number, verdict, detail } of opVerdicts(backend, options.values.filter, every)) {
    counts[verdict]++;
    if (json) print(JSON.stringify({ suite, backend: name, op, case: number, verdict, ...detail }));
    else if (verdict === 'failed') print(`failed  ${op} ${number}: ${detail.reason}`);
  }
  backend.dispose();
  const summary = { suite, backend: name, ...counts };
  print(
    json
      ? JSON.stringify(summary)
      : `${counts.passed} passed, ${counts.unsupported} unsupported, ${counts.failed} failed`,
  );
  if (counts.failed > 0) process.exitCode = 1;
}

async function* opVerdicts(backend: Backend, filter: string | undefined, every: number) {
  const root = process.env.GRADLOOM_ROOT ?? process.cwd();
  const fixtures = readOpFixtures(await readFile(path.join(root, 'conformance/ops/fixtures.bin.gz')));
  for (const [number, test] of fixtures.cases.entries()) {
    if (number % every !== 0 || (filter !== undefined && !test.op.includes(filter))) continue;
    const { verdict, ...detail } = await verifyOpCase(backend, fixtures, test);
    yield { op: test.op, number, verdict, detail: detail as { readonly reason?: string; readonly worst?: number } };
  }
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
