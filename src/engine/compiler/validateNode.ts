import { nodeLabel } from '../graph/blocks.ts';
import type { GraphChange } from '../graph/changes.ts';
import type { Diagnostic, QuickFix } from '../graph/diagnostic.ts';
import type { EdgeId, GraphDocument, GraphEdge, GraphNode, NodeId } from '../graph/document.ts';
import { insertOnEdge } from '../graph/edits.ts';
import type { LayerDefinition, LayerError, LayerFix } from '../layers/defineLayer.ts';
import { parameterProblem } from '../layers/parameters.ts';
import { findLayer } from '../layers/registry.ts';
import type { NodeInference } from './infer.ts';
import type { GraphFacts } from './validateGraph.ts';

/** Parameters that are not what the layer's schema asks for; their defaults are used meanwhile. */
export function nodeDiagnostics(
  node: GraphNode,
  definition: Pick<LayerDefinition, 'version' | 'parameters'> | undefined,
  blocks: GraphDocument['blocks'] = {},
): Diagnostic[] {
  if (definition?.version !== node.version) return [];
  return Object.entries(definition.parameters).flatMap(([parameter, spec]): Diagnostic[] => {
    if (!Object.hasOwn(node.parameters, parameter)) return [];
    const problem = parameterProblem(spec, node.parameters[parameter]);
    if (!problem) return [];
    return [
      {
        id: 'bad-parameter',
        severity: 'error',
        message: `${parameter} of ${nodeLabel(node, blocks)} ${problem}.`,
        node: node.id,
        parameter,
        fixes: [
          {
            label: `Set ${parameter} to ${formatValue(spec.default)}`,
            change: { kind: 'setParameter', node: node.id, parameter, value: spec.default },
          },
        ],
      },
    ];
  });
}

/** A wire that ends nowhere, at a port that does not exist, or at a port that is taken. `prefix`: as in `expandBlocks`. */
export function wireDiagnostic(
  document: GraphDocument,
  edge: GraphEdge,
  nodes: Readonly<Record<string, NodeInference>>,
  prefix = '',
): Diagnostic | undefined {
  const source = nodes[`${prefix}${edge.source.node}`];
  const target = nodes[`${prefix}${edge.target.node}`];
  const id = `${prefix}${edge.id}` as EdgeId;
  const problem = (message: string): Diagnostic => ({
    id: 'bad-wire',
    severity: 'error',
    message,
    edge: id,
    fixes: [{ label: 'Remove the wire', change: { kind: 'removeEdge', edge: id } }],
  });
  if (!source || !target) {
    const missing = source ? edge.target.node : edge.source.node;
    return problem(`A wire ends at the layer "${missing}", which does not exist.`);
  }
  if (source.definition && !source.definition.outputs.some(({ name }) => name === edge.source.port)) {
    return problem(
      `${nodeLabel(document.nodes[edge.source.node]!, document.blocks)} has no output "${edge.source.port}".`,
    );
  }
  if (!target.definition) return undefined;
  const label = nodeLabel(document.nodes[edge.target.node]!, document.blocks);
  if (!target.definition.inputs.some(({ name }) => name === edge.target.port)) {
    return problem(`${label} has no input "${edge.target.port}".`);
  }
  if (!target.sources.some((used) => used.edge === id)) {
    return problem(`Input "${edge.target.port}" of ${label} takes one wire only: this one is not used.`);
  }
  return undefined;
}

export function cycleDiagnostic(document: GraphDocument, cycle: readonly GraphEdge[]): Diagnostic {
  const last = cycle.at(-1)!;
  const names = [...cycle.map(({ source }) => source.node), last.target.node].map((id) =>
    nodeLabel(document.nodes[id]!, document.blocks),
  );
  const shown = names.length > 8 ? [...names.slice(0, 4), '…', ...names.slice(-3)] : names;
  return {
    id: 'cycle',
    severity: 'error',
    message: `Data runs in a circle: ${shown.join(' → ')}. Remove one of these wires.`,
    node: last.target.node,
    edge: last.id,
    fixes: [
      {
        label: `Remove the wire from ${names.at(-2)} to ${names.at(-1)}`,
        change: { kind: 'removeEdge', edge: last.id },
      },
    ],
  };
}

/** What a layer says of the shapes it got, with its remedies as changes of the document. */
export function layerErrorDiagnostic(facts: GraphFacts, node: NodeId, error: LayerError): Diagnostic {
  return {
    id: error.id,
    severity: 'error',
    message: error.message,
    node,
    ...(error.parameter !== undefined && { parameter: error.parameter }),
    ...(error.column !== undefined && { column: error.column }),
    fixes: error.fixes.flatMap((fix) => quickFix(facts, node, fix) ?? []),
  };
}

function quickFix(facts: GraphFacts, node: NodeId, fix: LayerFix): QuickFix | undefined {
  switch (fix.kind) {
    case 'setParameter': {
      const { parameter, value } = fix;
      return {
        label: `Set ${parameter} to ${formatValue(value)}`,
        change: { kind: 'setParameter', node, parameter, value },
      };
    }
    case 'setWidth': {
      const chooser = widthChooser(facts, node);
      if (!chooser) return undefined;
      return {
        label: `Set outFeatures of ${nodeLabel(facts.document.nodes[chooser]!, facts.document.blocks)} to ${fix.features}`,
        change: { kind: 'setParameter', node: chooser, parameter: 'outFeatures', value: fix.features },
      };
    }
    case 'insertBefore': {
      const given = Object.entries(fix.parameters ?? {}).map(([name, value]) => `${name} ${formatValue(value)}`);
      const what = given.length > 0 ? `${fix.layer} (${given.join(', ')})` : fix.layer;
      const label = `Insert ${what} before ${nodeLabel(facts.document.nodes[node]!, facts.document.blocks)}`;
      return insertBefore(facts, node, { ...fix, label });
    }
  }
}

/** Puts a layer on the wire into an input, the first where no port is named; undefined if there is none. */
export function insertBefore(
  { document, incoming }: GraphFacts,
  node: NodeId,
  fix: {
    readonly layer: string;
    readonly label: string;
    readonly parameters?: GraphNode['parameters'];
    readonly port?: string;
  },
): QuickFix | undefined {
  const { layer: type, label, parameters = {}, port } = fix;
  const layer = findLayer(type);
  const edge = incoming.get(node)?.find(({ target }) => port === undefined || target.port === port);
  const input = layer?.inputs[0]?.name;
  const output = layer?.outputs[0]?.name;
  if (!layer || !edge || input === undefined || output === undefined) return undefined;
  // Room for it is made among all that comes after: that is found when somebody wants it.
  let change: GraphChange | undefined;
  return {
    label,
    get change() {
      change ??= insertOnEdge(document, edge, { type, version: layer.version, parameters, input, output });
      return change;
    },
  };
}

/** The nearest layer upstream that chooses how many features there are, with only such between that keep them. */
function widthChooser({ nodes, incoming }: GraphFacts, node: NodeId): NodeId | undefined {
  const seen = new Set<NodeId>();
  for (let id = incoming.get(node)?.[0]?.source.node; id !== undefined && !seen.has(id); ) {
    seen.add(id);
    const entry = nodes[id];
    if (!entry?.definition || !entry.inference) return undefined;
    if (Object.hasOwn(entry.definition.parameters, 'outFeatures')) return id;
    const [output] = entry.inference.outputs;
    const [input] = entry.inputs;
    if (entry.inputs.length !== 1 || !output || output.join() !== input?.join()) return undefined;
    id = incoming.get(id)?.[0]?.source.node;
  }
  return undefined;
}

function formatValue(value: unknown): string {
  if (value === null) return 'automatic';
  return Array.isArray(value) ? `[${value.join(', ')}]` : String(value);
}
