/**
 * Builds the engine as a package with types, `gradloom`, into node_modules/.cache/gradloom/lib: what generated
 * TypeScript projects depend on. With `--if-stale` only when sources are newer than the package.
 */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { appendFile, copyFile, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { isStale } from './freshness.mjs';

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '..');
const folder = path.join(root, 'node_modules', '.cache', 'gradloom', 'lib');
const types = path.join(folder, 'types');

// Written last, so it is there only when everything else is.
const manifestFile = path.join(folder, 'package.json');
if (process.argv.includes('--if-stale') && !isStale(manifestFile, [path.join(root, 'src/engine')])) process.exit(0);

const { build } = await import('vite');
await rm(folder, { recursive: true, force: true });
await build({
  root,
  configFile: false,
  // Beside the package's module, wherever that is: the script of the backend's threads.
  base: './',
  logLevel: 'warn',
  publicDir: false,
  build: {
    outDir: folder,
    target: 'es2022',
    minify: false,
    lib: { entry: path.join(root, 'src/engine/index.ts'), formats: ['es'], fileName: 'gradloom' },
  },
});
execFileSync(process.execPath, [path.join(root, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.lib.json'], {
  cwd: root,
  stdio: 'inherit',
});

// Registries find definitions by file name, so no declaration imports them; yet each adds its parameters to a catalog
// of types. The entry names them all.
const declarations = await readdir(types, { recursive: true });
const definitions = declarations
  .map((file) => file.replaceAll(path.sep, '/'))
  .filter((file) => /\.(layer|loss|optimizer|op)\.d\.ts$/.test(file))
  .sort();
const imports = definitions.map((file) => `import './${file.replace(/\.d\.ts$/, '.js')}';\n`).join('');
await appendFile(path.join(types, 'index.d.ts'), imports);

const { version, license } = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8'));
const manifest = {
  name: 'gradloom',
  version,
  license,
  type: 'module',
  sideEffects: false,
  exports: { '.': { types: './types/index.d.ts', default: './gradloom.js' } },
};
const licenseFile = path.join(root, 'LICENSE');
if (existsSync(licenseFile)) await copyFile(licenseFile, path.join(folder, 'LICENSE'));
await writeFile(manifestFile, `${JSON.stringify(manifest, null, 2)}\n`);
console.log(`gradloom ${version}: ${definitions.length} definitions in ${path.relative(root, folder)}`);
