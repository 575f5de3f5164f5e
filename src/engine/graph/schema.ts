import { EngineError } from '../errors.ts';
import { LONGEST_LIST } from '../layers/parameters.ts';
import { findLayer } from '../layers/registry.ts';
import type { EdgeId, GraphDocument, GraphEdge, GraphNode, NodeId, ParameterValue, PortRef } from './document.ts';
import { edgeId, nodeId } from './document.ts';
import { upgrade } from './upgrade.ts';
import { cleanText, finite, integer, list, record, refuse, text } from './validate.ts';

export interface ParsedDocument {
  readonly document: GraphDocument;
  /** What was found odd and was kept or mended; each is one sentence for the user. */
  readonly problems: readonly string[];
  /** Made by a newer Gradloom: what this one does not know is missing here, so it must not be saved over the original. */
  readonly newer: boolean;
}

const MOST_NODES = 20_000;
const MOST_EDGES = 50_000;
const MOST_PARAMETERS = 200;
/** Canvas units; further out, coordinates lose their fractions. */
const FARTHEST = 1e7;
const VERSION = 2;

/**
 * A document from outside: a file's text, or a value that was JSON. Nothing of it is trusted. Parameters of older
 * layer versions are migrated; layers that this program does not know are kept as they are.
 * @param options `newer: 'read'` takes a newer version's document for looking at it, as far as it can be understood
 * @throws EngineError `bad-document` saying where and why, if it can't be taken whole.
 */
export function parseDocument(input: unknown, options: { readonly newer?: 'read' } = {}): ParsedDocument {
  const raw = record(typeof input === 'string' ? parseJson(input) : input, 'the document');
  if (raw.format !== 'gradloom') refuse('format', 'is not "gradloom": this is no Gradloom document');
  const version = integer(raw.version, 'version', 1, Number.MAX_SAFE_INTEGER);
  if (version > VERSION && options.newer !== 'read') {
    refuse('version', `is ${version}, made by a newer Gradloom; this one reads up to ${VERSION}: update it`);
  }
  const problems: string[] = [];
  if (version < VERSION) upgrade(raw, version);
  const nodes = entriesOf(raw.nodes, 'nodes', MOST_NODES).map(([id, value]) => parseNode(id, value, problems));
  const known = new Set<string>(nodes.map(({ id }) => id));
  const edges = entriesOf(raw.edges, 'edges', MOST_EDGES)
    .map(([id, value]) => parseEdge(id, value))
    .filter(({ id, source, target }) => {
      const whole = known.has(source.node) && known.has(target.node);
      if (!whole) problems.push(`The wire "${id}" ended at a layer that does not exist, and was left out.`);
      return whole;
    });
  const training = record(raw.training, 'training');
  const data = record(raw.data, 'data');
  const document: GraphDocument = {
    format: 'gradloom',
    version: VERSION,
    name: cleanText(raw.name, 'name', problems),
    nodes: Object.fromEntries(nodes.map((node) => [node.id, node])) as Record<NodeId, GraphNode>,
    edges: Object.fromEntries(edges.map((edge) => [edge.id, edge])) as Record<EdgeId, GraphEdge>,
    training: {
      optimizer: parseChoice(training.optimizer, 'training.optimizer'),
      epochs: integer(training.epochs, 'training.epochs', 1, 1_000_000),
      batchSize: integer(training.batchSize, 'training.batchSize', 1, 65_536),
      // An int32 on the device.
      seed: integer(training.seed, 'training.seed', 0, 2 ** 31 - 1),
      ...(training.schedule !== undefined && { schedule: parseChoice(training.schedule, 'training.schedule') }),
      ...(training.options !== undefined && { options: parseParameters(training.options, 'training.options') }),
    },
    data: { dataset: text(data.dataset, 'data.dataset') },
  };
  return { document, problems, newer: version > VERSION };
}

/** The document as the text of a file: the same text for equal documents. */
export function serializeDocument(document: GraphDocument): string {
  const { format, version, name, nodes, edges, training, data } = document;
  return `${JSON.stringify({ format, version, name, nodes, edges, training, data }, null, 2)}\n`;
}

/** One of several definitions by its type, with parameters. */
function parseChoice(value: unknown, where: string): GraphDocument['training']['optimizer'] {
  const choice = record(value, where);
  return {
    type: text(choice.type, `${where}.type`),
    parameters: parseParameters(choice.parameters, `${where}.parameters`),
  };
}

function parseJson(source: string): unknown {
  try {
    return JSON.parse(source);
  } catch (error) {
    throw new EngineError('bad-document', `The document is not JSON: ${(error as Error).message}`);
  }
}

function parseNode(key: string, value: unknown, problems: string[]): GraphNode {
  const where = `nodes.${key}`;
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

function parseEdge(key: string, value: unknown): GraphEdge {
  const where = `edges.${key}`;
  const raw = record(value, where);
  const id = edgeId(identifier(raw.id, `${where}.id`));
  if (id !== key) refuse(`${where}.id`, `is "${id}", but the wire is filed under "${key}"`);
  return { id, source: parsePort(raw.source, `${where}.source`), target: parsePort(raw.target, `${where}.target`) };
}

function parsePort(value: unknown, where: string): PortRef {
  const raw = record(value, where);
  return { node: nodeId(identifier(raw.node, `${where}.node`)), port: text(raw.port, `${where}.port`) };
}

function parseParameters(value: unknown, where: string): Record<string, ParameterValue> {
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

function entriesOf(value: unknown, where: string, most: number): [string, unknown][] {
  const entries = Object.entries(record(value, where));
  if (entries.length > most) refuse(where, `has ${entries.length} entries, at most ${most} are possible`);
  return entries;
}

/** An id is used as a key and shown in code: letters, digits, `_` and `-`, and no name that objects have by themselves. */
function identifier(value: unknown, where: string): string {
  const id = text(value, where);
  if (!/^[\w-]{1,64}$/.test(id) || id in Object.prototype) {
    refuse(where, `is ${JSON.stringify(id)}: ids are 1 to 64 letters, digits, "_" or "-"`);
  }
  return id;
}
