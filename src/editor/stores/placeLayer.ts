import { replaceLayer } from '../../engine/compiler/fitting.ts';
import { findLayer } from '../../engine/layers/registry.ts';
import { addLayer, addLayerAfterSelection, freePlace, insertLayer, type Placeable } from './edits.ts';
import { graphStore } from './graph.ts';
import { type QuickAdd, sessionStore } from './session.ts';

/** Puts a layer or a block where a search for one was opened, and selects it. */
export function placeLayer(definition: Placeable, { place, canvas }: QuickAdd): void {
  switch (place.kind) {
    case 'free':
      addLayer(definition, freePlace(graphStore.getState().document, canvas));
      return;
    case 'afterSelection':
      addLayerAfterSelection(definition);
      return;
    case 'from':
      addLayer(definition, canvas, { from: place.port });
      return;
    case 'to':
      addLayer(definition, { x: canvas.x - 200, y: canvas.y }, { to: place.port });
      return;
    case 'on':
      insertLayer(definition, place.edge);
      return;
    case 'replace': {
      const { document, dispatch } = graphStore.getState();
      const layer = findLayer(definition.type);
      const replacement = layer && replaceLayer(document, place.node, layer);
      if (!replacement) return;
      dispatch(replacement.change);
      sessionStore.getState().select([replacement.node]);
    }
  }
}
