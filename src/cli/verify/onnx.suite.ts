import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { readOnnxFixtures, verifyOnnxCase } from './onnxSuite.ts';
import type { QuickShare, Suite } from './suite.ts';

const QUICK: QuickShare = { wasm: 2, reference: 1, webgpu: 4 };

export default {
  name: 'onnx',
  title: "ONNX's own tests of its operators",
  comparesDevices: true,
  async *run({ backend, root, filter, quick }) {
    const fixtures = readOnnxFixtures(await readFile(path.join(root, 'conformance/onnx/fixtures.bin.gz')));
    const every = quick ? QUICK[backend.name] : 1;
    for (const [number, test] of fixtures.cases.entries()) {
      const asked = filter === undefined || test.name.includes(filter) || test.op.includes(filter);
      if (number % every !== 0 || !asked) continue;
      const { name, op, core, onnxruntime } = test;
      yield { name, op, core, onnxruntime, ...(await verifyOnnxCase(backend, fixtures, test)) };
    }
  },
} satisfies Suite;
