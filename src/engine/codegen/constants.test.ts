import { describe, expect, it } from 'vitest';
import { testGraph } from '../compiler/testBlocks.ts';
import { apply, type GraphChange } from '../graph/changes.ts';
import {
  type BlockDefinition,
  blockId,
  edgeId,
  type GraphDocument,
  type GraphNode,
  nodeId,
} from '../graph/document.ts';
import { chainDocument } from '../graph/testDocuments.ts';
import { CODE_TARGETS, type CodeTarget, type DatasetInfo, generateCode } from './generate.ts';

const DIGITS: DatasetInfo = { id: 'digits', title: 'Digits', sample: [1, 28, 28], classes: [...'0123456789'] };

function mainOf(document: GraphDocument, target: CodeTarget): string {
  const { files, main } = generateCode(document, target, DIGITS);
  return files.find(({ path }) => path === main)!.text;
}

/** A chain with constants, and formulas by node and parameter. */
function withFormulas(
  layers: readonly (readonly [type: string, parameters?: GraphNode['parameters']])[],
  constants: Readonly<Record<string, string>>,
  formulas: readonly (readonly [node: string, parameter: string, formula: string])[],
): GraphDocument {
  const changes: GraphChange[] = [
    ...Object.entries(constants).map(([name, formula]): GraphChange => ({ kind: 'setConstant', name, formula })),
    ...formulas.map(
      ([node, parameter, formula]): GraphChange => ({ kind: 'setFormula', node: nodeId(node), parameter, formula }),
    ),
  ];
  return apply(chainDocument(...layers), { kind: 'group', changes });
}

const dense = withFormulas(
  [
    ['Input'],
    ['Flatten'],
    ['Linear'],
    ['ReLU'],
    ['Dropout'],
    ['Linear'],
    ['ReLU'],
    ['Linear', { outFeatures: 10 }],
    ['CrossEntropyLoss'],
  ],
  { latent: '16', width: '4 * latent', unused: '7', rate: '0.5' },
  [
    ['n2', 'outFeatures', '2 * width'],
    ['n4', 'p', 'rate / 2'],
    ['n5', 'outFeatures', '2 * latent'],
  ],
);

describe('constants in code', () => {
  it('stand at the top in PyTorch, and formulas where their numbers were, sizes of what comes in included', () => {
    const code = mainOf(dense, 'pytorch');
    expect(code).toContain('\n\nlatent = 16\nwidth = 4 * latent\nrate = 0.5\n\n\nclass ');
    expect(code).toContain('nn.Linear(784, 2 * width)');
    expect(code).toContain('nn.Dropout(rate / 2)');
    expect(code).toContain('nn.Linear(2 * width, 2 * latent)');
    expect(code).toContain('nn.Linear(2 * latent, 10)');
    expect(code).not.toContain('unused');
  });

  it('stand in Keras and TypeScript too', () => {
    const keras = mainOf(dense, 'keras');
    expect(keras).toContain('latent = 16\nwidth = 4 * latent\nrate = 0.5\n');
    expect(keras).toContain('layers.Dense(2 * width, activation="relu"');
    expect(keras).toContain('layers.Dropout(rate / 2)');
    const typescript = mainOf(dense, 'typescript');
    expect(typescript).toContain('const latent = 16;\nconst width = 4 * latent;\nconst rate = 0.5;\n');
    expect(typescript).toContain('{ outFeatures: 2 * latent }');
    expect(typescript).toContain('{ p: rate / 2 }');
  });

  it('follow multiples through layers between: what Flatten makes of channels', () => {
    const convolution = withFormulas(
      [['Input'], ['Conv2d'], ['Flatten'], ['Linear', { outFeatures: 10 }], ['CrossEntropyLoss']],
      { filters: '8', k: '3' },
      [
        ['n1', 'outChannels', 'filters'],
        ['n1', 'kernelSize', 'k'],
      ],
    );
    const code = mainOf(convolution, 'pytorch');
    expect(code).toContain('filters = 8\nk = 3\n');
    expect(code).toContain('nn.Conv2d(1, filters, k)');
    expect(code).toContain('nn.Linear(5408, 10)'.replace('5408', String(8 * 26 * 26)));
  });

  it('are whole where only a whole number will do, and numbers where a formula is no arithmetic', () => {
    const halves = withFormulas(
      [['Input'], ['Flatten'], ['Linear'], ['Linear'], ['Linear', { outFeatures: 10 }], ['CrossEntropyLoss']],
      { latent: '32' },
      [
        ['n2', 'outFeatures', 'latent / 2'],
        ['n3', 'outFeatures', 'sqrt(latent * 2)'],
      ],
    );
    expect(mainOf(halves, 'pytorch')).toContain('nn.Linear(784, round(latent / 2))');
    expect(mainOf(halves, 'pytorch')).toContain('nn.Linear(round(latent / 2), 8)');
    expect(mainOf(halves, 'typescript')).toContain('{ outFeatures: latent / 2 }');
  });

  describe('inside of a block', () => {
    const widen: BlockDefinition = {
      id: blockId('widen'),
      name: 'Widen',
      ...testGraph(
        {
          in: ['BlockInput'],
          conv: ['Conv2d', { parameters: { outChannels: 4, padding: [1, 1] } }],
          bottleneck: ['Conv2d', { parameters: { outChannels: 8, kernelSize: [1, 1] } }],
          out: ['BlockOutput'],
        },
        ['in>conv', 'conv>bottleneck', 'bottleneck>out'],
      ),
      parameters: { channels: [{ node: nodeId('bottleneck'), parameter: 'outChannels' }] },
    };
    const base: GraphDocument = {
      ...chainDocument(['Input'], ['Block'], ['Flatten'], ['Linear', { outFeatures: 10 }], ['CrossEntropyLoss']),
      blocks: { [widen.id]: widen },
    };
    const use = { ...base.nodes[nodeId('n1')]!, block: widen.id, parameters: { channels: 8 } };
    const [into, out] = [base.edges[edgeId('e1')]!, base.edges[edgeId('e2')]!];
    const wired: GraphDocument = {
      ...base,
      nodes: { ...base.nodes, [use.id]: use },
      edges: {
        ...base.edges,
        [into.id]: { ...into, target: { ...into.target, port: 'in' } },
        [out.id]: { ...out, source: { ...out.source, port: 'out' } },
      },
    };
    const formula = {
      kind: 'setFormula',
      node: nodeId('conv'),
      parameter: 'outChannels',
      formula: '2 * width',
    } as const;
    const inBlocks = apply(wired, {
      kind: 'group',
      changes: [
        { kind: 'setConstant', name: 'width', formula: '6' },
        { kind: 'inBlock', block: widen.id, change: formula },
        { kind: 'setFormula', node: use.id, parameter: 'channels', formula: '3 * width' },
      ],
    });

    it('stand by name in PyTorch, in what a use sets too, and in what comes in behind', () => {
      const code = mainOf(inBlocks, 'pytorch');
      expect(code).toMatch(/\nwidth = 6\n[\s\S]*class Widen/);
      expect(code).toMatch(/nn\.Conv2d\(\w+, 2 \* width, 3, padding=1\)/);
      expect(code).toMatch(/nn\.Conv2d\(2 \* width, channels, 1\)/);
      expect(code).toMatch(/Widen\([^)]*3 \* width\)/);
    });

    it('stand by name in Keras and TypeScript', () => {
      expect(mainOf(inBlocks, 'keras')).toMatch(/Conv2D\(2 \* width, 3/);
      const typescript = mainOf(inBlocks, 'typescript');
      expect(typescript).toContain('outChannels: 2 * width');
      expect(typescript).toContain('widen(x, 3 * width)');
      expect(typescript.indexOf('const width = 6;')).toBeLessThan(typescript.indexOf('function widen'));
    });
  });

  it('get names that nothing else in the code has', () => {
    const named = apply(dense, { kind: 'nameNode', node: nodeId('n2'), name: 'latent' });
    const code = mainOf(named, 'keras');
    expect(code).toContain('latent2 = 16\nwidth = 4 * latent2\n');
  });

  it.each(CODE_TARGETS)('change nothing else of the %s code', (target) => {
    const { constants: _, ...plain } = dense;
    const nodes = Object.fromEntries(
      Object.entries(plain.nodes).map(([id, { formulas: __, ...node }]) => [id, node]),
    ) as GraphDocument['nodes'];
    const evaluated = mainOf({ ...plain, nodes }, target);
    const values = { latent: 16, width: 64, rate: 0.5 };
    // The same text, once each formula is what it comes to.
    const back = mainOf(dense, target)
      .replace(/^(?:const )?(?:latent|width|rate) = .*;?\n/gm, '')
      .replace(/\b\d \* (?:latent|width)|\brate \/ 2/g, (formula) =>
        String(new Function(...Object.keys(values), `return ${formula}`)(...Object.values(values))),
      );
    expect(back.replace(/\n{3,}/g, '\n\n')).toBe(evaluated.replace(/\n{3,}/g, '\n\n'));
  });
});
