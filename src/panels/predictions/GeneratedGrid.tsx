import { messages } from '../../editor/i18n/language.ts';
import type { InspectQuery } from '../../workers/protocol.ts';
import { SampleImage } from '../parts/SampleImage.tsx';
import type { ImageShape } from '../parts/samples.ts';
import { useInspection } from '../parts/useInspection.ts';

const QUERY: InspectQuery = { kind: 'makeSamples', count: 48 };

/** Pictures that a generator makes of the same noise each time, renewed while it trains. */
export function GeneratedGrid({ shape }: { readonly shape: ImageShape }) {
  const { result, error } = useInspection(QUERY, 'second');
  const words = messages().predictions;
  const made = result?.kind === 'predictions' ? result : undefined;
  return (
    <section aria-label={words.generated} className="flex h-full min-h-0 flex-col">
      <p className="flex min-h-9 shrink-0 items-center px-3 text-xs text-muted">{words.generatedHint}</p>
      {error && (
        <p role="alert" className="px-3 text-xs text-danger">
          {error}
        </p>
      )}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls and holds nothing that takes the focus */}
      <div tabIndex={0} className="min-h-0 flex-1 overflow-y-auto p-3 pt-0">
        <ul className="grid grid-cols-[repeat(auto-fill,minmax(3.5rem,1fr))] gap-2">
          {made &&
            Array.from({ length: QUERY.kind === 'makeSamples' ? QUERY.count : 0 }, (_, i) => (
              <li key={i} className="rounded-md border border-line bg-raised p-1">
                <SampleImage
                  values={made.outputs.subarray(i * made.width, (i + 1) * made.width)}
                  shape={shape}
                  label={words.generatedSample(i + 1)}
                  className="w-full"
                />
              </li>
            ))}
        </ul>
      </div>
    </section>
  );
}
