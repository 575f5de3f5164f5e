import { type AnnotationChange, annotate, withoutEmptyFrames } from './annotations.ts';
import { blockPorts, blocksUsedBy, requireNesting } from './blocks.ts';
import type {
  BlockDefinition,
  BlockId,
  DataSettings,
  EdgeId,
  Graph,
  GraphDocument,
  GraphEdge,
  GraphNode,
  ParameterTarget,
  TrainingSettings,
} from './document.ts';
import { applyElements, type ElementChange, isElementChange } from './elements.ts';
import { refreshFormulas } from './formulas.ts';
import { graphOf, lookingAt, PARTS, withoutGraph } from './parts.ts';

/** Every edit of a document. The union is closed: undo, autosave, tests and the history list read it. */
export type GraphChange =
  | ElementChange
  /** Adds or changes a constant, by its formula; undefined: takes it out. Parameters that use it follow. */
  | { readonly kind: 'setConstant'; readonly name: string; readonly formula: string | undefined }
  /** Where data flows to on the canvas. */
  | { readonly kind: 'setDirection'; readonly direction: 'right' | 'down' }
  | AnnotationChange
  | { readonly kind: 'setTraining'; readonly training: Partial<TrainingSettings> }
  | { readonly kind: 'setData'; readonly data: DataSettings }
  | { readonly kind: 'rename'; readonly name: string }
  /** Adds a block, or puts another in the place of the one with that id. */
  | { readonly kind: 'setBlock'; readonly block: BlockDefinition }
  /** Takes a block out that is used nowhere. */
  | { readonly kind: 'removeBlock'; readonly block: BlockId }
  | { readonly kind: 'renameBlock'; readonly block: BlockId; readonly name: string }
  /** Lets each use of a block set parameters of nodes inside under a name of its own; without targets, no longer. */
  | {
      readonly kind: 'exposeParameter';
      readonly block: BlockId;
      readonly name: string;
      readonly targets: readonly ParameterTarget[];
    }
  /** An edit of the nodes and wires inside of a block: all its uses change. */
  | { readonly kind: 'inBlock'; readonly block: BlockId; readonly change: GraphChange }
  /** Several changes as one step of undo. */
  | { readonly kind: 'group'; readonly changes: readonly GraphChange[] };

/**
 * The document after a change. Pure: parts that did not change are shared, and a change that does nothing gives the
 * same object back.
 * @throws RangeError if the change names a node or a block that does not exist, EngineError `bad-document` if a block
 * would contain itself.
 */
export function apply(document: GraphDocument, change: GraphChange): GraphDocument {
  if (isElementChange(change)) return applyElements(document, [change]);
  switch (change.kind) {
    case 'setConstant': {
      const { [change.name]: _old, ...others } = document.constants ?? {};
      const constants =
        change.formula === undefined ? others : { ...document.constants, [change.name]: change.formula };
      if (Object.keys(constants).length > 0) return refreshFormulas({ ...document, constants });
      const { constants: _none, ...rest } = document;
      return refreshFormulas(rest);
    }
    case 'setDirection': {
      if (change.direction === (document.direction ?? 'right')) return document;
      const { direction: _old, ...rest } = document;
      return change.direction === 'down' ? { ...rest, direction: 'down' } : rest;
    }
    case 'setFrame':
    case 'removeFrame':
    case 'frameItems':
    case 'setNote':
    case 'removeNote':
      return annotate(document, change);
    case 'setTraining':
      return { ...document, training: { ...document.training, ...change.training } };
    case 'setData':
      return { ...document, data: change.data };
    case 'rename':
      return { ...document, name: change.name };
    case 'setBlock':
      return withBlock(document, change.block);
    case 'removeBlock': {
      if (!document.blocks[change.block]) return document;
      const graphs: Graph[] = [document, ...(Object.values(document.blocks) as BlockDefinition[])];
      if (graphs.some((graph) => blocksUsedBy(graph).includes(change.block))) {
        throw new RangeError(`the block "${change.block}" is used: remove its uses first`);
      }
      const { [change.block]: _removed, ...blocks } = document.blocks;
      return { ...document, blocks: blocks as GraphDocument['blocks'] };
    }
    case 'renameBlock':
      return withBlock(document, { ...requireBlock(document, change.block), name: change.name });
    case 'exposeParameter': {
      const block = requireBlock(document, change.block);
      const { [change.name]: _old, ...others } = block.parameters;
      const parameters = change.targets.length > 0 ? { ...block.parameters, [change.name]: change.targets } : others;
      return withBlock(document, { ...block, parameters });
    }
    case 'inBlock': {
      const block = requireBlock(document, change.block);
      const inside = lookingAt(document, block);
      const edited = apply(inside, change.change);
      if (edited === inside) return document;
      // A constant that was set inside is one of all graphs.
      const set = edited.constants !== document.constants;
      const outer = set ? refreshFormulas(lookingAt(edited, document)) : lookingAt(edited, document);
      const same = PARTS.every((part) => edited[part] === block[part]);
      if (same) return outer;
      return withBlock(outer, { ...withoutGraph(requireBlock(outer, change.block)), ...graphOf(edited) });
    }
    case 'group':
      return applyGroup(document, change.changes);
  }
}

/** One after the other; those of single nodes and wires that follow one another are applied together. */
function applyGroup(document: GraphDocument, changes: readonly GraphChange[]): GraphDocument {
  let after = document;
  for (let i = 0; i < changes.length; ) {
    const run: ElementChange[] = [];
    for (let next = changes[i]; next && isElementChange(next); next = changes[++i]) run.push(next);
    if (run.length > 0) after = applyElements(after, run);
    else after = apply(after, changes[i++]!);
  }
  return after;
}

function requireBlock({ blocks }: GraphDocument, id: BlockId): BlockDefinition {
  const block = Object.hasOwn(blocks, id) ? blocks[id] : undefined;
  if (!block) throw new RangeError(`no block "${id}" in the document`);
  return block;
}

/** Puts a block in its place. What pointed at parts of it that are gone goes too: exposed parameters, wires to ports. */
function withBlock(document: GraphDocument, given: BlockDefinition): GraphDocument {
  const old = document.blocks[given.id];
  const block = withoutEmptyFrames({ ...inOwnFrames(given), parameters: pruned(given) });
  let after: GraphDocument = { ...document, blocks: { ...document.blocks, [block.id]: block } };
  requireNesting(after.blocks);
  const ports = (of: Graph | undefined) => (of ? [...blockPorts(of).inputs, ...blockPorts(of).outputs] : []);
  const left = new Set(ports(block));
  const gone = new Set<string>(ports(old).filter((port) => !left.has(port)));
  if (gone.size === 0) return after;
  const blocks = Object.entries(after.blocks).map(([id, each]) => [id, withoutWires(each, block.id, gone)] as const);
  after = withoutWires({ ...after, blocks: Object.fromEntries(blocks) as GraphDocument['blocks'] }, block.id, gone);
  return after;
}

/** A block's nodes may have come from a frame outside: of that, nothing is known inside. */
function inOwnFrames(block: BlockDefinition): BlockDefinition {
  const nodes = Object.values<GraphNode>(block.nodes);
  const known = ({ frame }: GraphNode): boolean => frame === undefined || Object.hasOwn(block.frames ?? {}, frame);
  if (nodes.every(known)) return block;
  const kept = nodes.map((node) => {
    if (known(node)) return [node.id, node];
    const { frame: _outside, ...rest } = node;
    return [node.id, rest];
  });
  return { ...block, nodes: Object.fromEntries(kept) };
}

function pruned({ nodes, parameters }: BlockDefinition): BlockDefinition['parameters'] {
  const entries = Object.entries(parameters).map(
    ([name, targets]) => [name, targets.filter(({ node }) => Object.hasOwn(nodes, node))] as const,
  );
  return Object.fromEntries(entries.filter(([, targets]) => targets.length > 0));
}

/** The graph without wires at these ports of uses of a block. */
function withoutWires<Part extends Graph>(graph: Part, block: BlockId, ports: ReadonlySet<string>): Part {
  const ends = ({ node, port }: GraphEdge['source']) => graph.nodes[node]?.block === block && ports.has(port);
  const edges = Object.entries(graph.edges) as [EdgeId, GraphEdge][];
  const kept = edges.filter(([, { source, target }]) => !ends(source) && !ends(target));
  return kept.length === edges.length ? graph : { ...graph, edges: Object.fromEntries(kept) };
}
