import { useMemo } from 'react';
import type { Dataset } from '../../engine/data/dataset.ts';
import type { InspectQuery } from '../../workers/protocol.ts';
import { useInspection } from '../parts/useInspection.ts';

/** What the model, as it is now, predicts for the first `most` samples of the test set. */
export function useTestPredictions(dataset: Dataset, most: number): ReturnType<typeof useInspection> {
  const query = useMemo<InspectQuery>(
    () => ({ kind: 'predictTest', indices: Array.from({ length: Math.min(most, dataset.test.count) }, (_, i) => i) }),
    [dataset, most],
  );
  return useInspection(query, 'second');
}
