import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

// RTLD_NOW, RTLD_GLOBAL and RTLD_NODELETE of <dlfcn.h>.
const KEEP_LOADED = 0x2 | 0x100 | 0x1000;

/**
 * Browsers bring the Vulkan loader that Dawn asks the system for, beside their driver. Loading theirs first lets Dawn in
 * Node find it by name on machines without one; Node then complains that it is no add-on of its own, which is expected.
 */
export function loadVulkanBeside(driverFile: string): void {
  const loader = join(dirname(driverFile), 'libvulkan.so.1');
  if (!existsSync(loader)) return;
  try {
    process.dlopen({ exports: {} }, loader, KEEP_LOADED);
  } catch (error) {
    if (!(error instanceof Error) || !error.message.includes('did not self-register')) throw error;
  }
}
