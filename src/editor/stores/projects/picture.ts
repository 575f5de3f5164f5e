import type { GraphDocument } from '../../../engine/graph/document.ts';
import { keysOf, valuesOf } from '../../../engine/graph/keys.ts';
import { findLayer } from '../../../engine/layers/registry.ts';

/** A model as a thumbnail shows it: where its layers stand, of which category, and what is wired to what. */
export interface ModelPicture {
  readonly nodes: readonly { readonly x: number; readonly y: number; readonly category: string }[];
  /** Indices into `nodes`. */
  readonly edges: readonly (readonly [from: number, to: number])[];
}

/** More than these can't be told apart in a thumbnail. */
const MOST_NODES = 120;

export function pictureOf(document: GraphDocument): ModelPicture {
  const ids = keysOf(document.nodes).slice(0, MOST_NODES);
  const index = new Map<string, number>(ids.map((id, i) => [id, i]));
  const nodes = ids.map((id) => {
    const { position, type } = document.nodes[id]!;
    return {
      x: Math.round(position.x),
      y: Math.round(position.y),
      category: (findLayer(type)?.category ?? 'joining').toLowerCase(),
    };
  });
  const edges = valuesOf(document.edges).flatMap(({ source, target }) => {
    const [from, to] = [index.get(source.node), index.get(target.node)];
    return from === undefined || to === undefined ? [] : [[from, to] as const];
  });
  return { nodes, edges };
}
