import { describe, expect, it } from 'vitest';
import { repeatedNodes } from '../compiler/expand.ts';
import { placedBlock } from '../compiler/inferBlocks.ts';
import { bundleData, parseBundle } from '../graph/blockBundle.ts';
import { completeParameters } from '../layers/parameters.ts';
import { allBlocks } from './registry.ts';

describe.each(allBlocks())('the block $title', ({ title, summary, sample, build, parameters: given = {} }) => {
  const bundle = build();
  const block = bundle.blocks[bundle.root]!;
  const placed = placedBlock(block, bundle.blocks);
  const parameters = completeParameters(placed.parameters, given);

  it('is the same each time, survives JSON and says what it is for', () => {
    expect(build()).toEqual(bundle);
    expect(parseBundle(JSON.parse(JSON.stringify(bundleData(bundle))))).toEqual(bundle);
    expect(block.name).toBe(title);
    expect(summary).toMatch(/\.$/);
  });

  it('fits its sample, and exposes what its layers have', () => {
    const { outputs, weights } = placed.infer(sample, parameters, { sample: [1], classes: 0 });
    expect(outputs).toHaveLength(placed.outputs.length);
    expect(weights.length).toBeGreaterThan(0);
    expect(Object.keys(placed.parameters).filter((name) => !['repeat', 'timeDistributed'].includes(name))).toEqual(
      Object.keys(block.parameters),
    );
    for (const targets of Object.values(block.parameters)) {
      for (const { node, parameter } of targets) expect(block.nodes[node]!.parameters).toHaveProperty(parameter);
    }
  });

  it('can be repeated where what comes out has the form of what goes in', () => {
    const once = placed.infer(sample, parameters, { sample: [1], classes: 0 });
    const same = JSON.stringify(once.outputs) === JSON.stringify(sample);
    expect(repeatedNodes(block, { ...parameters, repeat: 3 }).repeat).toBe(
      sample.length === once.outputs.length ? 3 : 1,
    );
    if (!same) return;
    const thrice = placed.infer(sample, { ...parameters, repeat: 3 }, { sample: [1], classes: 0 });
    expect(thrice.weights).toHaveLength(3 * once.weights.length);
    expect(thrice.outputs).toEqual(once.outputs);
  });
});
