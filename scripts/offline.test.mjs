import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeServiceWorker } from './offline.mjs';

const template = path.join(import.meta.dirname, 'serviceWorker.js');
let site;

beforeEach(() => {
  site = mkdtempSync(path.join(tmpdir(), 'site-'));
  for (const folder of ['assets', 'datasets/mnist', 'datasets/other'])
    mkdirSync(path.join(site, folder), { recursive: true });
  for (const name of ['index.html', 'assets/a.js', 'datasets/mnist/x.gz', 'datasets/other/y.gz', 'library.zip'])
    writeFileSync(path.join(site, name), name);
});
afterEach(() => rmSync(site, { recursive: true }));

const listed = () => JSON.parse(/const FILES = (\[.*\]);/.exec(readFileSync(path.join(site, 'sw.js'), 'utf8'))[1]);
const version = () => /const VERSION = '(\w+)';/.exec(readFileSync(path.join(site, 'sw.js'), 'utf8'))[1];

describe('writeServiceWorker', () => {
  it('lists the page, its code and the first data set', () => {
    expect(writeServiceWorker(site, template)).toEqual({ files: 3, bytes: 40 });
    expect(listed()).toEqual(['assets/a.js', 'datasets/mnist/x.gz', 'index.html']);
  });

  it('has another version when a file has another content, and else the same', () => {
    writeServiceWorker(site, template);
    const first = version();
    writeServiceWorker(site, template);
    expect(version()).toBe(first);
    writeFileSync(path.join(site, 'assets/a.js'), 'changed');
    writeServiceWorker(site, template);
    expect(version()).not.toBe(first);
  });
});
