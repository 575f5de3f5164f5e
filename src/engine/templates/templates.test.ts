import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { inferGraph } from '../compiler/infer.ts';
import { dataShapes } from '../data/dataset.ts';
import { parseManifest } from '../data/manifest.ts';
import type { GraphDocument, GraphNode } from '../graph/document.ts';
import type { DataShapes } from '../layers/defineLayer.ts';
import { findOptimizer } from '../optimizers/registry.ts';
import { allTemplates, findTemplate } from './registry.ts';

const manifest = parseManifest(
  readFileSync(new URL('../../../public/datasets/manifest.json', import.meta.url), 'utf8'),
);

function dataOf({ data }: GraphDocument): DataShapes {
  return dataShapes(manifest.find(({ id }) => id === data.dataset)!);
}

describe('templates', () => {
  it('has the seed', () => {
    const seed = findTemplate('keras-cnn')!.build();
    const inference = inferGraph(seed, dataOf(seed));
    // 32·9 + 32 + 5408·128 + 128 + 128·10 + 10, as Keras' own summary says.
    expect(inference.totals.parameters).toBe(693_962);
    expect(seed.training).toEqual({
      optimizer: { type: 'Adam', parameters: { lr: 0.002 } },
      epochs: 3,
      batchSize: 16,
      seed: 0,
    });
  });

  for (const template of allTemplates()) {
    it(`${template.id} has no diagnostics`, () => {
      const document = template.build();
      const inference = inferGraph(document, dataOf(document));
      expect(inference.diagnostics).toEqual([]);
      const leading = new Set(inference.order.map((id) => id.split('.')[0]));
      expect(leading.size).toBe(Object.keys(document.nodes).length);
      expect(findOptimizer(document.training.optimizer.type)).toBeDefined();
      expect(template.expected.epochs).toBe(document.training.epochs);
    });

    it(`${template.id} is the same each time, and no node covers another`, () => {
      const document = template.build();
      expect(template.build()).toEqual(document);
      const nodes = Object.values(document.nodes) as GraphNode[];
      for (const a of nodes) {
        for (const b of nodes) {
          if (a === b) continue;
          const apart = Math.abs(a.position.x - b.position.x) >= 240 || Math.abs(a.position.y - b.position.y) >= 150;
          expect(apart, `${a.id} and ${b.id}`).toBe(true);
        }
      }
    });
  }
});
