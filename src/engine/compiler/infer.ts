import type { Diagnostic } from '../graph/diagnostic.ts';
import type { EdgeId, GraphDocument, GraphNode, NodeId } from '../graph/document.ts';
import type { Shape } from '../ir/types.ts';
import type { DataShapes, Inference, LayerDefinition, PlacedDefinition } from '../layers/defineLayer.ts';
import type { ParameterSchema, ParametersOf } from '../layers/parameters.ts';
import { type ExpandedDocument, expandBlocks } from './expand.ts';
import { withUses } from './inferBlocks.ts';
import { inferLayers, type LayersInferred } from './inferLayers.ts';

/** Where one wire into a node comes from. */
interface NodeSource {
  readonly node: NodeId;
  /** Number of the source's output port. */
  readonly output: number;
  readonly edge: EdgeId;
}

/** What is known of one placed layer. Shapes are those of one sample. */
export interface NodeInference {
  /** Undefined for a type, a version or a block that this program does not know. */
  readonly definition: PlacedDefinition | undefined;
  /** The same, where it is a layer and no block. */
  readonly layer: LayerDefinition | undefined;
  /** Whether training leaves its weights alone. */
  readonly frozen: boolean;
  /** The node whose weights it computes with instead of weights of its own. */
  readonly shares: NodeId | undefined;
  /** How its weights are drawn, where not as the layer has it. */
  readonly initial: GraphNode['initial'];
  /** With defaults filled in. */
  readonly parameters: ParametersOf<ParameterSchema>;
  /** In order of the input ports; those of a port that takes many follow one another. */
  readonly sources: readonly NodeSource[];
  /** Shapes on those wires; undefined where one is not known. */
  readonly inputs: readonly (Shape | undefined)[];
  /** The port at which each of them ends. */
  readonly ports: readonly string[];
  /** Undefined if an input is missing or something is wrong. */
  readonly inference: Inference | undefined;
  /** Numbers that the optimizer learns. */
  readonly totalParameters: number;
}

export interface GraphInference {
  readonly data: DataShapes;
  /**
   * Nodes that lead to a loss, each after those it reads from. Without a loss: all nodes that can be ordered. Uses of
   * blocks are not here, but the nodes inside of them: `block1.0.conv1`.
   */
  readonly order: readonly NodeId[];
  /** Every node of the document, uses of blocks included, and every node inside of those by its path. */
  readonly nodes: Readonly<Record<string, NodeInference>>;
  /** Shape on each wire, inside of blocks by its path; undefined where it is not known. */
  readonly edges: Readonly<Record<string, Shape | undefined>>;
  readonly diagnostics: readonly Diagnostic[];
  /** Over the nodes in `order`; multiply-adds are those of one sample, forward. */
  readonly totals: { readonly parameters: number; readonly multiplyAdds: number };
}

/**
 * Shapes on every wire, and everything that is wrong with a document. Never throws: what can't be inferred is left
 * undefined and has a diagnostic on it or before it.
 */
export function inferGraph(document: GraphDocument, data: DataShapes): GraphInference {
  return inferAgain()(document, data);
}

/**
 * `inferGraph` for a document that is edited: each call builds on the one before, so that an edit takes time by what
 * it changes, and all else stays the same object.
 */
export function inferAgain(): (document: GraphDocument, data: DataShapes) => GraphInference {
  let before: LayersInferred | undefined;
  let around: WithUses | undefined;
  return (document, data) => {
    const expanded = expandBlocks(document);
    before = inferLayers(expanded.document, data, before);
    if (expanded.uses.size === 0) return before.inference;
    if (!around || !stillHolds(around, document, expanded, before.inference)) {
      const whole = withUses(document, expanded, before.inference);
      around = { document, uses: expanded.uses, layers: before.inference, whole };
    }
    return around.whole;
  };
}

/** What was inferred of a document with blocks, and from what. */
interface WithUses {
  readonly document: GraphDocument;
  readonly uses: ExpandedDocument['uses'];
  /** Of the layers, without the uses of blocks. */
  readonly layers: GraphInference;
  readonly whole: GraphInference;
}

/** Whether that still holds. Nothing is wrong in it: what would mend a mistake depends on more, such as places. */
function stillHolds(
  known: WithUses,
  document: GraphDocument,
  expanded: ExpandedDocument,
  layers: GraphInference,
): boolean {
  return (
    known.layers === layers &&
    known.whole.diagnostics.length === 0 &&
    known.document.edges === document.edges &&
    known.document.blocks === document.blocks &&
    known.uses.size === expanded.uses.size &&
    [...expanded.uses].every(([path, { node }]) => known.uses.get(path)?.node === node)
  );
}
