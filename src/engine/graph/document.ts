/** The saved thing: what the canvas edits, the compiler reads and the code is made from. Plain JSON data. */
export type NodeId = string & { readonly __brand: 'NodeId' };
export type EdgeId = string & { readonly __brand: 'EdgeId' };

export type ParameterValue = number | boolean | string | null | readonly number[];

export interface GraphNode {
  readonly id: NodeId;
  /** Type of a layer, `Conv2d`. May be unknown to this version: then the node is a placeholder that keeps its data. */
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

export interface GraphDocument {
  readonly format: 'gradloom';
  readonly version: 2;
  readonly name: string;
  readonly nodes: Readonly<Record<NodeId, GraphNode>>;
  readonly edges: Readonly<Record<EdgeId, GraphEdge>>;
  readonly training: TrainingSettings;
  readonly data: DataSettings;
}

export const nodeId = (text: string): NodeId => text as NodeId;
export const edgeId = (text: string): EdgeId => text as EdgeId;
