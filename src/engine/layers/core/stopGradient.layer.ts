import { defineLayer } from '../defineLayer.ts';

const parameters = {} as const;

declare module '../defineLayer.ts' {
  interface LayerCatalog {
    StopGradient: typeof parameters;
  }
}

/** https://docs.pytorch.org/docs/stable/generated/torch.Tensor.detach.html */
export default defineLayer({
  type: 'StopGradient',
  title: 'StopGradient',
  category: 'Core',
  icon: 'equal',
  help: {
    summary: 'Lets numbers through and no gradient back: what comes before it learns nothing from what comes after.',
    shapes: '[N, …] → [N, …]',
    reference: 'https://docs.pytorch.org/docs/stable/generated/torch.Tensor.detach.html',
  },
  role: 'layer',
  inputs: [{ name: 'input' }],
  outputs: [{ name: 'output' }],
  parameters,
  version: 1,
  migrations: [],
  infer: ([input]) => ({ outputs: [input!], weights: [], multiplyAdds: 0 }),
  lower: ({ emit, inputs }) => [emit.op('stopGradient', [inputs[0]!])],
  emit: {
    pytorch: () => ({ apply: (_layer, [x]) => `${x}.detach()` }),
    keras: () => ({ apply: (_layer, [x]) => `ops.stop_gradient(${x})` }),
  },
  samples: [{ inputs: [[6]], parameters: {} }],
});
