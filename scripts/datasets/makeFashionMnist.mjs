// Makes public/datasets/fashion-mnist from Debian's package dataset-fashion-mnist (MIT), fetched for this run only.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { seeded, stratify, updateManifest, writeImageFiles } from './idxFiles.mjs';

const PACKAGE = 'dataset-fashion-mnist';
const counts = { train: 10000, test: 2000 };

const folder = mkdtempSync(path.join(tmpdir(), 'gradloom-fashion-'));
try {
  execFileSync('apt-get', ['-o', 'APT::Sandbox::User=root', 'download', PACKAGE], { cwd: folder, stdio: 'inherit' });
  const archive = readdirSync(folder).find((name) => name.endsWith('.deb'));
  execFileSync('dpkg', ['-x', archive, 'unpacked'], { cwd: folder, stdio: 'inherit' });
  const found = execFileSync('find', ['unpacked', '-name', '*-ubyte*'], { cwd: folder, encoding: 'utf8' }).split('\n');
  const read = (name) => {
    const file = found.find((entry) => path.basename(entry).startsWith(name));
    if (!file) throw new Error(`${PACKAGE} has no ${name}`);
    const bytes = readFileSync(path.join(folder, file));
    return file.endsWith('.gz') ? gunzipSync(bytes) : bytes;
  };
  const part = (prefix, size, seed) => {
    const images = read(`${prefix}-images`).subarray(16);
    const labels = read(`${prefix}-labels`).subarray(8);
    const samples = Array.from(labels, (label, i) => ({ label, pixels: images.subarray(784 * i, 784 * (i + 1)) }));
    return stratify(samples, { train: size, test: 0 }, seeded(seed)).train;
  };
  const parts = { train: part('train', counts.train, 1), test: part('t10k', counts.test, 2) };
  updateManifest([
    {
      id: 'fashion-mnist',
      title: 'Fashion-MNIST',
      kind: 'idx',
      source: 'Zalando Research: Fashion-MNIST (Xiao, Rasul, Vollgraf 2017)',
      licence: 'MIT',
      sample: [1, 28, 28],
      classes: ['T-shirt', 'Trouser', 'Pullover', 'Dress', 'Coat', 'Sandal', 'Shirt', 'Sneaker', 'Bag', 'Ankle boot'],
      counts,
      files: writeImageFiles('fashion-mnist', parts, [28, 28]),
    },
  ]);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
