import { ChevronLeft, ChevronRight } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useStore } from 'zustand';
import { messages } from '../../editor/i18n/language.ts';
import { runStore } from '../../editor/stores/training.ts';
import type { Dataset } from '../../engine/data/dataset.ts';
import type { InspectQuery } from '../../workers/protocol.ts';
import { PredictionTile } from '../parts/PredictionTile.tsx';
import { SampleImage } from '../parts/SampleImage.tsx';
import { guessOf, type ImageShape, outputKind, testSample } from '../parts/samples.ts';
import { useInspection } from '../parts/useInspection.ts';

const PAGE = 60;
/** Where mistakes are looked for. */
const SEARCHED = 1000;
const MOST_MISTAKES = 120;

/** Test pictures with the model's answer: a class, or the picture given back. */
export function PredictionGrid({ dataset, shape }: { dataset: Dataset; shape: ImageShape }) {
  const [page, setPage] = useState(0);
  const [onlyMistakes, setOnlyMistakes] = useState(false);
  const hasAccuracy = useStore(runStore, ({ metrics }) => metrics.hasAccuracy);
  const first = onlyMistakes ? 0 : page * PAGE;
  const query = useMemo<InspectQuery>(() => {
    const end = Math.min(dataset.test.count, onlyMistakes ? SEARCHED : first + PAGE);
    return { kind: 'predictTest', indices: Array.from({ length: end - first }, (_, i) => first + i) };
  }, [dataset, onlyMistakes, first]);
  const inspection = useInspection(query, 'second');
  const { result, error } = inspection;
  const indices = inspection.query?.kind === 'predictTest' ? inspection.query.indices : [];
  const predictions = result?.kind === 'predictions' ? result : undefined;
  const kind = predictions ? outputKind(dataset, predictions.width, hasAccuracy) : undefined;
  const rows = predictions
    ? indices.map((index, i) => ({
        index,
        output: predictions.outputs.subarray(i * predictions.width, (i + 1) * predictions.width),
      }))
    : [];
  const isRight = ({ index, output }: (typeof rows)[number]): boolean =>
    guessOf(output).index === dataset.test.labels[index];
  const right = kind === 'classes' ? rows.filter(isRight).length : 0;
  const shown = onlyMistakes && kind === 'classes' ? rows.filter((row) => !isRight(row)).slice(0, MOST_MISTAKES) : rows;

  return (
    <section aria-label={messages().docks.names.predictions} className="flex h-full min-h-0 flex-col">
      <header className="flex min-h-9 shrink-0 flex-wrap items-center gap-x-4 gap-y-1 px-3 pt-2 text-xs text-muted">
        {kind === 'classes' && (
          <>
            <p aria-live="off" className="tabular-nums">
              <span className="text-ink">{messages().predictions.right(right, rows.length)}</span>
            </p>
            <label className="flex items-center gap-1.5">
              <input
                type="checkbox"
                checked={onlyMistakes}
                onChange={(event) => setOnlyMistakes(event.target.checked)}
              />
              {messages().predictions.onlyMistakes}
            </label>
          </>
        )}
        {kind === 'reconstruction' && <p>{messages().predictions.reconstruction}</p>}
        {!onlyMistakes && (
          <Pager page={page} pages={Math.ceil(dataset.test.count / PAGE)} count={dataset.test.count} onTurn={setPage} />
        )}
      </header>
      {error && (
        <p role="alert" className="px-3 text-xs text-danger">
          {error}
        </p>
      )}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls and holds nothing that takes the focus */}
      <div tabIndex={0} className="min-h-0 flex-1 overflow-y-auto p-3">
        {kind === 'other' && predictions && (
          <p className="text-xs text-muted">
            The model gives {predictions.width} numbers for a sample: neither classes nor a picture of shape [
            {dataset.sample.join(', ')}].
          </p>
        )}
        {kind === 'classes' && shown.length === 0 && (
          <p className="text-xs text-muted">{messages().predictions.noMistakes(rows.length)}</p>
        )}
        <ul className="grid grid-cols-[repeat(auto-fill,minmax(4.25rem,1fr))] gap-2">
          {shown.map(({ index, output }) => {
            if (kind === 'classes') {
              return (
                <PredictionTile key={index} dataset={dataset} shape={shape} index={index} probabilities={output} />
              );
            }
            if (kind !== 'reconstruction') return null;
            return (
              <li key={index} className="flex flex-col gap-1 rounded-md border border-line bg-raised p-1.5">
                <SampleImage
                  values={testSample(dataset, index)}
                  shape={shape}
                  label={messages().predictions.sample(index)}
                  className="w-full"
                />
                <SampleImage
                  values={output}
                  shape={shape}
                  label={messages().predictions.reconstructed(index)}
                  className="w-full"
                />
              </li>
            );
          })}
        </ul>
      </div>
    </section>
  );
}

function Pager(props: { page: number; pages: number; count: number; onTurn: (page: number) => void }) {
  const { page, pages, count, onTurn } = props;
  const button = 'grid size-6 place-items-center rounded hover:bg-raised hover:text-ink disabled:opacity-40';
  return (
    <nav aria-label={messages().predictions.pages} className="ml-auto flex items-center gap-1 tabular-nums">
      <button
        type="button"
        aria-label={messages().predictions.previous}
        className={button}
        disabled={page === 0}
        onClick={() => onTurn(page - 1)}
      >
        <ChevronLeft aria-hidden size={14} />
      </button>
      {page * PAGE + 1}–{Math.min(count, (page + 1) * PAGE)} of {count}
      <button
        type="button"
        aria-label={messages().predictions.next}
        className={button}
        disabled={page >= pages - 1}
        onClick={() => onTurn(page + 1)}
      >
        <ChevronRight aria-hidden size={14} />
      </button>
    </nav>
  );
}
