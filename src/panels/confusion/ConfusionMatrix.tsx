import { type KeyboardEvent, useRef } from 'react';
import { messages } from '../../editor/i18n/language.ts';
import { type ClassScores, formatShare } from './scores.ts';

export interface Cell {
  readonly truth: number;
  readonly predicted: number;
}

interface ConfusionMatrixProps {
  readonly names: readonly string[];
  /** [true class][predicted class], row-major. */
  readonly counts: Uint32Array;
  readonly scores: ClassScores;
  readonly selected: Cell | undefined;
  onSelect(cell: Cell): void;
  /** The cell under the pointer or with the focus. */
  onLook(cell: Cell | undefined): void;
}

/** Counts as a heat map: a row is a true class, a column what it was taken for. Arrow keys move, Enter chooses. */
export function ConfusionMatrix({ names, counts, scores, selected, onSelect, onLook }: ConfusionMatrixProps) {
  const table = useRef<HTMLTableElement>(null);
  const move = (event: KeyboardEvent, { truth, predicted }: Cell): void => {
    const steps: Record<string, readonly [number, number]> = {
      ArrowUp: [-1, 0],
      ArrowDown: [1, 0],
      ArrowLeft: [0, -1],
      ArrowRight: [0, 1],
    };
    const step = steps[event.key];
    if (!step) return;
    event.preventDefault();
    // The page moves layers with these keys.
    event.stopPropagation();
    const row = Math.min(names.length - 1, Math.max(0, truth + step[0]));
    const column = Math.min(names.length - 1, Math.max(0, predicted + step[1]));
    table.current?.querySelector<HTMLButtonElement>(`[data-cell="${row},${column}"]`)?.focus();
  };
  // As high as the panel allows: all rows in view where there is room.
  const upright = names.every((name) => name.length <= 4);
  const rowHeight = `clamp(1rem, calc((100cqh - ${upright ? 1.5 : 4.5}rem) / ${names.length} - 1px), 1.75rem)`;
  // As wide as the panel allows: all columns in view on a phone too, with names as short as they may be there.
  const longest = Math.max(...names.map((name) => name.length));
  const nameWidth = `min(${longest * 0.45 + 0.5}rem, clamp(4rem, 20cqw, 6rem))`;
  const cellWidth = `clamp(1.25rem, calc((100cqw - ${nameWidth}) / ${names.length} - 2px), 2.25rem)`;
  const reachable = selected ?? { truth: 0, predicted: 0 };
  return (
    <table
      ref={table}
      aria-label={messages().confusion.table}
      className="h-fit w-fit shrink-0 self-start border-separate border-spacing-px text-[11px] tabular-nums"
      onPointerLeave={() => onLook(undefined)}
    >
      <thead>
        <tr>
          <td />
          {names.map((name, index) => (
            <th
              key={name}
              scope="col"
              title={messages().confusion.precision(name, formatShare(scores.precision[index]!))}
              style={{ width: cellWidth, maxWidth: cellWidth }}
              className="overflow-hidden align-bottom font-medium text-muted"
            >
              {upright ? (
                name
              ) : (
                <span className="mx-auto block max-h-16 rotate-180 truncate pt-1 text-left leading-none [writing-mode:vertical-rl]">
                  {name}
                </span>
              )}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {names.map((trueName, truth) => (
          <tr key={trueName}>
            <th
              scope="row"
              title={messages().confusion.recall(trueName, formatShare(scores.recall[truth]!))}
              style={{ maxWidth: nameWidth }}
              className="truncate pr-1.5 text-right font-medium text-muted"
            >
              {trueName}
            </th>
            {names.map((predictedName, predicted) => {
              const count = counts[truth * names.length + predicted] ?? 0;
              const chosen = selected?.truth === truth && selected.predicted === predicted;
              const cell = { truth, predicted };
              return (
                <td key={predictedName} className="p-0">
                  <button
                    type="button"
                    data-cell={`${truth},${predicted}`}
                    aria-pressed={chosen}
                    aria-label={messages().confusion.cell(trueName, predictedName, count)}
                    tabIndex={reachable.truth === truth && reachable.predicted === predicted ? 0 : -1}
                    onClick={() => onSelect(cell)}
                    onPointerEnter={() => onLook(cell)}
                    onFocus={() => onLook(cell)}
                    onKeyDown={(event) => move(event, cell)}
                    style={{
                      width: cellWidth,
                      height: rowHeight,
                      fontSize: `min(11px, calc(${cellWidth} * 0.4))`,
                      background: shade(count, scores.support[truth] ?? 0, truth === predicted),
                    }}
                    className={`block rounded-xs text-center outline-none hover:ring-1 hover:ring-muted focus-visible:ring-2 focus-visible:ring-accent ${
                      chosen ? 'ring-2 ring-accent' : ''
                    } ${count === 0 ? 'text-muted' : 'font-medium text-ink'}`}
                  >
                    {count}
                  </button>
                </td>
              );
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

// Mistakes are few: their colour grows with the square root, so that one in a hundred can be seen.
function shade(count: number, support: number, right: boolean): string {
  if (count === 0) return 'var(--raised)';
  const share = support === 0 ? 0 : count / support;
  const strength = right ? 12 + 30 * share : 14 + 45 * Math.sqrt(share);
  return `color-mix(in srgb, var(--${right ? 'success' : 'danger'}) ${strength}%, var(--raised))`;
}
