import { ScanSearch } from 'lucide-react';
import { useStore } from 'zustand';
import { TRAIN_KEY } from '../../editor/commands/trainCommands.ts';
import { messages } from '../../editor/i18n/language.ts';
import { runStore } from '../../editor/stores/training.ts';
import { EmptyState } from '../../editor/ui/EmptyState.tsx';
import { keyText } from '../../editor/ui/Keys.tsx';
import { imageShape } from '../parts/samples.ts';
import { DecisionPlot } from './DecisionPlot.tsx';
import { FitPlot } from './FitPlot.tsx';
import { GeneratedGrid } from './GeneratedGrid.tsx';
import { PredictionGrid } from './PredictionGrid.tsx';
import { PredictionTable } from './PredictionTable.tsx';
import { TextSample } from './TextSample.tsx';

/** What the model says about samples that it has not trained on, renewed while it trains. */
function PredictionsPanel() {
  const dataset = useStore(runStore, (state) => state.dataset);
  const run = useStore(runStore, (state) => state.id);
  const compiled = useStore(runStore, (state) => state.compiled !== undefined);
  const makes = useStore(runStore, ({ document }) =>
    Object.values(document?.nodes ?? {}).some(({ type }) => type === 'Noise'),
  );
  const preparing = useStore(runStore, (state) => state.status === 'preparing');
  if (!dataset || !compiled) {
    return (
      <EmptyState icon={ScanSearch} title={preparing ? messages().run.preparingTitle : messages().predictions.none}>
        {preparing ? messages().predictions.preparing : messages().predictions.pressTrain(keyText(TRAIN_KEY))}
      </EmptyState>
    );
  }
  const { vocabulary } = dataset;
  if (vocabulary) return <TextSample key={run} vocabulary={vocabulary} steps={dataset.sample[0] ?? 0} />;
  const shape = imageShape(dataset.sample);
  if (shape && makes) return <GeneratedGrid key={run} shape={shape} />;
  if (shape) return <PredictionGrid key={run} dataset={dataset} shape={shape} />;
  if (dataset.target) return <FitPlot key={run} dataset={dataset} target={dataset.target} />;
  if (!dataset.columns && dataset.sample.length === 1 && dataset.sample[0] === 2)
    return <DecisionPlot key={run} dataset={dataset} />;
  if (dataset.columns) return <PredictionTable key={run} dataset={dataset} columns={dataset.columns} />;
  return (
    <EmptyState icon={ScanSearch} title={messages().predictions.nothing}>
      {messages().predictions.noPicture(dataset.sample.join(', '))}
    </EmptyState>
  );
}

export default PredictionsPanel;
