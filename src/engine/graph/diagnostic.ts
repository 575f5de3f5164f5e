import type { GraphChange } from './changes.ts';
import type { EdgeId, NodeId } from './document.ts';

/** What is wrong in a document, where, and how to mend it. */
export interface Diagnostic {
  /** Stable id: `shape-mismatch`, `unconnected-input`, `unknown-layer`, … */
  readonly id: string;
  readonly severity: 'error' | 'warning';
  readonly message: string;
  readonly node?: NodeId;
  readonly edge?: EdgeId;
  readonly parameter?: string;
  /** Character of the parameter's text, from 1. */
  readonly column?: number;
  readonly fixes: readonly QuickFix[];
}

export interface QuickFix {
  /** In the imperative: "Set inFeatures to 1014". */
  readonly label: string;
  readonly change: GraphChange;
}
