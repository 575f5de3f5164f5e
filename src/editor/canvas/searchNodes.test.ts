import { expect, it } from 'vitest';
import { inferGraph } from '../../engine/compiler/infer.ts';
import { apply } from '../../engine/graph/changes.ts';
import { nodeId } from '../../engine/graph/document.ts';
import { chainDocument } from '../../engine/graph/testDocuments.ts';
import { searchNodes } from './searchNodes.ts';

const chain = chainDocument(
  ['Input'],
  ['Conv2d', { outChannels: 64 }],
  ['Conv2d', { outChannels: 32, kernelSize: [5, 5] }],
  ['Flatten'],
  ['Linear', { outFeatures: 64 }],
);
const document = apply(chain, { kind: 'nameNode', node: nodeId('n4'), name: 'Conversation' });
const inference = inferGraph(document, { sample: [1, 28, 28], classes: 10 });
const found = (query: string) => searchNodes(document, inference, query).map(({ id }) => id);

it.each([
  ['', ['n0', 'n1', 'n2', 'n3', 'n4']],
  ['conv', ['n4', 'n1', 'n2']],
  ['conv2d', ['n1', 'n2']],
  ['outchannels=64', ['n1']],
  ['64', ['n1', 'n4']],
  ['kernel:5', ['n2']],
  ['conv kernel:5', ['n2']],
  ['linear', ['n4']],
  ['no such layer', []],
])('finds by "%s"', (query, ids) => {
  expect(found(query)).toEqual(ids);
});
