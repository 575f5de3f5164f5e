import { Search } from 'lucide-react';
import { lazy, Suspense, useDeferredValue, useMemo, useState } from 'react';
import { useStore } from 'zustand';
import type { LayerCategory, LayerDefinition } from '../../engine/layers/defineLayer.ts';
import { allLayers } from '../../engine/layers/registry.ts';
import { messages, translate } from '../i18n/language.ts';
import { addLayerAfterSelection } from '../stores/edits.ts';
import { graphStore } from '../stores/graph.ts';
import { layerIcon } from '../ui/layerIcon.ts';
import { notify } from '../ui/notify.ts';
import { DRAGGED_LAYER } from './dragged.ts';
import { byCategory } from './paletteOrder.ts';
import { searchLayers } from './searchLayers.ts';

// Blocks stand below all layers: their code is fetched after the first picture.
const blockItems = () => import('./BlockItems.tsx');
const BlockGroups = lazy(async () => ({ default: (await blockItems()).BlockGroups }));

/** So many categories fill a screen. */
const SEEN_AT_FIRST = 4;

/** What was added last, perhaps still waiting for the code of blocks. */
let added: Promise<void> = Promise.resolve();

/** Adds the layer that fits a search best, or else a block; in the order in which they were asked for. */
function addBest(query: string, layer: LayerDefinition | undefined): void {
  added = added
    .then(async () => {
      if (layer) addLayerAfterSelection(layer);
      else (await blockItems()).addFirstBlock(query);
    })
    .catch((error: unknown) => notify.error(error instanceof Error ? error.message : String(error)));
}

/** All layers by category: drag one to the canvas, or click to put it after the selected layer. */
export function Palette() {
  const [query, setQuery] = useState('');
  const isInside = useStore(graphStore, ({ block }) => block !== undefined);
  const groups = useMemo(() => {
    // Ports are of use inside of a block alone.
    const layers = allLayers().filter(({ category }) => isInside || category !== 'Block');
    const best = searchLayers(layers, query);
    // What is searched for stands in the order of how well it fits, not by category.
    if (query.trim() !== '') return best.length > 0 ? [{ category: undefined, layers: best }] : [];
    return byCategory(best);
  }, [query, isInside]);
  const first = groups[0]?.layers[0];
  // Two thirds of the page's elements stand here, most of them below what is seen: they follow the first picture.
  const whole = useDeferredValue(true, false);
  return (
    <section aria-label={messages().palette.title} className="flex h-full min-h-0 flex-col bg-surface">
      <div className="p-2">
        <label className="flex h-8 items-center gap-2 rounded-md border border-line bg-canvas px-2 focus-within:border-accent">
          <Search aria-hidden size={14} className="shrink-0 text-muted" />
          <input
            type="search"
            aria-label={messages().palette.search}
            placeholder={messages().palette.search}
            value={query}
            onChange={(event) => setQuery(event.target.value)}
            onKeyDown={(event) => {
              if (event.key === 'Enter') addBest(query, first);
              if (event.key !== 'Escape') return;
              if (query === '') event.currentTarget.blur();
              setQuery('');
            }}
            className="min-w-0 flex-1 bg-transparent text-[13px] text-ink outline-none placeholder:text-muted"
          />
        </label>
      </div>
      <div className="min-h-0 flex-1 overflow-y-auto px-2 pb-3">
        {(whole ? groups : groups.slice(0, SEEN_AT_FIRST)).map(({ category, layers }) => (
          <section key={category ?? ''} aria-label={titleOf(category) ?? messages().palette.title} className="mb-2">
            {category && <h3 className="list-title px-1.5 py-1">{titleOf(category)}</h3>}
            <ul>
              {layers.map((layer) => (
                <PaletteItem key={layer.type} layer={layer} />
              ))}
            </ul>
          </section>
        ))}
        <Suspense>
          <BlockGroups
            query={query}
            none={
              groups.length === 0 && (
                <p className="p-4 text-center text-xs leading-relaxed text-muted">{messages().palette.none(query)}</p>
              )
            }
          />
        </Suspense>
      </div>
    </section>
  );
}

/** Categories are the field's own words; ports stand under a word of the page. */
function titleOf(category: LayerCategory | undefined): string | undefined {
  if (category === 'Block') return messages().blocks.ports;
  return category && translate(category);
}

function PaletteItem({ layer }: { readonly layer: LayerDefinition }) {
  const Icon = layerIcon(layer.icon);
  return (
    <li>
      <button
        type="button"
        draggable
        data-testid={`palette-${layer.type}`}
        title={`${translate(layer.help.summary)}\n${translate(layer.help.shapes)}`}
        onDragStart={(event) => {
          event.dataTransfer.setData(DRAGGED_LAYER, layer.type);
          event.dataTransfer.effectAllowed = 'copy';
        }}
        onClick={() => addLayerAfterSelection(layer)}
        className="flex w-full cursor-grab items-center gap-2 rounded-md px-1.5 py-1 text-left text-[13px] text-ink outline-none hover:bg-raised focus-visible:ring-2 focus-visible:ring-accent active:cursor-grabbing"
      >
        <Icon
          aria-hidden
          size={15}
          strokeWidth={1.75}
          style={{ color: `var(--category-${layer.category.toLowerCase()})` }}
        />
        <span className="truncate">{layer.title}</span>
      </button>
    </li>
  );
}
