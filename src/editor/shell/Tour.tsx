import { X } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useMessages } from '../i18n/language.ts';
import { leaveTour } from '../stores/session.ts';
import { IconButton, TextButton } from '../ui/controls.tsx';

/** What each step points at: the first of these that is on the page. */
const PLACES = [
  ['[data-tour=palette]', '[data-tour=canvas]'],
  ['[data-tour=canvas]'],
  ['[data-tour=train]'],
  ['[data-tour=bottom]'],
  ['[data-tour=side]', '[data-tour=bottom]'],
] as const;
const CARD = { width: 300, height: 168 };
const GAP = 12;

/** Five steps around the page. Nothing is blocked meanwhile, and it can be left at once. */
function Tour() {
  // A phone has no palette to speak of.
  const [first] = useState(() => (document.querySelector(PLACES[0][0]) ? 0 : 1));
  const [step, setStep] = useState(first);
  const words = useMessages().tour;
  const box = usePlace(PLACES[step] ?? PLACES[0]);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key === 'Escape') leaveTour();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);
  const [title, text] = words.steps[step] ?? ['', ''];
  const last = step === PLACES.length - 1;
  return (
    <>
      <div
        aria-hidden
        className="tour-light pointer-events-none fixed z-40 rounded-lg transition-all duration-200"
        style={{ left: box.x + 3, top: box.y + 3, width: box.width - 6, height: box.height - 6 }}
      />
      <section
        aria-label={words.title}
        aria-live="polite"
        className="fixed z-40 flex flex-col gap-2 rounded-lg border border-line bg-surface p-4 text-ink shadow-xl transition-all duration-200"
        style={{ width: CARD.width, ...cardPlace(box) }}
      >
        <div className="flex items-start justify-between gap-2">
          <h2 className="text-[13px] leading-8 font-semibold">{title}</h2>
          <IconButton icon={X} label={words.leave} onClick={leaveTour} />
        </div>
        <p className="text-xs leading-relaxed text-muted">{text}</p>
        <div className="mt-1 flex items-center justify-between">
          <span className="text-[11px] text-muted tabular-nums">
            {words.place(step + 1 - first, PLACES.length - first)}
          </span>
          <span className="flex gap-2">
            {step > first && <TextButton onClick={() => setStep(step - 1)}>{words.back}</TextButton>}
            <TextButton primary onClick={() => (last ? leaveTour() : setStep(step + 1))}>
              {last ? words.done : words.next}
            </TextButton>
          </span>
        </div>
      </section>
    </>
  );
}

function usePlace(selectors: readonly string[]): DOMRect {
  const [box, setBox] = useState(() => place(selectors));
  useEffect(() => {
    const measure = () => setBox(place(selectors));
    measure();
    addEventListener('resize', measure);
    return () => removeEventListener('resize', measure);
  }, [selectors]);
  return box;
}

function place(selectors: readonly string[]): DOMRect {
  for (const selector of selectors) {
    const box = document.querySelector(selector)?.getBoundingClientRect();
    if (box && box.width > 0) return box;
  }
  return new DOMRect(0, 0, innerWidth, innerHeight);
}

/** Beside what it explains where there is room, else below, above, or inside. */
function cardPlace(box: DOMRect): { left: number; top: number } {
  const middle = innerWidth < 2 * CARD.width;
  const clampX = (x: number) =>
    middle ? (innerWidth - CARD.width) / 2 : Math.max(GAP, Math.min(x, innerWidth - CARD.width - GAP));
  const clampY = (y: number) => Math.max(GAP, Math.min(y, innerHeight - CARD.height - GAP));
  if (box.right + GAP + CARD.width < innerWidth) return { left: box.right + GAP, top: clampY(box.top + 40) };
  if (box.left - GAP - CARD.width > 0) return { left: box.left - GAP - CARD.width, top: clampY(box.top + 40) };
  if (box.bottom + GAP + CARD.height < innerHeight) return { left: clampX(box.left), top: box.bottom + GAP };
  if (box.top - GAP - CARD.height > 0) return { left: clampX(box.left), top: box.top - GAP - CARD.height };
  return { left: clampX(box.left + GAP), top: clampY(box.top + GAP) };
}

export default Tour;
