import { LONGEST_LIST } from '../layers/parameters.ts';
import { findLayer } from '../layers/registry.ts';
import { BLOCK } from './blocks.ts';
import {
  blockId,
  type EdgeId,
  edgeId,
  type FrameId,
  frameId,
  type Graph,
  type GraphEdge,
  type GraphNode,
  type NodeId,
  nodeId,
  type ParameterValue,
  type PortRef,
  type TrainingSettings,
} from './document.ts';
import { parseColor, parseFormulas, parseFrames, parseNotes } from './parseAnnotations.ts';
import { cleanText, entriesOf, finite, identifier, integer, list, place, record, refuse, text } from './validate.ts';

const MOST_NODES = 20_000;
const MOST_EDGES = 50_000;
const MOST_PARAMETERS = 200;

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
  const notes = raw.notes === undefined ? [] : parseNotes(raw.notes, `${where}notes`);
  const members = new Set([...nodes, ...notes].map(({ frame }) => frame));
  const frames = raw.frames === undefined ? [] : parseFrames(raw.frames, `${where}frames`, problems);
  // A frame around nothing is nowhere; a frame that is not there holds nothing.
  const around = frames.filter(({ id }) => members.has(id));
  const framed = new Set(around.map(({ id }) => id));
  const inFrame = <Item extends { readonly frame?: FrameId }>(item: Item): Item => {
    if (item.frame === undefined || framed.has(item.frame)) return item;
    const { frame: _gone, ...rest } = item;
    return rest as Item;
  };
  return {
    nodes: filed(nodes.map(inFrame)) as Record<NodeId, GraphNode>,
    edges: filed(edges) as Record<EdgeId, GraphEdge>,
    ...(around.length > 0 && { frames: filed(around) }),
    ...(notes.length > 0 && { notes: filed(notes.map(inFrame)) }),
  };
}

function filed<Item extends { readonly id: string }>(list: readonly Item[]): Record<string, Item> {
  return Object.fromEntries(list.map((item) => [item.id, item]));
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
  const type = text(raw.type, `${where}.type`);
  const node = {
    id,
    type,
    version: integer(raw.version, `${where}.version`, 1, 1_000_000),
    parameters: parseParameters(raw.parameters, `${where}.parameters`),
    position: place(raw.position, `${where}.position`),
    ...(raw.name !== undefined && { name: cleanText(raw.name, `${where}.name`, problems) }),
    ...(type === BLOCK && { block: blockId(identifier(raw.block, `${where}.block`)) }),
    ...(raw.frozen !== undefined && parseFrozen(raw.frozen, `${where}.frozen`)),
    ...(raw.formulas !== undefined && { formulas: parseFormulas(raw.formulas, `${where}.formulas`) }),
    ...(raw.color !== undefined && { color: parseColor(raw.color, `${where}.color`) }),
    ...(raw.frame !== undefined && { frame: frameId(identifier(raw.frame, `${where}.frame`)) }),
    ...(raw.shares !== undefined && { shares: nodeId(identifier(raw.shares, `${where}.shares`)) }),
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
