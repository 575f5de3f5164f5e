import type { GraphDocument } from '../engine/graph/document.ts';

/** All that a run is made from, as text. Where layers lie, and their colours, is nothing to it; names are shown with losses. */
export function preparationKey({ nodes, edges, blocks, training, data }: GraphDocument): string {
  return JSON.stringify([nodes, edges, blocks, training, data], (key, value) =>
    key === 'position' || key === 'color' ? undefined : value,
  );
}
