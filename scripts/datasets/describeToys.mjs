// Adds the generated 2-D sets to the manifest; the points themselves are drawn from a seed when they are used.
import { updateManifest } from './idxFiles.mjs';

const toy = (id, title) => ({
  id,
  title,
  kind: 'generated',
  source: 'Drawn from a seed by Gradloom',
  licence: 'MIT',
  sample: [2],
  classes: ['A', 'B'],
  counts: { train: 400, test: 100 },
});

updateManifest([toy('moons', 'Two moons'), toy('circles', 'Circles'), toy('spiral', 'Spiral'), toy('xor', 'XOR')]);
