import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { readOpFixtures, verifyOpCase } from './opsSuite.ts';
import type { QuickShare, Suite } from './suite.ts';

const QUICK: QuickShare = { wasm: 1, reference: 1, webgpu: 2 };

export default {
  name: 'ops',
  title: "PyTorch's own samples of its functions, values and gradients",
  comparesDevices: true,
  async *run({ backend, root, filter, quick }) {
    const fixtures = readOpFixtures(await readFile(path.join(root, 'conformance/ops/fixtures.bin.gz')));
    const every = quick ? QUICK[backend.name] : 1;
    for (const [number, test] of fixtures.cases.entries()) {
      if (number % every !== 0 || (filter !== undefined && !test.op.includes(filter))) continue;
      yield { name: test.op, op: test.op, case: number, ...(await verifyOpCase(backend, fixtures, test)) };
    }
  },
} satisfies Suite;
