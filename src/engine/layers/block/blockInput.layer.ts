import { defineLayer } from '../defineLayer.ts';

const parameters = {} as const;

declare module '../defineLayer.ts' {
  interface LayerCatalog {
    BlockInput: typeof parameters;
  }
}

/** A port of a block. When blocks are expanded, what is joined to the use's port flows in here. */
export default defineLayer({
  type: 'BlockInput',
  title: 'Block input',
  category: 'Block',
  icon: 'log-in',
  help: {
    summary: 'Where data comes into a block: each use of the block has a port for it.',
    shapes: '[N, …] → [N, …]',
    reference: 'https://docs.pytorch.org/docs/stable/generated/torch.nn.Module.html',
  },
  role: 'layer',
  inputs: [{ name: 'input' }],
  outputs: [{ name: 'output' }],
  parameters,
  version: 1,
  migrations: [],
  infer: ([input]) => ({ outputs: [input!], weights: [], multiplyAdds: 0 }),
  lower: ({ inputs }) => [inputs[0]!],
  emit: {
    pytorch: () => ({ apply: (_layer, inputs) => inputs[0]! }),
    keras: () => ({ apply: (_layer, inputs) => inputs[0]! }),
  },
  samples: [{ inputs: [[2, 3]], parameters: {} }],
});
