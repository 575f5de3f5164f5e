import type { Program } from '../ir/types.ts';
import { fuse } from './fuse.ts';
import { kernelGraph } from './kernelGraph.ts';
import { orderByLevel } from './levels.ts';
import { planMemory } from './planMemory.ts';
import type { Schedule } from './schedule.ts';

/**
 * From ops to device work: picks each op's kernel, fuses what can be one, and gives every value memory. `concurrent` is
 * for devices that run independent kernels together; others keep the program's order, where a kernel finds what it
 * reads still in cache.
 */
export function makeSchedule(program: Program, concurrent = false): Schedule {
  const graph = fuse(program, kernelGraph(program), concurrent);
  if (!concurrent) return planMemory(program, graph);
  const { graph: ordered, levels } = orderByLevel(program, graph);
  return planMemory(program, ordered, levels);
}
