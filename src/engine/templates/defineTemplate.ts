import type { GraphDocument } from '../graph/document.ts';

/** A document that trains well, and what it is there to teach. */
export interface TemplateDefinition {
  readonly id: string;
  readonly title: string;
  /** What it teaches, in one or two sentences. */
  readonly summary: string;
  readonly level: 'beginner' | 'intermediate' | 'advanced';
  /** What one gets on the test set with the template's own settings; `accuracy` at least, `loss` at most `value`. */
  readonly expected: { readonly metric: 'accuracy' | 'loss'; readonly value: number; readonly epochs: number };
  build(): GraphDocument;
}

export function defineTemplate(definition: TemplateDefinition): TemplateDefinition {
  return definition;
}
