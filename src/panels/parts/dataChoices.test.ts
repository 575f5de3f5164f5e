import { describe, expect, it } from 'vitest';
import type { ManifestEntry } from '../../engine/data/manifest.ts';
import { datasetChoices } from './dataChoices.ts';

const moons: ManifestEntry = {
  id: 'moons',
  title: 'Moons',
  kind: 'generated',
  source: 'generated',
  licence: 'MIT',
  sample: [2],
  classes: ['upper', 'lower'],
  counts: { train: 1000, test: 200 },
};

describe('datasetChoices', () => {
  it('describes what there is', () => {
    expect(datasetChoices([moons], undefined, 'moons')).toEqual([
      {
        value: 'moons',
        title: 'Moons',
        description: '1,000 to train on, 200 to test; drawn from a seed, 2 classes',
        available: true,
      },
    ]);
  });

  it('keeps a data set that nobody knows in view, with what is wrong', () => {
    const [unknown, known] = datasetChoices([moons], undefined, 'cifar');
    expect(unknown).toMatchObject({ value: 'cifar', available: false });
    expect(unknown?.description).toContain('choose another');
    expect(known?.value).toBe('moons');
    expect(datasetChoices(undefined, 'manifest.json is damaged', 'moons')[0]?.description).toBe(
      'manifest.json is damaged',
    );
  });
});
