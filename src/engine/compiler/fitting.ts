import type { GraphChange } from '../graph/changes.ts';
import type {
  EdgeId,
  GraphDocument,
  GraphEdge,
  GraphNode,
  NodeId,
  ParameterValue,
  PortRef,
} from '../graph/document.ts';
import { newEdgeId, newNodeId } from '../graph/ids.ts';
import { edgesBySource, edgesByTarget } from '../graph/topology.ts';
import type { Shape } from '../ir/types.ts';
import { LayerError, type PlacedDefinition } from '../layers/defineLayer.ts';
import { completeParameters, parameterProblem } from '../layers/parameters.ts';
import { requiredPorts } from '../layers/ports.ts';
import { findLayer } from '../layers/registry.ts';
import type { GraphInference } from './infer.ts';
import { tryInfer } from './layerMemo.ts';
import { canConnect, receivedWith } from './validateConnection.ts';

/** Where a layer is to go; shapes decide which layers fit there. */
export type Place =
  | { readonly kind: 'free' }
  /** Behind an output. */
  | { readonly kind: 'from'; readonly port: PortRef }
  /** Before an input. */
  | { readonly kind: 'to'; readonly port: PortRef }
  /** On a wire. */
  | { readonly kind: 'on'; readonly edge: EdgeId }
  /** Instead of a layer. */
  | { readonly kind: 'replace'; readonly node: NodeId };

/** Those of the offered layers and blocks that fit a place: by their ports, by what `infer` says of the shapes there, and by who reads them. */
export function layersThatFit<Layer extends PlacedDefinition>(
  document: GraphDocument,
  inference: GraphInference,
  place: Place,
  offered: readonly Layer[],
): readonly Layer[] {
  switch (place.kind) {
    case 'free':
      return offered;
    case 'from': {
      const shape = shapeOf(inference, place.port);
      return offered.filter((layer) => layer.inputs.length > 0 && takes(layer, shape, inference));
    }
    case 'to':
      return offered.filter((layer) => {
        if (layer.outputs.length === 0) return false;
        // Without inputs its shape is known: it must be the wanted one.
        const shape = layer.inputs.length === 0 ? made(layer, undefined, inference) : undefined;
        return shape === undefined || accepts(inference, place.port, shape);
      });
    case 'on': {
      const edge = document.edges[place.edge];
      if (!edge) return [];
      const shape = shapeOf(inference, edge.source);
      return offered.filter((layer) => {
        if (layer.inputs.length === 0 || layer.outputs.length === 0) return false;
        if (!takes(layer, shape, inference)) return false;
        const result = made(layer, shape, inference);
        return result === undefined || accepts(inference, edge.target, result, edge.id);
      });
    }
    case 'replace': {
      const node = document.nodes[place.node];
      if (!node) return [];
      const { incoming, outgoing } = wiresOf(document, node.id);
      return offered.filter((layer) => {
        const mapped = layer.type === node.type ? undefined : portsFor(node, layer, incoming, outgoing);
        if (!mapped) return false;
        // What was joined on all sides is to be so again.
        const required = requiredPorts(layer.inputs).length;
        if (incoming.length > 0 && required > incoming.length) return false;
        const wires = layer.inputs.flatMap(({ name }) => incoming.filter(({ id }) => mapped.inputs.get(id) === name));
        const known = wires.map(({ source }) => shapeOf(inference, source)).filter((shape) => shape !== undefined);
        if (known.length < Math.max(wires.length, required)) return true;
        const parameters = completeParameters(layer.parameters, sharedParameters(node, layer));
        const ports = wires.map(({ id }) => mapped.inputs.get(id) as string);
        const result = tryInfer(layer, known, parameters, inference.data, ports);
        if (result instanceof LayerError) return false;
        const [output] = result.outputs;
        return !output || outgoing.every(({ id, target }) => accepts(inference, target, output, id));
      });
    }
  }
}

/**
 * Puts another layer in a node's place: at the same spot, under the same name, with the wires, and with the parameters
 * that both know by the same name and that are good for the new one.
 * @returns undefined if the new layer has too few ports for the wires
 */
export function replaceLayer(
  document: GraphDocument,
  node: NodeId,
  layer: PlacedDefinition,
): { readonly change: GraphChange; readonly node: NodeId } | undefined {
  const old = document.nodes[node];
  if (!old) return undefined;
  const { incoming, outgoing } = wiresOf(document, node);
  const ports = portsFor(old, layer, incoming, outgoing);
  if (!ports) return undefined;
  const id = newNodeId(document, layer.type);
  const taken = new Set<string>();
  const wire = (source: PortRef, target: PortRef): GraphChange => {
    const edge = newEdgeId(document, taken);
    taken.add(edge);
    return { kind: 'addEdge', edge: { id: edge, source, target }, many: true };
  };
  const { initial: _initial, ...kept } = old;
  const changes: GraphChange[] = [
    {
      kind: 'addNode',
      node: { ...kept, id, type: layer.type, version: layer.version, parameters: sharedParameters(old, layer) },
    },
    { kind: 'removeNode', node },
    ...incoming.map((edge) => wire(edge.source, { node: id, port: ports.inputs.get(edge.id) as string })),
    ...outgoing.map((edge) => wire({ node: id, port: ports.outputs.get(edge.id) as string }, edge.target)),
  ];
  return { change: { kind: 'group', changes }, node: id };
}

/** What was set on the old layer and means something to the new one. */
function sharedParameters(node: GraphNode, layer: PlacedDefinition): Record<string, ParameterValue> {
  return Object.fromEntries(
    Object.entries(node.parameters).filter(([name, value]) => {
      const spec = Object.hasOwn(layer.parameters, name) ? layer.parameters[name] : undefined;
      return spec && parameterProblem(spec, value) === undefined;
    }),
  );
}

interface PortMap {
  readonly inputs: ReadonlyMap<EdgeId, string>;
  readonly outputs: ReadonlyMap<EdgeId, string>;
}

/** Which port of the new layer each wire ends at: that of the same name, else that in the same place. */
function portsFor(
  node: GraphNode,
  layer: PlacedDefinition,
  incoming: readonly GraphEdge[],
  outgoing: readonly GraphEdge[],
): PortMap | undefined {
  const old = findLayer(node.type);
  const inputs = new Map<EdgeId, string>();
  const used = new Set<string>();
  const free = () => layer.inputs.find(({ name, many }) => many || !used.has(name))?.name;
  for (const { id, target } of incoming) {
    const same = layer.inputs.find(({ name }) => name === target.port && !used.has(name))?.name;
    const port = same ?? free();
    if (port === undefined) return undefined;
    inputs.set(id, port);
    if (!layer.inputs.find(({ name }) => name === port)?.many) used.add(port);
  }
  const outputs = new Map<EdgeId, string>();
  for (const { id, source } of outgoing) {
    const place = old?.outputs.findIndex(({ name }) => name === source.port) ?? 0;
    const port = layer.outputs.find(({ name }) => name === source.port) ?? layer.outputs[place];
    if (!port) return undefined;
    outputs.set(id, port.name);
  }
  const role = old?.role ?? 'layer';
  // A loss can take a loss's place only, an input an input's.
  return role === layer.role ? { inputs, outputs } : undefined;
}

function wiresOf(document: GraphDocument, node: NodeId) {
  return {
    incoming: edgesByTarget(document).get(node) ?? [],
    outgoing: edgesBySource(document).get(node) ?? [],
  };
}

function shapeOf(inference: GraphInference, port: PortRef): Shape | undefined {
  const giver = inference.nodes[port.node];
  const output = giver?.definition?.outputs.findIndex(({ name }) => name === port.port) ?? -1;
  return giver?.inference?.outputs[output];
}

/** What a layer with its defaults makes of one shape; undefined if it can't be tried yet, or does not take it. */
function made(layer: PlacedDefinition, input: Shape | undefined, inference: GraphInference): Shape | undefined {
  const result = tried(layer, input, inference);
  return result instanceof LayerError ? undefined : result?.outputs[0];
}

/** Whether a layer takes this shape. One that waits for another wire, or for a shape, can't be tried: it is offered. */
const takes = (layer: PlacedDefinition, input: Shape | undefined, inference: GraphInference): boolean =>
  !(tried(layer, input, inference) instanceof LayerError);

function tried(layer: PlacedDefinition, input: Shape | undefined, inference: GraphInference) {
  const [first, second] = requiredPorts(layer.inputs);
  const waits = second !== undefined || first?.many || (first !== undefined && !input);
  if (waits) return undefined;
  return tryInfer(layer, input ? [input] : [], completeParameters(layer.parameters, {}), inference.data);
}

/** Whether an input takes this shape, or could after a quick fix. */
function accepts(inference: GraphInference, target: PortRef, shape: Shape, instead?: EdgeId): boolean {
  const reader = inference.nodes[target.node];
  const { definition } = reader ?? {};
  if (!reader || !definition) return true;
  const { known, ports, complete } = receivedWith(definition, reader, ({ name, many }, here, edges) => {
    if (instead !== undefined) return here.map((own, i) => (edges[i] === instead ? shape : own));
    if (name !== target.port) return here;
    return many ? [...here, shape] : [shape];
  });
  if (!complete) return true;
  const result = tryInfer(definition, known, reader.parameters, inference.data, ports);
  return !(result instanceof LayerError) || result.fixes.length > 0;
}

/** An input that a wire may end at, and what is to be mended then. */
export interface Taker {
  readonly port: PortRef;
  /** A wire ends there that this one would replace. */
  readonly taken: boolean;
  readonly warning: string | undefined;
}

/** Inputs that a wire from this output may end at: free ones first, then those that are taken, then those with a mistake. */
export function portsThatTake(document: GraphDocument, inference: GraphInference, source: PortRef): readonly Taker[] {
  const incoming = edgesByTarget(document);
  const takers = Object.values(document.nodes).flatMap(({ id }) =>
    (inference.nodes[id]?.definition?.inputs ?? []).flatMap(({ name, many }): Taker[] => {
      const port = { node: id, port: name };
      const check = canConnect(document, source, port, inference);
      if (!check.ok) return [];
      const taken = !many && (incoming.get(id) ?? []).some(({ target }) => target.port === name);
      return [{ port, taken, warning: check.warning }];
    }),
  );
  const rank = ({ taken, warning }: Taker): number => (warning === undefined ? 0 : 2) + (taken ? 1 : 0);
  return takers.sort((a, b) => rank(a) - rank(b));
}
