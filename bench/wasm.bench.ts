import { bench, describe } from 'vitest';
import { createWasmBackend } from '../src/engine/backends/wasm/wasmBackend.ts';
import { ProgramBuilder } from '../src/engine/ir/builder.ts';
import { f32, i32, sizeOf } from '../src/engine/ir/shape.ts';
import type { OpAttributes, OpName, TensorType } from '../src/engine/ir/types.ts';
import { opDefinition } from '../src/engine/ops/registry.ts';

// Kernels of the WebAssembly backend, one thread: `npx vitest bench --run bench/wasm.bench.ts`. The MFLOP in a name
// divided by the milliseconds in its row are GFLOP/s; other work on the machine shows in the mean, less in the minimum.
const backend = await createWasmBackend();

function measure<Name extends OpName>(name: Name, inputs: readonly TensorType[], attributes: OpAttributes[Name]): void {
  const builder = new ProgramBuilder(opDefinition);
  const values = inputs.map((type, i) => builder.input(`in${i}`, type));
  const results = builder.ops(name, values, attributes);
  const buffers = Object.fromEntries([
    ...inputs.map((type, i) => {
      const data = Float32Array.from({ length: sizeOf(type.shape) }, (_, k) => Math.sin(k));
      return [`in${i}`, type.dtype === 'f32' ? backend.allocate(type, data) : backend.allocate(type)];
    }),
    ...results.map((value, k) => {
      builder.output(`out${k}`, value);
      return [`out${k}`, backend.allocate(value.type)];
    }),
  ]);
  const executable = backend.compile(builder.build());
  const plan = executable.bind(buffers);
  const flops = executable.kernels.reduce((sum, kernel) => sum + kernel.flops, 0);
  const shapes = inputs.map(({ shape }) => shape.join('×')).join(', ');
  bench(`${name} ${shapes} (${(flops / 1e6).toFixed(1)} MFLOP)`, () => plan.run(), { time: 500, warmupTime: 100 });
}

const plain = { transposeA: false, transposeB: false };
const window = { stride: [1, 1], padding: [0, 0], dilation: [1, 1], groups: 1 };
const pooling = { kernelSize: [2, 2], stride: [2, 2], padding: [0, 0], dilation: [1, 1] };

describe('matrix products', () => {
  measure('matmul', [f32(64, 784), f32(784, 128)], plain);
  measure('matmul', [f32(512, 512), f32(512, 512)], plain);
  measure('matmul', [f32(64, 5408), f32(128, 5408)], { transposeA: false, transposeB: true });
  measure('matmul', [f32(64, 128), f32(128, 5408)], plain);
  measure('matmul', [f32(64, 128), f32(64, 5408)], { transposeA: true, transposeB: false });
});

describe('convolutions', () => {
  measure('convolution', [f32(64, 1, 28, 28), f32(32, 1, 3, 3)], window);
  measure('convolutionWeightGradient', [f32(64, 1, 28, 28), f32(64, 32, 26, 26)], { ...window, kernelSize: [3, 3] });
  measure('convolution', [f32(16, 64, 32, 32), f32(64, 64, 3, 3)], { ...window, padding: [1, 1] });
  measure('convolutionInputGradient', [f32(16, 64, 32, 32), f32(64, 64, 3, 3)], {
    ...window,
    padding: [1, 1],
    inputSize: [32, 32],
  });
  measure('convolution', [f32(16, 64, 32, 32), f32(64, 1, 3, 3)], { ...window, padding: [1, 1], groups: 64 });
});

describe('windows, reductions, maps', () => {
  measure('maxPool', [f32(64, 32, 26, 26)], pooling);
  measure('maxPoolGradient', [f32(64, 32, 13, 13), i32(64, 32, 13, 13)], { ...pooling, inputSize: [26, 26] });
  measure('softmax', [f32(64, 1000)], { axis: 1 });
  measure('sum', [f32(1000, 1000)], { axes: [0], keepDims: false });
  measure('exp', [f32(1000, 1000)], {});
  measure('tanh', [f32(1000, 1000)], {});
  measure('transpose', [f32(1000, 1000)], { permutation: [1, 0] });
});
