import { describe, expect, it } from 'vitest';
import { apply, type GraphChange } from '../graph/changes.ts';
import { type GraphDocument, type GraphNode, nodeId } from '../graph/document.ts';
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
