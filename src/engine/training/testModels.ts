import type { Dataset, Split } from '../data/dataset.ts';
import { DOCUMENT_VERSION, edgeId, type GraphDocument, nodeId, type ParameterValue } from '../graph/document.ts';
import { philoxUniforms } from '../kernels/philox.ts';
import { findLayer } from '../layers/registry.ts';

/** Two noisy groups of points in the plane, for tests that must learn something in few steps. */
export function groups(train: number, test: number): Dataset {
  const split = (count: number, step: number): Split => {
    const noise = philoxUniforms(2 * count, 7, step, 0);
    const labels = Int32Array.from({ length: count }, (_, i) => i % 2);
    const inputs = noise.map((u, i) => u - 0.5 + (labels[i >> 1] === 1 ? 0.6 : -0.6));
    return { count, inputs, labels };
  };
  return {
    id: 'groups',
    title: 'Groups',
    sample: [2],
    classes: ['low', 'high'],
    train: split(train, 1),
    test: split(test, 2),
  };
}

/** A chain of layers as a document; each entry is a type and its parameters. Nodes are called n0, n1, … */
export function chain(
  layers: readonly (readonly [string, Readonly<Record<string, ParameterValue>>])[],
  training: Partial<GraphDocument['training']> = {},
): GraphDocument {
  const nodes = layers.map(([type, parameters], i) => {
    const version = findLayer(type)?.version ?? 1;
    return { id: nodeId(`n${i}`), type, version, parameters, position: { x: 260 * i, y: 0 } };
  });
  const edges = nodes.slice(1).map((node, i) => {
    const output = findLayer(nodes[i]!.type)?.outputs[0]?.name ?? 'output';
    const input = findLayer(node.type)?.inputs[0]?.name ?? 'input';
    return {
      id: edgeId(`e${i}`),
      source: { node: nodes[i]!.id, port: output },
      target: { node: node.id, port: input },
    };
  });
  return {
    format: 'gradloom',
    version: DOCUMENT_VERSION,
    blocks: {},
    name: 'chain',
    nodes: Object.fromEntries(nodes.map((node) => [node.id, node])),
    edges: Object.fromEntries(edges.map((edge) => [edge.id, edge])),
    training: { optimizer: { type: 'Adam', parameters: { lr: 0.01 } }, epochs: 2, batchSize: 16, seed: 1, ...training },
    data: { dataset: 'groups' },
  };
}
