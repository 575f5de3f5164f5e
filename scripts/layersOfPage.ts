import type { Plugin } from 'vite';

/** A node of the syntax tree, as far as it is looked at. */
interface SyntaxNode {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [key: string]: unknown;
}

/**
 * Leaves out of the page what it never asks of a layer's definition: how it is computed, which is the worker's, and the
 * samples, which are for tests and the reference page. What only these need goes with them.
 */
export function layersOfPage(): Plugin {
  return {
    name: 'layers-of-page',
    apply: 'build',
    enforce: 'post',
    transform(code, id) {
      if (!/\/engine\/layers\/.*\.ts$/.test(id)) return undefined;
      let text = code;
      for (const { start, end } of unasked(this.parse(code) as unknown as SyntaxNode).reverse()) {
        text = `${text.slice(0, start)}...{}${text.slice(end)}`;
      }
      return text === code ? undefined : { code: text, map: null };
    },
  };
}

/** The properties `lower` and `samples` of all objects, in order. */
function unasked(node: SyntaxNode): SyntaxNode[] {
  if (node.type === 'ObjectExpression') {
    return (node.properties as SyntaxNode[]).flatMap((property) => {
      const key = property.key as SyntaxNode | undefined;
      return key?.name === 'lower' || key?.name === 'samples' ? [property] : unasked(property);
    });
  }
  return Object.values(node).flatMap((child) => [child].flat().flatMap((each) => (isNode(each) ? unasked(each) : [])));
}

function isNode(value: unknown): value is SyntaxNode {
  return typeof value === 'object' && value !== null && 'type' in value;
}
