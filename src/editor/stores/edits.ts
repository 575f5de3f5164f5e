import type { Place } from '../../engine/compiler/fitting.ts';
import type { GraphChange } from '../../engine/graph/changes.ts';
import {
  type BlockId,
  type EdgeId,
  type FrameId,
  type GraphDocument,
  type GraphNode,
  type NodeId,
  nodeId,
  type PortRef,
} from '../../engine/graph/document.ts';
import { insertOnEdge, isCovered, NODE_SPACING, stepOf } from '../../engine/graph/edits.ts';
import { newEdgeId, newNodeId } from '../../engine/graph/ids.ts';
import { canvasActions, NODE_SIZE } from './canvasActions.ts';
import { drawnFrames, frameAt } from './frameMoves.ts';
import { graphStore } from './graph.ts';
import { sessionStore } from './session.ts';

interface Spot {
  readonly x: number;
  readonly y: number;
}

/** A layer or a block that can be put on the canvas. */
export interface Placeable {
  readonly type: string;
  readonly version: number;
  readonly inputs: readonly { readonly name: string }[];
  readonly outputs: readonly { readonly name: string }[];
  /** Of a block: its id in the document, and what brings it there first. */
  readonly block?: BlockId;
  readonly before?: readonly GraphChange[];
  /** Parameters that it starts with, where not at the defaults. */
  readonly values?: GraphNode['parameters'] | undefined;
}

/**
 * Places a layer, perhaps joined to an output or an input; put down within the borders of a frame, it belongs to that.
 * The new layer is selected.
 */
export function addLayer(
  definition: Placeable,
  position: Spot,
  { from, to }: { readonly from?: PortRef; readonly to?: PortRef } = {},
): NodeId {
  const { document, dispatch } = graphStore.getState();
  const id = newNodeId(document, definition.type);
  const changes: GraphChange[] = [
    ...(definition.before ?? []),
    { kind: 'addNode', node: newNode(id, definition, position, frameUnder(document, position)) },
  ];
  const [input, output] = [definition.inputs[0], definition.outputs[0]];
  if (from && input) changes.push(connection(document, from, { node: id, port: input.name }));
  if (to && output) changes.push(connection(document, { node: id, port: output.name }, to));
  dispatch({ kind: 'group', changes });
  sessionStore.getState().select([id]);
  return id;
}

/** A wire from an output to an input; it replaces the one there unless that port takes many. */
export function connection(document: GraphDocument, source: PortRef, target: PortRef): GraphChange {
  const ports = graphStore.getState().inference.nodes[target.node]?.definition?.inputs;
  const many = ports?.find(({ name }) => name === target.port)?.many;
  return { kind: 'addEdge', edge: { id: newEdgeId(document), source, target }, ...(many ? { many } : {}) };
}

/**
 * Where something new goes that is added to what is selected: on the wire that is selected or that leads on from the
 * selected layer, else behind that layer; without a selection, anywhere.
 */
export function placeAfterSelection(): Place {
  const { document, inference } = graphStore.getState();
  const { nodes, edges } = sessionStore.getState();
  const [wire] = edges;
  if (nodes.length === 0 && edges.length === 1 && wire && document.edges[wire]) return { kind: 'on', edge: wire };
  const selected = document.nodes[nodes[0] ?? nodeId('')];
  const output = selected && inference.nodes[selected.id]?.definition?.outputs[0];
  if (!selected || !output) return { kind: 'free' };
  const next = Object.values(document.edges).find(({ source }) => source.node === selected.id);
  return next ? { kind: 'on', edge: next.id } : { kind: 'from', port: { node: selected.id, port: output.name } };
}

/** Places a layer there, and joins it; what has no input or no output stands beside the selected layer instead. */
export function addLayerAfterSelection(definition: Placeable): NodeId {
  const { document } = graphStore.getState();
  const place = placeAfterSelection();
  const takes = definition.inputs.length > 0;
  if (place.kind === 'on' && takes && definition.outputs.length > 0) return insertLayer(definition, place.edge);
  const source =
    place.kind === 'on' ? document.edges[place.edge]?.source : place.kind === 'from' ? place.port : undefined;
  const selected = document.nodes[source?.node ?? sessionStore.getState().nodes[0] ?? nodeId('')];
  if (!selected) return addLayer(definition, freePlace(document, endOf(document)));
  const step = stepOf(document);
  const position = freePlace(document, { x: selected.position.x + step.x, y: selected.position.y + step.y });
  return addLayer(definition, position, source && takes ? { from: source } : {});
}

/** Puts a layer on a wire. */
export function insertLayer(definition: Placeable, edge: EdgeId): NodeId {
  const { document, dispatch } = graphStore.getState();
  const wire = document.edges[edge];
  const [input, output] = [definition.inputs[0], definition.outputs[0]];
  if (!wire || !input || !output) throw new RangeError(`${definition.type} does not fit on a wire`);
  const id = newNodeId(document, definition.type);
  const { type, version, block, values = {}, before = [] } = definition;
  const layer = { type, version, block, parameters: values, input: input.name, output: output.name };
  const insert = insertOnEdge(document, wire, layer);
  dispatch({ kind: 'group', changes: [...before, ...(insert.kind === 'group' ? insert.changes : [insert])] });
  sessionStore.getState().select([id]);
  return id;
}

function newNode(
  id: NodeId,
  { type, version, block, values = {} }: Placeable,
  position: Spot,
  frame: FrameId | undefined,
): GraphNode {
  const around = { ...(block !== undefined && { block }), ...(frame !== undefined && { frame }) };
  return { id, type, version, parameters: values, position, ...around };
}

/** The open frame that the middle of a layer would lie in; into a folded one nothing is put unseen. */
function frameUnder(document: GraphDocument, { x, y }: Spot): FrameId | undefined {
  const open = drawnFrames(document, ({ id }) => canvasActions.sizeOf(id)).filter(({ frame }) => !frame.collapsed);
  return frameAt(open, { x: x + NODE_SIZE.width / 2, y: y + NODE_SIZE.height / 2 });
}

/** Behind everything, in the direction of the data. */
function endOf(document: GraphDocument): Spot {
  const positions = Object.values(document.nodes).map(({ position }) => position);
  if (positions.length === 0) return { x: 0, y: 0 };
  const step = stepOf(document);
  const along = ({ x, y }: Spot) => (step.x > 0 ? x : y);
  const last = positions.reduce((most, position) => (along(position) > along(most) ? position : most));
  return { x: last.x + step.x, y: last.y + step.y };
}

/** The wanted place, or the next one across the direction of the data that no layer covers. */
export function freePlace(document: GraphDocument, wanted: Spot): Spot {
  const { x: dx, y: dy } = document.direction === 'down' ? { x: NODE_SPACING, y: 0 } : { x: 0, y: 120 };
  let place = wanted;
  while (isCovered(document, place)) place = { x: place.x + dx, y: place.y + dy };
  return place;
}
