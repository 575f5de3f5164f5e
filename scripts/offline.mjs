import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** What a first visit keeps for the time without a network: the page, all of its code, and the first data set. */
const KEPT = /^(assets\/|datasets\/(manifest\.json|mnist\/)|[^/]+\.(html|svg|png|webmanifest)$)/;

/** Writes `sw.js` into a built site, with the list of its files. Gives how many there are and their bytes. */
export function writeServiceWorker(site, template) {
  const files = readdirSync(site, { recursive: true, encoding: 'utf8' })
    .map((name) => name.replaceAll(path.sep, '/'))
    .filter((name) => KEPT.test(name) && statSync(path.join(site, name)).isFile())
    .sort();
  const hash = createHash('sha256');
  let bytes = 0;
  for (const name of files) {
    const content = readFileSync(path.join(site, name));
    hash.update(name).update('\0').update(content);
    bytes += content.length;
  }
  const source = readFileSync(template, 'utf8');
  const version = hash.update(source).digest('hex').slice(0, 16);
  const filled = source
    .replace('const FILES = [];', `const FILES = ${JSON.stringify(files)};`)
    .replace("const VERSION = 'none';", `const VERSION = '${version}';`);
  writeFileSync(path.join(site, 'sw.js'), filled);
  return { files: files.length, bytes };
}
