import { describe, expect, it } from 'vitest';
import type { GraphDocument } from '../graph/document.ts';
import { input, layers } from '../model/layers.ts';
import { model } from '../model/model.ts';
import { CODE_TARGETS, type DatasetInfo, generateCode } from './generate.ts';

const DIGITS: DatasetInfo = { id: 'digits', title: 'Digits', sample: [1, 28, 28], classes: [...'0123456789'] };

/** Reads the rows of a digit that are not blank. */
const recurrent = (): GraphDocument => {
  const rows = layers.Reshape(input(), { shape: [28, 28] });
  const mask = layers.PaddingMask(rows);
  const states = layers.GRU(rows, { hiddenSize: 16, output: 'sequence', mask });
  const state = layers.LSTM(states, { hiddenSize: 16, bidirectional: true, mask });
  return model({ name: 'Masked rows', loss: layers.CrossEntropyLoss(layers.Linear(state, { outFeatures: 10 })) });
};

/** Attention to the rows that are not blank, with rotary places. */
const attention = (): GraphDocument => {
  const rows = layers.Reshape(input(), { shape: [28, 28] });
  const keyMask = layers.PaddingMask(rows);
  const seen = layers.MultiheadAttention(rows, { numHeads: 2, rotary: true, causal: true, keyMask });
  const crossed = layers.MultiheadAttention([seen, rows], { numHeads: 4, causal: true, keyMask });
  return model({
    name: 'Masked attention',
    loss: layers.CrossEntropyLoss(layers.Linear(layers.Flatten(crossed), { outFeatures: 10 })),
  });
};

describe('code of masked layers', () => {
  const cases = [
    ['masked-rows', recurrent],
    ['masked-attention', attention],
  ] as const;
  it.each(cases.flatMap(([name, make]) => CODE_TARGETS.map((target) => [name, target, make] as const)))(
    'is as before for %s in %s',
    async (name, target, make) => {
      const { files, main } = generateCode(make(), target, DIGITS);
      const text = files.find(({ path }) => path === main)!.text;
      await expect(text).toMatchFileSnapshot(`snapshots/${name}.${target}.txt`);
      if (target !== 'typescript') return;
      const body = text.slice(text.indexOf("'./data.js';\n") + 13, text.indexOf('const { values: args }'));
      const made = new Function('input', 'layers', 'model', `${body}\nreturn network;`)(input, layers, model);
      expect([made.nodes, made.edges]).toEqual([make().nodes, make().edges]);
    },
  );

  it('tells the masks of encoders and decoders apart in PyTorch, and refuses these for Keras', () => {
    const rows = layers.Reshape(input(), { shape: [28, 28] });
    const mask = layers.PaddingMask(rows);
    const memory = layers.TransformerEncoderLayer(rows, { mask });
    const decoded = layers.TransformerDecoderLayer([rows, memory], { memoryMask: mask });
    const both = layers.TransformerDecoderLayer([decoded, memory], { targetMask: mask, memoryMask: mask });
    const document = model({ loss: layers.CrossEntropyLoss(layers.Linear(layers.Flatten(both), { outFeatures: 10 })) });
    const [code = ''] = generateCode(document, 'pytorch', DIGITS).files.map(({ text }) => text);
    expect(code).toMatch(/self\.encoder\(x, src_key_padding_mask=y == 0\)/);
    expect(code).toMatch(/self\.decoder1\(.*float\("-inf"\).*, memory_key_padding_mask=y == 0\)/);
    expect(code).toMatch(
      /self\.decoder2\(.*dtype=torch\.bool.*, tgt_key_padding_mask=y == 0, memory_key_padding_mask=y == 0\)/,
    );
    expect(() => generateCode(document, 'keras', DIGITS)).toThrow(/Keras can't express TransformerEncoderLayer/);
  });
});
