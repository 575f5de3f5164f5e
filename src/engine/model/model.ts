import { EngineError } from '../errors.ts';
import { newBlockId } from '../graph/blocks.ts';
import {
  type BlockDefinition,
  type BlockId,
  DOCUMENT_VERSION,
  type EdgeId,
  edgeId,
  type GraphDocument,
  type GraphEdge,
  type GraphNode,
  type NodeId,
  nodeId,
} from '../graph/document.ts';
import type { SymbolicLayer, SymbolicTensor } from './symbolic.ts';
import {
  type OptimizerOptions,
  type ScheduleOptions,
  type TrainingOptions,
  trainingSettings,
} from './trainingSettings.ts';

export interface ModelOptions {
  /** For people, and for the class in generated code. */
  readonly name?: string;
  /** What `layers.CrossEntropyLoss(…)` and the like gave; several losses are added up. */
  readonly loss: SymbolicTensor | readonly SymbolicTensor[];
  readonly optimizer?: OptimizerOptions;
  /** How the learning rate changes; left out: it does not. */
  readonly schedule?: ScheduleOptions;
  /** Clipping, accumulation, averaging of weights, early stopping. */
  readonly options?: TrainingOptions;
  /** Layers with an optimizer and losses of their own, updated one group after another: a GAN. */
  readonly groups?: readonly GroupOptions[];
}

/** Layers and losses by their names. */
export interface GroupOptions {
  readonly name: string;
  readonly layers: readonly string[];
  readonly losses: readonly string[];
  readonly optimizer: OptimizerOptions;
}

/** Distance between layers on the canvas. */
const STEP = { x: 260, y: 150 };

/**
 * The document of the model that ends in `loss`: what the canvas shows, the code generators read and `train` trains.
 * @throws EngineError `bad-document` if `loss` is not the result of a loss, `bad-option` for a bad optimizer setting.
 */
export function model({ name = 'Model', loss, optimizer, schedule, options, groups }: ModelOptions): GraphDocument {
  const losses = [loss].flat() as SymbolicTensor[];
  if (losses.length === 0) throw new EngineError('bad-document', 'a model needs a loss');
  for (const { layer } of losses) {
    if (layer.definition.role !== 'loss') {
      const { type } = layer.definition;
      throw new EngineError(
        'bad-document',
        `a model ends in a loss, got the output of ${type}: call a loss on it`,
        type,
      );
    }
  }
  const blocks: Record<BlockId, BlockDefinition> = {};
  const layers = layersBehind(losses);
  const { nodes, edges, idOf } = graphOf(layers, blocks);
  return {
    format: 'gradloom',
    version: DOCUMENT_VERSION,
    blocks,
    name,
    nodes,
    edges,
    training: {
      ...trainingSettings(optimizer, schedule, options),
      epochs: 3,
      batchSize: 64,
      seed: 1,
      ...(groups && {
        groups: groups.map(({ name: group, layers: own, losses: by, optimizer: chosen }) => ({
          name: group,
          nodes: own.map(idOf),
          losses: by.map(idOf),
          optimizer: trainingSettings(chosen, undefined, undefined).optimizer,
        })),
      }),
    },
    data: { dataset: 'mnist' },
  };
}

/** Nodes and wires of layers; the blocks that they use are added to `blocks`. */
function graphOf(layers: readonly SymbolicLayer[], blocks: Record<BlockId, BlockDefinition>) {
  const ids = new Map<SymbolicLayer, NodeId>();
  const taken = new Set<string>();
  for (const layer of layers) ids.set(layer, nodeId(freeId(layer, taken)));
  const byName = new Map(layers.map((layer) => [layer.name, ids.get(layer) as NodeId]));
  const idOf = (wanted: string): NodeId => {
    const id = byName.get(wanted);
    if (!id) throw new EngineError('bad-option', `no layer of the model is called "${wanted}": give it that name`);
    return id;
  };
  const columns = new Map<SymbolicLayer, number>();
  const filled = new Map<number, number>();
  const nodes: Record<NodeId, GraphNode> = {};
  const edges: Record<EdgeId, GraphEdge> = {};
  for (const layer of layers) {
    const id = ids.get(layer) as NodeId;
    const column = Math.max(-1, ...layer.inputs.map((read) => columns.get(read.layer) ?? 0)) + 1;
    const row = filled.get(column) ?? 0;
    columns.set(layer, column);
    filled.set(column, row + 1);
    nodes[id] = {
      id,
      type: layer.definition.type,
      version: layer.definition.version,
      parameters: layer.parameters,
      position: { x: column * STEP.x, y: row * STEP.y },
      ...(layer.body ? { block: blockOf(layer.body, blocks) } : {}),
      ...(layer.name === undefined ? {} : { name: layer.name }),
      ...(layer.initial ? { initial: layer.initial } : {}),
      ...(layer.frozen ? { frozen: true } : {}),
      ...(layer.shares === undefined ? {} : { shares: idOf(layer.shares) }),
    };
    layer.inputs.forEach((read, i) => {
      const edge = edgeId(`${id}-${i}`);
      const output = read.layer.definition.outputs[read.port]?.name ?? '';
      const source = { node: ids.get(read.layer) as NodeId, port: output };
      edges[edge] = { id: edge, source, target: { node: id, port: layer.ports[i] as string } };
    });
  }
  return { nodes, edges, idOf };
}

/** Makes a block of what a function made of steps. @throws EngineError `bad-document` if it reads something else besides. */
function blockOf(
  { steps, results }: NonNullable<SymbolicLayer['body']>,
  blocks: Record<BlockId, BlockDefinition>,
): BlockId {
  const inputs = steps.map(({ layer }) => layer);
  const within = layersBehind(results).filter((layer) => !inputs.includes(layer));
  const outside = within.find(
    ({ definition, inputs: read }) => definition.role === 'input' || (read.length === 0 && definition.type !== 'Noise'),
  );
  if (outside) {
    throw new EngineError('bad-document', 'timeDistributed: the function may read nothing but the steps it is given');
  }
  const { nodes, edges } = graphOf([...inputs, ...within], blocks);
  const name = Object.keys(blocks).length === 0 ? 'Each step' : `Each step ${Object.keys(blocks).length + 1}`;
  const id = newBlockId(blocks, name);
  blocks[id] = { id, name, nodes, edges, parameters: {} };
  return id;
}

/** In the order in which they were called: a layer comes after all that it reads. */
function layersBehind(losses: readonly SymbolicTensor[]): SymbolicLayer[] {
  const found = new Set<SymbolicLayer>();
  const waiting = losses.map(({ layer }) => layer);
  for (let layer = waiting.pop(); layer; layer = waiting.pop()) {
    if (found.has(layer)) continue;
    found.add(layer);
    waiting.push(...layer.inputs.map((read) => read.layer));
  }
  return [...found].sort((a, b) => a.call - b.call);
}

function freeId({ definition, name }: SymbolicLayer, taken: Set<string>): string {
  const base = name ?? definition.emit.name ?? definition.type.toLowerCase();
  let id = name === undefined ? `${base}1` : base;
  for (let n = 2; taken.has(id); n++) id = `${base}${n}`;
  taken.add(id);
  return id;
}
