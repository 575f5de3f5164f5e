import { useStore } from 'zustand';
import type { NodeId } from '../../engine/graph/document.ts';
import { CommandText } from '../commands/CommandText.tsx';
import { commandOf } from '../commands/commands.ts';
import { messages } from '../i18n/language.ts';
import { graphStore } from '../stores/graph.ts';
import { ParameterField } from '../ui/fields/ParameterField.tsx';
import { ColorRow } from './Annotations.tsx';

/** Several layers: what they have in common is edited for all of them at once. */
export function SeveralSelected({ selected }: { readonly selected: readonly NodeId[] }) {
  const { document, inference, dispatch } = useStore(graphStore);
  const words = messages().inspector;
  const nodes = selected.flatMap((id) => document.nodes[id] ?? []);
  const [first, ...others] = nodes.map(({ id }) => inference.nodes[id]?.definition?.parameters ?? {});
  const common = Object.entries(first ?? {}).filter(([name, spec]) =>
    others.every((schema) => schema[name]?.kind === spec.kind && sameSize(schema[name], spec)),
  );
  return (
    <div className="form-sections">
      <h3 className="text-sm font-semibold">{words.several(selected.length)}</h3>
      <p className="text-xs leading-relaxed text-muted">{words.severalHint}</p>
      {common.length > 0 && (
        <section aria-label={words.common} className="flex flex-col gap-3">
          <h3 className="section-title">{words.common}</h3>
          {common.map(([name, spec]) => {
            const values = nodes.map(({ parameters }) => parameters[name] ?? spec.default);
            const same = new Set(values.map((value) => JSON.stringify(value))).size === 1;
            return (
              <ParameterField
                key={name}
                name={name}
                spec={spec}
                value={values[0] ?? spec.default}
                editKey={`${selected.join()}.${name}`}
                action={!same && <span className="shrink-0 text-[11px] text-muted">{words.mixed}</span>}
                onChange={(value, options) =>
                  dispatch(
                    {
                      kind: 'group',
                      changes: nodes.map(({ id }) => ({ kind: 'setParameter', node: id, parameter: name, value })),
                    },
                    options,
                  )
                }
              />
            );
          })}
        </section>
      )}
      <ColorRow />
      <div className="flex flex-wrap gap-1.5">
        <CommandText command={commandOf('delete')} words={words.removeMany(selected.length)} />
        <CommandText command={commandOf('group-block')} />
      </div>
    </div>
  );
}

/** Tuples of one length can be edited as one. */
function sameSize(a: { readonly default: unknown } | undefined, b: { readonly default: unknown }): boolean {
  return !Array.isArray(b.default) || (Array.isArray(a?.default) && a.default.length === b.default.length);
}
