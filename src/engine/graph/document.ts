/** The saved thing: what the canvas edits, the compiler reads and the code is made from. Plain JSON data. */
export type NodeId = string & { readonly __brand: 'NodeId' };
export type EdgeId = string & { readonly __brand: 'EdgeId' };
export type BlockId = string & { readonly __brand: 'BlockId' };
export type FrameId = string & { readonly __brand: 'FrameId' };
export type NoteId = string & { readonly __brand: 'NoteId' };

/** Of the documents that this program writes. */
export const DOCUMENT_VERSION = 4;

/** Colours for nodes, frames and notes; the page decides how they look in each theme. */
export const COLORS = ['grey', 'red', 'orange', 'yellow', 'green', 'teal', 'blue', 'purple', 'pink'] as const;
export type Color = (typeof COLORS)[number];

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
  /** Parameters that follow from the document's constants, by formula; `parameters` holds what they come to. */
  readonly formulas?: Readonly<Record<string, string>>;
  readonly color?: Color;
  /** The frame that it lies in. */
  readonly frame?: FrameId;
  /** Computes with the weights of that node, which is of the same type: a network that is applied to two inputs. */
  readonly shares?: NodeId;
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

/** A named border around nodes and notes. Where it is follows from them; it goes with the last of them. */
export interface Frame {
  readonly id: FrameId;
  readonly name: string;
  readonly color?: Color;
  /** Shown as one box with what goes in and comes out. */
  readonly collapsed?: true;
}

/** A comment on the canvas; it means nothing to the compiler. */
export interface Note {
  readonly id: NoteId;
  readonly text: string;
  readonly position: { readonly x: number; readonly y: number };
  readonly size: { readonly width: number; readonly height: number };
  readonly color?: Color;
  readonly frame?: FrameId;
}

/** Nodes and the wires between them: a document's, or a block's. Without frames or notes, these are absent. */
export interface Graph {
  readonly frames?: Readonly<Record<FrameId, Frame>>;
  readonly notes?: Readonly<Record<NoteId, Note>>;
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
  /**
   * Layers that have an optimizer and losses of their own, as in a GAN. In each step one group after another is updated;
   * `optimizer` above is for the layers of none, by the losses of none (by all, if each loss belongs to a group).
   */
  readonly groups?: readonly OptimizerGroup[];
}

export interface OptimizerGroup {
  /** For people, and for code. */
  readonly name: string;
  /** Layers whose weights it updates. */
  readonly nodes: readonly NodeId[];
  /** Losses that it makes smaller. */
  readonly losses: readonly NodeId[];
  readonly optimizer: { readonly type: string; readonly parameters: Readonly<Record<string, ParameterValue>> };
}

export interface DataSettings {
  /** Id in the data sets' manifest: `mnist`, `fashion-mnist`, `moons`, … */
  readonly dataset: string;
}

export interface GraphDocument extends Graph {
  readonly format: 'gradloom';
  readonly version: typeof DOCUMENT_VERSION;
  readonly name: string;
  readonly blocks: Readonly<Record<BlockId, BlockDefinition>>;
  /** Formulas that parameters may use by name, `latent` for one; a constant may use others. */
  readonly constants?: Readonly<Record<string, string>>;
  /** Where data flows to on the canvas; absent: to the right. */
  readonly direction?: 'down';
  readonly training: TrainingSettings;
  readonly data: DataSettings;
}

export const nodeId = (text: string): NodeId => text as NodeId;
export const edgeId = (text: string): EdgeId => text as EdgeId;
export const frameId = (text: string): FrameId => text as FrameId;
export const noteId = (text: string): NoteId => text as NoteId;
export const blockId = (text: string): BlockId => text as BlockId;
