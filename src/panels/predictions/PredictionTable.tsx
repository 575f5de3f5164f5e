import { useState } from 'react';
import { messages } from '../../editor/i18n/language.ts';
import type { Dataset, InputColumn } from '../../engine/data/dataset.ts';
import { SampleTable } from '../parts/SampleTable.tsx';
import { guessOf } from '../parts/samples.ts';
import { useTestPredictions } from './useTestPredictions.ts';

/** Rows of the test set that are looked at. */
const MOST_ROWS = 200;

/** Rows of a table with the model's answer for each. */
export function PredictionTable(props: { readonly dataset: Dataset; readonly columns: readonly InputColumn[] }) {
  const { dataset, columns } = props;
  const [onlyMistakes, setOnlyMistakes] = useState(false);
  const { result, error } = useTestPredictions(dataset, MOST_ROWS);
  if (error) {
    return (
      <p role="alert" className="p-3 text-xs text-danger">
        {error}
      </p>
    );
  }
  if (result?.kind !== 'predictions') return null;
  const { outputs, width } = result;
  const words = messages().predictions;
  if (width > 1 && width !== dataset.classes.length) {
    return <p className="p-3 text-xs text-muted">{words.noAnswer(width)}</p>;
  }
  const rows = Array.from({ length: outputs.length / width }, (_, index) => ({
    index,
    output: outputs.subarray(index * width, (index + 1) * width),
  }));
  const wrong = rows.filter(({ index, output }) => guessOf(output).index !== dataset.test.labels[index]);
  const shown = onlyMistakes ? wrong : rows;
  return (
    <section aria-label={messages().docks.names.predictions} className="flex h-full min-h-0 flex-col">
      <header className="flex min-h-9 shrink-0 items-center gap-4 px-3 text-xs text-muted">
        <p className="text-ink tabular-nums">{words.right(rows.length - wrong.length, rows.length)}</p>
        <label className="flex items-center gap-1.5">
          <input type="checkbox" checked={onlyMistakes} onChange={(event) => setOnlyMistakes(event.target.checked)} />
          {words.onlyMistakes}
        </label>
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls and holds nothing that takes the focus */}
      <div tabIndex={0} className="min-h-0 flex-1 overflow-auto px-2 pb-2 [&_thead]:sticky [&_thead]:top-0">
        {shown.length === 0 ? (
          <p className="px-1 text-xs text-muted">{words.noMistakes(rows.length)}</p>
        ) : (
          <SampleTable dataset={dataset} columns={columns} rows={shown} />
        )}
      </div>
    </section>
  );
}
