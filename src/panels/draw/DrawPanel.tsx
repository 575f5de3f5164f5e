import { PenTool } from 'lucide-react';
import { useCallback, useMemo, useState } from 'react';
import { useStore } from 'zustand';
import { TRAIN_KEY } from '../../editor/commands/trainCommands.ts';
import { messages } from '../../editor/i18n/language.ts';
import { canInspect } from '../../editor/stores/run.ts';
import { runStore } from '../../editor/stores/training.ts';
import { TextButton } from '../../editor/ui/controls.tsx';
import { EmptyState } from '../../editor/ui/EmptyState.tsx';
import { keyText } from '../../editor/ui/Keys.tsx';
import type { InspectQuery } from '../../workers/protocol.ts';
import { SampleImage } from '../parts/SampleImage.tsx';
import { asFloats, imageShape, outputKind, testSample } from '../parts/samples.ts';
import { useInspection } from '../parts/useInspection.ts';
import { DrawingPad } from './DrawingPad.tsx';
import { MNIST_RASTER, rasterizeDrawing, type Stroke } from './digitRaster.ts';
import { ProbabilityBars } from './ProbabilityBars.tsx';

/** Drawings under this share of the pad are not blown up to full size. */
const SMALLEST = 0.25;
const MNIST_SHAPE = { channels: 1, height: 28, width: 28 } as const;
const DIGITS = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'];

/** A pad to draw on: the model says at each stroke what it sees. */
function DrawPanel() {
  const dataset = useStore(runStore, (state) => state.dataset);
  const ready = useStore(runStore, canInspect);
  const hasAccuracy = useStore(runStore, ({ metrics }) => metrics.hasAccuracy);
  const [strokes, setStrokes] = useState<readonly Stroke[]>([]);
  const [sample, setSample] = useState<Float32Array>();
  const shape = dataset ? imageShape(dataset.sample) : MNIST_SHAPE;
  const size = shape?.channels === 1 && shape.height === shape.width ? shape.height : undefined;

  const image = useMemo(() => {
    if (sample) return sample;
    if (!size || strokes.length === 0) return undefined;
    const scale = size / MNIST_RASTER.size;
    const box = MNIST_RASTER.box * scale;
    return rasterizeDrawing(strokes, { size, box, radius: MNIST_RASTER.radius * scale, smallest: SMALLEST });
  }, [sample, strokes, size]);
  const query = useMemo<InspectQuery | undefined>(() => image && { kind: 'predict', inputs: image, count: 1 }, [image]);
  const { result, error } = useInspection(query, 'second');
  const draw = useCallback((next: readonly Stroke[]) => {
    setSample(undefined);
    setStrokes(next);
  }, []);
  const clear = (): void => draw([]);
  const pickSample = (): void => {
    if (!dataset) return;
    setStrokes([]);
    setSample(asFloats(testSample(dataset, Math.floor(Math.random() * dataset.test.count))));
  };

  if (!size || !shape) {
    return (
      <EmptyState icon={PenTool} title={messages().draw.nothing}>
        {messages().draw.nothingHint(dataset?.title ?? '')}
      </EmptyState>
    );
  }
  const output = query && result?.kind === 'predictions' ? result.outputs : undefined;
  const kind = dataset && output ? outputKind(dataset, output.length, hasAccuracy) : 'classes';
  return (
    <section aria-label={messages().docks.names.draw} className="@container h-full min-h-0 overflow-auto p-3">
      <div className="flex flex-wrap items-start gap-4">
        <DrawingPad strokes={strokes} sample={sample} shape={shape} onDraw={draw} />
        <div className="flex w-26 flex-col gap-2 *:justify-center">
          <TextButton onClick={clear} disabled={!image}>
            {messages().draw.clear}
          </TextButton>
          <TextButton onClick={pickSample} disabled={!dataset}>
            {messages().draw.testSample}
          </TextButton>
          {image && (
            <figure className="mt-1 flex flex-col gap-1 text-[11px] text-muted">
              <SampleImage values={image} shape={shape} label={messages().draw.sees} className="size-14" />
              <figcaption>{messages().draw.seesSize(size)}</figcaption>
            </figure>
          )}
        </div>
        <div className="min-w-40 max-w-96 flex-1 basis-40">
          {kind === 'reconstruction' && output ? (
            <figure className="flex flex-col gap-1 text-xs text-muted">
              <SampleImage values={output} shape={shape} label={messages().draw.givesBack} className="size-46" />
              <figcaption>{messages().draw.givesBack}</figcaption>
            </figure>
          ) : (
            <ProbabilityBars
              names={dataset?.classes ?? DIGITS}
              probabilities={kind === 'classes' ? output : undefined}
            />
          )}
          <p className="mt-2 text-xs text-muted empty:hidden" role={error ? 'alert' : undefined}>
            {error ?? hint(ready, image !== undefined)}
          </p>
        </div>
      </div>
    </section>
  );
}

function hint(ready: boolean, drawn: boolean): string {
  if (!ready) return messages().draw.pressTrain(keyText(TRAIN_KEY));
  return drawn ? '' : messages().draw.hint;
}

export default DrawPanel;
