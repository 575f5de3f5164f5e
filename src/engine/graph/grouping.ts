import { EngineError } from '../errors.ts';
import { BLOCK, BLOCK_INPUT, BLOCK_OUTPUT, blockOf, blockPorts, newBlockId, nodeLabel } from './blocks.ts';
import type { GraphChange } from './changes.ts';
import type { BlockDefinition, BlockId, GraphDocument, GraphEdge, GraphNode, NodeId, PortRef } from './document.ts';
import { NODE_SPACING } from './edits.ts';
import { newEdgeId, newNodeId } from './ids.ts';
import { edgesBySource } from './topology.ts';

/** What grouping needs to know of a node: what it is and which ports it has. */
export interface NodePorts {
  readonly role: 'input' | 'layer' | 'loss';
  readonly inputs: readonly { readonly name: string; readonly optional?: boolean }[];
  readonly outputs: readonly { readonly name: string; readonly optional?: boolean }[];
}

export interface Grouped {
  readonly change: GraphChange;
  readonly block: BlockId;
  readonly use: NodeId;
}

/** Distance of a port from the layers beside it, and between ports. */
const PORT_ROW = 120;

/**
 * Makes a block of some nodes and puts a use of it in their place. Wires that are cut become ports: one for each output
 * that they come from. Where none is cut, ports that nothing is joined to become the block's.
 * @throws EngineError `bad-document` naming what stands in the way: the data, a loss, or a layer outside that the data
 * would pass on its way from the block back into it.
 */
export function groupIntoBlock(
  document: GraphDocument,
  chosen: readonly NodeId[],
  name: string,
  portsOf: (node: GraphNode) => NodePorts | undefined,
): Grouped {
  const nodes = chosen.flatMap((id) => document.nodes[id] ?? []);
  const ids = new Set(nodes.map(({ id }) => id));
  requireGroupable(document, nodes, ids, portsOf);
  const wires = Object.values(document.edges) as GraphEdge[];
  const inside = wires.filter(({ source, target }) => ids.has(source.node) && ids.has(target.node));
  const entering = wires.filter(({ source, target }) => !ids.has(source.node) && ids.has(target.node));
  const leaving = wires.filter(({ source, target }) => ids.has(source.node) && !ids.has(target.node));

  const inner: GraphNode[] = [];
  const edges: GraphEdge[] = [];
  const taken = new Set<string>(ids);
  const wireIds = new Set<string>(inside.map(({ id }) => id));
  const join = (source: PortRef, target: PortRef): void => {
    const id = newEdgeId(document, wireIds);
    wireIds.add(id);
    edges.push({ id, source, target });
  };
  const box = boundsOf(nodes);
  const addPort = (type: typeof BLOCK_INPUT | typeof BLOCK_OUTPUT, row: number): NodeId => {
    const id = newNodeId(document, type === BLOCK_INPUT ? 'input' : 'output', taken);
    taken.add(id);
    const x = type === BLOCK_INPUT ? box.left - NODE_SPACING : box.right + NODE_SPACING;
    inner.push({ id, type, version: 1, parameters: {}, position: { x, y: box.top + row * PORT_ROW } });
    return id;
  };

  // Wires from one output enter by one port, whatever they lead to inside.
  const byHeight = (id: NodeId) => document.nodes[id]?.position.y ?? 0;
  const outside = distinct(entering.map(({ source }) => source)).sort((a, b) => byHeight(a.node) - byHeight(b.node));
  const inputs = outside.map((source, row) => ({ port: addPort(BLOCK_INPUT, row), source }));
  // In the document's order: where many wires end at one port, it says which comes first.
  for (const wire of wires) {
    if (inside.includes(wire)) edges.push(wire);
    const port = entering.includes(wire) && inputs.find(({ source }) => samePort(wire.source, source))?.port;
    if (port) join({ node: port, port: 'output' }, wire.target);
  }
  if (inputs.length === 0) {
    openPorts(nodes, wires, portsOf, 'inputs').forEach((target, row) => {
      join({ node: addPort(BLOCK_INPUT, row), port: 'output' }, target);
    });
  }
  const given = distinct(leaving.map(({ source }) => source)).sort((a, b) => byHeight(a.node) - byHeight(b.node));
  const ends = given.length > 0 ? given : openPorts(nodes, wires, portsOf, 'outputs');
  const outputs = ends.map((source, row) => {
    const port = addPort(BLOCK_OUTPUT, row);
    join(source, { node: port, port: 'input' });
    return { port, source };
  });

  const all = [
    ...inner.filter(({ type }) => type === BLOCK_INPUT),
    ...nodes,
    ...inner.filter(({ type }) => type === BLOCK_OUTPUT),
  ];
  const block: BlockDefinition = {
    id: newBlockId(document.blocks, name),
    name,
    nodes: Object.fromEntries(all.map((node) => [node.id, node])) as BlockDefinition['nodes'],
    edges: Object.fromEntries(edges.map((edge) => [edge.id, edge])) as BlockDefinition['edges'],
    parameters: {},
  };
  const use = newNodeId(document, 'block');
  const position = { x: (box.left + box.right) / 2, y: (box.top + box.bottom) / 2 };
  const frame = nodes.every((node) => node.frame === nodes[0]?.frame) ? nodes[0]?.frame : undefined;
  const wire = wiring(document);
  const change: GraphChange = {
    kind: 'group',
    changes: [
      { kind: 'setBlock', block },
      // First, so that a frame around all of these is never empty: then it would go.
      {
        kind: 'addNode',
        node: { id: use, type: BLOCK, version: 1, block: block.id, parameters: {}, position, ...(frame && { frame }) },
      },
      ...nodes.map(({ id }): GraphChange => ({ kind: 'removeNode', node: id })),
      ...inputs.map(({ port, source }) => wire(source, { node: use, port })),
      ...rejoined(document, wire, leaving, ({ source }) => {
        const port = outputs.find((output) => samePort(output.source, source))?.port ?? '';
        return [{ node: use, port }];
      }),
    ],
  };
  return { change, block: block.id, use };
}

function requireGroupable(
  document: GraphDocument,
  nodes: readonly GraphNode[],
  ids: ReadonlySet<NodeId>,
  portsOf: (node: GraphNode) => NodePorts | undefined,
): void {
  const label = (node: GraphNode) => nodeLabel(node, document.blocks);
  const refuse = (why: string): never => {
    throw new EngineError('bad-document', why);
  };
  if (nodes.length === 0) refuse('Select the layers that are to be a block.');
  const ends = nodes.filter((node) => (portsOf(node)?.role ?? 'layer') !== 'layer');
  if (ends.length > 0)
    refuse(`${ends.map(label).join(' and ')} can't be in a block: the data and losses stay outside.`);
  const ports = nodes.find(({ type }) => type === BLOCK_INPUT || type === BLOCK_OUTPUT);
  if (ports) refuse(`${label(ports)} is a port of this block: it can't be in another.`);
  // Layers outside that the data reaches from the group; none of them may lead back into it.
  const outgoing = edgesBySource(document);
  const behind = new Set<NodeId>();
  for (const id of ids)
    for (const { target } of outgoing.get(id) ?? []) if (!ids.has(target.node)) behind.add(target.node);
  for (const id of behind) {
    for (const { target } of outgoing.get(id) ?? []) {
      if (ids.has(target.node)) {
        refuse(
          `These layers can't be one block: data would leave it for ${label(document.nodes[id]!)} and come back. Select that too.`,
        );
      }
      behind.add(target.node);
    }
  }
}

/** Ports of the nodes, on one side, that no wire is at. */
function openPorts(
  nodes: readonly GraphNode[],
  wires: readonly GraphEdge[],
  portsOf: (node: GraphNode) => NodePorts | undefined,
  side: 'inputs' | 'outputs',
): PortRef[] {
  const end = side === 'inputs' ? 'target' : 'source';
  return nodes.flatMap((node) => {
    const ports = (portsOf(node)?.[side] ?? []).filter(({ optional }) => !optional);
    const open = ports.map(({ name }) => ({ node: node.id, port: name }));
    const free = open.filter((port) => !wires.some((wire) => samePort(wire[end], port)));
    // A layer whose first output is taken needs no port for its second.
    return side === 'outputs' && free.length < open.length ? [] : free;
  });
}

/**
 * Puts a block's nodes, as often as it is repeated, in the place of one of its uses.
 * @param values what the use has for the parameters that the block exposes, and how often it is repeated
 * @throws RangeError if the node uses no block of the document.
 */
export function dissolve(
  document: GraphDocument,
  id: NodeId,
  values: { readonly nodes: BlockDefinition['nodes']; readonly repeat: number },
): { readonly change: GraphChange; readonly nodes: readonly NodeId[] } {
  const use = document.nodes[id];
  const block = use && blockOf(use, document.blocks);
  if (!block) throw new RangeError(`the node "${id}" uses no block`);
  const ports = blockPorts(block);
  const inner = (Object.values(values.nodes) as GraphNode[]).filter(
    (node) => node.type !== BLOCK_INPUT && node.type !== BLOCK_OUTPUT,
  );
  const box = boundsOf(inner);
  const taken = new Set<string>();
  const changes: GraphChange[] = [];
  const joins: GraphChange[] = [];
  const added: NodeId[] = [];
  const wire = wiring(document);
  const wires = Object.values(document.edges) as GraphEdge[];
  /** What flows into each of the block's inputs: what is joined to the use, then what the repetition before gives. */
  let flowing = new Map<string, PortRef[]>(
    ports.inputs.map((port) => [
      port,
      wires.filter(({ target }) => target.node === id && target.port === port).map(({ source }) => source),
    ]),
  );
  for (let number = 0; number < values.repeat; number++) {
    const ids = new Map<string, NodeId>();
    // Frames inside of the block stay there.
    for (const { frame: _inside, ...node } of inner) {
      const free = newNodeId(document, node.type, taken);
      taken.add(free);
      ids.set(node.id, free);
      added.push(free);
      const shift = number * (box.right - box.left + NODE_SPACING);
      const position = {
        x: use.position.x + node.position.x - (box.left + box.right) / 2 + shift,
        y: use.position.y + node.position.y - (box.top + box.bottom) / 2,
      };
      changes.push({
        kind: 'addNode',
        node: {
          ...node,
          id: free,
          position,
          ...(use.frozen && { frozen: true }),
          ...(use.frame && { frame: use.frame }),
        },
      });
    }
    const sourcesOf = ({ node, port }: PortRef): readonly PortRef[] => {
      const own = ids.get(node);
      return own ? [{ node: own, port }] : (flowing.get(node) ?? []);
    };
    const given = new Map<string, PortRef[]>();
    for (const { source, target } of Object.values(block.edges) as GraphEdge[]) {
      const to = ids.get(target.node);
      if (to) joins.push(...sourcesOf(source).map((from) => wire(from, { node: to, port: target.port })));
      else if (ports.outputs.includes(target.node)) given.set(target.node, [...sourcesOf(source)]);
    }
    flowing =
      number === values.repeat - 1
        ? given
        : new Map(ports.inputs.map((port, i) => [port, given.get(ports.outputs[i] ?? '') ?? []]));
  }
  const leaving = wires.filter(({ source }) => source.node === id);
  joins.push(...rejoined(document, wire, leaving, ({ source }) => flowing.get(source.port) ?? []));
  // New nodes first, as above.
  changes.push({ kind: 'removeNode', node: id }, ...joins);
  return { change: { kind: 'group', changes }, nodes: added };
}

type Wire = (source: PortRef, target: PortRef) => GraphChange;

/** Makes wires with ids that are free in the document. */
function wiring(document: GraphDocument): Wire {
  const taken = new Set<string>();
  return (source, target) => {
    const id = newEdgeId(document, taken);
    taken.add(id);
    return { kind: 'addEdge', edge: { id, source, target }, many: true };
  };
}

/**
 * Wires that come from other outputs now. Where several end at one port, those after them are made anew too, so that
 * their order stays.
 */
function rejoined(
  document: GraphDocument,
  wire: Wire,
  replaced: readonly GraphEdge[],
  sourcesOf: (old: GraphEdge) => readonly PortRef[],
): GraphChange[] {
  return distinct(replaced.map(({ target }) => target)).flatMap((target) => {
    const here = (Object.values(document.edges) as GraphEdge[]).filter((edge) => samePort(edge.target, target));
    const first = here.findIndex((edge) => replaced.includes(edge));
    return here
      .slice(first)
      .flatMap((edge): GraphChange[] =>
        replaced.includes(edge)
          ? sourcesOf(edge).map((source) => wire(source, target))
          : [{ kind: 'removeEdge', edge: edge.id }, wire(edge.source, target)],
      );
  });
}

function boundsOf(nodes: readonly GraphNode[]): { left: number; right: number; top: number; bottom: number } {
  const xs = nodes.map(({ position }) => position.x);
  const ys = nodes.map(({ position }) => position.y);
  if (nodes.length === 0) return { left: 0, right: 0, top: 0, bottom: 0 };
  return { left: Math.min(...xs), right: Math.max(...xs), top: Math.min(...ys), bottom: Math.max(...ys) };
}

function samePort(a: PortRef, b: PortRef): boolean {
  return a.node === b.node && a.port === b.port;
}

function distinct(ports: readonly PortRef[]): PortRef[] {
  return ports.filter((port, i) => ports.findIndex((other) => samePort(other, port)) === i);
}
