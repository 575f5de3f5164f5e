import { replaceLayer } from '../../engine/compiler/fitting.ts';
import type { LayerDefinition } from '../../engine/layers/defineLayer.ts';
import { documentStore } from './document.ts';
import { addLayer, insertLayer } from './edits.ts';
import { type QuickAdd, sessionStore } from './session.ts';

/** Puts a layer where a search for one was opened, and selects it. */
export function placeLayer(definition: LayerDefinition, { place, canvas }: QuickAdd): void {
  switch (place.kind) {
    case 'free':
      addLayer(definition, canvas);
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
      const { document, dispatch } = documentStore.getState();
      const replacement = replaceLayer(document, place.node, definition);
      if (!replacement) return;
      dispatch(replacement.change);
      sessionStore.getState().select([replacement.node]);
    }
  }
}
