import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { loadManifest } from '../data/loadDataset.ts';
import { allTemplates } from '../templates/registry.ts';
import { CODE_TARGETS, generateCode } from './generate.ts';

const manifest = await loadManifest((file) => readFile(new URL(`../../../public/datasets/${file}`, import.meta.url)));

describe.each(allTemplates())('template $id', ({ id, build }) => {
  it.each(CODE_TARGETS)('gives the %s code that was reviewed', async (target) => {
    const document = build();
    const data = manifest.find((entry) => entry.id === document.data.dataset)!;
    const { files, main } = generateCode(document, target, data);
    for (const { path, text } of files) {
      // Those of the same name differ between templates in a word or two: the main file is what matters.
      if (path === main) await expect(text).toMatchFileSnapshot(`snapshots/${id}.${target}.txt`);
    }
  });
});
