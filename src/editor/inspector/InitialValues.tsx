import { useId } from 'react';
import type { GraphNode } from '../../engine/graph/document.ts';
import { allInitializers, findInitializer } from '../../engine/initializers/registry.ts';
import { messages, translate } from '../i18n/language.ts';
import { graphStore } from '../stores/graph.ts';
import { ParameterRow } from './ParameterRow.tsx';

/** How the first values of a layer's weights are drawn, and whether training leaves them alone. */
export function InitialValues({ node }: { readonly node: GraphNode }) {
  const id = useId();
  const { dispatch } = graphStore.getState();
  const { initial } = node;
  const definition = initial && findInitializer(initial.type);
  const set = (next: GraphNode['initial']): void => dispatch({ kind: 'setInitial', node: node.id, initial: next });
  return (
    <section aria-label={messages().inspector.weights} className="flex flex-col gap-3">
      <h3 className="text-xs font-semibold">{messages().inspector.weights}</h3>
      <div className="grid grid-cols-[1fr_7.5rem] items-center gap-2">
        <label
          htmlFor={id}
          title={definition && translate(definition.help.summary)}
          className="truncate text-xs text-ink"
        >
          {messages().inspector.initial}
        </label>
        <select
          id={id}
          value={initial?.type ?? ''}
          onChange={({ target }) => set(target.value === '' ? undefined : { type: target.value, parameters: {} })}
          className="h-7 w-full min-w-0 rounded-md border border-line bg-canvas px-2 text-xs text-ink outline-none focus:border-accent"
        >
          <option value="">{messages().inspector.initialDefault}</option>
          {initial && !definition && <option>{initial.type}</option>}
          {allInitializers().map(({ type, title }) => (
            <option key={type} value={type}>
              {translate(title)}
            </option>
          ))}
        </select>
      </div>
      {initial &&
        Object.entries(definition?.parameters ?? {}).map(([name, spec]) => (
          <ParameterRow
            key={`${initial.type} ${name}`}
            name={name}
            spec={spec}
            value={initial.parameters[name] ?? spec.default}
            inferred={undefined}
            problem={undefined}
            onChange={(value) => set({ ...initial, parameters: { ...initial.parameters, [name]: value } })}
          />
        ))}
      <label className="flex items-center justify-between gap-2 text-xs text-ink">
        {messages().inspector.frozen}
        <input
          type="checkbox"
          checked={node.frozen === true}
          onChange={({ target }) => dispatch({ kind: 'freezeNode', node: node.id, frozen: target.checked })}
          className="size-4 accent-accent"
        />
      </label>
    </section>
  );
}
