import { Grid3x3 } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useStore } from 'zustand';
import { TRAIN_KEY } from '../../editor/commands/trainCommands.ts';
import { messages } from '../../editor/i18n/language.ts';
import { runStore } from '../../editor/stores/training.ts';
import { EmptyState } from '../../editor/ui/EmptyState.tsx';
import { keyText } from '../../editor/ui/Keys.tsx';
import type { Dataset } from '../../engine/data/dataset.ts';
import type { InspectQuery } from '../../workers/protocol.ts';
import { useInspection } from '../parts/useInspection.ts';
import { ConfusedSamples } from './ConfusedSamples.tsx';
import { type Cell, ConfusionMatrix } from './ConfusionMatrix.tsx';
import { classScores, formatShare } from './scores.ts';

const CONFUSION: InspectQuery = { kind: 'confusion' };

/** Which classes the model takes for which, over the whole test set. */
function ConfusionPanel() {
  const dataset = useStore(runStore, (state) => state.dataset);
  const run = useStore(runStore, (state) => state.id);
  const compiled = useStore(runStore, (state) => state.compiled !== undefined);
  const classifies = useStore(runStore, ({ metrics, metricsLength }) => metricsLength === 0 || metrics.hasAccuracy);
  if (!dataset || !compiled) {
    return (
      <EmptyState icon={Grid3x3} title={messages().confusion.noneYet}>
        {messages().confusion.pressTrain(keyText(TRAIN_KEY))}
      </EmptyState>
    );
  }
  if (dataset.label && dataset.label.length > 0) {
    return (
      <EmptyState icon={Grid3x3} title={messages().text.isText}>
        {messages().text.isTextHint}
      </EmptyState>
    );
  }
  if (dataset.classes.length === 0 || !classifies) {
    return (
      <EmptyState icon={Grid3x3} title={messages().confusion.noClasses}>
        {messages().confusion.noClassesHint}
      </EmptyState>
    );
  }
  return <Confusion key={run} dataset={dataset} />;
}

function Confusion({ dataset }: { dataset: Dataset }) {
  const { result, error } = useInspection(CONFUSION, 'evaluation');
  const [selected, setSelected] = useState<Cell>();
  const [looked, setLooked] = useState<Cell>();
  const confusion = result?.kind === 'confusion' ? result : undefined;
  const scores = useMemo(() => confusion && classScores(confusion.counts, confusion.classes), [confusion]);
  if (error) {
    return (
      <EmptyState icon={Grid3x3} title={messages().confusion.none}>
        {error}
      </EmptyState>
    );
  }
  if (!confusion || !scores) {
    return (
      <EmptyState icon={Grid3x3} title={messages().confusion.waiting}>
        {messages().confusion.waitingHint(dataset.test.count)}
      </EmptyState>
    );
  }
  return (
    <section aria-label={messages().confusion.title} className="@container flex h-full min-h-0 flex-col gap-2 p-3">
      <div className="flex min-h-0 flex-1 flex-col gap-3 overflow-y-auto [container-type:size] @xl:flex-row @xl:overflow-hidden">
        <ConfusionMatrix
          names={dataset.classes}
          counts={confusion.counts}
          scores={scores}
          selected={selected}
          onSelect={(cell) =>
            setSelected((before) =>
              before?.truth === cell.truth && before.predicted === cell.predicted ? undefined : cell,
            )
          }
          onLook={setLooked}
        />
        <div className="flex min-w-0 flex-1 flex-col gap-2 @xl:overflow-y-auto">
          <p className="min-h-8 shrink-0 text-xs text-muted tabular-nums" aria-live="polite">
            {describeCell(looked ?? selected, confusion.counts, scores, dataset)}
          </p>
          {selected ? (
            <ConfusedSamples key={`${selected.truth} ${selected.predicted}`} dataset={dataset} cell={selected} />
          ) : (
            <p className="text-xs text-muted">{messages().confusion.choose}</p>
          )}
        </div>
      </div>
    </section>
  );
}

function describeCell(
  cell: Cell | undefined,
  counts: Uint32Array,
  scores: ReturnType<typeof classScores>,
  dataset: Dataset,
): string {
  if (!cell) return messages().confusion.summary(formatShare(scores.accuracy), dataset.test.count);
  const { truth, predicted } = cell;
  const [trueName, predictedName] = [dataset.classes[truth], dataset.classes[predicted]];
  const count = counts[truth * dataset.classes.length + predicted] ?? 0;
  const share = formatShare(count / scores.support[truth]!);
  const recall = formatShare(scores.recall[truth]!);
  const precision = formatShare(scores.precision[predicted]!);
  const of = scores.support[truth]!;
  const words = messages().confusion;
  return truth === predicted
    ? words.right({ name: String(trueName), count, of, recall, precision })
    : words.taken({ truth: String(trueName), predicted: String(predictedName), count, of, share, recall, precision });
}

export default ConfusionPanel;
