import { useId } from 'react';
import type { GraphNode } from '../../engine/graph/document.ts';
import { allInitializers, findInitializer } from '../../engine/initializers/registry.ts';
import { messages, translate } from '../i18n/language.ts';
import type { EditOptions } from '../stores/document.ts';
import { graphStore } from '../stores/graph.ts';
import { FieldRow } from '../ui/fields/FieldRow.tsx';
import { fieldClass } from '../ui/fields/fieldClass.ts';
import { ParameterField } from '../ui/fields/ParameterField.tsx';
import { SwitchRow } from '../ui/fields/Switch.tsx';

/** How the first values of a layer's weights are drawn, and whether training leaves them alone. */
export function InitialValues({ node }: { readonly node: GraphNode }) {
  const id = useId();
  const { dispatch } = graphStore.getState();
  const { initial } = node;
  const definition = initial && findInitializer(initial.type);
  const set = (next: GraphNode['initial'], options?: EditOptions): void =>
    dispatch({ kind: 'setInitial', node: node.id, initial: next }, options);
  return (
    <section aria-label={messages().inspector.weights} className="flex flex-col gap-3">
      <h3 className="section-title">{messages().inspector.weights}</h3>
      <FieldRow id={id} label={messages().inspector.initial} help={definition?.help.summary ?? ''}>
        <select
          id={id}
          value={initial?.type ?? ''}
          onChange={({ target }) => set(target.value === '' ? undefined : { type: target.value, parameters: {} })}
          className={fieldClass}
        >
          <option value="">{messages().inspector.initialDefault}</option>
          {initial && !definition && <option>{initial.type}</option>}
          {allInitializers().map(({ type, title }) => (
            <option key={type} value={type}>
              {translate(title)}
            </option>
          ))}
        </select>
      </FieldRow>
      {initial &&
        Object.entries(definition?.parameters ?? {}).map(([name, spec]) => (
          <ParameterField
            key={`${initial.type} ${name}`}
            name={name}
            spec={spec}
            value={initial.parameters[name] ?? spec.default}
            editKey={`${node.id} initial ${name}`}
            onChange={(value, options) =>
              set({ ...initial, parameters: { ...initial.parameters, [name]: value } }, options)
            }
          />
        ))}
      <SwitchRow
        label={messages().inspector.frozen}
        on={node.frozen === true}
        onChange={(frozen) => dispatch({ kind: 'freezeNode', node: node.id, frozen })}
      />
    </section>
  );
}
