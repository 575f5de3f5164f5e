import { loadVulkanBeside } from '../engine/backends/webgpu/vulkanLoader.ts';

/** WebGPU for Node by the optional package `webgpu` (Dawn); undefined where that package or a driver is missing. */
export async function nodeGpu(): Promise<GPU | undefined> {
  if (process.env.VK_DRIVER_FILES) loadVulkanBeside(process.env.VK_DRIVER_FILES);
  let dawn: typeof import('webgpu');
  try {
    dawn = await import('webgpu');
  } catch {
    // Not installed: the shell then has WebAssembly, and asking for webgpu by name is refused with that reason.
    return undefined;
  }
  Object.assign(globalThis, dawn.globals);
  return dawn.create([]);
}
