import { RefreshCw } from 'lucide-react';
import { useId, useMemo, useState } from 'react';
import { messages } from '../../editor/i18n/language.ts';
import { TextButton } from '../../editor/ui/controls.tsx';
import { Range } from '../../editor/ui/Range.tsx';
import { encodeText } from '../../engine/data/text.ts';
import type { InspectQuery } from '../../workers/protocol.ts';
import { useInspection } from '../parts/useInspection.ts';

/** Characters written at a time. */
const COUNT = 400;
const FIRST_BEGINNING = 'The Light ';

/** What a language model writes on from a beginning: renewed after each epoch, and when one asks for it. */
export function TextSample({ vocabulary, steps }: { readonly vocabulary: readonly string[]; readonly steps: number }) {
  const id = useId();
  const words = messages().text;
  const [beginning, setBeginning] = useState(FIRST_BEGINNING);
  const [temperature, setTemperature] = useState(0.7);
  const [seed, setSeed] = useState(1);
  const query = useMemo<InspectQuery | undefined>(() => {
    const prompt = encodeText(beginning, vocabulary);
    return prompt.length === 0 ? undefined : { kind: 'generate', prompt, count: COUNT, temperature, seed };
  }, [beginning, temperature, seed, vocabulary]);
  const inspection = useInspection(query, 'evaluation');
  const { result, error } = inspection;
  const asked = inspection.query?.kind === 'generate' ? inspection.query.prompt : undefined;
  const textOf = (ids: Int32Array) => Array.from(ids, (each) => vocabulary[each]).join('');

  return (
    <section aria-label={words.writes} className="flex h-full min-h-0 flex-col gap-2 p-3">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2 text-xs">
        <label htmlFor={`${id}beginning`}>{words.beginning}</label>
        <input
          id={`${id}beginning`}
          value={beginning}
          onChange={(event) => setBeginning(event.target.value)}
          title={words.steps(steps)}
          className="h-7 min-w-40 flex-1 rounded-md border border-line bg-canvas px-2 font-mono text-xs text-ink outline-none focus:border-accent"
        />
        <label htmlFor={`${id}temperature`} title={words.temperatureHint}>
          {words.temperature}
        </label>
        <Range
          id={`${id}temperature`}
          min={0}
          max={1.5}
          step={0.1}
          value={temperature}
          onChange={(event) => setTemperature(Number(event.target.value))}
          className="w-28"
        />
        <output htmlFor={`${id}temperature`} className="w-6 font-mono tabular-nums">
          {temperature.toFixed(1)}
        </output>
        <TextButton onClick={() => setSeed((before) => before + 1)}>
          <RefreshCw aria-hidden size={13} /> {words.again}
        </TextButton>
      </div>
      {(error ?? (query ? undefined : words.unknown)) && (
        <p role="alert" className="text-xs text-danger">
          {error ?? words.unknown}
        </p>
      )}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls and holds nothing that takes the focus */}
      <div tabIndex={0} className="min-h-0 flex-1 overflow-y-auto rounded-lg border border-line bg-canvas p-3">
        {result?.kind === 'generated' && asked && (
          <p className="font-mono text-xs leading-relaxed whitespace-pre-wrap">
            <span className="text-muted">{textOf(asked)}</span>
            {textOf(result.ids)}
          </p>
        )}
      </div>
    </section>
  );
}
