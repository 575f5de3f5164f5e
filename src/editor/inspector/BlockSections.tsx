import { X } from 'lucide-react';
import { useState } from 'react';
import { useStore } from 'zustand';
import { blockOf } from '../../engine/graph/blocks.ts';
import type { BlockDefinition, GraphNode } from '../../engine/graph/document.ts';
import { isExposedName } from '../../engine/graph/parseBlocks.ts';
import { CommandText } from '../commands/CommandText.tsx';
import { commandOf } from '../commands/commands.ts';
import { messages } from '../i18n/language.ts';
import { usesOf } from '../stores/blocks.ts';
import { documentStore } from '../stores/document.ts';
import { exposeParameter } from '../stores/parameterEdits.ts';
import { IconButton } from '../ui/controls.tsx';
import { fieldClass } from '../ui/fields/fieldClass.ts';

/** What can be done with the block that the selected node uses. */
export function UseSection({ node }: { readonly node: GraphNode }) {
  const block = useStore(documentStore, ({ document }) => blockOf(node, document.blocks));
  if (!block) return null;
  return (
    <section aria-label={messages().blocks.block} className="flex flex-col gap-2">
      <BlockName block={block} />
      <div className="flex flex-wrap gap-1.5">
        {['enter-block', 'dissolve-block', 'keep-block'].map((id) => (
          <CommandText key={id} command={commandOf(id)} />
        ))}
      </div>
    </section>
  );
}

function BlockName({ block }: { readonly block: BlockDefinition }) {
  const uses = useStore(documentStore, ({ document }) => usesOf(document, block.id));
  return (
    <label className="flex flex-col gap-1 text-xs text-ink">
      <span className="flex justify-between gap-2">
        {messages().blocks.blockName}
        <span className="text-muted">{uses > 0 ? messages().blocks.uses(uses) : messages().blocks.unused}</span>
      </span>
      <input
        value={block.name}
        onChange={(event) =>
          documentStore
            .getState()
            .dispatch({ kind: 'renameBlock', block: block.id, name: event.target.value }, { key: `block:${block.id}` })
        }
        className={fieldClass}
      />
    </label>
  );
}

/** What is known of the block that is shown on the canvas, while nothing in it is selected. */
export function BlockSummary({ block }: { readonly block: BlockDefinition }) {
  const exposed = Object.entries(block.parameters);
  return (
    <div className="form-sections">
      <BlockName block={block} />
      <p className="text-xs leading-relaxed text-muted">{messages().blocks.changesAll}</p>
      <section aria-label={messages().blocks.exposed} className="flex flex-col gap-2">
        <h3 className="section-title">{messages().blocks.exposed}</h3>
        <p className="text-[11px] leading-relaxed text-muted">
          {exposed.length > 0 ? messages().blocks.exposedHint : messages().blocks.noneExposed}
        </p>
        {exposed.map(([name, targets]) => (
          <div key={name} className="flex items-center gap-1.5">
            <ExposedName block={block} name={name} />
            <span className="min-w-0 flex-1 truncate text-[11px] text-muted" title={placesOf(block, targets)}>
              {placesOf(block, targets)}
            </span>
            <IconButton
              icon={X}
              label={messages().blocks.hide(name)}
              onClick={() => exposeParameter(block.id, name, [])}
            />
          </div>
        ))}
      </section>
      <div>
        <CommandText command={commandOf('keep-block')} />
      </div>
    </div>
  );
}

/** The name of an exposed parameter as a field; the name of another makes the two one. */
function ExposedName({ block, name }: { readonly block: BlockDefinition; readonly name: string }) {
  const [text, setText] = useState(name);
  const rename = () => {
    if (text === name || !isExposedName(text)) return setText(name);
    const targets = [...(block.parameters[text] ?? []), ...(block.parameters[name] ?? [])];
    documentStore.getState().dispatch({
      kind: 'group',
      changes: [
        { kind: 'exposeParameter', block: block.id, name, targets: [] },
        { kind: 'exposeParameter', block: block.id, name: text, targets },
      ],
    });
  };
  return (
    <input
      aria-label={messages().blocks.exposedName(name)}
      value={text}
      aria-invalid={!isExposedName(text)}
      onChange={(event) => setText(event.target.value)}
      onBlur={rename}
      onKeyDown={(event) => {
        if (event.key === 'Enter') event.currentTarget.blur();
      }}
      className={`${fieldClass} max-w-28 font-mono`}
    />
  );
}

function placesOf(block: BlockDefinition, targets: BlockDefinition['parameters'][string]): string {
  return targets
    .map(({ node, parameter }) => `${block.nodes[node]?.name ?? block.nodes[node]?.type ?? node}.${parameter}`)
    .join(', ');
}
