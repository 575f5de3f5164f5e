import type { NodeProps } from '@xyflow/react';
import { useState } from 'react';
import type { Note } from '../../engine/graph/document.ts';
import { noteText } from '../../engine/graph/parseAnnotations.ts';
import { messages } from '../i18n/language.ts';
import { graphStore } from '../stores/graph.ts';
import type { FlowNote } from './annotationNodes.tsx';

/** A comment. A double click, or Enter, writes in it; its corner makes it larger. */
function NoteNode({ data, selected }: NodeProps<FlowNote>) {
  const { note } = data;
  // A new note wants to be written.
  const [editing, setEditing] = useState(note.text === '');
  const words = messages().note;
  const tint = `var(--tag-${note.color ?? 'yellow'})`;
  const keep = (field: HTMLTextAreaElement) => {
    setEditing(false);
    const size = { width: snapped(field.offsetWidth), height: snapped(field.offsetHeight) };
    const next: Note = { ...note, text: noteText(field.value), size };
    if (next.text === '') graphStore.getState().dispatch({ kind: 'removeNote', note: note.id });
    else if (next.text !== note.text || size.width !== note.size.width || size.height !== note.size.height) {
      graphStore.getState().dispatch({ kind: 'setNote', note: next }, { key: `note ${note.id}` });
    }
  };
  const look = {
    borderColor: `color-mix(in srgb, ${tint} 60%, transparent)`,
    background: `color-mix(in srgb, ${tint} 14%, var(--surface))`,
  };
  return editing ? (
    <textarea
      // biome-ignore lint/a11y/noAutofocus: opened for writing
      autoFocus
      aria-label={words.text}
      defaultValue={note.text}
      placeholder={words.placeholder}
      onBlur={(event) => keep(event.currentTarget)}
      onKeyDown={(event) => {
        event.stopPropagation();
        if (event.key === 'Escape') event.currentTarget.blur();
      }}
      className="nodrag nopan nowheel block min-h-12 min-w-28 resize rounded-lg border p-2.5 text-xs leading-relaxed text-ink outline-none ring-2 ring-accent"
      style={{ ...look, width: note.size.width, height: note.size.height }}
    />
  ) : (
    // biome-ignore lint/a11y/noStaticElementInteractions: the node around it has the focus and takes Enter
    <div
      data-testid="note"
      onDoubleClick={() => setEditing(true)}
      className={`size-full overflow-hidden rounded-lg border p-2.5 text-xs leading-relaxed whitespace-pre-wrap text-ink shadow-sm ${selected ? 'ring-2 ring-accent' : ''}`}
      style={look}
    >
      {note.text}
    </div>
  );
}

const snapped = (length: number): number => Math.min(4000, Math.round(length / 10) * 10);

export default NoteNode;
