import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { zipSync } from 'fflate';
import type { Plugin } from 'vite';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Files that are made from the sources and stand beside the page. */
const COMPANIONS = {
  /** The engine as a package: a TypeScript project that is downloaded from the page contains it. */
  'gradloom-library.zip': { type: 'application/zip', make: libraryArchive },
  /** What every layer computes and takes. */
  'layers.html': { type: 'text/html; charset=utf-8', make: () => script('gradloom.mjs', ['layers', '--html']) },
} as const;

/** Adds the companions to the build, and makes them on demand while developing. */
export function companions(): Plugin {
  return {
    name: 'companions',
    generateBundle() {
      for (const [fileName, { make }] of Object.entries(COMPANIONS)) {
        this.emitFile({ type: 'asset', fileName, source: make() });
      }
    },
    configureServer(server) {
      for (const [fileName, { type, make }] of Object.entries(COMPANIONS)) {
        server.middlewares.use(`/${fileName}`, (_request, response) => {
          response.setHeader('Content-Type', type);
          response.end(make());
        });
      }
    },
  };
}

function libraryArchive(): Uint8Array {
  script('buildLibrary.mjs', ['--if-stale']);
  const folder = path.join(root, 'node_modules/.cache/gradloom/lib');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(path.join(folder, name)).isFile())
    .map((name) => name.replaceAll(path.sep, '/'))
    .sort();
  const contents = files.map((name) => [name, new Uint8Array(readFileSync(path.join(folder, name)))] as const);
  // One date for all, so that the same sources give the same bytes.
  return zipSync(Object.fromEntries(contents), { level: 9, mtime: '1980-01-01' });
}

function script(name: string, words: readonly string[]): string {
  return execFileSync(process.execPath, [path.join(root, 'scripts', name), ...words], { encoding: 'utf8' });
}
