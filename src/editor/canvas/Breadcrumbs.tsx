import { ChevronRight } from 'lucide-react';
import { useStore } from 'zustand';
import { blockOf } from '../../engine/graph/blocks.ts';
import type { GraphDocument, GraphNode } from '../../engine/graph/document.ts';
import { messages } from '../i18n/language.ts';
import { documentStore } from '../stores/document.ts';
import { graphStore, leaveBlock } from '../stores/graph.ts';

/** The way into the block that is shown; each step leads back out to it. */
export function Breadcrumbs() {
  const path = useStore(graphStore, (state) => state.path);
  const document = useStore(documentStore, (state) => state.document);
  if (path.length === 0) return null;
  const steps = [document.name || messages().blocks.model, ...namesAlong(document, path)];
  return (
    <nav
      aria-label={messages().blocks.inside}
      className="absolute top-3 left-3 z-10 flex max-w-[calc(100%-24px)] items-center rounded-lg border border-line bg-surface px-1 py-1 text-xs shadow-sm"
    >
      <ol className="flex min-w-0 items-center">
        {steps.map((name, depth) => (
          <li key={depth} className="flex min-w-0 items-center">
            {depth > 0 && <ChevronRight aria-hidden size={13} className="shrink-0 text-muted" />}
            {depth === path.length ? (
              <span aria-current="location" className="truncate px-1.5 py-0.5 font-semibold text-ink">
                {name}
              </span>
            ) : (
              <button
                type="button"
                onClick={() => leaveBlock(depth)}
                className="truncate rounded-md px-1.5 py-0.5 text-muted outline-none hover:bg-raised hover:text-ink focus-visible:ring-2 focus-visible:ring-accent"
              >
                {name}
              </button>
            )}
          </li>
        ))}
      </ol>
    </nav>
  );
}

function namesAlong(document: GraphDocument, path: readonly string[]): string[] {
  let nodes: Readonly<Record<string, GraphNode>> = document.nodes;
  return path.map((id) => {
    const node = nodes[id];
    const block = node && blockOf(node, document.blocks);
    nodes = block?.nodes ?? {};
    return node?.name ?? block?.name ?? id;
  });
}
