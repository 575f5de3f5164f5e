import { describe, expect, it } from 'vitest';
import { allBlocks } from '../../engine/blocks/registry.ts';
import { parseDocument, serializeDocument } from '../../engine/graph/schema.ts';
import { chainDocument } from '../../engine/graph/testDocuments.ts';
import { allInitializers } from '../../engine/initializers/registry.ts';
import { allLayers } from '../../engine/layers/registry.ts';
import { allMetrics } from '../../engine/metrics/registry.ts';
import { allOptimizers } from '../../engine/optimizers/registry.ts';
import { allSchedules } from '../../engine/optimizers/schedules/registry.ts';
import { runSettings, trainingOptions } from '../../engine/optimizers/trainingOptions.ts';
import { allTemplates } from '../../engine/templates/registry.ts';
import { namesIn, translator } from './phrases.ts';
import { phrases } from './zh/phrases.ts';

const inChinese = translator(phrases);
const isChinese = (text: string): boolean => /\p{Script=Han}/u.test(text);

/** What a person reads of the definitions, besides the field's own names. */
function sentences(): string[] {
  const withParameters = [...allLayers(), ...allOptimizers(), ...allSchedules(), ...allInitializers()];
  return [
    ...[...withParameters, ...allMetrics()].map(({ help }) => help.summary),
    ...withParameters.flatMap(({ parameters }) => Object.values(parameters).map(({ help }) => help)),
    ...Object.values({ ...runSettings, ...trainingOptions }).map(({ help }) => help),
    ...allLayers().flatMap(({ category, unsuitable, wants }) => [
      category,
      ...Object.values(unsuitable ?? {}),
      ...(wants ? [wants.message] : []),
    ]),
    ...[...allTemplates(), ...allBlocks()].map(({ summary }) => summary),
    ...[...allTemplates().map(({ title }) => title), ...allLayers().map(({ help }) => help.shapes)].filter((text) =>
      /[A-Za-z][a-z’']+(,? [a-z’']+){2,}/.test(text),
    ),
  ];
}

/** Where a message begins: what is thrown, told of a wire, or offered as a quick fix. */
const OPENING =
  /(?:new LayerError\(|\bkerasCannot\([^,\n]+,|new EngineError\(\s*'[\w-]+',|\brefuse\(|\bproblem\(|\bmessage: |\blabel: |\breturn (?=['"`]expects ))\s*(['"`])/g;

/** Messages as they stand in sources, with `…` for what is filled in. */
function messagesIn(sources: Readonly<Record<string, string>>): string[] {
  const found = Object.values(sources).flatMap((source) =>
    [...source.matchAll(OPENING)].map((opening) => literal(source, opening.index + opening[0].length, opening[1]!)),
  );
  return [...new Set(found)].filter((text) => /[a-z] [a-z]/.test(text));
}

/** The text from here to the closing quote, and what is added to it; each `${…}` as `…`. */
function literal(source: string, start: number, quote: string): string {
  let text = '';
  let i = start;
  for (; source[i] !== quote; i++) {
    if (source[i] === '\\') text += source[++i];
    else if (quote === '`' && source.startsWith('${', i)) {
      let depth = 0;
      do {
        if (source[i] === '{') depth++;
        if (source[i] === '}') depth--;
        i++;
      } while (depth > 0 || source[i - 1] === '$');
      i--;
      text += '…';
    } else text += source[i];
  }
  const more = /^\s*\+\s*(['"`])/.exec(source.slice(i + 1, i + 40));
  return more ? text + literal(source, i + 1 + more[0].length, more[1]!) : text;
}

describe('the engine in Chinese', () => {
  it('has every sentence of the definitions', () => {
    expect([...new Set(sentences())].filter((text) => !isChinese(inChinese(text)))).toEqual([]);
  });

  it('has every message of shapes and wires', () => {
    const messages = messagesIn(
      import.meta.glob<string>(
        ['../../engine/layers/**/*.ts', '../../engine/compiler/validate*.ts', '!../../**/*.test.ts'],
        { eager: true, import: 'default', query: '?raw' },
      ),
    );
    expect(messages.length).toBeGreaterThan(80);
    expect(messages.filter((text) => !isChinese(inChinese(text)))).toEqual([]);
  });

  it('has everything that stops a run, a file or a link', () => {
    const messages = messagesIn(
      import.meta.glob<string>(
        [
          '../../engine/{data,training,backends,compiler,graph,codegen,layers,optimizers,initializers}/**/*.ts',
          '../../workers/*.ts',
          '../stores/**/*.ts',
          '!../../**/*.test.ts',
        ],
        { eager: true, import: 'default', query: '?raw' },
      ),
    );
    expect(messages.length).toBeGreaterThan(60);
    expect(messages.filter((text) => !isChinese(inChinese(text)))).toEqual([]);
  });

  it('says what is wrong in a document', () => {
    const good = JSON.parse(serializeDocument(chainDocument(['Input'], ['ReLU']))) as Record<string, object>;
    const node = (change: object) => ({ ...good, nodes: { n0: { ...(good.nodes as { n0?: object }).n0, ...change } } });
    const bad = [
      3,
      { ...good, format: 'other' },
      { ...good, nodes: 3 },
      { ...good, name: null },
      { ...good, training: { ...good.training, epochs: 1.5 } },
      node({ id: 'other' }),
      node({ type: ['x'] }),
      node({ type: 'x'.repeat(600) }),
      node({ position: { x: '0', y: 0 } }),
      node({ frozen: 'yes' }),
      node({ color: 'beige' }),
      { ...good, nodes: { 'a b': (good.nodes as { n0?: object }).n0 } },
    ];
    const told = bad.map((document) => {
      try {
        parseDocument(document);
        return 'was opened';
      } catch (error) {
        return (error as Error).message;
      }
    });
    expect(told.filter((text) => !/^文档无法打开：.*\p{Script=Han}/u.test(inChinese(text)))).toEqual([]);
    expect(told.map(inChinese).filter((text) => /\b(must|is|the|got|but)\b/.test(text))).toEqual([]);
  });

  it('fills in what the English sentence was filled with', () => {
    expect(inChinese('Linear expects 294 features and receives 1014.')).toBe(
      'Linear 需要 294 个特征，实际收到 1014 个。',
    );
    expect(inChinese('Set inFeatures to 1014 and 2 more')).toBe('把 inFeatures 设为 1014 等 2 项');
    expect(inChinese("Add can't join samples of 32×13×13 and 10: they have different numbers of axes.")).toMatch(
      /32×13×13 和 10/,
    );
    expect(inChinese('WebAssembly SIMD, 2 threads')).toBe('WebAssembly SIMD，2 个线程');
    expect(inChinese('kernelSize of Conv2d expects at least 1, got 0.')).toBe(
      'Conv2d 的 kernelSize 应为不小于 1 的数（现为 0）。',
    );
  });

  it.each(Object.entries(phrases))('%s: fills in the same names', (english, chinese) => {
    expect(namesIn(chinese).sort()).toEqual(namesIn(english).sort());
  });

  it('leaves alone what it does not know, and names that are properties of objects', () => {
    expect(inChinese('A sentence of another program.')).toBe('A sentence of another program.');
    expect(inChinese('constructor')).toBe('constructor');
  });
});
