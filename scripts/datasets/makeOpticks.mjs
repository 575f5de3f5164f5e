// Makes public/datasets/text/opticks.txt.gz from the copy of Newton's Opticks that lies among the tests of Debian's
// package golang-1.19-src, fetched for this run only.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { updateManifest, writePacked } from './idxFiles.mjs';

const PACKAGE = 'golang-1.19-src';
const FILE = 'usr/share/go-1.19/src/testdata/Isaac.Newton-Opticks.txt';
/** Characters of a sample. */
const STEPS = 64;
/** As much of the book as trains in a minute. */
const LENGTH = 300_000;

const folder = mkdtempSync(path.join(tmpdir(), 'gradloom-opticks-'));
try {
  execFileSync('apt-get', ['-o', 'APT::Sandbox::User=root', 'download', PACKAGE], { cwd: folder, stdio: 'inherit' });
  const archive = readdirSync(folder).find((name) => name.endsWith('.deb'));
  execFileSync('dpkg', ['-x', archive, 'unpacked'], { cwd: folder, stdio: 'inherit' });
  const book = readFileSync(path.join(folder, 'unpacked', FILE), 'utf8');
  // The book itself: without who typed it, marks of footnotes, pictures and emphasis, and letters that few pages have.
  const text = book
    .slice(book.indexOf('THE FIRST BOOK OF OPTICKS'))
    .replace(/\[[^\]]*\]/g, '')
    .replaceAll('_', '')
    .replaceAll('æ', 'ae')
    .replaceAll('Æ', 'Ae')
    .replaceAll('|', ' ')
    .replace(/[^\n -~]/g, '')
    .replace(/ +\n/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .slice(0, LENGTH);
  const characters = [...new Set(text)].sort();
  const pieces = Math.floor((text.length - 1) / STEPS);
  const test = Math.ceil(pieces * 0.1);
  updateManifest([
    {
      id: 'opticks',
      title: 'Opticks (text)',
      kind: 'text',
      source: 'Isaac Newton: Opticks, 4th edition 1730, as in Debian’s package golang-1.19-src',
      licence: 'public domain',
      sample: [STEPS],
      classes: characters,
      counts: { train: pieces - test, test },
      text: writePacked('text/opticks.txt.gz', text),
    },
  ]);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
