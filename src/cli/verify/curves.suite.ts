import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parseDocument } from '../../engine/graph/schema.ts';
import { datasetOf } from '../sources.ts';
import { readCurveFixtures, verifyCurve } from './curvesSuite.ts';
import type { QuickShare, Suite } from './suite.ts';

/** `--quick` takes the first steps of each run only: one in so many. */
const QUICK: QuickShare = { wasm: 1, reference: 25, webgpu: 4 };

export default {
  name: 'curves',
  title: 'training runs of PyTorch, step by step: losses and gradients',
  comparesDevices: true,
  async *run({ backend, root, filter, quick }) {
    const fixtures = readCurveFixtures(await readFile(path.join(root, 'conformance/curves/fixtures.bin.gz')));
    const share = quick ? QUICK[backend.name] : 1;
    const first = fixtures.cases[0];
    if (!first) return;
    // All runs are on the same data.
    const dataset = await datasetOf(parseDocument(JSON.stringify(first.document)).document);
    for (const test of fixtures.cases) {
      if (filter !== undefined && !test.name.includes(filter)) continue;
      yield {
        name: test.name,
        ...(await verifyCurve(backend, fixtures, test, dataset, Math.ceil(test.steps / share))),
      };
    }
  },
} satisfies Suite;
