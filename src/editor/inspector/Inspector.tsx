import { ExternalLink } from 'lucide-react';
import { type RefObject, useEffect, useRef } from 'react';
import { useStore } from 'zustand';
import type { GraphNode, NodeId } from '../../engine/graph/document.ts';
import { sizeOf } from '../../engine/ir/shape.ts';
import { CommandButton } from '../commands/CommandButton.tsx';
import { commandOf } from '../commands/commands.ts';
import { resetAll } from '../commands/parameterCommands.ts';
import { useCommand } from '../commands/useCommand.ts';
import { messages, translate } from '../i18n/language.ts';
import { graphStore } from '../stores/graph.ts';
import { isChanged as isFieldChanged } from '../stores/parameterEdits.ts';
import { sessionStore } from '../stores/session.ts';
import { TextButton } from '../ui/controls.tsx';
import { FactList } from '../ui/FactList.tsx';
import { ParameterField } from '../ui/fields/ParameterField.tsx';
import { byteSize, compactNumber, shapeText, wholeNumber } from '../ui/format.ts';
import { layerIcon } from '../ui/layerIcon.ts';
import { ColorRow, FrameInspector, NoteInspector } from './Annotations.tsx';
import { BlockSummary, UseSection } from './BlockSections.tsx';
import { Constants, FormulaRow, ParameterActions } from './Formulas.tsx';
import { InitialValues } from './InitialValues.tsx';
import { SeveralSelected } from './SeveralSelected.tsx';
import { WeightGroups } from './WeightGroups.tsx';

/** What is known of the selected layer, and its parameters as a form; without a selection, of the whole model. */
function Inspector() {
  const selected = useStore(sessionStore, (state) => state.nodes);
  const block = useStore(graphStore, (state) => state.block);
  const { frames, notes } = useStore(sessionStore);
  const document = useStore(graphStore, (state) => state.document);
  const node = selected.length === 1 ? document.nodes[selected[0]!] : undefined;
  const [frame, note] = [frames[0] && document.frames?.[frames[0]], notes[0] && document.notes?.[notes[0]]];
  if (frame && selected.length === 0) return <FrameInspector key={frame.id} frame={frame} />;
  if (note && selected.length === 0) return <NoteInspector key={note.id} note={note} />;
  if (node) return <NodeInspector key={node.id} node={node} />;
  if (selected.length > 1) return <SeveralSelected selected={selected} />;
  if (block) return <BlockSummary key={block.id} block={block} />;
  return <ModelSummary />;
}

function NodeInspector({ node }: { readonly node: GraphNode }) {
  const facts = useStore(graphStore, (state) => state.inference.nodes[node.id]);
  const all = useStore(graphStore, (state) => state.inference.diagnostics);
  const { dispatch } = graphStore.getState();
  const definition = facts?.definition;
  const diagnostics = all.filter((diagnostic) => diagnostic.node === node.id);
  const Icon = layerIcon(definition?.icon);
  const category = `var(--category-${(definition?.category ?? 'joining').toLowerCase()})`;
  const specs = Object.entries(definition?.parameters ?? {});
  const isChanged = specs.some(([name, spec]) => isFieldChanged({ node, name, spec }));
  const form = useRef<HTMLDivElement>(null);
  useCurrentField(form, node.id);
  return (
    <div ref={form} className="form-sections">
      <header className="flex items-center gap-2">
        <span
          aria-hidden
          className="grid size-8 place-items-center rounded-lg"
          style={{ background: `color-mix(in srgb, ${category} 15%, transparent)`, color: category }}
        >
          <Icon size={17} />
        </span>
        <div className="min-w-0 flex-1">
          <input
            aria-label={messages().inspector.name}
            data-name-field
            value={node.name ?? ''}
            placeholder={definition?.title ?? node.type}
            onChange={(event) =>
              dispatch(
                { kind: 'nameNode', node: node.id, name: event.target.value || undefined },
                { key: `name:${node.id}` },
              )
            }
            className="w-full truncate rounded-sm bg-transparent text-sm font-semibold text-ink outline-none placeholder:text-ink focus-visible:ring-2 focus-visible:ring-accent"
          />
          <p className="text-[11px] text-muted">
            {definition
              ? node.block === undefined
                ? `${definition.type} · ${translate(definition.category)}`
                : messages().blocks.block
              : messages().inspector.unknown(node.type)}
          </p>
        </div>
        <CommandButton command={commandOf('delete')} />
      </header>
      {diagnostics.map(({ message, severity, fixes }) => (
        <div
          key={message}
          role="alert"
          className={`rounded-md border p-2.5 text-xs leading-snug ${severity === 'error' ? 'border-danger/35 bg-danger/8' : 'border-warning/35 bg-warning/8'}`}
        >
          <p>{translate(message)}</p>
          <div className="mt-1.5 flex flex-wrap gap-1.5">
            {fixes.map(({ label, change }) => (
              <TextButton key={label} onClick={() => dispatch(change)}>
                {translate(label)}
              </TextButton>
            ))}
          </div>
        </div>
      ))}
      {definition && <p className="text-xs leading-relaxed text-muted">{translate(definition.help.summary)}</p>}
      {node.block !== undefined && <UseSection node={node} />}
      {specs.length > 0 && (
        <section aria-label={messages().inspector.parameters} className="flex flex-col gap-3">
          <div className="flex items-center justify-between">
            <h3 className="section-title">{messages().inspector.parameters}</h3>
            {isChanged && <ResetAll />}
          </div>
          {specs.map(([name, spec]) => (
            <ParameterField
              key={name}
              name={name}
              spec={spec}
              value={node.parameters[name] === undefined ? spec.default : node.parameters[name]}
              inferred={spec.kind === 'autoInteger' ? inferredSize(name, facts?.inputs[0]) : undefined}
              action={<ParameterActions field={{ node, name, spec }} />}
              {...(node.formulas?.[name] === undefined ? {} : { field: <FormulaRow node={node} name={name} /> })}
              problem={diagnostics.find(({ parameter }) => parameter === name)}
              editKey={`${node.id}.${name}`}
              onChange={(value, options) =>
                dispatch({ kind: 'setParameter', node: node.id, parameter: name, value }, options)
              }
            />
          ))}
        </section>
      )}
      {facts?.layer && (facts.inference?.weights.length ?? 0) > 0 && !node.shares && <InitialValues node={node} />}
      {facts?.layer && ((facts.inference?.weights.length ?? 0) > 0 || facts.layer.role === 'loss') && (
        <WeightGroups node={node} isLoss={facts.layer.role === 'loss'} />
      )}
      {facts && <Shapes facts={facts} />}
      <ColorRow />
      {definition && node.block === undefined && (
        <footer className="flex flex-col gap-1.5 text-[11px] text-muted">
          <code className="font-mono leading-relaxed break-words text-ink">{translate(definition.help.shapes)}</code>
          <a
            href={definition.help.reference}
            target="_blank"
            rel="noreferrer"
            className="flex items-center gap-1 text-accent hover:underline"
          >
            {messages().inspector.reference} <ExternalLink aria-hidden size={11} />
          </a>
        </footer>
      )}
    </div>
  );
}

/** Commands on one parameter are about the field that has the focus, or had it last. */
function useCurrentField(form: RefObject<HTMLElement | null>, node: NodeId): void {
  useEffect(() => {
    const element = form.current;
    const follow = ({ target }: FocusEvent) => {
      const parameter = (target as Element).closest<HTMLElement>('[data-parameter]')?.dataset.parameter;
      if (parameter !== undefined) sessionStore.setState({ field: { node, parameter } });
    };
    element?.addEventListener('focusin', follow);
    return () => element?.removeEventListener('focusin', follow);
  }, [form, node]);
}

/** All parameters back at their defaults. */
function ResetAll() {
  const { label, title } = useCommand(resetAll);
  const Icon = resetAll.icon;
  return (
    <button
      type="button"
      title={title}
      onClick={resetAll.run}
      className="flex items-center gap-1 rounded-sm text-[11px] text-muted outline-none hover:text-ink focus-visible:ring-2 focus-visible:ring-accent"
    >
      <Icon aria-hidden size={11} /> {label}
    </button>
  );
}

function Shapes({
  facts,
}: {
  readonly facts: NonNullable<ReturnType<typeof graphStore.getState>['inference']['nodes'][string]>;
}) {
  const { inputs, inference } = facts;
  const rows: [string, string][] = [
    ...inputs.map((shape, i): [string, string] => [
      messages().inspector.input(inputs.length > 1 ? i + 1 : undefined),
      shapeText(shape),
    ]),
    ...(inference?.outputs ?? []).map((shape): [string, string] => [messages().inspector.output, shapeText(shape)]),
    ...(facts.layer ? (inference?.weights ?? []) : []).map(({ name, shape }): [string, string] => [
      name,
      `${shapeText(shape)} = ${wholeNumber(sizeOf(shape))}`,
    ]),
    ...(inference && inference.multiplyAdds > 0
      ? [[messages().inspector.multiplyAdds, compactNumber(inference.multiplyAdds)] as [string, string]]
      : []),
  ];
  if (rows.length === 0) return null;
  return (
    <section aria-label={messages().inspector.shapes} className="flex flex-col gap-2">
      <h3 className="section-title">{messages().inspector.shapesAndWeights}</h3>
      <FactList rows={rows} />
    </section>
  );
}

function ModelSummary() {
  const document = useStore(graphStore, (state) => state.document);
  const { totals, order, diagnostics } = useStore(graphStore, (state) => state.inference);
  const rows = [
    [messages().inspector.layers, String(Object.keys(document.nodes).length)],
    [messages().inspector.parameters, wholeNumber(totals.parameters)],
    [messages().inspector.multiplyAddsSample, compactNumber(totals.multiplyAdds)],
    [messages().inspector.memory, byteSize(totals.parameters * 4)],
    [messages().inspector.problems, String(diagnostics.length)],
  ] as const;
  return (
    <div className="form-sections">
      <div>
        <h3 className="text-sm font-semibold">{document.name}</h3>
        <p className="mt-1 text-xs leading-relaxed text-muted">
          {order.length === 0 ? messages().inspector.begin : messages().inspector.select}
        </p>
      </div>
      <FactList rows={rows} />
      <Constants />
    </div>
  );
}

function inferredSize(name: string, input: readonly number[] | undefined): number | undefined {
  if (!input) return undefined;
  return name === 'inChannels' ? input[0] : input.at(-1);
}

export default Inspector;
