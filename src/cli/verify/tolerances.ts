import type { BackendName } from '../../engine/backends/backend.ts';

export interface Tolerance {
  readonly rtol: number;
  readonly atol: number;
}

/** torch.testing.assert_close for float32: https://docs.pytorch.org/docs/stable/testing.html */
const FLOAT32: Tolerance = { rtol: 1.3e-6, atol: 1e-5 };

/** Wider only with a reason; `gpu` on WebGPU. */
const WIDER: Readonly<Record<string, { readonly cpu: Tolerance; readonly gpu: Tolerance; readonly why: string }>> = {
  pow: {
    cpu: { rtol: 5e-6, atol: 1e-5 },
    gpu: { rtol: 3e-5, atol: 1e-5 },
    why: "the gradient's exponent b − 1 is rounded to float32: PyTorch's own float32 is 2.2e-6 off its float64 here. A GPU takes exp(b · log a) in float32, where WebAssembly has float64.",
  },
  float_power: {
    cpu: { rtol: 5e-6, atol: 1e-5 },
    gpu: { rtol: 3e-5, atol: 1e-5 },
    why: 'as pow; PyTorch computes it in float64',
  },
};

export function toleranceOf(op: string, backend: BackendName): Tolerance {
  return WIDER[op]?.[backend === 'webgpu' ? 'gpu' : 'cpu'] ?? FLOAT32;
}
