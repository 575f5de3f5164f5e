import { nodeLabel } from '../graph/blocks.ts';
import type { Diagnostic } from '../graph/diagnostic.ts';
import type { GraphNode } from '../graph/document.ts';
import { sameShape } from '../ir/shape.ts';
import type { Shape } from '../ir/types.ts';
import {
  type DataShapes,
  type Inference,
  type LayerDefinition,
  LayerError,
  type PlacedDefinition,
} from '../layers/defineLayer.ts';
import { completeParameters, type ParameterSchema, type ParametersOf } from '../layers/parameters.ts';
import { findLayer } from '../layers/registry.ts';
import { nodeDiagnostics } from './validateNode.ts';

/** What depends on a node alone, and what its layer said last. */
export interface NodeMemo {
  readonly definition: LayerDefinition | undefined;
  readonly parameters: ParametersOf<ParameterSchema>;
  readonly diagnostics: readonly Diagnostic[];
  last:
    | {
        readonly inputs: readonly Shape[];
        readonly ports: readonly string[];
        readonly data: DataShapes;
        readonly result: Inference | LayerError;
      }
    | undefined;
}

// Nodes are immutable: an edit makes a new object, so all others keep what was found for them.
const memos = new WeakMap<GraphNode, NodeMemo>();

/** `before`: the same node as it was, whose memo holds on if nothing changed that it depends on. */
export function memoOf(node: GraphNode, before: GraphNode | undefined): NodeMemo {
  const known = memos.get(node);
  if (known) return known;
  const kept = before && sameLayer(node, before) ? memos.get(before) : undefined;
  const memo = kept ?? makeMemo(node);
  memos.set(node, memo);
  return memo;
}

/** A node that was moved, coloured or frozen is the same layer. */
function sameLayer(a: GraphNode, b: GraphNode): boolean {
  return (
    a.id === b.id &&
    a.type === b.type &&
    a.version === b.version &&
    a.parameters === b.parameters &&
    nodeLabel(a, {}) === nodeLabel(b, {})
  );
}

function makeMemo(node: GraphNode): NodeMemo {
  const found = findLayer(node.type);
  const definition = found?.version === node.version ? found : undefined;
  return {
    definition,
    parameters: definition ? completeParameters(definition.parameters, node.parameters) : {},
    diagnostics: nodeDiagnostics(node, found),
    last: undefined,
  };
}

/** What a node's layer says of these shapes; the same object as long as they do not change. */
export function inferMemoized(
  memo: NodeMemo,
  definition: LayerDefinition,
  inputs: readonly Shape[],
  ports: readonly string[],
  data: DataShapes,
): Inference | LayerError {
  const { last } = memo;
  const same = last && sameShapes(last.inputs, inputs) && last.ports.join() === ports.join();
  if (same && sameData(last.data, data)) return last.result;
  const result = tryInfer(definition, inputs, memo.parameters, data, ports);
  memo.last = { inputs, ports, data, result };
  return result;
}

/** What the layer says of these shapes, an error included. */
export function tryInfer(
  definition: PlacedDefinition,
  inputs: readonly Shape[],
  parameters: ParametersOf<ParameterSchema>,
  data: DataShapes,
  ports?: readonly string[],
): Inference | LayerError {
  try {
    return definition.infer(inputs, parameters, data, ports);
  } catch (error) {
    if (error instanceof LayerError) return error;
    throw error;
  }
}

function sameShapes(a: readonly Shape[], b: readonly Shape[]): boolean {
  return a.length === b.length && a.every((shape, i) => sameShape(shape, b[i]!));
}

export function sameData(a: DataShapes, b: DataShapes): boolean {
  return (
    a.classes === b.classes &&
    a.vocabulary === b.vocabulary &&
    a.targets === b.targets &&
    sameShape(a.sample, b.sample) &&
    sameShape(a.label ?? [], b.label ?? [])
  );
}
