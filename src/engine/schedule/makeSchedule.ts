import type { Program } from '../ir/types.ts';
import { fuse, type ScheduleOptions } from './fuse.ts';
import { kernelGraph } from './kernelGraph.ts';
import { orderByLevel } from './levels.ts';
import { planMemory } from './planMemory.ts';
import type { Schedule } from './schedule.ts';

/**
 * From ops to device work: picks each op's kernel, fuses what can be one, and gives every value memory. Without options
 * kernels keep the program's order, where a kernel finds what it reads still in cache.
 */
export function makeSchedule(program: Program, options?: ScheduleOptions): Schedule {
  const graph = fuse(program, kernelGraph(program), options);
  if (!options?.concurrent) return planMemory(program, graph);
  const { graph: ordered, levels } = orderByLevel(program, graph);
  return planMemory(program, ordered, levels);
}
