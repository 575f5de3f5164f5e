import type { GraphDocument } from '../../../engine/graph/document.ts';
import { Sketch, training } from '../../../engine/templates/sketch.ts';

/** A document without layers, with settings that suit most small nets. */
export function emptyDocument(name: string): GraphDocument {
  return new Sketch().document(name, training(), { dataset: 'mnist' });
}
