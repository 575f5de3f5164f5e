import { describe, expect, it } from 'vitest';
import { allBlocks } from '../blocks/registry.ts';
import { inferGraph } from '../compiler/infer.ts';
import { residual, residualDocument, testGraph } from '../compiler/testBlocks.ts';
import { apply } from '../graph/changes.ts';
import { type BlockDefinition, blockId, type GraphDocument, nodeId } from '../graph/document.ts';
import { input, layers } from '../model/layers.ts';
import { model } from '../model/model.ts';
import { Sketch, training } from '../templates/sketch.ts';
import { CODE_TARGETS, type CodeTarget, type DatasetInfo, generateCode } from './generate.ts';

const DIGITS: DatasetInfo = {
  id: 'digits',
  title: 'Digits',
  sample: [1, 28, 28],
  classes: ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'],
};

function mainOf(document: GraphDocument, target: CodeTarget): string {
  const { files, main } = generateCode(document, target, DIGITS);
  return files.find(({ path }) => path === main)!.text;
}

/** Every built-in block for images, one with two outputs and one with two inputs among them. */
function manyBlocks(): GraphDocument {
  const block = (id: string) =>
    allBlocks()
      .find((each) => each.id === id)!
      .build();
  const sketch = new Sketch();
  const down = sketch.use(block('unet-down'), [sketch.add('Input', [])], { channels: 8 });
  const [below, across] = ['blockoutput1', 'blockoutput2'].map((output) => ({ node: down, output }));
  const inception = sketch.use(block('inception'), [below!]);
  const twice = sketch.use(block('residual'), [inception], { channels: 40, repeat: 2 });
  const excited = sketch.use(block('squeeze-excite'), [twice], { channels: 40 });
  const up = sketch.use(block('unet-up'), [excited, across!]);
  sketch.chain([up], ['Flatten'], ['Linear', { outFeatures: 10 }], ['CrossEntropyLoss']);
  return sketch.document('Many blocks', training(), { dataset: 'mnist' });
}

/** A convolution that changes how many channels there are, three times; and a block around it. */
function nested(): GraphDocument {
  const widen: BlockDefinition = {
    id: blockId('widen'),
    name: 'Widen',
    ...testGraph(
      {
        in: ['BlockInput'],
        conv: ['Conv2d', { parameters: { outChannels: 4, padding: [1, 1] } }],
        out: ['BlockOutput'],
      },
      ['in>conv', 'conv>out'],
    ),
    parameters: { channels: [{ node: nodeId('conv'), parameter: 'outChannels' }] },
  };
  const stage: BlockDefinition = {
    id: blockId('stage'),
    name: 'Stage',
    ...testGraph(
      {
        in: ['BlockInput'],
        wide: ['Block', { block: widen.id, parameters: { repeat: 3 } }],
        relu: ['ReLU'],
        out: ['BlockOutput'],
      },
      ['in>wide.in', 'wide.out>relu', 'relu>out'],
    ),
    parameters: { width: [{ node: nodeId('wide'), parameter: 'channels' }] },
  };
  const document = residualDocument({ width: 6, repeat: 2 }, [widen, stage]);
  const body = { ...document.nodes[nodeId('body')]!, block: stage.id };
  return { ...document, name: 'Nested', nodes: { ...document.nodes, [body.id]: body } };
}

/** The document that the TypeScript code makes. */
function rebuilt(document: GraphDocument): GraphDocument {
  const code = mainOf(document, 'typescript');
  const start = code.indexOf("from './data.js';\n") + "from './data.js';\n".length;
  const body = code
    .slice(start, code.indexOf('const { values: args }'))
    // Types alone: the rest is JavaScript.
    .replace(/: (SymbolicTensor|number|\[SymbolicTensor(, SymbolicTensor)*\])/g, '');
  return new Function('input', 'layers', 'model', `${body}\nreturn network;`)(input, layers, model) as GraphDocument;
}

describe('code of blocks', () => {
  it.each(CODE_TARGETS)('is a class or a function of its own for %s', async (target) => {
    await expect(mainOf(residualDocument(), target)).toMatchFileSnapshot(`snapshots/block.${target}.txt`);
    await expect(mainOf(manyBlocks(), target)).toMatchFileSnapshot(`snapshots/many-blocks.${target}.txt`);
    await expect(mainOf(nested(), target)).toMatchFileSnapshot(`snapshots/nested-blocks.${target}.txt`);
  });

  it.each([residualDocument(), manyBlocks(), nested()])('makes as many weights in TypeScript: $name', (document) => {
    const data = { sample: DIGITS.sample, classes: 10 };
    const [wanted, made] = [document, rebuilt(document)].map((each) => inferGraph(each, data));
    expect(made!.diagnostics).toEqual([]);
    expect(made!.totals).toEqual(wanted!.totals);
  });

  it('says where the weights of each layer are', () => {
    const { names } = generateCode(nested(), 'pytorch', DIGITS);
    expect(names[nodeId('body.1.wide.2.conv')]).toBe('stage.1.widen.2.conv');
    expect(names[nodeId('stem')]).toBe('conv');
  });

  it('has what comes in and what is exposed as arguments, and numbers that differ otherwise too', () => {
    const code = mainOf(nested(), 'pytorch');
    expect(code).toContain(
      'def __init__(self, in_channels, channels):\n        super().__init__()\n        self.conv = nn.Conv2d(in_channels, channels, 3',
    );
    expect(code).toContain('nn.Sequential(Widen(in_channels, width), *[Widen(width, width) for _ in range(2)])');
    // Residual blocks only fit where as many channels come in as they have: one number says both.
    expect(mainOf(residualDocument(), 'pytorch')).toContain('[Residual(8) for _ in range(3)]');
  });

  it('keeps uses apart that differ in more than numbers', () => {
    const frozen = apply(residualDocument({ repeat: 2 }), { kind: 'freezeNode', node: nodeId('body'), frozen: true });
    expect(mainOf(frozen, 'pytorch')).toContain('self.conv1.requires_grad_(False)');
    const both = {
      ...frozen,
      ...testGraph(
        {
          input: ['Input'],
          stem: ['Conv2d', { parameters: { outChannels: 8 } }],
          a: ['Block', { block: residual.id, frozen: true }],
          b: ['Block', { block: residual.id }],
          flatten: ['Flatten'],
          scores: ['Linear', { parameters: { outFeatures: 10 } }],
          loss: ['CrossEntropyLoss'],
        },
        ['input>stem', 'stem>a.in', 'a.out>b.in', 'b.out>flatten', 'flatten>scores', 'scores>loss'],
      ),
    };
    const code = mainOf(both, 'pytorch');
    expect(code).toContain('class Residual(nn.Module)');
    expect(code).toContain('class Residual2(nn.Module)');
    expect(code.match(/requires_grad_/g)).toHaveLength(2);
  });

  it('takes no name twice, whatever blocks are called', () => {
    for (const name of ['Test', 'x', 'self', 'Conv1', '残差', 'nn']) {
      const document = apply(residualDocument(), { kind: 'renameBlock', block: residual.id, name });
      for (const target of CODE_TARGETS) expect(() => mainOf(document, target)).not.toThrow();
      expect(mainOf(document, 'pytorch').match(/^class Test\(/gm)).toHaveLength(1);
      expect(inferGraph(rebuilt(document), { sample: DIGITS.sample, classes: 10 }).diagnostics).toEqual([]);
    }
  });
});
