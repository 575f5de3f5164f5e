import { messages } from '../../editor/i18n/language.ts';
import { guessOf } from '../parts/samples.ts';

/** One bar a class, the likeliest brought out; empty bars without probabilities. */
export function ProbabilityBars(props: {
  readonly names: readonly string[];
  readonly probabilities: Float32Array | undefined;
}) {
  const { names, probabilities } = props;
  const values =
    probabilities?.length === 1 ? Float32Array.of(1 - probabilities[0]!, probabilities[0]!) : probabilities;
  const best = values ? guessOf(values).index : undefined;
  return (
    <ul aria-label={messages().draw.probabilities} className="flex flex-col gap-0.5 text-xs">
      {names.map((name, index) => {
        const percent = (values?.[index] ?? 0) * 100;
        const likeliest = index === best;
        return (
          <li key={name} className="grid grid-cols-[minmax(1rem,auto)_1fr_2.75rem] items-center gap-2">
            <span className={`truncate text-right ${likeliest ? 'font-semibold text-ink' : 'text-muted'}`}>{name}</span>
            <span aria-hidden className="h-2.5 overflow-hidden rounded-sm bg-raised">
              <span
                className={`block h-full rounded-sm ${likeliest ? 'bg-accent' : 'bg-faint'}`}
                style={{ width: `${percent}%` }}
              />
            </span>
            <span className={`text-right tabular-nums ${likeliest ? 'font-semibold text-ink' : 'text-muted'}`}>
              {values ? `${percent.toFixed(1)}%` : ''}
            </span>
          </li>
        );
      })}
    </ul>
  );
}
