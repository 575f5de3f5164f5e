import { ScanSearch } from 'lucide-react';
import { useStore } from 'zustand';
import { runStore } from '../../editor/stores/training.ts';
import { EmptyState } from '../parts/EmptyState.tsx';
import { imageShape } from '../parts/samples.ts';
import { DecisionPlot } from './DecisionPlot.tsx';
import { PredictionGrid } from './PredictionGrid.tsx';

/** What the model says about samples that it has not trained on, renewed while it trains. */
function PredictionsPanel() {
  const dataset = useStore(runStore, (state) => state.dataset);
  const run = useStore(runStore, (state) => state.id);
  const compiled = useStore(runStore, (state) => state.compiled !== undefined);
  const preparing = useStore(runStore, (state) => state.status === 'preparing');
  if (!dataset || !compiled) {
    return (
      <EmptyState icon={ScanSearch} title={preparing ? 'Preparing the run…' : 'No predictions yet'}>
        {preparing
          ? 'As soon as the step is compiled, the model shows what it makes of the test set.'
          : 'Press Train (Ctrl+Enter): the model’s answers for test samples appear here and improve as it learns.'}
      </EmptyState>
    );
  }
  const shape = imageShape(dataset.sample);
  if (shape) return <PredictionGrid key={run} dataset={dataset} shape={shape} />;
  if (dataset.sample.length === 1 && dataset.sample[0] === 2) return <DecisionPlot key={run} dataset={dataset} />;
  return (
    <EmptyState icon={ScanSearch} title="Nothing to draw">
      Samples of shape [{dataset.sample.join(', ')}] have no picture. Images and points in the plane are shown here.
    </EmptyState>
  );
}

export default PredictionsPanel;
