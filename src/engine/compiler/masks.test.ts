import { describe, expect, it } from 'vitest';
import { apply } from '../graph/changes.ts';
import { edgeId, type GraphDocument, nodeId } from '../graph/document.ts';
import { input, layers } from '../model/layers.ts';
import { model } from '../model/model.ts';
import type { SymbolicTensor } from '../model/symbolic.ts';
import { inferGraph } from './infer.ts';
import { canConnect } from './validateConnection.ts';

const digits = { sample: [1, 28, 28], classes: 10 };
const text = { sample: [12], classes: 5, vocabulary: 5 };

/** Rows of a digit, read by a layer that may have a mask. */
function rows(mask: (rows: SymbolicTensor) => SymbolicTensor | undefined): GraphDocument {
  const sequence = layers.Reshape(input(), { shape: [28, 28] });
  const given = mask(sequence);
  const state = layers.LSTM(sequence, { hiddenSize: 8, ...(given && { mask: given }) });
  return model({ loss: layers.CrossEntropyLoss(layers.Linear(state, { outFeatures: 10 })) });
}

describe('optional ports', () => {
  it('may be left open', () => {
    const open = rows(() => undefined);
    expect(inferGraph(open, digits).diagnostics).toEqual([]);
    expect(inferGraph(open, digits).nodes.lstm1!.ports).toEqual(['input']);
  });

  it('come after the others, whatever was joined first', () => {
    const document = rows((x) => layers.PaddingMask(x));
    const edges = Object.fromEntries(Object.entries(document.edges).reverse()) as GraphDocument['edges'];
    for (const each of [document, { ...document, edges }]) {
      const inference = inferGraph(each, digits);
      expect(inference.diagnostics).toEqual([]);
      expect(inference.nodes.lstm1!.ports).toEqual(['input', 'mask']);
      expect(inference.nodes.lstm1!.inputs).toEqual([[28, 28], [28]]);
    }
  });

  it('tell what is joined to them but does not fit, and mend it', () => {
    const document = rows((x) => x);
    const [problem] = inferGraph(document, digits).diagnostics;
    expect(problem!.message).toBe('"mask" of LSTM expects one number for each of 28 steps and receives 28×28.');
    const mended = apply(document, problem!.fixes[0]!.change);
    expect(inferGraph(mended, digits).diagnostics).toEqual([]);
    const wire = Object.values(mended.edges).find(({ target }) => target.port === 'mask');
    expect(mended.nodes[wire!.source.node]!.type).toBe('PaddingMask');
  });

  it('turn ids into a mask', () => {
    const ids = input();
    const state = layers.GRU(layers.Embedding(ids, { embeddingDim: 3 }), { hiddenSize: 4, mask: ids });
    const document = model({ loss: layers.CrossEntropyLoss(layers.Linear(state, { outFeatures: 5 })) });
    const [problem] = inferGraph(document, text).diagnostics;
    expect(problem!.message).toMatch(/"mask" of GRU expects a mask and receives ids/);
    expect(inferGraph(apply(document, problem!.fixes[0]!.change), text).diagnostics).toEqual([]);
  });

  it('take a wire that fits, beside what is joined already', () => {
    const document = rows(() => undefined);
    const mask = { id: nodeId('mask'), type: 'PaddingMask', version: 1, parameters: {}, position: { x: 0, y: 0 } };
    const reshape = Object.values(document.nodes).find(({ type }) => type === 'Reshape')!;
    const joined = apply(document, {
      kind: 'group',
      changes: [
        { kind: 'addNode', node: mask },
        {
          kind: 'addEdge',
          edge: {
            id: edgeId('m'),
            source: { node: reshape.id, port: 'output' },
            target: { node: mask.id, port: 'input' },
          },
        },
      ],
    });
    const inference = inferGraph(joined, digits);
    const port = { node: nodeId('lstm1'), port: 'mask' };
    expect(canConnect(joined, { node: mask.id, port: 'mask' }, port, inference)).toEqual({ ok: true });
    const wrong = canConnect(joined, { node: reshape.id, port: 'output' }, port, inference);
    expect(wrong).toMatchObject({ ok: true, warning: expect.stringMatching(/"mask" of LSTM/) });
    const input = canConnect(
      joined,
      { node: mask.id, port: 'mask' },
      { node: nodeId('lstm1'), port: 'input' },
      inference,
    );
    expect(input).toMatchObject({ ok: false });
  });

  it('are asked for by name in the TypeScript API', () => {
    const x = layers.Reshape(input(), { shape: [28, 28] });
    // @ts-expect-error: Linear has no such input, and the types say so
    expect(() => layers.Linear(x, { mask: x })).toThrow(/Linear has no optional input "mask"/);
    expect(() => layers.LSTM([x, x])).toThrow(/takes 1 input, got 2/);
  });
});
