import type { GraphChange } from '../../engine/graph/changes.ts';
import {
  type EdgeId,
  type GraphDocument,
  type GraphNode,
  type NodeId,
  nodeId,
  type PortRef,
} from '../../engine/graph/document.ts';
import { insertOnEdge, NODE_SPACING, removeAndHeal } from '../../engine/graph/edits.ts';
import { newEdgeId, newNodeId } from '../../engine/graph/ids.ts';
import type { LayerDefinition } from '../../engine/layers/defineLayer.ts';
import { findLayer } from '../../engine/layers/registry.ts';
import { documentStore } from './document.ts';
import { sessionStore } from './session.ts';

/** Height of a placed layer, about; for centring and for finding free places. */
const NODE_HEIGHT = 92;

interface Place {
  readonly x: number;
  readonly y: number;
}

/** Places a layer, perhaps joined to an output or an input. The new layer is selected. */
export function addLayer(
  definition: LayerDefinition,
  position: Place,
  { from, to }: { readonly from?: PortRef; readonly to?: PortRef } = {},
): NodeId {
  const { document, dispatch } = documentStore.getState();
  const id = newNodeId(document, definition.type);
  const changes: GraphChange[] = [{ kind: 'addNode', node: newNode(id, definition, position) }];
  const [input, output] = [definition.inputs[0], definition.outputs[0]];
  if (from && input) changes.push(connection(document, from, { node: id, port: input.name }));
  if (to && output) changes.push(connection(document, { node: id, port: output.name }, to));
  dispatch({ kind: 'group', changes });
  sessionStore.getState().select([id]);
  return id;
}

/** A wire from an output to an input; it replaces the one there unless that port takes many. */
export function connection(document: GraphDocument, source: PortRef, target: PortRef): GraphChange {
  const node = document.nodes[target.node];
  const many = node && findLayer(node.type)?.inputs.find(({ name }) => name === target.port)?.many;
  return { kind: 'addEdge', edge: { id: newEdgeId(document), source, target }, ...(many ? { many } : {}) };
}

/** Places a layer after the selected one and joins the two; without a selection, right of everything. */
export function addLayerAfterSelection(definition: LayerDefinition): NodeId {
  const { document } = documentStore.getState();
  const selected = document.nodes[sessionStore.getState().nodes[0] ?? nodeId('')];
  const output = selected && findLayer(selected.type)?.outputs[0];
  if (!selected) return addLayer(definition, freePlace(document, rightEnd(document)));
  const next = Object.values(document.edges).find(({ source }) => source.node === selected.id);
  if (next && output && definition.inputs.length > 0 && definition.outputs.length > 0)
    return insertLayer(definition, next.id);
  const position = freePlace(document, { x: selected.position.x + NODE_SPACING, y: selected.position.y });
  return addLayer(
    definition,
    position,
    output && definition.inputs.length > 0 ? { from: { node: selected.id, port: output.name } } : {},
  );
}

/** Puts a layer on a wire. */
export function insertLayer(definition: LayerDefinition, edge: EdgeId): NodeId {
  const { document, dispatch } = documentStore.getState();
  const wire = document.edges[edge];
  const [input, output] = [definition.inputs[0], definition.outputs[0]];
  if (!wire || !input || !output) throw new RangeError(`${definition.type} does not fit on a wire`);
  const id = newNodeId(document, definition.type);
  const { type, version } = definition;
  dispatch(insertOnEdge(document, wire, { type, version, input: input.name, output: output.name }));
  sessionStore.getState().select([id]);
  return id;
}

/** Deletes what is selected; wires around a single layer are joined again, where shapes allow. */
export function deleteSelection(verb?: 'Cut'): void {
  const { document, dispatch } = documentStore.getState();
  const { nodes, edges, select } = sessionStore.getState();
  const kept = nodes.filter((node) => document.nodes[node]);
  const changes: GraphChange[] = edges
    .filter((edge) => document.edges[edge])
    .map((edge) => ({ kind: 'removeEdge', edge }));
  if (kept.length === 1 && changes.length === 0) changes.push(removeAndHeal(document, kept[0] as NodeId));
  else changes.push(...kept.map((node): GraphChange => ({ kind: 'removeNode', node })));
  if (changes.length === 0) return;
  const count = kept.length === 1 ? '1 layer' : `${kept.length} layers`;
  dispatch(
    changes.length === 1 ? (changes[0] as GraphChange) : { kind: 'group', changes },
    verb ? { label: `${verb} ${count}` } : {},
  );
  select([]);
}

function newNode(id: NodeId, { type, version }: LayerDefinition, position: Place): GraphNode {
  return { id, type, version, parameters: {}, position };
}

function rightEnd(document: GraphDocument): Place {
  const positions = Object.values(document.nodes).map(({ position }) => position);
  if (positions.length === 0) return { x: 0, y: 0 };
  const right = positions.reduce((most, position) => (position.x > most.x ? position : most));
  return { x: right.x + NODE_SPACING, y: right.y };
}

/** The wanted place, or the next one below that no layer covers. */
function freePlace(document: GraphDocument, wanted: Place): Place {
  const covered = ({ x, y }: Place) =>
    Object.values(document.nodes).some(
      ({ position }) => Math.abs(position.x - x) < NODE_SPACING - 40 && Math.abs(position.y - y) < NODE_HEIGHT + 8,
    );
  let place = wanted;
  while (covered(place)) place = { x: place.x, y: place.y + NODE_HEIGHT + 28 };
  return place;
}
