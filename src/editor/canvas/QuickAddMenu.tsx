import { Command } from 'cmdk';
import { useState } from 'react';
import { useStore } from 'zustand';
import { layersThatFit } from '../../engine/compiler/fitting.ts';
import type { PlacedDefinition } from '../../engine/layers/defineLayer.ts';
import { allLayers } from '../../engine/layers/registry.ts';
import { messages, translate } from '../i18n/language.ts';
import { searchLayers } from '../palette/searchLayers.ts';
import { offeredBlocks, placeableBlock } from '../stores/blocks.ts';
import { placeAfterSelection } from '../stores/edits.ts';
import { graphStore } from '../stores/graph.ts';
import { placeLayer } from '../stores/placeLayer.ts';
import { sessionStore } from '../stores/session.ts';
import { layerIcon } from '../ui/layerIcon.ts';

const close = () => sessionStore.setState({ quickAdd: undefined });

/** Search for a layer where it is to go; after a dropped wire, only layers that take what the wire carries. */
export function QuickAddMenu() {
  const quickAdd = useStore(sessionStore, (state) => state.quickAdd);
  const [query, setQuery] = useState('');
  if (!quickAdd) return null;
  const { screen, canvas, place } = quickAdd;
  const { document, inference, block } = graphStore.getState();
  const blocks = place.kind === 'replace' ? [] : offeredBlocks();
  // A block's ports are placed inside of blocks only.
  const choices = [
    ...allLayers().filter(({ category }) => block || category !== 'Block'),
    ...blocks.map(({ definition }) => definition),
  ];
  const wanted = place.kind === 'afterSelection' ? placeAfterSelection() : place;
  const fitting = layersThatFit<PlacedDefinition>(document, inference, wanted, choices);
  // As in the palette, all of them can be had there; those that fit stand first.
  const others = place.kind === 'afterSelection' ? choices.filter((layer) => !fitting.includes(layer)) : [];
  const layers = [...fitting, ...others];
  // What takes a layer's place is mostly of its kind.
  const kind = place.kind === 'replace' ? inference.nodes[place.node]?.definition?.category : undefined;
  if (kind) layers.sort((a, b) => Number(b.category === kind) - Number(a.category === kind));
  const title = messages().canvas.places[place.kind];
  return (
    <>
      {/* biome-ignore lint/a11y/noStaticElementInteractions lint/a11y/useKeyWithClickEvents: Escape closes too; this only catches clicks beside the menu */}
      <div className="fixed inset-0 z-40" onClick={close} />
      <Command
        label={title}
        shouldFilter={false}
        className="fixed z-[70] w-64 overflow-hidden rounded-lg border border-line bg-surface shadow-xl"
        style={{
          left: Math.max(8, Math.min(screen.x, innerWidth - 272)),
          top: Math.max(8, Math.min(screen.y, innerHeight - 340)),
        }}
        onKeyDown={(event) => {
          if (event.key === 'Escape') close();
          event.stopPropagation();
        }}
      >
        <Command.Input
          autoFocus
          value={query}
          onValueChange={setQuery}
          placeholder={title}
          className="w-full border-b border-line bg-transparent px-3 py-2 text-[13px] text-ink outline-none placeholder:text-muted"
        />
        <Command.List className="max-h-72 overflow-y-auto p-1">
          <Command.Empty className="px-3 py-4 text-center text-xs text-muted">
            {messages().canvas.noneFits}
          </Command.Empty>
          {searchLayers(layers, query).map((definition) => {
            const Icon = layerIcon(definition.icon);
            return (
              <Command.Item
                key={`${definition.type} ${definition.title}`}
                value={`${definition.type} ${definition.title}`}
                onSelect={() => {
                  close();
                  const offered = blocks.find((each) => each.definition === definition);
                  placeLayer(offered ? placeableBlock(offered) : definition, {
                    screen,
                    canvas: { x: canvas.x, y: canvas.y - 44 },
                    place,
                  });
                }}
                className="flex cursor-default items-center gap-2 rounded-md px-2 py-1.5 text-[13px] text-ink data-[selected=true]:bg-raised"
              >
                <Icon aria-hidden size={14} style={{ color: `var(--category-${definition.category.toLowerCase()})` }} />
                <span className="flex-1">{definition.title}</span>
                <span className="text-[11px] text-muted">{translate(definition.category)}</span>
              </Command.Item>
            );
          })}
        </Command.List>
      </Command>
    </>
  );
}
