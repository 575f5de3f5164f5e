import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

/** The folder of the data sets in this repository. */
export const datasetsFolder = fileURLToPath(new URL('../../public/datasets/', import.meta.url));

/** Bytes as an IDX file: https://yann.lecun.com/exdb/mnist/ */
export function idxBytes(data, shape) {
  const head = Buffer.alloc(4 + 4 * shape.length);
  head[2] = 0x08;
  head[3] = shape.length;
  shape.forEach((extent, axis) => {
    head.writeUInt32BE(extent, 4 + 4 * axis);
  });
  return Buffer.concat([head, data]);
}

/** Writes a gzipped file below the data sets' folder and describes it for the manifest. The same content gives the same bytes. */
export function writePacked(file, content) {
  const packed = gzipSync(content, { level: 9 });
  // Byte 9 of a gzip header names the operating system: 255 is "unknown", the same everywhere.
  packed[9] = 255;
  const target = path.join(datasetsFolder, file);
  mkdirSync(path.dirname(target), { recursive: true });
  writeFileSync(target, packed);
  return { path: file, bytes: packed.length, sha256: createHash('sha256').update(packed).digest('hex') };
}

/** A small generator for scripts (mulberry32): numbers in [0, 1). */
export function seeded(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * Picks samples so that each class has its share in both parts, then shuffles each part.
 * `samples` are `{ label, pixels }`; gives `train` and `test` lists of the wanted sizes.
 */
export function stratify(samples, { train, test }, random) {
  const shuffle = (list) => {
    for (let i = list.length - 1; i > 0; i--) {
      const other = Math.floor(random() * (i + 1));
      [list[i], list[other]] = [list[other], list[i]];
    }
    return list;
  };
  const classes = [...new Set(samples.map(({ label }) => label))].sort((a, b) => a - b);
  const total = samples.length;
  const parts = { train: [], test: [] };
  const spare = [];
  for (const label of classes) {
    const own = shuffle(samples.filter((sample) => sample.label === label));
    const forTest = Math.floor((own.length * test) / total);
    const forTrain = Math.floor((own.length * train) / total);
    parts.test.push(...own.slice(0, forTest));
    parts.train.push(...own.slice(forTest, forTest + forTrain));
    spare.push(...own.slice(forTest + forTrain));
  }
  // Rounding leaves a few samples over; they fill up both parts.
  shuffle(spare);
  while (parts.test.length < test) parts.test.push(spare.pop());
  while (parts.train.length < train) parts.train.push(spare.pop());
  return { train: shuffle(parts.train), test: shuffle(parts.test) };
}

/** Writes both parts of an image data set as four files and gives the manifest's `files`. */
export function writeImageFiles(folder, parts, [height, width]) {
  const files = {};
  for (const [name, samples] of Object.entries(parts)) {
    const prefix = name === 'train' ? 'train' : 't10k';
    const pixels = Buffer.concat(samples.map((sample) => sample.pixels));
    const labels = Buffer.from(samples.map((sample) => sample.label));
    files[`${name}Inputs`] = writePacked(
      `${folder}/${prefix}-images-idx3-ubyte.gz`,
      idxBytes(pixels, [samples.length, height, width]),
    );
    files[`${name}Labels`] = writePacked(
      `${folder}/${prefix}-labels-idx1-ubyte.gz`,
      idxBytes(labels, [samples.length]),
    );
  }
  return files;
}

/** Replaces or adds entries of manifest.json, by id. */
export function updateManifest(entries) {
  const file = path.join(datasetsFolder, 'manifest.json');
  let manifest = [];
  try {
    manifest = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
  }
  for (const entry of entries) {
    const at = manifest.findIndex(({ id }) => id === entry.id);
    if (at >= 0) manifest[at] = entry;
    else manifest.push(entry);
  }
  mkdirSync(datasetsFolder, { recursive: true });
  writeFileSync(file, `${JSON.stringify(manifest, null, 2)}\n`);
}
