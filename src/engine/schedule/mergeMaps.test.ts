import { expect, it } from 'vitest';
import { ProgramBuilder } from '../ir/builder.ts';
import { f32 } from '../ir/shape.ts';
import type { TypedArray, Value } from '../ir/types.ts';
import { interpretKernel } from '../kernels/interpret.ts';
import { opDefinition } from '../ops/registry.ts';
import { fuse } from './fuse.ts';
import { kernelGraph } from './kernelGraph.ts';

const x = Float32Array.from({ length: 12 }, (_, i) => Math.sin(i));

/** The kernels of a program over `x` [3, 4], with so many buffers a kernel, and what its outputs come to. */
function run(
  make: (builder: ProgramBuilder, x: Value) => readonly Value[],
  buffers = 8,
): { kernels: string[]; outputs: number[][] } {
  const builder = new ProgramBuilder(opDefinition);
  const input = builder.input('x', f32(3, 4));
  const results = make(builder, input);
  for (const [i, value] of results.entries()) builder.output(`out${i}`, value);
  const program = builder.build();
  const { nodes, operandOf } = fuse(program, kernelGraph(program), { concurrent: false, buffers });
  const values = new Map<number, TypedArray>([[input.id, x]]);
  for (const node of nodes) {
    // A node that reads what is made behind it fails here.
    const made = interpretKernel(
      node.spec,
      node.operands.map(({ root }) => values.get(root)!),
    );
    node.results.forEach(({ id }, k) => {
      values.set(id, Float32Array.from(made[k]!));
    });
  }
  return {
    kernels: nodes.map(({ ops, results: made }) => `${ops.join('+')}:${made.length}`),
    outputs: results.map((value) => [...values.get(operandOf(value).root)!]),
  };
}

const close = (given: readonly number[], wanted: readonly number[]): void => {
  expect(given).toHaveLength(wanted.length);
  for (const [i, value] of given.entries()) expect(value).toBeCloseTo(wanted[i]!, 5);
};

it('keeps the results of a map that others read beside those of its reader', () => {
  const { kernels, outputs } = run((builder, value) => {
    const y = builder.op('exp', [value]);
    return [builder.op('tanh', [y]), builder.op('sum', [y], { axes: [1], keepDims: false })];
  });
  expect(kernels).toEqual(['exp+tanh:2', 'sum:1']);
  close(
    outputs[0]!,
    [...x].map((value) => Math.tanh(Math.exp(value))),
  );
  close(
    outputs[1]!,
    [0, 1, 2].map((row) => [...x.subarray(4 * row, 4 * row + 4)].reduce((sum, value) => sum + Math.exp(value), 0)),
  );
});

it('leaves apart what waits for another kernel between', () => {
  const { kernels, outputs } = run((builder, value) => {
    const y = builder.op('exp', [value]);
    const total = builder.op('softmax', [builder.op('sum', [y], { axes: [0], keepDims: true })], { axis: 1 });
    return [builder.op('multiply', [builder.op('tanh', [y]), total])];
  });
  expect(kernels.at(0)).toBe('exp:1');
  const sums = [0, 1, 2, 3].map((column) => [0, 4, 8].reduce((sum, row) => sum + Math.exp(x[row + column]!), 0));
  const exps = sums.map((sum) => Math.exp(sum - Math.max(...sums)));
  const whole = exps.reduce((a, b) => a + b);
  close(
    outputs[0]!,
    [...x].map((value, i) => (Math.tanh(Math.exp(value)) * exps[i % 4]!) / whole),
  );
});

it('makes no kernel of more tensors than a device can bind', () => {
  const gates = (builder: ProgramBuilder, value: Value): Value[] => {
    const a = builder.op('exp', [value]);
    const b = builder.op('tanh', [a]);
    return [a, b, builder.op('sin', [builder.op('multiply', [a, b])])];
  };
  expect(run(gates, 4).kernels).toEqual(['exp+tanh+multiply+sin:3']);
  const few = run(gates, 3);
  expect(few.kernels.length).toBe(2);
  const { outputs } = run(gates, 4);
  for (const [i, output] of few.outputs.entries()) close(output, outputs[i]!);
});
