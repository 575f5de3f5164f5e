import { Handle, type NodeProps, Position } from '@xyflow/react';
import { ChevronDown, ChevronRight } from 'lucide-react';
import { useState } from 'react';
import { messages } from '../i18n/language.ts';
import { foldFrames } from '../stores/annotations.ts';
import { graphStore } from '../stores/graph.ts';
import { sessionStore } from '../stores/session.ts';
import type { FlowFrame } from './annotationNodes.tsx';

/** A border with a title. Its inside lets everything through to the canvas; folded, it is a box of its own. */
function FrameNode({ data }: NodeProps<FlowFrame>) {
  const { frame, chosen, layers, down, part, glows } = data;
  const [editing, setEditing] = useState(false);
  const words = messages().frame;
  const tint = `var(--tag-${frame.color ?? 'grey'})`;
  const select = () => sessionStore.getState().select([], [], { frames: [frame.id] });
  const fold = () => foldFrames([frame]);
  const rename = (name: string) => {
    setEditing(false);
    if (name.trim() && name !== frame.name) {
      graphStore.getState().dispatch({ kind: 'setFrame', frame: { ...frame, name: name.trim() } });
    }
  };
  const Chevron = frame.collapsed ? ChevronRight : ChevronDown;
  return (
    <section
      aria-label={part === 0 ? words.label(frame.name) : words.continued(frame.name)}
      data-testid="frame"
      className={`size-full rounded-xl border ${frame.collapsed ? 'pointer-events-auto bg-surface shadow-sm' : ''} ${chosen ? 'ring-2 ring-accent' : ''}`}
      data-glows={glows || undefined}
      style={{
        borderColor: tint,
        ...(frame.collapsed ? {} : { background: `color-mix(in srgb, ${tint} ${glows ? 18 : 7}%, transparent)` }),
        ...(glows ? { boxShadow: `0 0 0 2px ${tint}, 0 0 24px color-mix(in srgb, ${tint} 45%, transparent)` } : {}),
      }}
    >
      <div className="frame-title pointer-events-auto flex h-8 cursor-grab items-center gap-1 px-1.5">
        {part === 0 && (
          <button
            type="button"
            aria-label={frame.collapsed ? words.unfold(frame.name) : words.fold(frame.name)}
            aria-expanded={!frame.collapsed}
            onClick={fold}
            className="nodrag grid size-5 place-items-center rounded outline-none hover:bg-raised focus-visible:ring-2 focus-visible:ring-accent"
            style={{ color: tint }}
          >
            <Chevron aria-hidden size={14} />
          </button>
        )}
        {editing ? (
          <input
            // biome-ignore lint/a11y/noAutofocus: opened by a double click on the name
            autoFocus
            aria-label={words.name}
            defaultValue={frame.name}
            onBlur={(event) => rename(event.target.value)}
            onKeyDown={(event) => {
              if (event.key === 'Enter') event.currentTarget.blur();
              if (event.key === 'Escape') setEditing(false);
            }}
            className="nodrag min-w-0 flex-1 rounded-sm bg-canvas px-1 text-xs font-semibold text-ink outline-none ring-1 ring-accent"
          />
        ) : (
          <button
            type="button"
            {...(part === 0 ? {} : { 'aria-label': words.continued(frame.name) })}
            onClick={select}
            onDoubleClick={() => setEditing(true)}
            className={`min-w-0 truncate rounded-sm px-1 text-left text-xs font-semibold outline-none ${part === 0 ? 'text-ink' : 'text-muted'} focus-visible:ring-2 focus-visible:ring-accent`}
          >
            {frame.name}
          </button>
        )}
      </div>
      {frame.collapsed && (
        <>
          <p className="px-3 text-[11px] text-muted">{messages().projects.layers(layers)}</p>
          <Handle
            id="in"
            type="target"
            position={down ? Position.Top : Position.Left}
            isConnectable={false}
            aria-hidden
          />
          <Handle
            id="out"
            type="source"
            position={down ? Position.Bottom : Position.Right}
            isConnectable={false}
            aria-hidden
          />
        </>
      )}
    </section>
  );
}

export default FrameNode;
