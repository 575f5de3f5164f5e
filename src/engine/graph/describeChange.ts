import type { AnnotationChange } from './annotations.ts';
import { nodeLabel } from './blocks.ts';
import type { GraphChange } from './changes.ts';
import type {
  BlockDefinition,
  BlockId,
  FrameId,
  Graph,
  GraphDocument,
  GraphEdge,
  GraphNode,
  NodeId,
  NoteId,
  ParameterValue,
} from './document.ts';
import { lookingAt } from './parts.ts';

/**
 * What a change does, in the imperative, for the names of undo steps: "Set outChannels to 64".
 * @param document before the change
 */
export function describeChange(change: GraphChange, document: GraphDocument): string {
  switch (change.kind) {
    case 'addNode':
      return `Add ${nodeLabel(change.node, document.blocks)}`;
    case 'removeNode':
      return `Remove ${labelOf(document, change.node)}`;
    case 'moveNode':
      return `Move ${labelOf(document, change.node)}`;
    case 'setParameter':
      return `Set ${change.parameter} to ${formatValue(change.value)}`;
    case 'setFormula':
      return change.formula === undefined
        ? `Keep ${change.parameter} as it is`
        : `Set ${change.parameter} to ${change.formula}`;
    case 'setConstant':
      return change.formula === undefined
        ? `Remove the constant ${change.name}`
        : `Set the constant ${change.name} to ${change.formula}`;
    case 'setDirection':
      return `Let data flow ${change.direction === 'down' ? 'down' : 'to the right'}`;
    case 'setFrame':
    case 'removeFrame':
    case 'frameItems':
    case 'setNote':
    case 'removeNote':
      return describeAnnotation(change, document);
    case 'colorNode':
      return `Color ${labelOf(document, change.node)}`;
    case 'nameNode':
      return change.name === undefined
        ? `Clear the name of ${labelOf(document, change.node)}`
        : `Name ${labelOf(document, change.node)} "${change.name}"`;
    case 'freezeNode':
      return `${change.frozen ? 'Freeze' : 'Thaw'} ${labelOf(document, change.node)}`;
    case 'shareWeights':
      return change.shares === undefined
        ? `Give ${labelOf(document, change.node)} weights of its own`
        : `Share weights of ${labelOf(document, change.shares)} with ${labelOf(document, change.node)}`;
    case 'setInitial':
      return `Draw the weights of ${labelOf(document, change.node)} by ${change.initial?.type ?? 'default'}`;
    case 'addEdge':
      return `Connect ${ends(document, change.edge, 'to')}`;
    case 'removeEdge': {
      const edge = document.edges[change.edge];
      return edge ? `Disconnect ${ends(document, edge, 'from')}` : 'Remove a wire';
    }
    case 'setTraining': {
      const { optimizer, schedule, options, ...numbers } = change.training;
      const old = document.training;
      if (schedule) {
        if (schedule.type !== (old.schedule?.type ?? 'Constant')) return `Change the learning rate by ${schedule.type}`;
        return valueChange(schedule.parameters, old.schedule?.parameters) ?? `Change the settings of ${schedule.type}`;
      }
      if (options) return valueChange(options, old.options) ?? 'Change the training options';
      const [first, ...more] = Object.entries(numbers);
      if (optimizer) {
        if (optimizer.type !== old.optimizer.type) return `Train with ${optimizer.type}`;
        return (
          valueChange(optimizer.parameters, old.optimizer.parameters) ?? `Change the settings of ${optimizer.type}`
        );
      }
      return first && more.length === 0 ? `Set ${first[0]} to ${first[1]}` : 'Change the training settings';
    }
    case 'setData':
      return `Use the data set ${change.data.dataset}`;
    case 'rename':
      return `Rename the model to "${change.name}"`;
    case 'setBlock':
      return document.blocks[change.block.id] ? `Change the block ${change.block.name}` : addBlock(change.block);
    case 'removeBlock':
      return `Remove the block ${blockName(document, change.block)}`;
    case 'renameBlock':
      return `Name the block ${blockName(document, change.block)} "${change.name}"`;
    case 'exposeParameter':
      return `${change.targets.length > 0 ? 'Expose' : 'Hide'} ${change.name} of ${blockName(document, change.block)}`;
    case 'inBlock': {
      const block = document.blocks[change.block];
      return `${describeChange(change.change, lookingAt(document, block ?? document))} in ${blockName(document, change.block)}`;
    }
    case 'group':
      return describeGroup(change.changes, document);
  }
}

function addBlock({ name }: BlockDefinition): string {
  return `Add the block ${name}`;
}

function blockName({ blocks }: GraphDocument, id: BlockId): string {
  return blocks[id]?.name ?? 'a block';
}

/** Of a drag into a frame or out of one. */
function describeReframing(
  { items: { nodes, notes }, frame }: Extract<AnnotationChange, { readonly kind: 'frameItems' }>,
  document: GraphDocument,
): string {
  const own = nodes[0] === undefined ? document.notes?.[notes[0] as NoteId]?.frame : document.nodes[nodes[0]]?.frame;
  const nameOf = (id: FrameId | undefined): string => (id && document.frames?.[id]?.name) ?? 'a frame';
  const what = nodes.length === 1 && notes.length === 0 ? labelOf(document, nodes[0]!) : counted(nodes, notes);
  return frame === undefined ? `Move ${what} out of ${nameOf(own)}` : `Move ${what} into ${nameOf(frame)}`;
}

/** So many layers, or notes where there are no layers. */
function counted({ length: layers }: readonly NodeId[], { length: notes }: readonly NoteId[]): string {
  if (layers > 0) return layers === 1 ? '1 layer' : `${layers} layers`;
  return notes === 1 ? 'a note' : `${notes} notes`;
}

/** What was done to frames and notes. */
function describeAnnotation(change: AnnotationChange, graph: Graph): string {
  const nameOf = (id: FrameId | undefined): string => (id && graph.frames?.[id]?.name) ?? '';
  switch (change.kind) {
    case 'setFrame': {
      const { id, name, collapsed, color } = change.frame;
      const old = graph.frames?.[id];
      if (!old) return `Frame layers as ${name}`;
      if (old.name !== name) return `Name the frame "${name}"`;
      if (old.collapsed !== collapsed) return `${collapsed ? 'Fold' : 'Unfold'} the frame ${name}`;
      return old.color === color ? `Change the frame ${name}` : `Color the frame ${name}`;
    }
    case 'removeFrame':
      return `Remove the frame ${nameOf(change.frame)}`;
    case 'frameItems':
      return change.frame === undefined ? 'Take out of the frame' : `Put into the frame ${nameOf(change.frame)}`;
    case 'setNote': {
      const old = graph.notes?.[change.note.id];
      if (!old) return 'Add a note';
      if (old.text !== change.note.text) return 'Write a note';
      return old.color === change.note.color ? 'Move a note' : 'Color a note';
    }
    case 'removeNote':
      return 'Remove a note';
  }
}

function describeGroup(changes: readonly GraphChange[], document: GraphDocument): string {
  const [first] = changes;
  if (!first) return 'Change nothing';
  if (changes.length === 1) return describeChange(first, document);
  const added = changes.filter((change) => change.kind === 'addNode');
  const block = changes.find((change) => change.kind === 'setBlock')?.block;
  const removed = changes.filter((change) => change.kind === 'removeNode');
  if (added.length > 0 && removed.length > 0) {
    if (block)
      return `Group ${removed.length} ${removed.length === 1 ? 'layer' : 'layers'} into the block ${block.name}`;
    const use = removed.length === 1 ? document.nodes[removed[0]!.node] : undefined;
    if (use?.block !== undefined) return `Dissolve ${nodeLabel(use, document.blocks)}`;
    return added.length === 1 && removed.length === 1
      ? `Replace ${labelOf(document, removed[0]!.node)} by ${labelOfNew(withoutName(added[0]!.node), changes, document)}`
      : `Replace ${removed.length} layers`;
  }
  if (added.length > 0) {
    const inserted = changes.some(({ kind }) => kind === 'removeEdge');
    const what = added.length === 1 ? labelOfNew(added[0]!.node, changes, document) : `${added.length} layers`;
    return `${inserted ? 'Insert' : 'Add'} ${what}`;
  }
  if (removed.length > 0) {
    return `Remove ${removed.length === 1 ? labelOf(document, removed[0]!.node) : `${removed.length} layers`}`;
  }
  const frame = changes.find((change) => change.kind === 'setFrame');
  if (frame) return describeChange(frame, document);
  // A layer dropped on a wire: between the ends of that.
  const [into] = changes.flatMap((change) => (change.kind === 'addEdge' ? [change.edge.target.node] : []));
  const moved = changes.find((change) => change.kind === 'moveNode' && change.node === into);
  if (into !== undefined && moved && changes.some(({ kind }) => kind === 'removeEdge'))
    return `Insert ${labelOf(document, into)}`;
  const framed = changes.find((change) => change.kind === 'frameItems');
  if (framed) return describeReframing(framed, document);
  if (changes.every(({ kind }) => kind === 'colorNode')) return `Color ${changes.length} layers`;
  if (changes.every(({ kind }) => kind === 'moveNode')) return `Move ${changes.length} layers`;
  if (changes.every(({ kind }) => kind === 'removeEdge')) return `Remove ${changes.length} wires`;
  return `${describeChange(first, document)} and ${changes.length - 1} more`;
}

/** The one value that is another than before; undefined if several are, or none. */
function valueChange(
  after: Readonly<Record<string, ParameterValue | undefined>>,
  before: Readonly<Record<string, ParameterValue | undefined>> = {},
): string | undefined {
  const changed = Object.entries(after).filter(([name, value]) => !sameValue(before[name], value));
  const [first] = changed;
  return first?.[1] !== undefined && changed.length === 1 ? `Set ${first[0]} to ${formatValue(first[1])}` : undefined;
}

const sameValue = (a: ParameterValue | undefined, b: ParameterValue | undefined): boolean =>
  JSON.stringify(a) === JSON.stringify(b);

function ends(document: GraphDocument, { source, target }: GraphEdge, word: string): string {
  const [a, b] = word === 'to' ? [source, target] : [target, source];
  return `${labelOf(document, a.node)} ${word} ${labelOf(document, b.node)}`;
}

function labelOf(document: GraphDocument, id: NodeId): string {
  const node = document.nodes[id];
  return node ? nodeLabel(node, document.blocks) : 'a layer';
}

/** The name of a node that is added, perhaps with the block that it uses. */
function labelOfNew(node: GraphNode, changes: readonly GraphChange[], { blocks }: GraphDocument): string {
  const added = changes.flatMap((change) => (change.kind === 'setBlock' ? [[change.block.id, change.block]] : []));
  return nodeLabel(node, { ...blocks, ...Object.fromEntries(added) });
}

/** What replaces a node takes over its name: only its type says what is new. */
function withoutName({ name: _kept, ...node }: GraphNode): GraphNode {
  return node;
}

function formatValue(value: ParameterValue): string {
  if (value === null) return 'automatic';
  return typeof value === 'object' ? `[${value.join(', ')}]` : String(value);
}
