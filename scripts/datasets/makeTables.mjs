// Makes public/datasets/tables from what scikit-learn ships: PYTHON=python3 node scripts/datasets/makeTables.mjs
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { createServer } from 'vite';
import { datasetsFolder, updateManifest } from './idxFiles.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const server = await createServer({
  root,
  configFile: false,
  logLevel: 'error',
  appType: 'custom',
  server: { middlewareMode: true, hmr: false, ws: false, watch: null },
});
const load = (file) => server.ssrLoadModule(path.join(root, 'src', 'engine', 'data', file));
const { parseCsv } = await load('csv.ts');
const { tableDataset } = await load('table.ts');

const script = fileURLToPath(new URL('tables.py', import.meta.url));
const described = execFileSync(process.env.PYTHON ?? 'python3', [script], { encoding: 'utf8' });
const entries = JSON.parse(described).map(({ target, predict, ...entry }) => {
  const file = `tables/${entry.id}.csv`;
  const bytes = readFileSync(path.join(datasetsFolder, file));
  const kind = predict === 'number' ? { predict } : {};
  const options = { target, ...kind, leaveOut: [], testShare: 0.2, seed: 1, standardize: true };
  const { dataset } = tableDataset(parseCsv(bytes, file), entry, options);
  return {
    ...entry,
    sample: dataset.sample,
    classes: dataset.classes,
    counts: { train: dataset.train.count, test: dataset.test.count },
    table: {
      file: { path: file, bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') },
      ...options,
    },
  };
});
await server.close();
updateManifest(entries);
