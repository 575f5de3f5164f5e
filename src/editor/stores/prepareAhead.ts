import type { StoreApi } from 'zustand/vanilla';
import type { GraphInference } from '../../engine/compiler/infer.ts';
import { sizeOf } from '../../engine/ir/shape.ts';
import { preparationKey } from '../../workers/preparationKey.ts';
import type { DocumentState } from './document.ts';
import { isActive, type RunStore } from './run.ts';

export interface PrepareAheadOptions {
  readonly documents: StoreApi<DocumentState>;
  readonly runs: RunStore;
  /** Makes ready what Train would begin. A rejection is told when Train is pressed, and not here. */
  readonly prepare: () => Promise<void>;
  /** Calls back when the page has nothing else to do. */
  readonly whenIdle: (callback: () => void) => void;
  readonly isHidden: () => boolean;
}

/** After the last edit a person looks on for so long, in milliseconds, before anything is prepared. */
const REST = 500;
/** What larger models take to prepare is little beside their training, and much for something that nobody asked for. */
const MOST_NUMBERS = 32e6;
const MOST_LAYERS = 300;

/**
 * Has the worker compile what Train would begin, before it is pressed: once for each state of the document and each device,
 * when edits have come to rest, never while a run is under way, and not for a large model. Gives what ends it.
 */
export function prepareAhead({ documents, runs, prepare, whenIdle, isHidden }: PrepareAheadOptions): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let ended = false;
  /** What was prepared or begun last. */
  let last = '';
  const keyOf = (document: DocumentState['document']): string =>
    `${runs.getState().wantedDevice} ${preparationKey(document)}`;
  const look = (): void => {
    const { document, inference } = documents.getState();
    if (ended || isHidden() || isActive(runs.getState().status)) return;
    if (inference.diagnostics.some(({ severity }) => severity === 'error')) return;
    if (isLarge(inference, document.training.batchSize)) return;
    const key = keyOf(document);
    if (key === last) return;
    last = key;
    prepare().catch(() => {
      // The data may be there the next time.
      if (last === key) last = '';
    });
  };
  const wait = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => whenIdle(look), REST);
  };
  const stops = [
    documents.subscribe(({ document }, before) => {
      if (document !== before.document) wait();
    }),
    runs.subscribe((state, before) => {
      if (state.id !== before.id && state.document) last = keyOf(state.document);
      const rests = isActive(before.status) && !isActive(state.status);
      if (rests || state.wantedDevice !== before.wantedDevice) wait();
    }),
  ];
  whenIdle(look);
  return () => {
    ended = true;
    clearTimeout(timer);
    for (const stop of stops) stop();
  };
}

/** Whether a run has many layers or takes much memory: weights, their gradients and two moments, and what layers give for a batch. */
function isLarge({ order, nodes, totals }: GraphInference, batchSize: number): boolean {
  const outputs = order.flatMap((id) => nodes[id]?.inference?.outputs ?? []);
  const numbers = outputs.reduce((sum, shape) => sum + batchSize * sizeOf(shape), 4 * totals.parameters);
  return order.length > MOST_LAYERS || numbers > MOST_NUMBERS;
}
