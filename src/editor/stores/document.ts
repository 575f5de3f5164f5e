import { createStore, type StoreApi } from 'zustand/vanilla';
import { type GraphInference, inferGraph } from '../../engine/compiler/infer.ts';
import { dataShapes } from '../../engine/data/dataset.ts';
import { apply, type GraphChange } from '../../engine/graph/changes.ts';
import { describeChange } from '../../engine/graph/describeChange.ts';
import type { GraphDocument } from '../../engine/graph/document.ts';
import type { DataShapes } from '../../engine/layers/defineLayer.ts';
import kerasCnn from '../../engine/templates/kerasCnn.template.ts';
import { datasetsStore } from './datasets.ts';
import { emptyHistory, type History, jumped, record, redone, undone } from './history.ts';

export interface DocumentState {
  readonly document: GraphDocument;
  /** Shapes and diagnostics of `document`, always in step with it. */
  readonly inference: GraphInference;
  readonly history: History;
  /** Nothing can be changed: another tab writes this project, or a newer version has made it. */
  readonly readOnly: boolean;
  /** How many edits were refused because of that. */
  readonly refusals: number;
  /** How often another document was opened. */
  readonly opened: number;
  /**
   * Makes one step that can be undone. Steps with the same `key` that follow quickly become one. Its name follows from
   * the change unless `label` says better what was meant.
   */
  dispatch(change: GraphChange, options?: { readonly key?: string; readonly label?: string }): void;
  undo(): void;
  redo(): void;
  /** To the state after so many steps of the history, back or forward. */
  jump(steps: number): void;
  /** Another document: history begins anew, or goes on as it was. */
  open(document: GraphDocument, options?: { readonly history?: History; readonly readOnly?: boolean }): void;
}

/** Nothing is known of a data set that is not in the manifest. */
const UNKNOWN_DATA: DataShapes = { sample: [], classes: 0 };

export function createDocumentStore(
  first: GraphDocument,
  dataOf: (dataset: string) => DataShapes,
): StoreApi<DocumentState> {
  return createStore<DocumentState>((set, get) => {
    const show = (document: GraphDocument, history: History): void => {
      set({ document, history, inference: inferGraph(document, dataOf(document.data.dataset)) });
    };
    return {
      document: first,
      inference: inferGraph(first, dataOf(first.data.dataset)),
      history: emptyHistory,
      readOnly: false,
      refusals: 0,
      opened: 0,
      dispatch: (change, options) => {
        const { document, history, readOnly, refusals } = get();
        if (readOnly) return set({ refusals: refusals + 1 });
        const after = apply(document, change);
        if (after === document) return;
        const label = options?.label ?? describeChange(change, document);
        show(after, record(history, { label, before: document, after, key: options?.key }, performance.now()));
      },
      undo: () => {
        const step = undone(get().history);
        if (step && !get().readOnly) show(step.document, step.history);
      },
      redo: () => {
        const step = redone(get().history);
        if (step && !get().readOnly) show(step.document, step.history);
      },
      jump: (steps) => {
        const step = jumped(get().history, steps);
        if (step && !get().readOnly) show(step.document, step.history);
      },
      open: (document, { history = emptyHistory, readOnly = false } = {}) => {
        set({ readOnly, opened: get().opened + 1 });
        show(document, history);
      },
    };
  });
}

function dataOf(dataset: string): DataShapes {
  const entry = datasetsStore.getState().entries?.find(({ id }) => id === dataset);
  return entry ? dataShapes(entry) : UNKNOWN_DATA;
}

/** What a first visit opens: the CNN of the Keras quick start. */
export const firstDocument = (): GraphDocument => kerasCnn.build();

export const documentStore = createDocumentStore(firstDocument(), dataOf);

// Data sets arrive after the page has started: what was inferred without them is inferred again.
datasetsStore.subscribe(() => {
  const { document } = documentStore.getState();
  documentStore.setState({ inference: inferGraph(document, dataOf(document.data.dataset)) });
});
