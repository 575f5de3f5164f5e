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

describe('code of masked layers', () => {
  it.each(CODE_TARGETS)('is as before for %s', async (target) => {
    const { files, main } = generateCode(recurrent(), target, DIGITS);
    const text = files.find(({ path }) => path === main)!.text;
    await expect(text).toMatchFileSnapshot(`snapshots/masked-rows.${target}.txt`);
    if (target !== 'typescript') return;
    const body = text.slice(text.indexOf("'./data.js';\n") + 13, text.indexOf('const { values: args }'));
    const made = new Function('input', 'layers', 'model', `${body}\nreturn network;`)(input, layers, model);
    expect([made.nodes, made.edges]).toEqual([recurrent().nodes, recurrent().edges]);
  });
});
