// The command line: bundles src/cli for Node when sources are newer than the bundle, then runs it.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { isStale } from './freshness.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const bundle = `${root}node_modules/.cache/gradloom/cli/main.js`;

if (isStale(bundle, [`${root}src`, `${root}package-lock.json`])) {
  const { build } = await import('vite');
  await build({
    root,
    configFile: false,
    logLevel: 'error',
    publicDir: false,
    ssr: { external: ['webgpu'] },
    build: { ssr: 'src/cli/main.ts', outDir: 'node_modules/.cache/gradloom/cli', emptyOutDir: true, target: 'node20' },
  });
}

const { status } = spawnSync(process.execPath, [bundle, ...process.argv.slice(2)], {
  stdio: 'inherit',
  env: { ...process.env, GRADLOOM_ROOT: root },
});
process.exitCode = status ?? 1;
