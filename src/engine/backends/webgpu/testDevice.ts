import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { loadVulkanBeside } from './vulkanLoader.ts';

/** A GPU for tests in Node, or the reason why there is none. */
export type TestGpu =
  | { readonly gpu: GPU; readonly reason: undefined }
  | { readonly gpu: undefined; readonly reason: string };

let found: Promise<TestGpu> | undefined;

/**
 * Dawn (npm `webgpu`) on the machine's Vulkan driver or, by preference since it is the same everywhere, on the
 * software driver SwiftShader that comes with Chromium. `VK_DRIVER_FILES` overrides the search.
 * @throws Error where there is none and `CI` is set: there the GPU tests must not be left out.
 */
export function testGpu(): Promise<TestGpu> {
  found ??= findGpu().then((result) => {
    if (!result.gpu) {
      if (process.env.CI) throw new Error(`GPU tests can't run: ${result.reason}`);
      console.warn(`GPU TESTS ARE LEFT OUT: ${result.reason}`);
    }
    return result;
  });
  return found;
}

async function findGpu(): Promise<TestGpu> {
  if (!process.env.VK_DRIVER_FILES) {
    const driver = swiftShader();
    if (driver) {
      // Both names: older Vulkan loaders know only the second.
      process.env.VK_DRIVER_FILES = driver;
      process.env.VK_ICD_FILENAMES = driver;
    }
  }
  if (process.env.VK_DRIVER_FILES) loadVulkanBeside(process.env.VK_DRIVER_FILES);
  const { create, globals } = await import('webgpu');
  Object.assign(globalThis, globals);
  const gpu = create([]);
  if (await gpu.requestAdapter()) return { gpu, reason: undefined };
  return {
    gpu: undefined,
    reason: 'no Vulkan driver: install chromium, or set VK_DRIVER_FILES to a vk_swiftshader_icd.json',
  };
}

/** The description of the driver in an installed Chromium, Chrome or Playwright browser. */
function swiftShader(): string | undefined {
  const cache = process.env.PLAYWRIGHT_BROWSERS_PATH ?? join(homedir(), '.cache', 'ms-playwright');
  const playwright = existsSync(cache)
    ? readdirSync(cache)
        .filter((name) => name.startsWith('chromium'))
        .flatMap((name) => readdirSync(join(cache, name)).map((folder) => join(cache, name, folder)))
    : [];
  const chromium = process.env.CHROMIUM_PATH;
  return [
    ...(chromium ? [dirname(chromium)] : []),
    '/usr/lib/chromium',
    '/usr/lib/chromium-browser',
    '/opt/google/chrome',
    ...playwright,
  ]
    .map((folder) => join(folder, 'vk_swiftshader_icd.json'))
    .find((file) => existsSync(file));
}
