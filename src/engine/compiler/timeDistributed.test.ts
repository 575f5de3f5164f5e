import { describe, expect, it } from 'vitest';
import fixtures from '../../../conformance/timeDistributed/fixtures.json' with { type: 'json' };
import type { Backend } from '../backends/backend.ts';
import { createReferenceBackend } from '../backends/reference/referenceBackend.ts';
import { createBackend } from '../backends/select.ts';
import { createWasmBackend } from '../backends/wasm/wasmBackend.ts';
import { testGpu } from '../backends/webgpu/testDevice.ts';
import { eager } from '../eager/eager.ts';
import { apply } from '../graph/changes.ts';
import { type GraphDocument, type NodeId, nodeId } from '../graph/document.ts';
import { input, layers } from '../model/layers.ts';
import { model } from '../model/model.ts';
import type { SymbolicTensor } from '../model/symbolic.ts';
import { timeDistributed } from '../model/timeDistributed.ts';
import { inferGraph } from './infer.ts';
import { graphInside } from './inside.ts';

const { gpu } = await testGpu();
const backends: [string, () => Promise<Backend>][] = [
  ['reference', async () => createReferenceBackend()],
  ['wasm', () => createWasmBackend()],
  ...(gpu ? [['webgpu', () => createBackend('webgpu', gpu)] as [string, () => Promise<Backend>]] : []),
];

const data = { sample: fixtures.sample, classes: 0 };

const features = (frame: SymbolicTensor): SymbolicTensor => {
  const seen = layers.BatchNorm2d(layers.Conv2d(frame, { outChannels: 2, kernelSize: [2, 2], name: 'conv' }), {
    name: 'norm',
  });
  return layers.Linear(layers.Flatten(layers.Tanh(seen)), { outFeatures: 3, name: 'fc' });
};

const penalized = (x: SymbolicTensor): GraphDocument => model({ loss: layers.LossTerm(x, { of: 'square' }) });

const frames = (): GraphDocument => penalized(timeDistributed(input(), features));

const messages = (document: GraphDocument, shape = fixtures.sample): string[] =>
  inferGraph(document, { sample: shape, classes: 0 }).diagnostics.map(({ message }) => message);

describe.each(backends)('a block for each step on %s', (_, create) => {
  it("gives PyTorch's numbers and gradients", async () => {
    const g = await eager(await create());
    const document = frames();
    const prefix = 'block1.0.';
    const given = Object.entries(fixtures.weights).map(([name, values]) => ({
      name: `${prefix}${name}`,
      shape: [values.length],
      data: Float32Array.from(values),
    }));
    const net = g.model(document, data, given);
    const samples = g.tensor(Float32Array.from(fixtures.frames), { shape: [fixtures.batch, ...fixtures.sample] });
    const pass = net.forward(samples, undefined, 'evaluate');
    const close = async (tensor: { data(): Promise<ArrayLike<number>> } | undefined, wanted: readonly number[]) => {
      const values = [...Array.from(await tensor!.data())];
      expect(values).toHaveLength(wanted.length);
      for (const [i, value] of values.entries()) expect(value).toBeCloseTo(wanted[i]!, 5);
    };
    const output = pass.nodes.get(`${prefix}blockoutput1`)![0]!;
    expect(output.shape).toEqual([fixtures.batch, 3, 3]);
    await close(output, fixtures.outputs);
    expect(await pass.loss!.item()).toBeCloseTo(fixtures.loss, 5);
    pass.loss!.backward();
    for (const [name, gradient] of Object.entries(fixtures.gradients)) {
      await close(net.weights.get(`${prefix}${name}`)!.grad, gradient);
    }
  });
});

describe('a block for each step', () => {
  it('takes sequences and gives them, and counts all steps', () => {
    const { nodes, diagnostics, totals } = inferGraph(frames(), data);
    expect(diagnostics).toEqual([]);
    expect(nodes.block1!.inference!.outputs).toEqual([[3, 3]]);
    const once = inferGraph(penalized(features(input())), { sample: [1, 3, 4], classes: 0 }).totals;
    expect(totals).toEqual({ parameters: once.parameters, multiplyAdds: 3 * once.multiplyAdds });
    expect(nodes.block1!.inference!.multiplyAdds).toBe(totals.multiplyAdds);
  });

  it('shows the shapes of one step inside', () => {
    const document = frames();
    const inside = graphInside(document, inferGraph(document, data), [nodeId('block1')]).inference;
    expect(inside.nodes.blockinput1!.inference!.outputs[0]).toEqual([1, 3, 4]);
    expect(inside.nodes.blockinput1!.definition!.outputs).toHaveLength(1);
    expect(inside.nodes.blockoutput1!.inputs).toEqual([[3]]);
    expect(inside.nodes.conv!.inputs).toEqual([[1, 3, 4]]);
  });

  it('can be repeated, and be inside of another', () => {
    const wide = timeDistributed(input(), (step) => layers.Linear(step, { outFeatures: 4 }));
    const document = penalized(wide);
    const thrice = apply(document, { kind: 'setParameter', node: nodeId('block1'), parameter: 'repeat', value: 3 });
    const { nodes, diagnostics } = inferGraph(thrice, { sample: [5, 4], classes: 0 });
    expect(diagnostics).toEqual([]);
    expect(nodes.block1!.inference).toMatchObject({ outputs: [[5, 4]], multiplyAdds: 3 * 5 * 16 });

    const nested = timeDistributed(input(), (video) => timeDistributed(video, (step) => layers.Linear(step)));
    const inner = inferGraph(penalized(nested), { sample: [2, 5, 4], classes: 0 });
    expect(inner.diagnostics).toEqual([]);
    expect(inner.nodes.block1!.inference!.outputs).toEqual([[2, 5, 128]]);
    expect(inner.totals.multiplyAdds).toBe(2 * 5 * 4 * 128);
  });

  it('takes several sequences of as many steps', () => {
    const both = (start: readonly [number, number], sizes: readonly [number, number]) => {
      const x = input();
      const [a, b] = [0, 1].map((i) => layers.Slice(x, { dim: 1, start: start[i]!, length: sizes[i]! }));
      const sums = timeDistributed([a!, b!], (first, second) => [
        layers.Add([first!, second!]),
        layers.Multiply([first!, second!]),
      ]);
      return penalized(layers.Concat([...sums.outputs], { dim: 2 }));
    };
    expect(messages(both([0, 2], [2, 2]), [4, 3])).toEqual([]);
    expect(messages(both([0, 2], [3, 2]), [5, 3])).toContainEqual(
      expect.stringMatching(/needs as many steps at all of its inputs and receives 3 and 2/),
    );
  });

  it('says what it can not be', () => {
    expect(messages(frames(), [12])).toContainEqual(expect.stringMatching(/at least two axes .* and receives 12/));
    const outer = input();
    expect(() => penalized(timeDistributed(outer, () => outer))).toThrow(/nothing but the steps/);
    expect(() => timeDistributed(outer, () => [])).toThrow(/gives nothing/);
  });

  it('is set at a use: the same block can stand for whole samples elsewhere', () => {
    const document = frames();
    const off = apply(document, {
      kind: 'setParameter',
      node: 'block1' as NodeId,
      parameter: 'timeDistributed',
      value: false,
    });
    expect(messages(off, [1, 3, 4])).toEqual([]);
  });
});
