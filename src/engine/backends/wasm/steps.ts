import type { KernelInfo } from '../backend.ts';
import type { Argument, Phase } from './code.ts';
import type { PhaseStep } from './thread.ts';

interface PlacedKernel {
  readonly phases: readonly Phase[];
  readonly info: KernelInfo;
  /** Addresses. */
  readonly operands: readonly number[];
  readonly results: readonly number[];
}

/**
 * The phases of all kernels of a plan in order; those of kernel i begin at `starts[i]`. Kernels of fewer operations and
 * bytes than `leastDivided` are left to one thread.
 */
export function stepsOf(
  kernels: readonly PlacedKernel[],
  leastDivided: number,
): { readonly steps: readonly PhaseStep[]; readonly starts: readonly number[] } {
  const steps: PhaseStep[] = [];
  const starts: number[] = [];
  for (const { phases, info, operands, results } of kernels) {
    starts.push(steps.length);
    const large = info.flops + info.bytes >= leastDivided;
    for (const [i, phase] of phases.entries()) {
      const divided = large && phase.range >= 2 * phase.grain;
      const last = steps.at(-1);
      steps.push({
        code: phase.code.id,
        arguments: phase.arguments.map((argument) => placed(argument, operands, results)),
        range: phase.range,
        grain: phase.grain,
        divided,
        // What one thread does alone comes in order by itself.
        waits: last !== undefined && (divided || last.divided) && !(i > 0 && phase.independent),
      });
    }
  }
  starts.push(steps.length);
  return { steps, starts };
}

function placed(
  { of, number, bytes }: Argument,
  operands: readonly number[],
  results: readonly number[],
): PhaseStep['arguments'][number] {
  switch (of) {
    case 'operand':
      return [0, (operands[number] as number) + bytes];
    case 'result':
      return [0, (results[number] as number) + bytes];
    case 'shared':
      return [1, bytes];
    case 'own':
      return [2, bytes];
  }
}
