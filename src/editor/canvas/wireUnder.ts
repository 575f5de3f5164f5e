import { canConnect } from '../../engine/compiler/validateConnection.ts';
import { apply } from '../../engine/graph/changes.ts';
import { type EdgeId, edgeId, type GraphDocument, type NodeId } from '../../engine/graph/document.ts';
import { type SplicePorts, spliceOnEdge } from '../../engine/graph/edits.ts';
import { graphStore } from '../stores/graph.ts';

interface Point {
  readonly x: number;
  readonly y: number;
}

/** The wire that shows at a point of the screen, whatever lies over it. */
export function wireAt({ x, y }: Point): EdgeId | undefined {
  for (const element of document.elementsFromPoint(x, y)) {
    const id = element.closest('.react-flow__edge')?.getAttribute('data-id');
    if (id) return edgeId(id);
  }
  return undefined;
}

/** A layer of no wires over a wire that it can be put on. */
export interface Splice {
  readonly node: NodeId;
  readonly edge: EdgeId;
  readonly ports: SplicePorts;
}

/** What letting go a dragged layer does to the wire under one of these points, the first that has one. */
export function spliceUnder(node: NodeId, points: readonly Point[]): Splice | undefined {
  const { document, inference } = graphStore.getState();
  const definition = inference.nodes[node]?.definition;
  const [input, output] = [definition?.inputs[0]?.name, definition?.outputs[0]?.name];
  if (input === undefined || output === undefined) return undefined;
  if (Object.values(document.edges).some(({ source, target }) => source.node === node || target.node === node))
    return undefined;
  const edge = points.map(wireAt).find((id) => id !== undefined && document.edges[id]);
  if (edge === undefined) return undefined;
  const ports = { input, output };
  return fits(document, { node, edge, ports }) ? { node, edge, ports } : undefined;
}

/** Whether a person could draw both wires by hand. */
function fits(document: GraphDocument, { node, edge, ports }: Splice): boolean {
  const { inference } = graphStore.getState();
  const wire = document.edges[edge];
  if (!wire) return false;
  const apart = apply(document, { kind: 'removeEdge', edge });
  return (
    canConnect(apart, wire.source, { node, port: ports.input }, inference).ok &&
    canConnect(apart, { node, port: ports.output }, wire.target, inference).ok
  );
}

/** The edits that do it. */
export const splice = (document: GraphDocument, { node, edge, ports }: Splice) =>
  spliceOnEdge(document, document.edges[edge]!, node, ports);
