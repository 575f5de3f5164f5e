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

/** Places a layer; with `from`, a wire leads there from that output. The new layer is selected. */
export function addLayer(definition: LayerDefinition, position: Place, from?: PortRef): NodeId {
  const { document, dispatch } = documentStore.getState();
  const id = newNodeId(document, definition.type);
  const changes: GraphChange[] = [{ kind: 'addNode', node: newNode(id, definition, position) }];
  const input = definition.inputs[0];
  if (from && input) {
    const edge = { id: newEdgeId(document), source: from, target: { node: id, port: input.name } };
    changes.push({ kind: 'addEdge', edge });
  }
  dispatch({ kind: 'group', changes });
  sessionStore.getState().select([id]);
  return id;
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
    output && definition.inputs.length > 0 ? { node: selected.id, port: output.name } : undefined,
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

/** Deletes what is selected; wires around a single layer are joined again. */
export function deleteSelection(): void {
  const { document, dispatch } = documentStore.getState();
  const { nodes, edges, select } = sessionStore.getState();
  const kept = nodes.filter((node) => document.nodes[node]);
  const changes: GraphChange[] = edges
    .filter((edge) => document.edges[edge])
    .map((edge) => ({ kind: 'removeEdge', edge }));
  if (kept.length === 1 && changes.length === 0) changes.push(removeAndHeal(document, kept[0] as NodeId));
  else changes.push(...kept.map((node): GraphChange => ({ kind: 'removeNode', node })));
  if (changes.length === 0) return;
  dispatch(changes.length === 1 ? (changes[0] as GraphChange) : { kind: 'group', changes });
  select([]);
}

/** Moves the selected layers by so many canvas units; steps that follow quickly are one step of undo. */
export function nudgeSelection(dx: number, dy: number): void {
  const { document, dispatch } = documentStore.getState();
  const changes = sessionStore.getState().nodes.flatMap((id): GraphChange[] => {
    const node = document.nodes[id];
    return node ? [{ kind: 'moveNode', node: id, position: { x: node.position.x + dx, y: node.position.y + dy } }] : [];
  });
  if (changes.length > 0) dispatch({ kind: 'group', changes }, { key: 'nudge' });
}

/** Selected layers and the wires between them, as text for a clipboard. */
export function copySelection(): string | undefined {
  const { document } = documentStore.getState();
  const nodes = sessionStore.getState().nodes.flatMap((id) => document.nodes[id] ?? []);
  if (nodes.length === 0) return undefined;
  const ids = new Set(nodes.map(({ id }) => id));
  const edges = Object.values(document.edges).filter(
    ({ source, target }) => ids.has(source.node) && ids.has(target.node),
  );
  return JSON.stringify({ format: 'gradloom-selection', nodes, edges });
}

/** Adds copied layers under new ids, a little below and beside the originals. Gives false for text that is none of ours. */
export function pasteText(text: string): boolean {
  const copied = parseSelection(text);
  if (!copied) return false;
  const { document, dispatch } = documentStore.getState();
  const taken = new Set<string>();
  const ids = new Map<string, NodeId>();
  const changes: GraphChange[] = copied.nodes.map((node) => {
    const id = newNodeId(document, node.type, taken);
    taken.add(id);
    ids.set(node.id, id);
    return { kind: 'addNode', node: { ...node, id, position: { x: node.position.x + 40, y: node.position.y + 60 } } };
  });
  for (const { source, target } of copied.edges) {
    const [from, to] = [ids.get(source.node), ids.get(target.node)];
    if (!from || !to) continue;
    const id = newEdgeId(document, taken);
    taken.add(id);
    const edge = { id, source: { node: from, port: source.port }, target: { node: to, port: target.port } };
    changes.push({ kind: 'addEdge', edge, many: true });
  }
  dispatch({ kind: 'group', changes });
  sessionStore.getState().select([...ids.values()]);
  return true;
}

interface CopiedSelection {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly { readonly source: PortRef; readonly target: PortRef }[];
}

const MOST_PASTED = 2000;

/** Text from a clipboard is anybody's: nothing but what has the right form is taken from it. */
function parseSelection(text: string): CopiedSelection | undefined {
  let value: { format?: unknown; nodes?: unknown; edges?: unknown };
  try {
    value = JSON.parse(text) as typeof value;
  } catch {
    return undefined;
  }
  if (value?.format !== 'gradloom-selection' || !Array.isArray(value.nodes) || !Array.isArray(value.edges))
    return undefined;
  if (value.nodes.length > MOST_PASTED) return undefined;
  const nodes = value.nodes.filter(
    (node: GraphNode) =>
      typeof node?.id === 'string' &&
      typeof node.type === 'string' &&
      /^\w{1,60}$/.test(node.type) &&
      Number.isSafeInteger(node.version) &&
      Number.isFinite(node.position?.x) &&
      Number.isFinite(node.position?.y) &&
      typeof node.parameters === 'object' &&
      node.parameters !== null,
  ) as GraphNode[];
  const isPort = (port: PortRef) => typeof port?.node === 'string' && typeof port.port === 'string';
  const edges = (value.edges as CopiedSelection['edges']).filter((edge) => isPort(edge?.source) && isPort(edge.target));
  return nodes.length > 0 ? { nodes, edges } : undefined;
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
