import { Check, X } from 'lucide-react';
import { memo } from 'react';
import { messages } from '../../editor/i18n/language.ts';
import type { Dataset } from '../../engine/data/dataset.ts';
import { SampleImage } from './SampleImage.tsx';
import { guessOf, type ImageShape, testSample } from './samples.ts';

/** A test picture with the class that the model gives it, how sure it is, and whether that is right. */
export const PredictionTile = memo(function PredictionTile(props: {
  readonly dataset: Dataset;
  readonly shape: ImageShape;
  readonly index: number;
  readonly probabilities: Float32Array;
}) {
  const { dataset, shape, index, probabilities } = props;
  const { index: guess, confidence } = guessOf(probabilities);
  const truth = dataset.test.labels[index] ?? -1;
  const right = guess === truth;
  const name = dataset.classes[guess] ?? String(guess);
  const trueName = dataset.classes[truth] ?? String(truth);
  const percent = Math.round(confidence * 100);
  const says = messages().predictions.says(name, String(percent), right ? undefined : trueName);
  return (
    <li
      title={messages().predictions.sampleSays(index, says)}
      className={`flex flex-col gap-1 rounded-md border bg-raised p-1.5 ${right ? 'border-line' : 'border-danger'}`}
    >
      <SampleImage
        values={testSample(dataset, index)}
        shape={shape}
        label={messages().predictions.samplePredicted(index, says)}
        className="w-full"
      />
      <div className="flex flex-wrap items-center justify-between gap-x-1 text-xs leading-4">
        <span className={`max-w-full truncate font-semibold ${right ? 'text-ink' : 'text-danger'}`}>{name}</span>
        {right ? (
          <Check aria-hidden size={12} className="shrink-0 text-success" />
        ) : (
          <span className="flex max-w-full min-w-0 items-center gap-0.5 text-muted">
            <X aria-hidden size={12} className="shrink-0 text-danger" />
            <span className="truncate">{trueName}</span>
          </span>
        )}
      </div>
      <div aria-hidden className="h-1 overflow-hidden rounded-full bg-line">
        <div className={`h-full ${right ? 'bg-success' : 'bg-danger'}`} style={{ width: `${percent}%` }} />
      </div>
    </li>
  );
});
