import { Command } from 'cmdk';
import { useMemo, useState } from 'react';
import { useStore } from 'zustand';
import { portsThatTake, type Taker } from '../../engine/compiler/fitting.ts';
import type { NodeId, PortRef } from '../../engine/graph/document.ts';
import { findLayer } from '../../engine/layers/registry.ts';
import { messages, translate } from '../i18n/language.ts';
import { canvasActions } from '../stores/canvasActions.ts';
import { connection } from '../stores/edits.ts';
import { graphStore } from '../stores/graph.ts';
import { sessionStore } from '../stores/session.ts';
import { shapeText } from '../ui/format.ts';
import { layerIcon } from '../ui/layerIcon.ts';
import { rankNodes, searchNodes } from './searchNodes.ts';

const MOST_SHOWN = 100;

interface Found {
  readonly node: NodeId;
  /** Where a wire would end. */
  readonly port?: PortRef;
  readonly hint: string;
}

const close = () => {
  sessionStore.setState({ search: undefined });
  // Where the keyboard was before: shortcuts work there.
  (document.activeElement as HTMLElement | null)?.blur();
};

/** A search over the placed layers: to go to one, or to lead a wire to it. */
function NodeSearch() {
  const search = useStore(sessionStore, (state) => state.search);
  const selected = useStore(sessionStore, (state) => state.nodes);
  const { document: model, inference } = useStore(graphStore);
  const [query, setQuery] = useState('');
  // A wire starts where the selection was when the search was opened.
  const [from] = useState(selected[0]);
  const words = messages().search;
  const found = useMemo((): readonly Found[] => {
    if (search === 'find') {
      const nodes = searchNodes(model, inference, query);
      return nodes.map(({ id }) => ({ node: id, hint: shapeText(inference.nodes[id]?.inference?.outputs[0]) }));
    }
    const output = from && findLayer(model.nodes[from]?.type ?? '')?.outputs[0];
    if (!from || !output) return [];
    const ranks = new Map([...rankNodes(model, inference, query)].map(([{ id }, rank]) => [id, rank]));
    const rankOf = ({ port }: Taker): number => ranks.get(port.node) ?? 0;
    // What was searched for comes first; of what fits the search alike, where the wire fits best.
    return portsThatTake(model, inference, { node: from, port: output.name })
      .filter(({ port }) => ranks.has(port.node))
      .sort((a, b) => rankOf(a) - rankOf(b))
      .map(({ port, warning }) => ({
        node: port.node,
        port,
        hint: warning === undefined ? port.port : translate(warning),
      }));
  }, [search, query, model, inference, from]);
  if (!search) return null;
  const start = from && model.nodes[from];
  const title = search === 'find' ? words.find : words.connect(start?.name ?? start?.type ?? '');

  const show = (key: string) => {
    const [node] = key.split(' ');
    if (search !== 'find' || !node) return;
    sessionStore.getState().select([node as NodeId]);
    canvasActions.fitTo([node]);
  };
  const choose = ({ node, port }: Found) => {
    close();
    if (search === 'connect' && from && port) {
      const output = findLayer(model.nodes[from]?.type ?? '')?.outputs[0]?.name ?? '';
      graphStore.getState().dispatch(connection(model, { node: from, port: output }, port));
      return;
    }
    sessionStore.getState().select([node]);
    canvasActions.fitTo([node]);
  };
  return (
    <Command
      label={title}
      shouldFilter={false}
      loop
      {...(search === 'find' && query !== '' ? { onValueChange: show } : {})}
      onKeyDown={(event) => {
        if (event.key === 'Escape') close();
        event.stopPropagation();
      }}
      onBlur={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget)) sessionStore.setState({ search: undefined });
      }}
      className="absolute top-3 left-1/2 z-30 w-[min(380px,calc(100%-24px))] -translate-x-1/2 overflow-hidden rounded-lg border border-line bg-surface shadow-xl"
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
          {search === 'find' ? words.none : words.noneTakes}
        </Command.Empty>
        {found.slice(0, MOST_SHOWN).map((each) => {
          const node = model.nodes[each.node];
          const definition = inference.nodes[each.node]?.definition;
          const Icon = layerIcon(definition?.icon);
          return (
            <Command.Item
              key={`${each.node} ${each.port?.port ?? ''}`}
              value={`${each.node} ${each.port?.port ?? ''}`}
              onSelect={() => choose(each)}
              className="flex cursor-default items-center gap-2 rounded-md px-2 py-1.5 text-[13px] text-ink data-[selected=true]:bg-raised"
            >
              <Icon
                aria-hidden
                size={14}
                className="shrink-0"
                style={{ color: `var(--category-${(definition?.category ?? 'joining').toLowerCase()})` }}
              />
              <span className="shrink-0">{node?.name ?? definition?.title ?? node?.type}</span>
              {node?.name && <span className="shrink-0 text-[11px] text-muted">{node.type}</span>}
              <span className="min-w-0 flex-1 truncate text-right font-mono text-[11px] text-muted" title={each.hint}>
                {each.hint}
              </span>
            </Command.Item>
          );
        })}
      </Command.List>
      {search === 'find' && (
        <p className="border-t border-line px-3 py-1.5 text-[11px] text-muted">
          {found.length > MOST_SHOWN ? words.more(MOST_SHOWN, found.length) : words.hint}
        </p>
      )}
    </Command>
  );
}

export default NodeSearch;
