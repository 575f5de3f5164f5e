// Builds the static site into dist/ and says what a first visit loads.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';
import { writeServiceWorker } from './offline.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
await build({ root, logLevel: 'warn' });
const offline = writeServiceWorker(`${root}dist`, `${root}scripts/serviceWorker.js`);

const html = readFileSync(`${root}dist/index.html`, 'utf8');
const first = [...html.matchAll(/(?:src|href)="\.\/(assets\/[^"]+\.js)"/g)].map(([, file]) => file);
const size = first.reduce((sum, file) => sum + gzipSync(readFileSync(`${root}dist/${file}`)).length, 0);
const all = readdirSync(`${root}dist/assets`).length;
console.log(
  `dist: ${all} files; JavaScript of the first page ${(size / 1000).toFixed(0)} kB gzipped (the limit is 250)`,
);
console.log(
  `sw.js keeps ${offline.files} files, ${(offline.bytes / 1e6).toFixed(1)} MB, for the time without a network`,
);
