import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { zipSync } from 'fflate';
import type { Plugin } from 'vite';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = path.join(root, 'node_modules/.cache/gradloom/lib');
const NAME = 'gradloom-library.zip';

/**
 * Puts the engine as a package beside the page, zipped: a TypeScript project that is downloaded from the page contains
 * it, as one that the shell writes does.
 */
export function libraryArchive(): Plugin {
  return {
    name: 'library-archive',
    generateBundle() {
      this.emitFile({ type: 'asset', fileName: NAME, source: archive() });
    },
    configureServer(server) {
      server.middlewares.use(`/${NAME}`, (_request, response) => {
        response.setHeader('Content-Type', 'application/zip');
        response.end(archive());
      });
    },
  };
}

function archive(): Uint8Array {
  execFileSync(process.execPath, [path.join(root, 'scripts/buildLibrary.mjs'), '--if-stale'], { stdio: 'inherit' });
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(path.join(folder, name)).isFile())
    .map((name) => name.replaceAll(path.sep, '/'))
    .sort();
  const contents = Object.fromEntries(
    files.map((name) => [name, new Uint8Array(readFileSync(path.join(folder, name)))]),
  );
  // One date for all, so that the same sources give the same bytes.
  return zipSync(contents, { level: 9, mtime: '1980-01-01' });
}
