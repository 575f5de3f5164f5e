import { EngineError } from '../errors.ts';
import type { BlockDefinition, BlockId, Graph, GraphDocument, GraphNode, NodeId } from './document.ts';

/** Type of a node that uses a block. */
export const BLOCK = 'Block';
export const BLOCK_INPUT = 'BlockInput';
export const BLOCK_OUTPUT = 'BlockOutput';

/** Parameter of every use whose outputs fit its inputs: how often the block follows upon itself. */
export const REPEAT = 'repeat';
export const MOST_REPEATS = 100;
/** Parameter of every use: whether the block works on each step of a sequence by itself, and of its ports then. */
export const TIME_DISTRIBUTED = 'timeDistributed';
/** Blocks within blocks within …, at most. */
export const MOST_DEPTH = 8;

type Blocks = GraphDocument['blocks'];

export function isPort({ type }: GraphNode): boolean {
  return type === BLOCK_INPUT || type === BLOCK_OUTPUT;
}

/** Ids of the nodes that are a block's ports, in order. */
export function blockPorts({ nodes }: Graph): {
  readonly inputs: readonly NodeId[];
  readonly outputs: readonly NodeId[];
} {
  const ofType = (type: string) => (Object.values(nodes) as GraphNode[]).filter((node) => node.type === type);
  const ids = (list: readonly GraphNode[]) => list.map(({ id }) => id);
  return { inputs: ids(ofType(BLOCK_INPUT)), outputs: ids(ofType(BLOCK_OUTPUT)) };
}

/** The block that a node uses; undefined for layers and for blocks that are not there. */
export function blockOf(node: GraphNode, blocks: Blocks): BlockDefinition | undefined {
  return node.type === BLOCK && node.block !== undefined && Object.hasOwn(blocks, node.block)
    ? blocks[node.block]
    : undefined;
}

/** Ids of the blocks that are used in a graph, each once. */
export function blocksUsedBy({ nodes }: Graph): readonly BlockId[] {
  const used = (Object.values(nodes) as GraphNode[]).flatMap(({ type, block }) =>
    type === BLOCK && block !== undefined ? [block] : [],
  );
  return [...new Set(used)];
}

/** The blocks that a graph needs, those within other blocks included, each after those that it uses. */
export function blocksBehind(graph: Graph, blocks: Blocks): readonly BlockDefinition[] {
  const seen = new Set<BlockId>();
  const found: BlockDefinition[] = [];
  const visit = (part: Graph): void => {
    for (const id of blocksUsedBy(part)) {
      const block = Object.hasOwn(blocks, id) ? blocks[id] : undefined;
      if (!block || seen.has(id)) continue;
      seen.add(id);
      visit(block);
      found.push(block);
    }
  };
  visit(graph);
  return found;
}

/**
 * What is wrong with how blocks are nested, as one sentence naming them; undefined if nothing is. Takes time in
 * proportion to the number of blocks and nodes, whatever was put together.
 */
export function nestingProblem(blocks: Blocks): string | undefined {
  const depths = new Map<BlockId, number>();
  const path: BlockDefinition[] = [];
  const visit = (block: BlockDefinition): string | undefined => {
    if (depths.has(block.id)) return undefined;
    const start = path.indexOf(block);
    if (start >= 0) {
      const names = [...path.slice(start), block].map(({ name }) => `"${name}"`);
      return `the block ${names[0]} contains itself: ${names.join(' → ')}`;
    }
    // Also keeps this walk from running out of stack.
    if (path.length > MOST_DEPTH) return tooDeep(path[0]!);
    path.push(block);
    let depth = 1;
    for (const id of blocksUsedBy(block)) {
      const inner = Object.hasOwn(blocks, id) ? blocks[id] : undefined;
      if (!inner) continue;
      const problem = visit(inner);
      if (problem) return problem;
      depth = Math.max(depth, 1 + depths.get(id)!);
    }
    path.pop();
    depths.set(block.id, depth);
    return depth > MOST_DEPTH ? tooDeep(block) : undefined;
  };
  for (const block of Object.values(blocks) as BlockDefinition[]) {
    const problem = visit(block);
    if (problem) return problem;
  }
  return undefined;
}

function tooDeep({ name }: BlockDefinition): string {
  return `the block "${name}" has more than ${MOST_DEPTH} levels of blocks within blocks`;
}

/** @throws EngineError `bad-document` if blocks contain themselves or are nested too deep. */
export function requireNesting(blocks: Blocks): void {
  const problem = nestingProblem(blocks);
  if (problem) throw new EngineError('bad-document', `This can't be done: ${problem}.`);
}

/** What a person calls a node: its own name, the name of its block, or its type. */
export function nodeLabel(node: GraphNode, blocks: Blocks): string {
  return node.name ?? blockOf(node, blocks)?.name ?? node.type;
}

/** An id that no block of the document has, made of its name. */
export function newBlockId(blocks: Blocks, name: string, taken: ReadonlySet<string> = new Set()): BlockId {
  const stem = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40);
  const base = /^[a-z]/.test(stem) ? stem : `block${stem}`;
  for (let number = 1; ; number++) {
    const id = number === 1 ? base : `${base}-${number}`;
    if (!Object.hasOwn(blocks, id) && !(id in Object.prototype) && !taken.has(id)) return id as BlockId;
  }
}
