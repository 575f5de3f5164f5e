import { EngineError } from '../errors.ts';
import type { LayerDefinition, PythonLayer } from '../layers/defineLayer.ts';
import type { CodeBlock, CodeGraph, CodeNode } from './codeGraph.ts';
import { commentText } from './identifiers.ts';
import type { ArithmeticSyntax } from './printArithmetic.ts';

/** Division makes a float of whole numbers, which no size may be. */
export const PYTHON_ARITHMETIC: ArithmeticSyntax = { whole: (source) => `round(${source})` };

/** `(28, 28, 1)`; a tuple of one keeps its comma. */
export function tuple(sizes: readonly number[]): string {
  return sizes.length === 1 ? `(${sizes[0]},)` : `(${sizes.join(', ')})`;
}

/** Puts four spaces per level before each line that is not empty. */
export function indent(lines: readonly string[], levels = 1): string[] {
  return lines.map((line) => (line === '' ? '' : `${'    '.repeat(levels)}${line}`));
}

/** Whether a Python layer is used as a plain call of what was made, `layer(x)`. */
export function isPlainCall(layer: PythonLayer): boolean {
  return layer.make !== undefined && layer.apply('L', ['x']) === 'L(x)';
}

/** The import lines that `code` needs, of those given by the word that shows the need. */
export function importsFor(code: string, imports: readonly (readonly [word: string, line: string])[]): string[] {
  return imports.filter(([word]) => new RegExp(`\\b${word}\\.`).test(code)).map(([, line]) => line);
}

/** The head of a script, as comments, since the names of document and data may hold anything. */
export function headComment(marker: string, name: string, data: string, framework: string): string[] {
  return [
    `${marker} ${commentText(name) || 'Model'}: trains on ${commentText(data)} with ${framework}.`,
    `${marker} Made with Gradloom.`,
  ];
}

/** What the node is in a framework. @throws EngineError naming the node if the framework has no such layer. */
export function pythonLayer(
  node: Pick<CodeNode, 'id' | 'context'>,
  definition: LayerDefinition,
  framework: 'pytorch' | 'keras',
): PythonLayer {
  try {
    return definition.emit[framework](node.context);
  } catch (error) {
    if (error instanceof EngineError) throw new EngineError(error.id, error.message, node.id);
    throw error;
  }
}

/** Classes and functions that the layers of a script call, each once, with two empty lines after it. */
export function supportLines(layers: readonly PythonLayer[]): string[] {
  const sources = new Set(layers.flatMap(({ support }) => (support === undefined ? [] : [support])));
  return [...sources].flatMap((source) => [...source.trimEnd().split('\n'), '', '']);
}

/** A call with a block's arguments: by position as long as they are few. */
export function blockCall(
  { name, parameters }: CodeBlock,
  before: readonly string[],
  values: readonly string[],
): string {
  const given = values.map((value, i) => (values.length > 2 ? `${parameters[i]}=${value}` : value));
  return `${name}(${[...before, ...given].join(', ')})`;
}

/** The document's constants, with two empty lines after them. */
export function constantLines({ constants }: Pick<CodeGraph, 'constants'>): string[] {
  if (constants.length === 0) return [];
  return [...constants.map(({ name, source }) => `${name} = ${source}`), '', ''];
}
