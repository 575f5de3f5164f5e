import { defineLayer } from '../defineLayer.ts';
import { applyOne } from '../python.ts';

const parameters = {} as const;

declare module '../defineLayer.ts' {
  interface LayerCatalog {
    Identity: typeof parameters;
  }
}

/** https://docs.pytorch.org/docs/stable/generated/torch.nn.Identity.html */
export default defineLayer({
  type: 'Identity',
  title: 'Identity',
  category: 'Core',
  icon: 'equal',
  help: {
    summary: 'Gives its input on unchanged: a named joint in the graph, or a stand-in for a layer taken out.',
    shapes: '[N, …] → [N, …]',
    reference: 'https://docs.pytorch.org/docs/stable/generated/torch.nn.Identity.html',
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
    pytorch: () => ({ make: 'nn.Identity()', apply: applyOne }),
    keras: () => ({ make: 'layers.Identity()', apply: applyOne }),
  },
  samples: [{ inputs: [[2, 3]], parameters: {} }],
});
