import type { Diagnostic, QuickFix } from '../graph/diagnostic.ts';
import type { GraphDocument } from '../graph/document.ts';
import type { DataShapes } from '../layers/defineLayer.ts';
import { inferGraph } from './infer.ts';

/** A data set that could be chosen. */
export interface DataChoice {
  readonly id: string;
  readonly shapes: DataShapes;
}

/** So many are offered. */
const MOST_OFFERS = 3;

/** The data set that a document names and nobody knows; those that its model can be trained on as it is are its remedies. */
export function missingDataset(document: GraphDocument, known: readonly DataChoice[]): Diagnostic {
  const fitting = known.filter(({ shapes }) =>
    inferGraph(document, shapes).diagnostics.every(({ severity }) => severity !== 'error'),
  );
  return {
    id: 'no-dataset',
    severity: 'error',
    message: `There is no data set "${document.data.dataset}" here: choose another one, or add the file again.`,
    fixes: (fitting.length > 0 ? fitting : known).slice(0, MOST_OFFERS).map(
      ({ id }): QuickFix => ({
        label: `Use the data set ${id}`,
        change: { kind: 'setData', data: { ...document.data, dataset: id } },
      }),
    ),
  };
}
