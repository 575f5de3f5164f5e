import { createBackend } from '../engine/backends/select.ts';
import type { GraphDocument } from '../engine/graph/document.ts';
import { allTemplates } from '../engine/templates/registry.ts';
import { createTrainingRun } from '../engine/training/createTrainingRun.ts';
import { nodeGpu } from './nodeGpu.ts';
import { choiceOption, type Options } from './options.ts';
import { type PlanReport, planReport, planRow, planTable } from './planReport.ts';
import { datasetOf, sourceDocument, withSettings } from './sources.ts';

/** Prints the kernels of one training step of a document, or of every template what its step adds up to. */
export async function planCommand(options: Options): Promise<void> {
  const wanted = choiceOption(options, 'backend', ['auto', 'webgpu', 'wasm', 'reference']) ?? 'auto';
  const gpu = wanted === 'webgpu' || wanted === 'auto' ? await nodeGpu() : undefined;
  const json = options.flags.has('json');
  const { template, document } = options.values;
  const one = template !== undefined || document !== undefined;
  const documents = one ? [await sourceDocument(undefined, options)] : allTemplates().map((entry) => entry.build());
  for (const source of documents) {
    const report = await reportOf(withSettings(source, options));
    if (json) print(JSON.stringify(report));
    else print(one ? planTable(report) : planRow(report));
  }

  async function reportOf(source: GraphDocument): Promise<PlanReport> {
    const dataset = await datasetOf(source);
    const backend = await createBackend(wanted, gpu);
    try {
      const run = await createTrainingRun({ document: source, dataset, backend });
      const report = planReport(source, backend.name, run.stepCode);
      run.dispose();
      return report;
    } finally {
      backend.dispose();
    }
  }
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
