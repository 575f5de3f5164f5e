import { type Healing, removeAndRejoin } from '../../engine/compiler/healing.ts';
import { nodeLabel } from '../../engine/graph/blocks.ts';
import type { GraphChange } from '../../engine/graph/changes.ts';
import { messages, translate } from '../i18n/language.ts';
import { notify } from '../ui/notify.ts';
import { selectedItems } from './annotations.ts';
import { documentStore } from './document.ts';
import { graphStore } from './graph.ts';
import { sessionStore } from './session.ts';

/**
 * Deletes what is selected. What a frame held stays, unless it is cut: the clipboard has that too. Wires around a single
 * layer are joined again where that fits; a notice says where it does not.
 */
export function deleteSelection(verb?: 'Cut'): void {
  const { document, inference, dispatch } = graphStore.getState();
  const { edges, frames, select } = sessionStore.getState();
  const { nodes, notes } = verb ? selectedItems(document) : sessionStore.getState();
  const kept = nodes.filter((node) => document.nodes[node]);
  const written = notes.filter((id) => document.notes?.[id]);
  const changes: GraphChange[] = edges
    .filter((edge) => document.edges[edge])
    .map((edge) => ({ kind: 'removeEdge', edge }));
  changes.push(
    ...frames.filter((id) => document.frames?.[id]).map((frame): GraphChange => ({ kind: 'removeFrame', frame })),
    ...written.map((note): GraphChange => ({ kind: 'removeNote', note })),
  );
  const [single] = kept;
  const healing =
    single && kept.length === 1 && changes.length === 0 ? removeAndRejoin(document, single, inference) : undefined;
  if (healing) changes.push(healing.change);
  else changes.push(...kept.map((node): GraphChange => ({ kind: 'removeNode', node })));
  if (changes.length === 0) return;
  dispatch(
    changes.length === 1 ? (changes[0] as GraphChange) : { kind: 'group', changes },
    verb ? { label: `${verb} ${countedItems(kept.length, written.length)}` } : {},
  );
  select([]);
  if (single && healing && healing.refused.length > 0)
    tellRefused(nodeLabel(document.nodes[single]!, document.blocks), healing);
}

/** So many layers, or notes where there are no layers. */
export function countedItems(layers: number, notes: number): string {
  if (layers > 0 || notes === 0) return layers === 1 ? '1 layer' : `${layers} layers`;
  return notes === 1 ? '1 note' : `${notes} notes`;
}

function tellRefused(label: string, { refused }: Healing): void {
  const words = messages().canvas;
  const after = documentStore.getState().document;
  notify.warning(words.notRejoined(label), {
    description: refused.map(translate).join(' '),
    action: {
      label: words.undo,
      onClick: () => {
        // Only that step, and not one that was made since.
        if (documentStore.getState().document === after) documentStore.getState().undo();
      },
    },
  });
}
