import type { BackendName, Executable, KernelInfo } from '../engine/backends/backend.ts';
import type { GraphDocument } from '../engine/graph/document.ts';

/** One training step as compiled for a device. */
export interface PlanReport {
  readonly model: string;
  readonly backend: BackendName;
  readonly batchSize: number;
  readonly kernels: readonly KernelInfo[];
  readonly totals: {
    readonly kernels: number;
    /** Launches a step: several kernels may share one. */
    readonly dispatches: number;
    /** Distinct pieces of device code. */
    readonly pipelines: number;
    /** Planned intermediate memory. */
    readonly arenaBytes: number;
    readonly flops: number;
    readonly bytes: number;
  };
}

export function planReport(document: GraphDocument, backend: BackendName, code: Executable): PlanReport {
  const { kernels, dispatches, pipelines, arenaBytes } = code;
  const sum = (of: (kernel: KernelInfo) => number): number => kernels.reduce((total, kernel) => total + of(kernel), 0);
  return {
    model: document.name,
    backend,
    batchSize: document.training.batchSize,
    kernels,
    totals: {
      kernels: kernels.length,
      dispatches,
      pipelines,
      arenaBytes,
      flops: sum(({ flops }) => flops),
      bytes: sum(({ bytes }) => bytes),
    },
  };
}

/** A line a kernel and one for all, for a person. */
export function planTable(report: PlanReport): string {
  const { kernels, model, backend, batchSize } = report;
  const lines = kernels.map(({ label, origins, flops, bytes }, i) =>
    [
      String(i + 1).padStart(3),
      amount(flops, 'FLOP').padStart(11),
      amount(bytes, 'B').padStart(9),
      `${label}${origins.length > 0 ? `  (${origins.join(', ')})` : ''}`,
    ].join('  '),
  );
  return [`${model}, batch ${batchSize}, ${backend}`, ...lines, totalsOf(report)].join('\n');
}

/** What a step adds up to, in one line that starts with the model. */
export function planRow(report: PlanReport): string {
  return `${report.model.padEnd(28)} ${report.backend.padEnd(9)} ${totalsOf(report)}`;
}

function totalsOf({ totals }: PlanReport): string {
  const { kernels, dispatches, pipelines, arenaBytes, flops, bytes } = totals;
  return `${kernels} kernels in ${dispatches} dispatches, ${pipelines} pipelines, ${amount(arenaBytes, 'B')} of intermediate memory, ${amount(flops, 'FLOP')}, ${amount(bytes, 'B')} read and written`;
}

/** `1234567 B` as `1.2 MB`: powers of 1,000, as rates are given. */
export function amount(value: number, unit: string): string {
  const prefixes = ['', 'k', 'M', 'G', 'T'];
  let scaled = value;
  let prefix = 0;
  while (scaled >= 999.5 && prefix < prefixes.length - 1) {
    scaled /= 1000;
    prefix++;
  }
  return `${prefix === 0 ? scaled : scaled.toPrecision(3)} ${prefixes[prefix]}${unit}`;
}
