import {
  BLOCK,
  BLOCK_INPUT,
  BLOCK_OUTPUT,
  blockOf,
  blockPorts,
  isPort,
  REPEAT,
  TIME_DISTRIBUTED,
} from '../graph/blocks.ts';
import type {
  BlockDefinition,
  EdgeId,
  Graph,
  GraphDocument,
  GraphEdge,
  GraphNode,
  NodeId,
  PortRef,
} from '../graph/document.ts';
import { valuesOf } from '../graph/keys.ts';
import { completeParameters, type ParameterSchema, type ParametersOf } from '../layers/parameters.ts';
import { type BlockFace, blockFace, nodesOfUse } from './blockFace.ts';

/** More nodes than this are not made of a document's blocks: no page could show them, no device hold them. */
export const MOST_EXPANDED = 20_000;

/** A use of a block somewhere in a document. */
export interface BlockUse {
  /** `encoder.0.block1`: the ids on the way to it, each block with the number of its repetition. */
  readonly path: NodeId;
  readonly node: GraphNode;
  readonly block: BlockDefinition;
  readonly face: BlockFace;
  readonly parameters: ParametersOf<ParameterSchema>;
  readonly repeat: number;
  /** Whether it works on each step of a sequence by itself. */
  readonly timeDistributed: boolean;
  /** The graph that it stands in: the document's, or that of a block as used there. */
  readonly graph: Graph;
  /** What the ids of that graph begin with in the expanded document. */
  readonly prefix: string;
}

export interface ExpandedDocument {
  /**
   * The document without blocks. Nodes and wires of a block have paths for ids, `block1.0.conv1`: the use's id, the
   * number of the repetition, the id inside. Wires between repetitions are called `block1.1<PORT`.
   */
  readonly document: GraphDocument;
  /** All uses, outer ones first, by path. */
  readonly uses: ReadonlyMap<string, BlockUse>;
  /** Whether some blocks were left out, since all together would be too large. */
  readonly tooLarge: boolean;
}

/** A use as it was expanded last: it stays as it is until it, or any block, is edited. */
const memos = new WeakMap<GraphNode, { readonly blocks: GraphDocument['blocks']; readonly part: Part }>();

interface Part {
  readonly nodes: GraphNode[];
  readonly edges: GraphEdge[];
  readonly uses: BlockUse[];
}

/** Puts the layers of its blocks in the place of each use. A document without blocks is given back as it is. */
export function expandBlocks(document: GraphDocument): ExpandedDocument {
  const none = { document, uses: new Map(), tooLarge: false };
  if (Object.keys(document.blocks).length === 0) return none;
  const nodes = valuesOf(document.nodes);
  if (!nodes.some(({ type }) => type === BLOCK)) return none;
  const all: Part = { nodes: [], edges: [], uses: [] };
  const size = expandedSize(document, document.blocks);
  let tooLarge = size > MOST_EXPANDED;
  for (const node of nodes) {
    const block = blockOf(node, document.blocks);
    if (!block) {
      all.nodes.push(node);
      continue;
    }
    if (tooLarge) {
      all.uses.push(makeUse(node, block, document, document.blocks, ''));
      continue;
    }
    let memo = memos.get(node);
    if (memo?.blocks !== document.blocks) {
      const part: Part = { nodes: [], edges: [], uses: [] };
      expandUse(makeUse(node, block, document, document.blocks, ''), document.blocks, part);
      memo = { blocks: document.blocks, part };
      memos.set(node, memo);
    }
    const [use, ...inner] = memo.part.uses;
    all.nodes.push(...memo.part.nodes);
    all.edges.push(...memo.part.edges);
    // What stands around it may have been edited.
    all.uses.push({ ...use!, graph: document }, ...inner);
  }
  const uses = new Map(all.uses.map((use) => [use.path as string, use]));
  const own = Object.values(document.edges) as GraphEdge[];
  all.edges.push(...joined(own, document, uses, '', tooLarge));
  const flat: GraphDocument = {
    ...document,
    nodes: Object.fromEntries(all.nodes.map((node) => [node.id, node])) as Record<NodeId, GraphNode>,
    edges: Object.fromEntries(all.edges.map((edge) => [edge.id, edge])) as Record<EdgeId, GraphEdge>,
  };
  tooLarge &&= all.uses.length > 0;
  return { document: flat, uses, tooLarge };
}

/** How many nodes a graph has when its blocks are expanded; found without doing so. */
export function expandedSize(graph: Graph, blocks: GraphDocument['blocks']): number {
  const sizes = new Map<BlockDefinition, number>();
  const sizeOf = (part: Graph): number => {
    let size = 0;
    for (const node of Object.values(part.nodes) as GraphNode[]) {
      const block = blockOf(node, blocks);
      if (!block) {
        size++;
        continue;
      }
      let inner = sizes.get(block);
      if (inner === undefined) {
        inner = sizeOf(block);
        sizes.set(block, inner);
      }
      size += inner * repeatOf(block, completeParameters(blockFace(block, blocks).parameters, node.parameters));
    }
    return size;
  };
  return sizeOf(graph);
}

function makeUse(
  node: GraphNode,
  block: BlockDefinition,
  graph: Graph,
  blocks: GraphDocument['blocks'],
  prefix: string,
): BlockUse {
  const face = blockFace(block, blocks);
  const parameters = completeParameters(face.parameters, node.parameters);
  const path = `${prefix}${node.id}` as NodeId;
  const timeDistributed = parameters[TIME_DISTRIBUTED] === true;
  return { path, node, block, face, parameters, repeat: repeatOf(block, parameters), timeDistributed, graph, prefix };
}

/** A block's nodes with a use's values, and how often they follow upon themselves. */
export function repeatedNodes(
  block: BlockDefinition,
  parameters: ParametersOf<ParameterSchema>,
): { readonly nodes: BlockDefinition['nodes']; readonly repeat: number } {
  return { nodes: nodesOfUse(block, parameters), repeat: repeatOf(block, parameters) };
}

function repeatOf(block: BlockDefinition, parameters: ParametersOf<ParameterSchema>): number {
  const { inputs, outputs } = blockPorts(block);
  const repeat = parameters[REPEAT];
  return typeof repeat === 'number' && inputs.length === outputs.length ? repeat : 1;
}

function expandUse(use: BlockUse, blocks: GraphDocument['blocks'], part: Part): void {
  part.uses.push(use);
  const { path, block, parameters, repeat, node: outer } = use;
  const nodes = nodesOfUse(block, parameters);
  const graph: Graph = { nodes, edges: block.edges };
  const { inputs, outputs } = blockPorts(block);
  const wires = Object.values(block.edges) as GraphEdge[];
  for (let number = 0; number < repeat; number++) {
    const prefix = `${path}.${number}.`;
    const inner: BlockUse[] = [];
    for (const node of Object.values(nodes) as GraphNode[]) {
      const innerBlock = blockOf(node, blocks);
      const frozen = outer.frozen || node.frozen;
      let own: GraphNode = { ...node, ...(frozen && { frozen }) };
      if (innerBlock) {
        const innerUse = makeUse(own, innerBlock, graph, blocks, prefix);
        inner.push(innerUse);
        expandUse(innerUse, blocks, part);
      } else {
        // Between repetitions the steps stay samples.
        const splits = use.timeDistributed && node.type === BLOCK_INPUT && number === 0;
        if (isPort(node)) own = { ...own, parameters: splits ? { [TIME_DISTRIBUTED]: true } : {} };
        const shares = node.shares && { shares: `${prefix}${node.shares}` as NodeId };
        part.nodes.push({ ...own, id: `${prefix}${node.id}` as NodeId, ...shares });
      }
    }
    part.edges.push(...joined(wires, graph, new Map(inner.map((each) => [each.path as string, each])), prefix, false));
    if (use.timeDistributed) part.edges.push(...sequenceWires(use, number, blockPorts(block)));
    if (number === 0) continue;
    inputs.forEach((input, port) => {
      part.edges.push({
        id: `${path}.${number}<${input}` as EdgeId,
        source: { node: `${path}.${number - 1}.${outputs[port]}` as NodeId, port: 'output' },
        target: { node: `${prefix}${input}` as NodeId, port: 'input' },
      });
    });
  }
}

/** From the first input of a use for each step to its other inputs, and to its outputs: they need the number of steps. */
function sequenceWires({ path, repeat }: BlockUse, number: number, ports: ReturnType<typeof blockPorts>): GraphEdge[] {
  const [first, ...others] = ports.inputs;
  const readers = [...(number === 0 ? others : []), ...(number === repeat - 1 ? ports.outputs : [])];
  return readers.map((port) => ({
    id: `${path}.${number}<${port}.sequence` as EdgeId,
    source: { node: `${path}.0.${first}` as NodeId, port: 'sequence' },
    target: { node: `${path}.${number}.${port}` as NodeId, port: 'sequence' },
  }));
}

/** The wires of one graph between expanded nodes; those at ports that a block has not are left out. */
function joined(
  edges: readonly GraphEdge[],
  graph: Graph,
  uses: ReadonlyMap<string, BlockUse>,
  prefix: string,
  closed: boolean,
): GraphEdge[] {
  return edges.flatMap((edge): GraphEdge[] => {
    // A block's own ports have an outside: no wire inside of it leads there.
    if (prefix !== '' && graph.nodes[edge.target.node]?.type === BLOCK_INPUT) return [];
    if (prefix !== '' && graph.nodes[edge.source.node]?.type === BLOCK_OUTPUT) return [];
    const [from, to] = [uses.get(`${prefix}${edge.source.node}`), uses.get(`${prefix}${edge.target.node}`)];
    if (closed && (from || to)) return [];
    const source = from ? portOf(from, edge.source, 'outputs') : prefixed(edge.source, prefix);
    const target = to ? portOf(to, edge.target, 'inputs') : prefixed(edge.target, prefix);
    if (!source || !target) return [];
    return prefix === '' && !from && !to ? [edge] : [{ id: `${prefix}${edge.id}` as EdgeId, source, target }];
  });
}

function prefixed({ node, port }: PortRef, prefix: string): PortRef {
  return { node: `${prefix}${node}` as NodeId, port };
}

/** The node inside of a use that stands for one of its ports: in its first repetition for inputs, in its last for outputs. */
export function portOf(use: BlockUse, { port }: PortRef, side: 'inputs' | 'outputs'): PortRef | undefined {
  if (!blockPorts(use.block)[side].some((id) => id === port)) return undefined;
  const number = side === 'inputs' ? 0 : use.repeat - 1;
  const name = side === 'inputs' ? 'input' : 'output';
  return { node: `${use.path}.${number}.${port}` as NodeId, port: name };
}
