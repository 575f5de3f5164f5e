import { describe, expect, it } from 'vitest';
import { allLayers } from '../engine/layers/registry.ts';
import { layerReference } from './layerReference.ts';

const page = layerReference();

describe('the reference of layers', () => {
  it.each(allLayers().map(({ type }) => type))('tells of %s', (type) => {
    const article = page.match(new RegExp(`<article id="${type}">.*?</article>`, 's'))?.[0] ?? '';
    expect(article).toContain('<code>');
    expect(article).toMatch(/Code: (PyTorch|not in PyTorch)[^.]*, TypeScript\./);
    for (const name of Object.keys(allLayers().find((layer) => layer.type === type)!.parameters)) {
      expect(article).toContain(`<td><code>${name}</code></td>`);
    }
  });

  it('says which setting a target lacks', () => {
    expect(page).toMatch(/<article id="Conv2d">.*?Code: PyTorch, Keras/s);
  });

  it('links only to what is there', () => {
    const targets = [...page.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id);
    for (const id of targets) expect(page).toContain(`id="${id}"`);
  });
});
