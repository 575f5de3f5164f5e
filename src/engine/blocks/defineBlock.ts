import type { BlockBundle } from '../graph/blockBundle.ts';
import type { ParameterValue } from '../graph/document.ts';

/** A block that comes with the program. */
export interface BuiltInBlock {
  readonly id: string;
  readonly title: string;
  /** What it is for, in one or two sentences, with its source. */
  readonly summary: string;
  /** Name of a Lucide icon, in kebab case. */
  readonly icon: string;
  /** Parameters of a use of it, where they differ from the defaults. */
  readonly parameters?: Readonly<Record<string, ParameterValue>>;
  /** Shapes of one sample, an input port each, that it fits as it is: for its test. */
  readonly sample: readonly (readonly number[])[];
  build(): BlockBundle;
}

export function defineBlock(definition: BuiltInBlock): BuiltInBlock {
  return definition;
}
