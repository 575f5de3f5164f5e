import { defineLayer } from '../defineLayer.ts';

const parameters = {} as const;

declare module '../defineLayer.ts' {
  interface LayerCatalog {
    BlockOutput: typeof parameters;
  }
}

/**
 * A port of a block. When blocks are expanded, what flows in here leaves by the use's port. Where a `sequence` is joined, the
 * use is for each step: `[N·T, …]` becomes `[N, T, …]` again.
 */
export default defineLayer({
  type: 'BlockOutput',
  title: 'Block output',
  category: 'Block',
  icon: 'log-out',
  help: {
    summary: 'What a block gives: each use of the block has a port for it.',
    shapes: '[N, …] → [N, …]',
    reference: 'https://docs.pytorch.org/docs/stable/generated/torch.nn.Module.html',
  },
  role: 'layer',
  inputs: [{ name: 'input' }, { name: 'sequence', optional: true }],
  outputs: [{ name: 'output' }],
  parameters,
  version: 1,
  migrations: [],
  infer: ([input, sequence]) => ({
    outputs: [sequence ? [sequence[0]!, ...input!] : input!],
    weights: [],
    multiplyAdds: 0,
  }),
  lower({ emit, inputs: [x, sequence] }) {
    if (!sequence) return [x!];
    const [batch, steps] = sequence.type.shape as [number, number];
    return [emit.op('reshape', [x!], { shape: [batch, steps, ...x!.type.shape.slice(1)] })];
  },
  emit: {
    pytorch: () => ({ apply: (_layer, inputs) => inputs[0]! }),
    keras: () => ({ apply: (_layer, inputs) => inputs[0]! }),
  },
  samples: [{ inputs: [[2, 3]], parameters: {} }],
});
