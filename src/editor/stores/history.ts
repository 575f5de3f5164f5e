import type { GraphDocument } from '../../engine/graph/document.ts';

/** One step that can be undone. Documents share what did not change, so that keeping them costs little. */
interface Step {
  readonly label: string;
  readonly before: GraphDocument;
  readonly after: GraphDocument;
  /** Edits with the same key that follow one another quickly are one step: typing, a drag. */
  readonly key: string | undefined;
  readonly at: number;
}

export interface History {
  readonly past: readonly Step[];
  readonly future: readonly Step[];
}

export const emptyHistory: History = { past: [], future: [] };

const MOST_STEPS = 500;
/** Edits with one key this close in time are one step, in milliseconds. */
const COALESCE = 1000;

export function record(
  history: History,
  step: {
    /** The step's name, given the document before it. */
    readonly labelFrom: (before: GraphDocument) => string;
    readonly before: GraphDocument;
    readonly after: GraphDocument;
    readonly key?: string | undefined;
    /** Joins the last step of its key however long ago that was. */
    readonly held?: boolean | undefined;
  },
  now: number,
): History {
  const { labelFrom, before, after, key, held } = step;
  const last = history.past.at(-1);
  if (last && key !== undefined && last.key === key && (held || now - last.at < COALESCE)) {
    // Named anew: where a drag ends is what was set.
    const joined = { ...last, label: labelFrom(last.before), after, at: now };
    return { past: [...history.past.slice(0, -1), joined], future: [] };
  }
  const added = { label: labelFrom(before), before, after, key, at: now };
  return { past: [...history.past, added].slice(-MOST_STEPS), future: [] };
}

export function undone(history: History): { history: History; document: GraphDocument } | undefined {
  const step = history.past.at(-1);
  if (!step) return undefined;
  return { history: { past: history.past.slice(0, -1), future: [step, ...history.future] }, document: step.before };
}

export function redone(history: History): { history: History; document: GraphDocument } | undefined {
  const [step, ...future] = history.future;
  if (!step) return undefined;
  return { history: { past: [...history.past, { ...step, key: undefined }], future }, document: step.after };
}

/** The state after so many steps, whether they are to be undone or done again. */
export function jumped(history: History, steps: number): { history: History; document: GraphDocument } | undefined {
  let at: { history: History; document: GraphDocument } | undefined;
  while ((at?.history ?? history).past.length !== steps) {
    const now: History = at?.history ?? history;
    const next = now.past.length > steps ? undone(now) : redone(now);
    if (!next) return at;
    at = next;
  }
  return at;
}
