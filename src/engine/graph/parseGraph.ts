import { LONGEST_LIST } from '../layers/parameters.ts';
import { findLayer } from '../layers/registry.ts';
import { BLOCK } from './blocks.ts';
import {
  blockId,
  type EdgeId,
  edgeId,
  type Graph,
  type GraphEdge,
  type GraphNode,
  type NodeId,
  nodeId,
  type ParameterValue,
  type PortRef,
  type TrainingSettings,
} from './document.ts';
import { cleanText, finite, integer, list, record, refuse, text } from './validate.ts';

const MOST_NODES = 20_000;
const MOST_EDGES = 50_000;
const MOST_PARAMETERS = 200;
/** Canvas units; further out, coordinates lose their fractions. */
const FARTHEST = 1e7;

/**
 * Nodes and wires from outside, of a document or of a block at `where`. Wires that end at no node are left out.
 * @throws EngineError `bad-document`
 */
export function parseGraph(raw: Readonly<Record<string, unknown>>, where: string, problems: string[]): Graph {
  const nodes = entriesOf(raw.nodes, `${where}nodes`, MOST_NODES).map(([id, value]) =>
    parseNode(id, value, `${where}nodes.${id}`, problems),
  );
  const known = new Set<string>(nodes.map(({ id }) => id));
  const edges = entriesOf(raw.edges, `${where}edges`, MOST_EDGES)
    .map(([id, value]) => parseEdge(id, value, `${where}edges.${id}`))
    .filter(({ id, source, target }) => {
      const whole = known.has(source.node) && known.has(target.node);
      if (!whole) problems.push(`The wire "${id}" ended at a layer that does not exist, and was left out.`);
      return whole;
    });
  return {
    nodes: Object.fromEntries(nodes.map((node) => [node.id, node])) as Record<NodeId, GraphNode>,
    edges: Object.fromEntries(edges.map((edge) => [edge.id, edge])) as Record<EdgeId, GraphEdge>,
  };
}

/** One of several definitions by its type, with parameters. */
export function parseChoice(value: unknown, where: string): TrainingSettings['optimizer'] {
  const choice = record(value, where);
  return {
    type: text(choice.type, `${where}.type`),
    parameters: parseParameters(choice.parameters, `${where}.parameters`),
  };
}

function parseNode(key: string, value: unknown, where: string, problems: string[]): GraphNode {
  const raw = record(value, where);
  const id = nodeId(identifier(raw.id, `${where}.id`));
  if (id !== key) refuse(`${where}.id`, `is "${id}", but the node is filed under "${key}"`);
  const position = record(raw.position, `${where}.position`);
  const type = text(raw.type, `${where}.type`);
  const node = {
    id,
    type,
    version: integer(raw.version, `${where}.version`, 1, 1_000_000),
    parameters: parseParameters(raw.parameters, `${where}.parameters`),
    position: {
      x: finite(position.x, `${where}.position.x`, FARTHEST),
      y: finite(position.y, `${where}.position.y`, FARTHEST),
    },
    ...(raw.name !== undefined && { name: cleanText(raw.name, `${where}.name`, problems) }),
    ...(type === BLOCK && { block: blockId(identifier(raw.block, `${where}.block`)) }),
    ...(raw.frozen !== undefined && parseFrozen(raw.frozen, `${where}.frozen`)),
    ...(raw.initial !== undefined && { initial: parseChoice(raw.initial, `${where}.initial`) }),
  };
  return migrate(node, problems);
}

function parseFrozen(value: unknown, where: string): { readonly frozen?: true } {
  if (typeof value !== 'boolean') refuse(where, 'is neither true nor false');
  return value ? { frozen: true } : {};
}

/** Brings the parameters to the layer's version of today. */
function migrate(node: GraphNode, problems: string[]): GraphNode {
  if (node.type === BLOCK) return node;
  const definition = findLayer(node.type);
  if (!definition) {
    problems.push(`This program knows no layer "${node.type}": the node "${node.id}" is kept as a placeholder.`);
    return node;
  }
  if (node.version > definition.version) {
    problems.push(
      `The node "${node.id}" has version ${node.version} of ${node.type}, this program knows ${definition.version}: it is kept as a placeholder.`,
    );
    return node;
  }
  if (node.version === definition.version) return node;
  const parameters = definition.migrations
    .slice(node.version - 1)
    .reduce((old, step) => step(old), { ...node.parameters } as Record<string, ParameterValue>);
  return { ...node, version: definition.version, parameters };
}

function parseEdge(key: string, value: unknown, where: string): GraphEdge {
  const raw = record(value, where);
  const id = edgeId(identifier(raw.id, `${where}.id`));
  if (id !== key) refuse(`${where}.id`, `is "${id}", but the wire is filed under "${key}"`);
  return { id, source: parsePort(raw.source, `${where}.source`), target: parsePort(raw.target, `${where}.target`) };
}

/** A wire that is not filed in a graph. @throws EngineError `bad-document` */
export function parseWire(value: unknown, where: string): GraphEdge {
  return parseEdge(identifier(record(value, where).id, `${where}.id`), value, where);
}

function parsePort(value: unknown, where: string): PortRef {
  const raw = record(value, where);
  return { node: nodeId(identifier(raw.node, `${where}.node`)), port: text(raw.port, `${where}.port`) };
}

export function parseParameters(value: unknown, where: string): Record<string, ParameterValue> {
  return Object.fromEntries(
    entriesOf(value, where, MOST_PARAMETERS).map(([name, given]) => [name, parseValue(given, `${where}.${name}`)]),
  );
}

function parseValue(value: unknown, where: string): ParameterValue {
  switch (typeof value) {
    case 'boolean':
      return value;
    case 'number':
      return finite(value, where, Number.MAX_VALUE);
    case 'string':
      return text(value, where);
    default:
      if (value === null) return null;
      return list(value, where, LONGEST_LIST).map((entry, i) => finite(entry, `${where}[${i}]`, Number.MAX_VALUE));
  }
}

export function entriesOf(value: unknown, where: string, most: number): [string, unknown][] {
  const entries = Object.entries(record(value, where));
  if (entries.length > most) refuse(where, `has ${entries.length} entries, at most ${most} are possible`);
  return entries;
}

/** An id is used as a key and shown in code: letters, digits, `_` and `-`, and no name that objects have by themselves. */
export function identifier(value: unknown, where: string): string {
  const id = text(value, where);
  if (!/^[\w-]{1,64}$/.test(id) || id in Object.prototype) {
    refuse(where, `is ${JSON.stringify(id)}: ids are 1 to 64 letters, digits, "_" or "-"`);
  }
  return id;
}
