import { BLOCK, BLOCK_INPUT, isPort, nodeLabel } from '../graph/blocks.ts';
import type { Diagnostic, QuickFix } from '../graph/diagnostic.ts';
import type { GraphDocument, GraphNode, NodeId } from '../graph/document.ts';
import { removeAndHeal, type Wiring } from '../graph/edits.ts';
import { formulaValue } from '../graph/formulas.ts';
import type { DataShapes } from '../layers/defineLayer.ts';
import { requiredPorts } from '../layers/ports.ts';
import { findLayer } from '../layers/registry.ts';
import type { NodeInference } from './infer.ts';
import { insertBefore } from './validateNode.ts';

/** What rules about the whole document read. */
export interface GraphFacts extends Wiring {
  readonly document: GraphDocument;
  readonly data: DataShapes;
  readonly nodes: Readonly<Record<string, NodeInference>>;
  /** Nodes that lead to a loss; all, if there is none. */
  readonly used: ReadonlySet<NodeId>;
}

const NO_INPUT: Diagnostic = {
  id: 'no-input',
  severity: 'error',
  message: 'The model has no Input: add one, it brings in the data set.',
  fixes: [],
};
const NO_LOSS: Diagnostic = {
  id: 'no-loss',
  severity: 'error',
  message: 'The model has no loss to train on: add one, such as CrossEntropyLoss for classes.',
  fixes: [],
};

/** What is missing in the document as a whole. */
export function wholeProblems(nodes: readonly NodeInference[]): readonly Diagnostic[] {
  const has = (role: string): boolean => nodes.some(({ definition }) => definition?.role === role);
  return [...(has('input') ? [] : [NO_INPUT]), ...(has('loss') ? [] : [NO_LOSS])];
}

/** Rules about where a node stands, which its layer can't see by itself. */
export function nodeProblems(facts: GraphFacts, node: GraphNode): Diagnostic[] {
  return node.formulas ? [...badFormulas(facts, node), ...badPlace(facts, node)] : badPlace(facts, node);
}

/** Formulas that come to nothing, or to nothing that the parameter can be. */
function badFormulas({ document: { constants = {}, blocks } }: GraphFacts, node: GraphNode): Diagnostic[] {
  return Object.entries(node.formulas ?? {}).flatMap(([parameter, formula]): Diagnostic[] => {
    const result = formulaValue(node, parameter, formula, constants);
    if ('value' in result) return [];
    return [
      {
        id: 'bad-formula',
        severity: 'error',
        message: `The formula for ${parameter} of ${nodeLabel(node, blocks)}: ${result.problem}.`,
        node: node.id,
        parameter,
        ...(result.column !== undefined && { column: result.column }),
        fixes: [
          {
            label: `Keep ${parameter} as it is`,
            change: { kind: 'setFormula', node: node.id, parameter, formula: undefined },
          },
        ],
      },
    ];
  });
}

function badPlace(facts: GraphFacts, node: GraphNode): Diagnostic[] {
  const { nodes, incoming, used } = facts;
  const entry = nodes[node.id]!;
  const severity = used.has(node.id) ? 'error' : 'warning';
  const label = nodeLabel(node, facts.document.blocks);
  const remove = (): QuickFix => ({
    label: `Remove ${label}`,
    change: removeAndHeal(facts.document, node.id, facts),
  });
  const { definition } = entry;
  if (!definition) {
    const known = findLayer(node.type);
    const message =
      node.type === BLOCK
        ? `The block "${node.block}" is not in this document. The node is kept as it is; replace it to train the model.`
        : known
          ? `${label} is version ${node.version} of ${node.type}, but this program knows version ${known.version}: update Gradloom. Nothing of it is lost.`
          : `This program knows no layer "${node.type}". The node is kept as it is; replace it to train the model.`;
    return [{ id: 'unknown-layer', severity, message, node: node.id, fixes: [remove()] }];
  }
  const inside = node.id.includes('.');
  if (inside ? definition.role !== 'layer' : isPort(node)) {
    const message = inside ? `${label} belongs outside of blocks.` : `${label} belongs inside of a block.`;
    return [{ id: 'misplaced-layer', severity: 'error', message, node: node.id, fixes: [remove()] }];
  }
  // Whether something is joined to a block's input is said of its use.
  if (node.type === BLOCK_INPUT) return [];
  const required = requiredPorts(definition.inputs);
  const open = required.filter(({ name }) => !incoming.get(node.id)?.some(({ target }) => target.port === name));
  if (open.length > 0) {
    const ports = required.length === 1 ? 'its input' : open.map(({ name }) => `"${name}"`).join(' and ');
    const message = `${label} is not connected: draw a wire to ${ports}.`;
    return [{ id: 'unconnected-input', severity, message, node: node.id, fixes: [remove()] }];
  }
  if (!used.has(node.id)) {
    if (isPort(node)) return [];
    const message = `${label} does not lead to a loss, so it is left out of training.`;
    return [{ id: 'unused-node', severity, message, node: node.id, fixes: [remove()] }];
  }
  return definition.role === 'loss' ? beforeLoss(facts, node, entry) : [];
}

/** The node itself, or, where it is a port of a block, the layer that the data behind it comes from. */
function layerAt({ document, incoming }: GraphFacts, id: NodeId): GraphNode | undefined {
  let node = document.nodes[id];
  while (node && isPort(node)) node = document.nodes[incoming.get(node.id)?.[0]?.source.node ?? ('' as NodeId)];
  return node;
}

/** Layers that are a mistake right before a loss, and those that are missing there. */
function beforeLoss(facts: GraphFacts, node: GraphNode, { definition, sources }: NodeInference): Diagnostic[] {
  const before = sources[0] && layerAt(facts, sources[0].node);
  if (!before || !definition) return [];
  const reason = definition.unsuitable?.[before.type];
  if (reason !== undefined) {
    return [
      {
        id: 'unsuitable-layer',
        severity: 'warning',
        message: reason,
        node: before.id,
        fixes: [
          {
            label: `Remove ${nodeLabel(before, facts.document.blocks)}`,
            change: removeAndHeal(facts.document, before.id, facts),
          },
        ],
      },
    ];
  }
  const { wants } = definition;
  if (!wants || wants.layers.includes(before.type) || !findLayer(before.type)) return [];
  const label = `Insert ${wants.insert} before ${nodeLabel(node, facts.document.blocks)}`;
  const fix = insertBefore(facts, node.id, { layer: wants.insert, label });
  return [
    {
      id: 'missing-layer',
      severity: 'warning',
      message: wants.message,
      node: node.id,
      fixes: fix ? [fix] : [],
    },
  ];
}
