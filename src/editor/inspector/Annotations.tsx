import { useStore } from 'zustand';
import { membersOf } from '../../engine/graph/annotations.ts';
import type { Frame, Note } from '../../engine/graph/document.ts';
import { noteText } from '../../engine/graph/parseAnnotations.ts';
import { colorCommands, colorName } from '../commands/annotateCommands.ts';
import { CommandButton } from '../commands/CommandButton.tsx';
import { CommandText } from '../commands/CommandText.tsx';
import type { Command } from '../commands/command.ts';
import { commandOf } from '../commands/commands.ts';
import { useCommand } from '../commands/useCommand.ts';
import { messages } from '../i18n/language.ts';
import { graphStore } from '../stores/graph.ts';
import { FactList } from '../ui/FactList.tsx';
import { SwitchRow } from '../ui/fields/Switch.tsx';
import { compactNumber, wholeNumber } from '../ui/format.ts';

/** The colour of what is selected. */
export function ColorRow() {
  return (
    <section aria-label={messages().colors.title} className="flex flex-col gap-2">
      <h3 className="section-title">{messages().colors.title}</h3>
      <div className="flex flex-wrap gap-1.5">
        {colorCommands.map((command) => (
          <Swatch key={command.id} command={command} />
        ))}
      </div>
    </section>
  );
}

function Swatch({ command }: { readonly command: Command }) {
  const { title, checked } = useCommand(command);
  const { tint, run } = command;
  return (
    <button
      type="button"
      aria-label={colorName(command)}
      aria-pressed={checked}
      title={title}
      onClick={run}
      className={`size-5 rounded-full border outline-none focus-visible:ring-2 focus-visible:ring-accent focus-visible:ring-offset-1 ${checked ? 'ring-2 ring-accent ring-offset-1 ring-offset-surface' : ''} ${tint ? 'border-transparent' : 'border-faint bg-surface'}`}
      style={tint ? { background: `var(--tag-${tint})` } : {}}
    />
  );
}

/** A frame: its name, its colour, and what its layers come to. */
export function FrameInspector({ frame }: { readonly frame: Frame }) {
  const document = useStore(graphStore, (state) => state.document);
  const inference = useStore(graphStore, (state) => state.inference);
  const { dispatch } = graphStore.getState();
  const { frame: words, inspector, projects } = messages();
  const { nodes } = membersOf(document, frame.id);
  const parameters = nodes.reduce((sum, id) => sum + (inference.nodes[id]?.totalParameters ?? 0), 0);
  const multiplyAdds = nodes.reduce((sum, id) => sum + (inference.nodes[id]?.inference?.multiplyAdds ?? 0), 0);
  const rows = [
    [words.holds, projects.layers(nodes.length)],
    [inspector.parameters, wholeNumber(parameters)],
    [inspector.multiplyAddsSample, compactNumber(multiplyAdds)],
  ] as const;
  return (
    <div className="form-sections">
      <header className="flex items-center gap-2">
        <input
          aria-label={words.name}
          data-name-field
          value={frame.name}
          onChange={(event) =>
            dispatch({ kind: 'setFrame', frame: { ...frame, name: event.target.value } }, { key: `frame ${frame.id}` })
          }
          className="min-w-0 flex-1 truncate rounded-sm bg-transparent text-sm font-semibold text-ink outline-none focus-visible:ring-2 focus-visible:ring-accent"
        />
        <CommandButton command={commandOf('unframe')} />
      </header>
      <p className="text-xs leading-relaxed text-muted">{words.hint}</p>
      <FactList rows={rows} />
      <SwitchRow label={words.folded} on={frame.collapsed === true} onChange={commandOf('fold').run} />
      <ColorRow />
    </div>
  );
}

/** A note: its text and its colour. */
export function NoteInspector({ note }: { readonly note: Note }) {
  const words = messages().note;
  return (
    <div className="form-sections">
      <label className="flex flex-col gap-1.5 text-xs font-semibold">
        {words.text}
        <textarea
          value={note.text}
          rows={6}
          placeholder={words.placeholder}
          onChange={(event) =>
            graphStore
              .getState()
              .dispatch(
                { kind: 'setNote', note: { ...note, text: noteText(event.target.value) } },
                { key: `note ${note.id}` },
              )
          }
          className="w-full rounded-md border border-line bg-canvas p-2 text-xs leading-relaxed font-normal text-ink outline-none focus:border-accent"
        />
      </label>
      <ColorRow />
      <div>
        <CommandText command={commandOf('delete')} words={messages().inspector.removeNote} />
      </div>
    </div>
  );
}
