// What a GPU reaches, in Node on the machine's Vulkan driver: `npm run bench:device`.
//
//   --size N (4096: the product of two matrices)   --peak TFLOPS (the card's float32 peak: prints the share of it)
//   --model TEMPLATE (keras-cnn)   --batch N (64)   --tune (measure layouts first)   --json
//
// A software adapter is slow: there `--size 512` is enough.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const root = fileURLToPath(new URL('..', import.meta.url));
await build({
  root,
  configFile: false,
  logLevel: 'error',
  publicDir: false,
  ssr: { external: ['webgpu'] },
  build: {
    ssr: 'bench/deviceBench.ts',
    outDir: 'node_modules/.cache/gradloom/device',
    emptyOutDir: true,
    target: 'node20',
  },
});
const { status } = spawnSync(
  process.execPath,
  [`${root}node_modules/.cache/gradloom/device/deviceBench.js`, ...process.argv.slice(2)],
  { stdio: 'inherit', env: { ...process.env, GRADLOOM_ROOT: root } },
);
process.exitCode = status ?? 1;
