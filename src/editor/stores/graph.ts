import { createStore } from 'zustand/vanilla';
import { withoutNumbers } from '../../engine/compiler/inferBlocks.ts';
import { graphInside, type InnerGraph } from '../../engine/compiler/inside.ts';
import { EngineError } from '../../engine/errors.ts';
import type { GraphChange } from '../../engine/graph/changes.ts';
import type { Diagnostic } from '../../engine/graph/diagnostic.ts';
import type { NodeId } from '../../engine/graph/document.ts';
import { translate } from '../i18n/language.ts';
import { notify } from '../ui/notify.ts';
import { documentStore, type EditOptions } from './document.ts';
import { sessionStore } from './session.ts';

/** The graph that the canvas shows and edits: the document's own, or that inside of a block. */
export interface GraphState extends InnerGraph {
  /** An edit of this graph. What would put a block into itself is refused, and a notice says why. */
  dispatch(change: GraphChange, options?: EditOptions): void;
}

/** The graph on the canvas. It has the form of the document store, so that what edits the one edits the other. */
export const graphStore = createStore<GraphState>(() => ({
  ...lookInside([]),
  dispatch: (change, options) => {
    const { block } = graphStore.getState();
    try {
      documentStore.getState().dispatch(block ? { kind: 'inBlock', block: block.id, change } : change, options);
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      notify.error(translate(error.message));
    }
  },
}));

/**
 * Does what a quick fix offers. A button may be older than the last edit: what is to be done is asked of what is wrong
 * now, and nothing is done if that is not wrong any more.
 */
export function applyFix({ message, node, edge }: Diagnostic, label: string): void {
  const { inference, dispatch } = graphStore.getState();
  const now = inference.diagnostics.find(
    (each) => each.message === message && each.node === node && each.edge === edge,
  );
  const fix = now?.fixes.find((each) => each.label === label);
  if (fix) dispatch(fix.change);
}

function lookInside(path: readonly NodeId[]): InnerGraph {
  const { document, inference } = documentStore.getState();
  return graphInside(document, inference, path);
}

/** Shows the graph inside of these uses, one in the other; with `selected`, a node of it. */
function show(path: readonly NodeId[], selected: readonly NodeId[] = []): void {
  sessionStore.getState().select([]);
  graphStore.setState(lookInside(path));
  sessionStore.getState().select(selected);
}

/** Goes into a use of a block in the graph that is shown. */
export function enterBlock(use: NodeId): void {
  show([...graphStore.getState().path, use]);
}

/** Goes back out until `depth` uses are left around; the one that was left is selected. */
export function leaveBlock(depth: number = graphStore.getState().path.length - 1): void {
  const { path } = graphStore.getState();
  const left = path[depth];
  if (left !== undefined) show(path.slice(0, depth), [left]);
}

/** Shows and selects the node at a path such as `block1.0.conv1`, if it is there. */
export function revealNode(place: string): void {
  const ids = withoutNumbers(place).split('.') as NodeId[];
  const id = ids.at(-1) as NodeId;
  const inner = lookInside(ids.slice(0, -1));
  if (inner.path.length < ids.length - 1 || !inner.document.nodes[id]) return;
  if (inner.path.join('.') === graphStore.getState().path.join('.')) sessionStore.getState().select([id]);
  else show(inner.path, [id]);
}

documentStore.subscribe(({ opened }, before) => {
  graphStore.setState(lookInside(opened === before.opened ? graphStore.getState().path : []));
  // What is gone is not selected.
  const { document } = graphStore.getState();
  const { nodes, edges, frames, notes, select } = sessionStore.getState();
  const [left, wires] = [nodes.filter((id) => document.nodes[id]), edges.filter((id) => document.edges[id])];
  const around = {
    frames: frames.filter((id) => document.frames?.[id]),
    notes: notes.filter((id) => document.notes?.[id]),
  };
  const chosen = nodes.length + edges.length + frames.length + notes.length;
  if (left.length + wires.length + around.frames.length + around.notes.length < chosen) select(left, wires, around);
});
