import { EngineError } from '../errors.ts';
import { DOCUMENT_VERSION, type GraphDocument, nodeId, type OptimizerGroup } from './document.ts';
import { refreshFormulas } from './formulas.ts';
import { parseConstants } from './parseAnnotations.ts';
import { parseBlocks } from './parseBlocks.ts';
import { parseChoice, parseGraph, parseParameters } from './parseGraph.ts';
import { upgrade } from './upgrade.ts';
import { cleanText, identifier, integer, items, record, refuse, text } from './validate.ts';

export interface ParsedDocument {
  readonly document: GraphDocument;
  /** What was found odd and was kept or mended; each is one sentence for the user. */
  readonly problems: readonly string[];
  /** Made by a newer Gradloom: what this one does not know is missing here, so it must not be saved over the original. */
  readonly newer: boolean;
}

const VERSION = DOCUMENT_VERSION;
const MOST_GROUPS = 100;
const MOST_IN_A_GROUP = 20_000;

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
  const training = record(raw.training, 'training');
  const data = record(raw.data, 'data');
  const document: GraphDocument = {
    format: 'gradloom',
    version: VERSION,
    name: cleanText(raw.name, 'name', problems),
    ...parseGraph(raw, '', problems),
    blocks: parseBlocks(raw.blocks, 'blocks', problems),
    ...(raw.constants !== undefined && { constants: parseConstants(raw.constants, 'constants') }),
    ...(raw.direction === 'down' && { direction: 'down' }),
    training: {
      optimizer: parseChoice(training.optimizer, 'training.optimizer'),
      epochs: integer(training.epochs, 'training.epochs', 1, 1_000_000),
      batchSize: integer(training.batchSize, 'training.batchSize', 1, 65_536),
      // An int32 on the device.
      seed: integer(training.seed, 'training.seed', 0, 2 ** 31 - 1),
      ...(training.schedule !== undefined && { schedule: parseChoice(training.schedule, 'training.schedule') }),
      ...(training.options !== undefined && { options: parseParameters(training.options, 'training.options') }),
      ...(training.groups !== undefined && { groups: parseGroups(training.groups, 'training.groups', problems) }),
    },
    data: { dataset: text(data.dataset, 'data.dataset') },
  };
  // What a formula comes to is not taken on trust.
  return { document: refreshFormulas(document), problems, newer: version > VERSION };
}

/** The document as the text of a file: the same text for equal documents. */
export function serializeDocument(document: GraphDocument): string {
  const { format, version, name, nodes, edges, frames, notes, blocks, constants, direction, training, data } = document;
  // What is absent is left out by JSON.
  const parts = { format, version, name, nodes, edges, frames, notes, blocks, constants, direction, training, data };
  return `${JSON.stringify(parts, null, 2)}\n`;
}

function parseGroups(value: unknown, where: string, problems: string[]): readonly OptimizerGroup[] {
  return items(value, where, MOST_GROUPS, 'a list of groups').map((entry, i) => {
    const group = record(entry, `${where}[${i}]`);
    const ids = (key: 'nodes' | 'losses') =>
      items(group[key], `${where}[${i}].${key}`, MOST_IN_A_GROUP, 'a list of ids').map((id, k) =>
        nodeId(identifier(id, `${where}[${i}].${key}[${k}]`)),
      );
    return {
      name: cleanText(group.name, `${where}[${i}].name`, problems),
      nodes: ids('nodes'),
      losses: ids('losses'),
      optimizer: parseChoice(group.optimizer, `${where}[${i}].optimizer`),
    };
  });
}

function parseJson(source: string): unknown {
  try {
    return JSON.parse(source);
  } catch (error) {
    throw new EngineError('bad-document', `The document is not JSON: ${(error as Error).message}`);
  }
}
