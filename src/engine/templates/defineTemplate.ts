import type { GraphDocument } from '../graph/document.ts';

/** A document that trains well, and what it is there to teach. */
export interface TemplateDefinition {
  readonly id: string;
  readonly title: string;
  /** What it teaches, in one or two sentences. */
  readonly summary: string;
  readonly level: 'beginner' | 'intermediate' | 'advanced';
  /**
   * What one gets with the template's own settings: `accuracy` on the test set at least, `loss` at most `value`;
   * `inceptionScore` at least, of samples that a generator makes.
   */
  readonly expected: {
    readonly metric: 'accuracy' | 'loss' | 'inceptionScore';
    readonly value: number;
    readonly epochs: number;
  };
  build(): GraphDocument;
}

export function defineTemplate(definition: TemplateDefinition): TemplateDefinition {
  return definition;
}
