import type { Program } from '../ir/types.ts';
import { fuse } from './fuse.ts';
import { kernelGraph } from './kernelGraph.ts';
import { planMemory } from './planMemory.ts';
import type { Schedule } from './schedule.ts';

/** From ops to device work: picks each op's kernel, fuses what can be one, and gives every value memory. */
export function makeSchedule(program: Program): Schedule {
  return planMemory(program, fuse(program, kernelGraph(program)));
}
