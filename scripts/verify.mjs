// Runs every suite of `gradloom verify` in full on every device: npm run verify [-- --json --filter NAME …]
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { findBrowser, softwareGpu } from './findBrowser.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
// The software GPU comes with the browser; without one a Vulkan driver of the system is used.
const gpu = softwareGpu(await findBrowser());
const env = { ...process.env, ...(gpu ? { VK_DRIVER_FILES: gpu, VK_ICD_FILENAMES: gpu } : {}) };

for (const backend of ['reference', 'wasm', 'webgpu']) {
  const words = ['scripts/gradloom.mjs', 'verify', '--backend', backend, ...process.argv.slice(2)];
  const { status } = spawnSync(process.execPath, words, { cwd: root, stdio: 'inherit', env });
  if (status !== 0) process.exitCode = 1;
}
