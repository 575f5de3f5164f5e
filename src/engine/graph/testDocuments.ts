import fc from 'fast-check';
import {
  DOCUMENT_VERSION,
  type EdgeId,
  edgeId,
  type GraphDocument,
  type GraphEdge,
  type GraphNode,
  type NodeId,
  nodeId,
} from './document.ts';

/** A chain of layers for tests: node `n0` reads nothing, each other reads from the one before. */
export function chainDocument(
  ...layers: readonly (readonly [type: string, parameters?: GraphNode['parameters']])[]
): GraphDocument {
  const nodes = layers.map(
    ([type, parameters = {}], i): GraphNode => ({
      id: nodeId(`n${i}`),
      type,
      version: 1,
      parameters,
      position: { x: 260 * i, y: 0 },
    }),
  );
  const edges = nodes.slice(1).map(
    ({ id, type }, i): GraphEdge => ({
      id: edgeId(`e${i + 1}`),
      source: { node: nodeId(`n${i}`), port: 'output' },
      target: { node: id, port: ['Add', 'Concat'].includes(type) ? 'inputs' : 'input' },
    }),
  );
  return {
    format: 'gradloom',
    version: DOCUMENT_VERSION,
    blocks: {},
    name: 'test',
    nodes: Object.fromEntries(nodes.map((node) => [node.id, node])) as Record<NodeId, GraphNode>,
    edges: Object.fromEntries(edges.map((edge) => [edge.id, edge])) as Record<EdgeId, GraphEdge>,
    training: { optimizer: { type: 'Adam', parameters: { lr: 0.001 } }, epochs: 3, batchSize: 64, seed: 1 },
    data: { dataset: 'mnist' },
  };
}

const value = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((x) => x + 0),
  fc.boolean(),
  fc.string({ maxLength: 20 }),
  fc.constant(null),
  fc.array(fc.integer(), { maxLength: 8 }),
);
const parameters = fc.dictionary(
  fc.string({ maxLength: 12 }).filter((key) => key !== '__proto__'),
  value,
  { maxKeys: 4, noNullPrototype: true },
);
const place = fc.double({ min: -1e6, max: 1e6, noNaN: true }).map((x) => x + 0);
const id = fc.stringMatching(/^[a-z][a-z0-9_-]{0,8}$/).filter((text) => !(text in Object.prototype));
const title = fc.string({ unit: 'grapheme', maxLength: 20 }).map((text) => text.replace(/[\p{Cc}\u2028\u2029]/gu, ''));
const type = fc.constantFrom('Input', 'Linear', 'Conv2d', 'Add', 'ReLU', 'CrossEntropyLoss', 'FromTheFuture');

/** Any document that may be saved: layers known and unknown, wires that make sense and wires that don't. */
export const anyDocument: fc.Arbitrary<GraphDocument> = fc
  .tuple(fc.uniqueArray(id, { maxLength: 8 }), fc.uniqueArray(id, { maxLength: 8 }), title)
  .chain(([nodeIds, edgeIds, name]) => {
    const port = fc.record({
      node: nodeIds.length > 0 ? fc.constantFrom(...nodeIds) : fc.constant(''),
      port: fc.constantFrom('input', 'inputs', 'output', 'nonsense'),
    });
    const node = (key: string) =>
      fc.record(
        {
          id: fc.constant(key),
          type,
          version: fc.constant(1),
          parameters,
          position: fc.record({ x: place, y: place }),
          name: title,
          frozen: fc.constant(true),
          initial: fc.record({ type: fc.constantFrom('Orthogonal', 'Unknown'), parameters }),
        },
        { requiredKeys: ['id', 'type', 'version', 'parameters', 'position'] },
      );
    const edge = (key: string) => fc.record({ id: fc.constant(key), source: port, target: port });
    const wires = nodeIds.length > 0 ? edgeIds : [];
    return fc
      .record({
        format: fc.constant('gradloom'),
        version: fc.constant(DOCUMENT_VERSION),
        blocks: fc.constant({}),
        name: fc.constant(name),
        nodes: fc.tuple(...nodeIds.map(node)).map((nodes) => Object.fromEntries(nodes.map((each) => [each.id, each]))),
        edges: fc.tuple(...wires.map(edge)).map((edges) => Object.fromEntries(edges.map((each) => [each.id, each]))),
        training: fc.record(
          {
            optimizer: fc.record({ type: fc.constantFrom('Adam', 'SGD', 'Unknown'), parameters }),
            epochs: fc.integer({ min: 1, max: 1000 }),
            batchSize: fc.integer({ min: 1, max: 4096 }),
            seed: fc.nat(),
            schedule: fc.record({ type: fc.constantFrom('StepLR', 'Unknown'), parameters }),
            options: parameters,
          },
          { requiredKeys: ['optimizer', 'epochs', 'batchSize', 'seed'] },
        ),
        data: fc.record({ dataset: fc.constantFrom('mnist', 'moons') }),
      })
      .map((document) => document as unknown as GraphDocument);
  });
