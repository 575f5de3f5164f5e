import { expect, it } from 'vitest';
import { allLayers } from '../../engine/layers/registry.ts';
import { byCategory } from './paletteOrder.ts';

it('shows every layer once, in its category, what most models are made of first', () => {
  const groups = byCategory(allLayers());
  const shown = groups.flatMap(({ layers }) => layers.map(({ type }) => type));
  expect([...shown].sort()).toEqual(
    allLayers()
      .map(({ type }) => type)
      .sort(),
  );
  const inOrder = new Map(groups.map(({ category, layers }) => [category, layers.map(({ type }) => type)]));
  expect(inOrder.get('Core')?.slice(0, 6)).toEqual([
    'Linear',
    'Flatten',
    'Dropout',
    'Reshape',
    'Embedding',
    'AlphaDropout',
  ]);
  expect(inOrder.get('Loss')?.[0]).toBe('CrossEntropyLoss');
  for (const { category, layers } of groups) for (const layer of layers) expect(layer.category).toBe(category);
});

it('has no group for a category of which there is no layer', () => {
  const layers = [{ type: 'Add', category: 'Joining' as const }];
  expect(byCategory(layers)).toEqual([{ category: 'Joining', layers }]);
});
