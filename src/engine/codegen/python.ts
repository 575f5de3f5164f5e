import type { PythonLayer } from '../layers/defineLayer.ts';
import type { CodeGraph } from './codeGraph.ts';
import { commentText } from './identifiers.ts';

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

/** The head of a script: what it is, as a comment, since the document's name may hold anything. */
export function headComment(marker: string, name: string, what: string): string[] {
  return [`${marker} ${commentText(name) || 'Model'}: ${what}`, `${marker} Made with Gradloom.`];
}

/** Whether any loss compares with the labels; else the labels are not read. */
export function usesLabels(graph: CodeGraph): boolean {
  return graph.losses.some(({ target }) => target === 'label');
}
