import { blockFace } from '../compiler/blockFace.ts';
import type { BlockBundle } from '../graph/blockBundle.ts';
import {
  type BlockDefinition,
  type BlockId,
  blockId,
  type DataSettings,
  DOCUMENT_VERSION,
  type EdgeId,
  edgeId,
  type Graph,
  type GraphDocument,
  type GraphEdge,
  type GraphNode,
  type NodeId,
  nodeId,
  type ParameterValue,
  type TrainingSettings,
} from '../graph/document.ts';
import { NODE_SPACING } from '../graph/edits.ts';
import { portsOf } from '../layers/ports.ts';
import { findLayer } from '../layers/registry.ts';

/** Distance between the tops of neighbouring rows, in canvas units. */
const ROW_SPACING = 160;
/** The size of a node, and of the canvas on a common screen. */
const NODE = { width: 200, height: 70 };
const CANVAS = { width: 870, height: 460 };

/** A node's first output, or one by name; where it ends at an optional port, with its name. */
type Source = NodeId | { readonly node: NodeId; readonly output?: string; readonly port?: string };

/**
 * Builds a document node by node. Nodes stand in reading order, left to right, in as many rows as let them be drawn
 * largest.
 */
export class Sketch {
  readonly #nodes: {
    id: NodeId;
    type: string;
    version: number;
    outputs: readonly { readonly name: string }[];
    parameters: Record<string, ParameterValue>;
    block?: BlockId;
    name?: string;
    shares?: NodeId;
  }[] = [];
  readonly #edges: GraphEdge[] = [];
  #blocks: GraphDocument['blocks'] = {};

  /**
   * Adds a layer that reads from the given nodes.
   * @param from ids given by earlier calls; the wires end at the ports that the layer needs in order, or at those named
   */
  add(
    type: string,
    from: readonly Source[],
    parameters: Record<string, ParameterValue> = {},
    options: { readonly name?: string; readonly shares?: NodeId } = {},
  ): NodeId {
    const definition = findLayer(type);
    if (!definition) throw new Error(`a template uses the layer "${type}", which does not exist`);
    return this.#place(definition, from, parameters, options);
  }

  /** Adds a use of a block, likewise. */
  use(
    { root, blocks }: BlockBundle,
    from: readonly Source[],
    parameters: Record<string, ParameterValue> = {},
    options: { readonly name?: string } = {},
  ): NodeId {
    this.#blocks = { ...this.#blocks, ...blocks };
    const face = blockFace(this.#blocks[root] as BlockDefinition, this.#blocks);
    return this.#place({ ...face, block: root }, from, parameters, options);
  }

  #place(
    { type, version, inputs: ports, outputs, block }: Placed,
    from: readonly Source[],
    parameters: Record<string, ParameterValue>,
    { name, shares }: { readonly name?: string; readonly shares?: NodeId },
  ): NodeId {
    const number = this.#nodes.filter((node) => node.type === type).length + 1;
    const id = nodeId(`${type.toLowerCase()}${number}`);
    this.#nodes.push({
      id,
      type,
      version,
      outputs,
      parameters,
      ...(block && { block }),
      ...(name && { name }),
      ...(shares && { shares }),
    });
    const ends = portsOf(ports, from.length);
    from.forEach((source, i) => {
      const { node: from, output, port = ends[i] } = typeof source === 'string' ? { node: source } : source;
      if (!port) throw new Error(`layer "${type}" has no input ${i}`);
      this.#edges.push({
        id: edgeId(`edge${this.#edges.length + 1}`),
        source: { node: from, port: output ?? this.#outputOf(from) },
        target: { node: id, port },
      });
    });
    return id;
  }

  /** Adds layers that each read from the one before. */
  chain(
    from: readonly Source[],
    ...steps: readonly (readonly [type: string, parameters?: Record<string, ParameterValue>])[]
  ): NodeId {
    const [[type, parameters] = ['Identity'], ...rest] = steps;
    let last = this.add(type, from, parameters);
    for (const [next, given] of rest) last = this.add(next, [last], given);
    return last;
  }

  /** A block whose ports are the nodes `BlockInput` and `BlockOutput` of the sketch. */
  block(id: string, name: string, exposed: Readonly<Record<string, readonly [NodeId, string][]>> = {}): BlockBundle {
    const parameters = Object.fromEntries(
      Object.entries(exposed).map(([key, targets]) => [key, targets.map(([node, parameter]) => ({ node, parameter }))]),
    );
    const root = blockId(id);
    const block: BlockDefinition = { id: root, name, ...this.#graph(), parameters };
    return { root, blocks: { ...this.#blocks, [root]: block } };
  }

  document(name: string, training: TrainingSettings, data: DataSettings): GraphDocument {
    return {
      format: 'gradloom',
      version: DOCUMENT_VERSION,
      name,
      ...this.#graph(),
      blocks: this.#blocks,
      training,
      data,
    };
  }

  #graph(): Graph {
    const columns = columnsFor(this.#nodes.length);
    const nodes = this.#nodes.map(({ outputs: _outputs, ...node }, i): GraphNode => {
      const position = { x: (i % columns) * NODE_SPACING, y: Math.floor(i / columns) * ROW_SPACING };
      return { ...node, position };
    });
    return {
      nodes: Object.fromEntries(nodes.map((node) => [node.id, node])) as Record<NodeId, GraphNode>,
      edges: Object.fromEntries(this.#edges.map((edge) => [edge.id, edge])) as Record<EdgeId, GraphEdge>,
    };
  }

  #outputOf(id: NodeId): string {
    const output = this.#nodes.find((candidate) => candidate.id === id)?.outputs[0];
    if (!output) throw new Error(`nothing can be read from "${id}"`);
    return output.name;
  }
}

/** How many columns let so many nodes be drawn largest on the canvas. */
function columnsFor(count: number): number {
  const scaleOf = (columns: number): number => {
    const rows = Math.ceil(count / columns);
    const width = (columns - 1) * NODE_SPACING + NODE.width;
    const height = (rows - 1) * ROW_SPACING + NODE.height;
    return Math.min(CANVAS.width / width, CANVAS.height / height);
  };
  let best = 1;
  for (let columns = 2; columns <= count; columns++) if (scaleOf(columns) > scaleOf(best)) best = columns;
  return best;
}

/** What stands at a node: a layer, or a block with its id. */
interface Placed {
  readonly type: string;
  readonly version: number;
  readonly inputs: readonly { readonly name: string }[];
  readonly outputs: readonly { readonly name: string }[];
  readonly block?: BlockId;
}

/** Training settings with Adam, or as given. */
export function training(settings: Partial<TrainingSettings> = {}): TrainingSettings {
  return {
    optimizer: { type: 'Adam', parameters: { lr: 0.001 } },
    epochs: 3,
    batchSize: 64,
    seed: 1,
    ...settings,
  };
}
