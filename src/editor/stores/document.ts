import { createStore, type StoreApi } from 'zustand/vanilla';
import { type GraphInference, inferAgain } from '../../engine/compiler/infer.ts';
import { missingDataset } from '../../engine/compiler/validateData.ts';
import { dataShapes, UNKNOWN_DATA } from '../../engine/data/dataset.ts';
import { apply, type GraphChange } from '../../engine/graph/changes.ts';
import { describeChange } from '../../engine/graph/describeChange.ts';
import type { GraphDocument } from '../../engine/graph/document.ts';
import kerasCnn from '../../engine/templates/kerasCnn.template.ts';
import { datasetsStore } from './datasets.ts';
import { emptyHistory, type History, jumped, record, redone, undone } from './history.ts';

/** How an edit joins the history. */
export interface EditOptions {
  /** Edits with the same key that follow quickly become one step. */
  readonly key?: string;
  /** Part of one gesture, however long it takes: a slider that is held. Its key is that gesture's alone. */
  readonly held?: boolean;
  /** The step's name, where the change itself does not say what was meant. */
  readonly label?: string;
}

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
  /** Makes one step that can be undone. Its name follows from what changed since the step began. */
  dispatch(change: GraphChange, options?: EditOptions): void;
  undo(): void;
  redo(): void;
  /** To the state after so many steps of the history, back or forward. */
  jump(steps: number): void;
  /** Another document: history begins anew, or goes on as it was. */
  open(document: GraphDocument, options?: { readonly history?: History; readonly readOnly?: boolean }): void;
}

export function createDocumentStore(
  first: GraphDocument,
  infer: (document: GraphDocument) => GraphInference,
): StoreApi<DocumentState> {
  return createStore<DocumentState>((set, get) => {
    const show = (document: GraphDocument, history: History): void => {
      set({ document, history, inference: infer(document) });
    };
    return {
      document: first,
      inference: infer(first),
      history: emptyHistory,
      readOnly: false,
      refusals: 0,
      opened: 0,
      dispatch: (change, options = {}) => {
        const { document, history, readOnly, refusals } = get();
        if (readOnly) return set({ refusals: refusals + 1 });
        const after = apply(document, change);
        if (after === document) return;
        const labelFrom = (before: GraphDocument) => options.label ?? describeChange(change, before);
        show(after, record(history, { ...options, labelFrom, before: document, after }, performance.now()));
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

const inferEdited = inferAgain();

/** Says nothing of the data while the list of data sets is on its way. */
function inferWithDatasets(document: GraphDocument): GraphInference {
  const { entries } = datasetsStore.getState();
  const entry = entries?.find(({ id }) => id === document.data.dataset);
  if (entry) return inferEdited(document, dataShapes(entry));
  const inference = inferEdited(document, UNKNOWN_DATA);
  if (!entries) return inference;
  const known = entries.map((candidate) => ({ id: candidate.id, shapes: dataShapes(candidate) }));
  return { ...inference, diagnostics: [missingDataset(document, known), ...inference.diagnostics] };
}

/** What a first visit opens: the CNN of the Keras quick start. */
export const firstDocument = (): GraphDocument => kerasCnn.build();

export const documentStore = createDocumentStore(firstDocument(), inferWithDatasets);

// Data sets arrive after the page has started: what was inferred without them is inferred again.
datasetsStore.subscribe(() => {
  const { document } = documentStore.getState();
  documentStore.setState({ inference: inferWithDatasets(document) });
});
