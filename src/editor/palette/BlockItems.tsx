import { Trash2 } from 'lucide-react';
import { type ReactNode, useMemo } from 'react';
import { useStore } from 'zustand';
import type { BlockDefinition } from '../../engine/graph/document.ts';
import { messages, translate } from '../i18n/language.ts';
import { libraryStore } from '../stores/blockLibrary.ts';
import { type OfferedBlock, offeredBlocks, placeableBlock, usesOf } from '../stores/blocks.ts';
import { documentStore } from '../stores/document.ts';
import { addLayerAfterSelection } from '../stores/edits.ts';
import { layerIcon } from '../ui/layerIcon.ts';
import { DRAGGED_LAYER } from './dragged.ts';
import { searchLayers } from './searchLayers.ts';

/** Own and built-in blocks in which the query occurs; `none` stands where no block does. */
export function BlockGroups({ query, none }: { readonly query: string; readonly none: ReactNode }) {
  // The list changes with the document and with the library.
  const blocks = useStore(documentStore, ({ document }) => document.blocks);
  const library = useStore(libraryStore, (state) => state.blocks);
  const found = useMemo(() => searchBlocks(offeredBlocks(blocks, library), query), [blocks, library, query]);
  if (found.length === 0) return none;
  const groups = [
    [messages().blocks.mine, found.filter(({ from }) => from !== 'built-in')],
    [messages().blocks.builtIn, found.filter(({ from }) => from === 'built-in')],
  ] as const;
  return groups.map(
    ([title, offered]) =>
      offered.length > 0 && (
        <section key={title} aria-label={title} className="mb-2">
          <h3 className="list-title px-1.5 py-1">{title}</h3>
          <ul>
            {offered.map((block) => (
              <BlockItem key={block.key} block={block} />
            ))}
          </ul>
        </section>
      ),
  );
}

/** Places the block that fits a search best, if one does. */
export function addFirstBlock(query: string): void {
  const [first] = searchBlocks(offeredBlocks(), query);
  if (first) addLayerAfterSelection(placeableBlock(first));
}

function searchBlocks(blocks: readonly OfferedBlock[], query: string): readonly OfferedBlock[] {
  const order = searchLayers(
    blocks.map(({ definition }) => definition),
    query,
  );
  return order.flatMap((definition) => blocks.find((block) => block.definition === definition) ?? []);
}

/** One block of the palette: drag it to the canvas, or click to put it after the selected layer. */
function BlockItem({ block }: { readonly block: OfferedBlock }) {
  const { definition, key } = block;
  const Icon = layerIcon(definition.icon);
  return (
    <li className="group flex items-center rounded-md hover:bg-raised">
      <button
        type="button"
        draggable
        data-testid={`palette-${key}`}
        title={translate(definition.help.summary)}
        onDragStart={(event) => {
          event.dataTransfer.setData(DRAGGED_LAYER, key);
          event.dataTransfer.effectAllowed = 'copy';
        }}
        onClick={() => addLayerAfterSelection(placeableBlock(block))}
        className="flex min-w-0 flex-1 cursor-grab items-center gap-2 rounded-md px-1.5 py-1 text-left text-[13px] text-ink outline-none focus-visible:ring-2 focus-visible:ring-accent active:cursor-grabbing"
      >
        <Icon aria-hidden size={15} strokeWidth={1.75} style={{ color: 'var(--category-block)' }} />
        <span className="truncate">{definition.title}</span>
      </button>
      <RemoveButton block={block} />
    </li>
  );
}

/** Takes a block out of the library, or one that nothing uses out of the document. */
function RemoveButton({ block: { from, bundle, definition } }: { readonly block: OfferedBlock }) {
  const isUsed = useStore(documentStore, ({ document }) => from === 'document' && usesOf(document, bundle.root) > 0);
  if (from === 'built-in' || isUsed) return null;
  const name = definition.title;
  const label = from === 'library' ? messages().blocks.forget(name) : messages().blocks.remove(name);
  const remove = () => {
    if (from === 'library') libraryStore.getState().remove((bundle.blocks[bundle.root] as BlockDefinition).name);
    else documentStore.getState().dispatch({ kind: 'removeBlock', block: bundle.root });
  };
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      onClick={remove}
      className="mr-1 grid size-6 shrink-0 place-items-center rounded text-muted opacity-0 outline-none group-hover:opacity-100 hover:text-danger focus-visible:opacity-100 focus-visible:ring-2 focus-visible:ring-accent"
    >
      <Trash2 aria-hidden size={13} />
    </button>
  );
}
