/** The saved thing: what the canvas edits, the compiler reads and the code is made from. Plain JSON data. */
export type NodeId = string & { readonly __brand: 'NodeId' };
export type EdgeId = string & { readonly __brand: 'EdgeId' };
export type BlockId = string & { readonly __brand: 'BlockId' };

export type ParameterValue = number | boolean | string | null | readonly number[];

export interface GraphNode {
  readonly id: NodeId;
  /** Type of a layer, `Conv2d`, or `Block`. May be unknown to this version: then the node is a placeholder that keeps its data. */
  readonly type: string;
  /** Version of that layer's parameters. */
  readonly version: number;
  /** Only what differs from the default needs to be here. */
  readonly parameters: Readonly<Record<string, ParameterValue>>;
  readonly position: { readonly x: number; readonly y: number };
  /** The user's own name for it; code uses it for the variable. */
  readonly name?: string;
  /** Its weights keep their first values: training leaves them alone. */
  readonly frozen?: true;
  /** Type `Block` only: the block that is used here; `parameters` then holds what that block exposes, and `repeat`. */
  readonly block?: BlockId;
  /** How its weights are drawn, a type of engine/initializers; absent: as PyTorch's layer does. */
  readonly initial?: { readonly type: string; readonly parameters: Readonly<Record<string, ParameterValue>> };
}

export interface PortRef {
  readonly node: NodeId;
  readonly port: string;
}

export interface GraphEdge {
  readonly id: EdgeId;
  readonly source: PortRef;
  readonly target: PortRef;
}

/** Nodes and the wires between them: a document's, or a block's. */
export interface Graph {
  readonly nodes: Readonly<Record<NodeId, GraphNode>>;
  readonly edges: Readonly<Record<EdgeId, GraphEdge>>;
}

export interface ParameterTarget {
  readonly node: NodeId;
  readonly parameter: string;
}

/**
 * A part of a model that is used in several places. Its ports are its nodes of type `BlockInput` and `BlockOutput`, in
 * the order in which they lie here; a wire at a use names them by their ids.
 */
export interface BlockDefinition extends Graph {
  readonly id: BlockId;
  /** For people, and for the class in code. */
  readonly name: string;
  /** What each use may set for itself, by name: parameters of nodes inside, most often one. The first gives the default. */
  readonly parameters: Readonly<Record<string, readonly ParameterTarget[]>>;
}

export interface TrainingSettings {
  readonly optimizer: { readonly type: string; readonly parameters: Readonly<Record<string, ParameterValue>> };
  readonly epochs: number;
  readonly batchSize: number;
  /** Draws the initial weights, the batch order and dropout. */
  readonly seed: number;
  /** How the learning rate changes, a type of optimizers/schedules; absent: it does not. */
  readonly schedule?: { readonly type: string; readonly parameters: Readonly<Record<string, ParameterValue>> };
  /** What differs from the defaults of optimizers/trainingOptions. */
  readonly options?: Readonly<Record<string, ParameterValue>>;
}

export interface DataSettings {
  /** Id in the data sets' manifest: `mnist`, `fashion-mnist`, `moons`, … */
  readonly dataset: string;
}

export interface GraphDocument extends Graph {
  readonly format: 'gradloom';
  readonly version: 3;
  readonly name: string;
  readonly blocks: Readonly<Record<BlockId, BlockDefinition>>;
  readonly training: TrainingSettings;
  readonly data: DataSettings;
}

export const nodeId = (text: string): NodeId => text as NodeId;
export const edgeId = (text: string): EdgeId => text as EdgeId;
export const blockId = (text: string): BlockId => text as BlockId;
