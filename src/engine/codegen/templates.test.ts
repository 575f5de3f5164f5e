import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { loadManifest } from '../data/loadDataset.ts';
import { allTemplates } from '../templates/registry.ts';
import { CODE_TARGETS, generateCode } from './generate.ts';

const manifest = await loadManifest((file) => readFile(new URL(`../../../public/datasets/${file}`, import.meta.url)));

/** Templates with a layer that a target has no like of: asking for that code says so. */
const ONE_FRAMEWORK = new Set(['vae keras', 'vision-transformer keras', 'dcgan keras']);

describe.each(allTemplates())('template $id', ({ id, build }) => {
  it.each(CODE_TARGETS)('gives the %s code that was reviewed', async (target) => {
    const document = build();
    const data = manifest.find((entry) => entry.id === document.data.dataset)!;
    if (ONE_FRAMEWORK.has(`${id} ${target}`)) {
      expect(() => generateCode(document, target, data)).toThrow(/^Keras can't express|^Keras has one optimizer/);
      return;
    }
    const { files, main } = generateCode(document, target, data);
    for (const { path, text } of files) {
      // Those of the same name differ between templates in a word or two: the main file is what matters.
      if (path === main) await expect(text).toMatchFileSnapshot(`snapshots/${id}.${target}.txt`);
    }
  });
});
