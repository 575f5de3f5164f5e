import { useMemo } from 'react';
import { messages } from '../../editor/i18n/language.ts';
import type { Dataset } from '../../engine/data/dataset.ts';
import type { InspectQuery } from '../../workers/protocol.ts';
import { PredictionTile } from '../parts/PredictionTile.tsx';
import { SampleTable } from '../parts/SampleTable.tsx';
import { guessOf, imageShape } from '../parts/samples.ts';
import { useInspection } from '../parts/useInspection.ts';
import type { Cell } from './ConfusionMatrix.tsx';

const MOST_SHOWN = 60;

/** The test samples of one cell of the matrix, each with what the model says now. */
export function ConfusedSamples({ dataset, cell }: { dataset: Dataset; cell: Cell }) {
  const indices = useMemo(() => {
    const found: number[] = [];
    dataset.test.labels.forEach((label, index) => {
      if (label === cell.truth) found.push(index);
    });
    return found;
  }, [dataset, cell]);
  const query = useMemo<InspectQuery>(() => ({ kind: 'predictTest', indices }), [indices]);
  const { result, error } = useInspection(indices.length > 0 ? query : undefined, 'evaluation');
  const shape = imageShape(dataset.sample);
  if (error) {
    return (
      <p role="alert" className="text-xs text-danger">
        {error}
      </p>
    );
  }
  if (indices.length > 0 && result?.kind !== 'predictions') return null;
  const rows = (result?.kind === 'predictions' ? indices : []).flatMap((index, i) => {
    const { outputs, width } = result as Extract<typeof result, { kind: 'predictions' }>;
    const output = outputs.subarray(i * width, (i + 1) * width);
    return guessOf(output).index === cell.predicted ? [{ index, output }] : [];
  });
  if (rows.length === 0) return <p className="text-xs text-muted">{messages().confusion.emptyCell}</p>;
  if (dataset.columns) {
    return <SampleTable dataset={dataset} columns={dataset.columns} rows={rows.slice(0, MOST_SHOWN)} />;
  }
  if (!shape) return <p className="text-xs text-muted">{rows.length} samples; they have no picture to show.</p>;
  return (
    <ul
      aria-label={messages().confusion.samples(
        String(dataset.classes[cell.truth]),
        String(dataset.classes[cell.predicted]),
      )}
      className="grid grid-cols-[repeat(auto-fill,minmax(4.25rem,1fr))] gap-2"
    >
      {rows.slice(0, MOST_SHOWN).map(({ index, output }) => (
        <PredictionTile key={index} dataset={dataset} shape={shape} index={index} probabilities={output} />
      ))}
    </ul>
  );
}
