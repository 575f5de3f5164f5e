import type { GraphChange } from '../../engine/graph/changes.ts';
import { type NodeId, nodeId } from '../../engine/graph/document.ts';
import { type Alignment, align, type Box, distribute } from './alignment.ts';
import { selectedItems } from './annotations.ts';
import { graphStore } from './graph.ts';
import { sessionStore } from './session.ts';

/** Moves the selected layers by so many canvas units; steps that follow quickly are one step of undo. */
export function nudgeSelection(dx: number, dy: number): void {
  const { document, dispatch } = graphStore.getState();
  const { nodes, notes } = selectedItems(document);
  const moved = ({ x, y }: { readonly x: number; readonly y: number }) => ({ x: x + dx, y: y + dy });
  const changes: GraphChange[] = [
    ...nodes.flatMap((id): GraphChange[] => {
      const node = document.nodes[id];
      return node ? [{ kind: 'moveNode', node: id, position: moved(node.position) }] : [];
    }),
    ...notes.flatMap((id): GraphChange[] => {
      const note = document.notes?.[id];
      return note ? [{ kind: 'setNote', note: { ...note, position: moved(note.position) } }] : [];
    }),
  ];
  if (changes.length > 0) dispatch({ kind: 'group', changes }, { key: 'nudge' });
}

/** Moves selected layers to a common line. */
export function alignSelection(how: Alignment, sizeOf: SizeOf): void {
  moveTo(align(selectedBoxes(sizeOf), how), `Align layers: ${how}`);
}

/** Spreads selected layers so that the gaps between them are the same. */
export function distributeSelection(axis: 'x' | 'y', sizeOf: SizeOf): void {
  moveTo(distribute(selectedBoxes(sizeOf), axis), `Distribute layers ${axis === 'x' ? 'across' : 'down'}`);
}

type SizeOf = (id: string) => { readonly width: number; readonly height: number };

function selectedBoxes(sizeOf: SizeOf): Box[] {
  const { document } = graphStore.getState();
  return sessionStore
    .getState()
    .nodes.flatMap((id) => (document.nodes[id] ? [{ id, ...document.nodes[id].position, ...sizeOf(id) }] : []));
}

function moveTo(places: ReturnType<typeof align>, label: string): void {
  const { document, dispatch } = graphStore.getState();
  const changes = [...places].flatMap(([id, position]): GraphChange[] => {
    const node = document.nodes[nodeId(id)];
    if (!node || (node.position.x === position.x && node.position.y === position.y)) return [];
    return [{ kind: 'moveNode', node: node.id, position }];
  });
  if (changes.length > 0) dispatch({ kind: 'group', changes }, { label });
}

/**
 * Selects the next layer in a direction from the one selected last: along a wire where one leads there, else the nearest.
 * `extend` keeps what is selected.
 */
export function selectNeighbour(dx: number, dy: number, { extend = false }: { readonly extend?: boolean } = {}): void {
  const { document } = graphStore.getState();
  const id = sessionStore.getState().nodes.at(-1) ?? (Object.keys(document.nodes)[0] as NodeId | undefined);
  const from = id && document.nodes[id];
  if (!from) return;
  const wired = new Set(
    Object.values(document.edges).flatMap(({ source, target }) =>
      source.node === id ? [target.node] : target.node === id ? [source.node] : [],
    ),
  );
  let best: { readonly id: NodeId; readonly cost: number } | undefined;
  for (const node of Object.values(document.nodes)) {
    const [ox, oy] = [node.position.x - from.position.x, node.position.y - from.position.y];
    const ahead = Math.sign(dx) * ox + Math.sign(dy) * oy;
    const aside = Math.abs(dx === 0 ? ox : oy);
    if (ahead <= 0) continue;
    // What a wire leads to is meant even if it lies askew.
    const cost = (ahead + 2 * aside) * (wired.has(node.id) ? 0.25 : 1);
    if (!best || cost < best.cost) best = { id: node.id, cost };
  }
  if (!best) return;
  const { id: next } = best;
  const { nodes, select } = sessionStore.getState();
  select(extend ? [...nodes.filter((each) => each !== next), next] : [next]);
}
