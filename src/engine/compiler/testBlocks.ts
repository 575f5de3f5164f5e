import { BLOCK, BLOCK_INPUT, BLOCK_OUTPUT } from '../graph/blocks.ts';
import {
  type BlockDefinition,
  blockId,
  DOCUMENT_VERSION,
  edgeId,
  type GraphDocument,
  type GraphNode,
  nodeId,
} from '../graph/document.ts';

type Wire = `${string}>${string}`;

/** Nodes and wires for tests: `wires` are written `conv1>relu1` or `a.output>add1.inputs`. */
export function testGraph(
  nodes: Readonly<Record<string, readonly [type: string, rest?: Partial<GraphNode>]>>,
  wires: readonly Wire[],
): Pick<GraphDocument, 'nodes' | 'edges'> {
  const port = (end: string, usual: string) => {
    const [node, name = usual] = end.split('.');
    return { node: nodeId(node!), port: name };
  };
  return {
    nodes: Object.fromEntries(
      Object.entries(nodes).map(([id, [type, rest]], i) => [
        id,
        { id: nodeId(id), type, version: 1, parameters: {}, position: { x: 260 * i, y: 0 }, ...rest },
      ]),
    ),
    edges: Object.fromEntries(
      wires.map((wire, i) => {
        const [from, to] = wire.split('>');
        const id = edgeId(`e${i + 1}`);
        return [id, { id, source: port(from!, 'output'), target: port(to!, 'input') }];
      }),
    ),
  };
}

/** Two convolutions with a way around them; `channels` is what both give. */
export const residual: BlockDefinition = {
  id: blockId('residual'),
  name: 'Residual',
  ...testGraph(
    {
      in: [BLOCK_INPUT],
      conv1: ['Conv2d', { parameters: { outChannels: 8, padding: [1, 1] } }],
      relu1: ['ReLU'],
      conv2: ['Conv2d', { parameters: { outChannels: 8, padding: [1, 1] } }],
      add: ['Add'],
      out: [BLOCK_OUTPUT],
    },
    ['in>conv1', 'conv1>relu1', 'relu1>conv2', 'conv2>add.inputs', 'in>add.inputs', 'add>out'],
  ),
  parameters: {
    channels: ['conv1', 'conv2'].map((id) => ({ node: nodeId(id), parameter: 'outChannels' })),
  },
};

/** Input, a convolution, `residual` three times, a classifier. */
export function residualDocument(
  use: GraphNode['parameters'] = { repeat: 3 },
  blocks: readonly BlockDefinition[] = [residual],
): GraphDocument {
  return {
    format: 'gradloom',
    version: DOCUMENT_VERSION,
    name: 'test',
    ...testGraph(
      {
        input: ['Input'],
        stem: ['Conv2d', { parameters: { outChannels: 8 } }],
        body: [BLOCK, { block: blockId('residual'), parameters: use }],
        flatten: ['Flatten'],
        scores: ['Linear', { parameters: { outFeatures: 10 } }],
        loss: ['CrossEntropyLoss'],
      },
      ['input>stem', 'stem>body.in', 'body.out>flatten', 'flatten>scores', 'scores>loss'],
    ),
    blocks: Object.fromEntries(blocks.map((block) => [block.id, block])),
    training: { optimizer: { type: 'Adam', parameters: { lr: 0.001 } }, epochs: 3, batchSize: 64, seed: 1 },
    data: { dataset: 'mnist' },
  };
}
