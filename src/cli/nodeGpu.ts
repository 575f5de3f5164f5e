import { loadVulkanBeside } from '../engine/backends/webgpu/vulkanLoader.ts';

// Dawn goes away with its object, whatever still uses its devices.
let kept: GPU | undefined;

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
  kept = dawn.create([]);
  return kept;
}
