import { useEffect, useMemo, useState } from 'react';
import { whenIdle } from '../../editor/stores/whenIdle.ts';
import { type CodeTarget, type DatasetInfo, type GeneratedCode, generateCode } from '../../engine/codegen/generate.ts';
import { EngineError } from '../../engine/errors.ts';
import type { GraphDocument } from '../../engine/graph/document.ts';

export type CodeResult =
  | { readonly kind: 'code'; readonly code: GeneratedCode; readonly text: string }
  /** Why there is no code for the document as it is. */
  | { readonly kind: 'problem'; readonly message: string; readonly node: string | undefined };

/** The document's code, made anew after each edit when the page has nothing more urgent to do. */
export function useGeneratedCode(
  document: GraphDocument,
  target: CodeTarget,
  data: DatasetInfo | undefined,
): CodeResult | undefined {
  const [settled, setSettled] = useState(document);
  useEffect(() => {
    // That of thousands of layers takes longer than a frame: no keystroke and no drag waits for it.
    if (settled !== document) return whenIdle(() => setSettled(document));
    return undefined;
  }, [settled, document]);
  return useMemo(() => data && codeOf(settled, target, data), [settled, target, data]);
}

function codeOf(document: GraphDocument, target: CodeTarget, data: DatasetInfo): CodeResult {
  try {
    const code = generateCode(document, target, data);
    const text = code.files.find(({ path }) => path === code.main)?.text ?? '';
    return { kind: 'code', code, text };
  } catch (error) {
    if (error instanceof EngineError) return { kind: 'problem', message: error.message, node: error.where };
    throw error;
  }
}
