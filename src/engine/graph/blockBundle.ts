import { EngineError } from '../errors.ts';
import { BLOCK, blockOf, blocksBehind, newBlockId } from './blocks.ts';
import type { GraphChange } from './changes.ts';
import { type BlockDefinition, type BlockId, blockId, type GraphDocument, type GraphNode } from './document.ts';
import { parseBlocks } from './parseBlocks.ts';

import { identifier, integer, record, refuse } from './validate.ts';

/** A block by itself, outside of a document: in the library, among the built-in ones. */
export interface BlockBundle {
  readonly root: BlockId;
  /** It and those that it uses. */
  readonly blocks: GraphDocument['blocks'];
}

const VERSION = 1;

/** A block of a document with all that it needs. */
export function bundleOf(blocks: GraphDocument['blocks'], root: BlockId): BlockBundle {
  const block = blocks[root];
  if (!block) throw new RangeError(`no block "${root}" in the document`);
  const needed = [...blocksBehind(block, blocks), block];
  return { root, blocks: Object.fromEntries(needed.map((each) => [each.id, each])) };
}

/** As JSON data, to be stored. */
export function bundleData({ root, blocks }: BlockBundle): unknown {
  return { format: 'gradloom-block', version: VERSION, root, blocks };
}

/** A bundle from outside. @throws EngineError `bad-document` if it can't be taken whole. */
export function parseBundle(value: unknown): BlockBundle {
  const raw = record(value, 'the block');
  if (raw.format !== 'gradloom-block') refuse('format', 'is not "gradloom-block"');
  integer(raw.version, 'version', 1, VERSION);
  const root = blockId(identifier(raw.root, 'root'));
  const blocks = parseBlocks(raw.blocks, 'blocks', []);
  if (!Object.hasOwn(blocks, root)) throw new EngineError('bad-document', `The block "${root}" is missing.`);
  return { root, blocks };
}

export interface Adopted {
  /** What adds the blocks to the document; nothing for those that it has already. */
  readonly changes: readonly GraphChange[];
  /** What they are called there. */
  readonly ids: ReadonlyMap<BlockId, BlockId>;
}

/**
 * Takes blocks from elsewhere into a document. One that the document has, the same in all, is not added again; one whose
 * id is taken by another gets a new id and a name that tells them apart.
 * @param blocks each after those that it uses
 */
export function adoptBlocks(document: GraphDocument, blocks: readonly BlockDefinition[]): Adopted {
  const ids = new Map<BlockId, BlockId>();
  const taken = new Set<string>();
  const names = new Set((Object.values(document.blocks) as BlockDefinition[]).map(({ name }) => name));
  const changes = blocks.flatMap((given): GraphChange[] => {
    const block = withIds(given, ids);
    const known = Object.hasOwn(document.blocks, block.id) ? document.blocks[block.id] : undefined;
    if (known && JSON.stringify(known) === JSON.stringify(block)) {
      ids.set(given.id, block.id);
      return [];
    }
    const id = known || taken.has(block.id) ? newBlockId(document.blocks, block.name, taken) : block.id;
    const name = freeName(block.name, names);
    taken.add(id);
    names.add(name);
    ids.set(given.id, id);
    return [{ kind: 'setBlock', block: { ...block, id, name } }];
  });
  return { changes, ids };
}

/** A node that names its block as the document has it. */
export function withBlockId(node: GraphNode, ids: ReadonlyMap<BlockId, BlockId>): GraphNode {
  const block = node.block === undefined ? undefined : ids.get(node.block);
  return block === undefined || block === node.block ? node : { ...node, block };
}

function withIds(block: BlockDefinition, ids: ReadonlyMap<BlockId, BlockId>): BlockDefinition {
  const nodes = Object.entries(block.nodes).map(([id, node]) => [id, withBlockId(node as GraphNode, ids)]);
  return { ...block, nodes: Object.fromEntries(nodes) as BlockDefinition['nodes'] };
}

function freeName(name: string, names: ReadonlySet<string>): string {
  if (!names.has(name)) return name;
  for (let number = 2; ; number++) if (!names.has(`${name} ${number}`)) return `${name} ${number}`;
}

/** The blocks that these nodes need, each after those that it uses. */
export function blocksOfNodes(
  nodes: readonly GraphNode[],
  blocks: GraphDocument['blocks'],
): readonly BlockDefinition[] {
  const used = nodes.filter((node) => node.type === BLOCK && blockOf(node, blocks));
  const graph = { nodes: Object.fromEntries(used.map((node) => [node.id, node])), edges: {} };
  return blocksBehind(graph as BlockDefinition, blocks);
}
