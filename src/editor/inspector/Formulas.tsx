import { Plus, Trash2 } from 'lucide-react';
import { type FormEvent, useEffect, useState } from 'react';
import { useStore } from 'zustand';
import type { GraphNode } from '../../engine/graph/document.ts';
import { evaluate, formulaValue } from '../../engine/graph/formulas.ts';
import { isConstantName } from '../../engine/graph/parseAnnotations.ts';
import { FormulaError } from '../../engine/layers/core/expression/formulaError.ts';
import { parameterActions } from '../commands/parameterCommands.ts';
import { commandLabel, messages, translate } from '../i18n/language.ts';
import { graphStore } from '../stores/graph.ts';
import type { Field } from '../stores/parameterEdits.ts';
import { IconButton } from '../ui/controls.tsx';
import { numberClass } from '../ui/fields/fieldClass.ts';
import { parameterLabel } from '../ui/format.ts';
import { keyText } from '../ui/Keys.tsx';

const SMALL =
  'grid size-5 shrink-0 place-items-center rounded text-muted outline-none hover:bg-raised hover:text-ink focus-visible:ring-2 focus-visible:ring-accent aria-pressed:text-accent';
/** Seen where the pointer or the focus is, where there is no pointer to hover with, and where it is on. */
const ON_DEMAND =
  'opacity-0 group-focus-within/field:opacity-100 group-hover/field:opacity-100 focus-visible:opacity-100 aria-pressed:opacity-100 pointer-coarse:opacity-100';

/** One object, so that the same is the same. */
const NONE: Readonly<Record<string, string>> = {};

/** Buttons beside a parameter's name, for all that can be done with it. */
export function ParameterActions({ field }: { readonly field: Field }) {
  // Whether something can be done also follows from the block around.
  useStore(graphStore, (state) => state.block);
  return parameterActions
    .filter(({ possible }) => possible(field))
    .map(({ id, label, icon: Icon, keys, isOn, apply }) => {
      const named = `${commandLabel(id, label)}: ${parameterLabel(field.name)}`;
      return (
        <button
          key={id}
          type="button"
          {...(isOn ? { 'aria-pressed': isOn(field) } : {})}
          aria-label={named}
          title={`${named} (${keyText(keys[0] ?? '')})`}
          onClick={() => apply(field)}
          className={`${SMALL} ${isOn ? ON_DEMAND : ''}`}
        >
          <Icon aria-hidden size={13} />
        </button>
      );
    });
}

/** A parameter that follows from a formula: its text, and what it comes to. */
export function FormulaRow({ node, name }: { readonly node: GraphNode; readonly name: string }) {
  const constants = useStore(graphStore, (state) => state.document.constants) ?? NONE;
  const formula = node.formulas?.[name] ?? '';
  const result = formulaValue(node, name, formula, constants);
  return (
    <div className="flex flex-col gap-1">
      <TextField
        label={messages().formula.of(name)}
        value={formula}
        invalid={'problem' in result}
        onChange={(text) =>
          graphStore
            .getState()
            .dispatch(
              { kind: 'setFormula', node: node.id, parameter: name, formula: text },
              { key: `formula ${node.id}.${name}` },
            )
        }
      />
      <p className={`text-right font-mono text-[11px] ${'problem' in result ? 'text-danger' : 'text-muted'}`}>
        {'problem' in result ? translate(result.problem) : `= ${String(result.value)}`}
      </p>
    </div>
  );
}

/** The constants of the document, which formulas use by name. */
export function Constants() {
  const constants = useStore(graphStore, (state) => state.document.constants) ?? NONE;
  const words = messages().formula;
  const { dispatch } = graphStore.getState();
  const [name, setName] = useState('');
  const [formula, setFormula] = useState('');
  const free = isConstantName(name) && !Object.hasOwn(constants, name);
  const add = (event: FormEvent) => {
    event.preventDefault();
    if (!free || formula.trim() === '') return;
    dispatch({ kind: 'setConstant', name, formula });
    setName('');
    setFormula('');
  };
  return (
    <section aria-label={words.constants} className="flex flex-col gap-2">
      <h3 className="section-title">{words.constants}</h3>
      <p className="text-[11px] leading-relaxed text-muted">{words.hint}</p>
      {Object.entries(constants).map(([own, text]) => {
        const value = numberOf(text, constants);
        return (
          <div key={own} className="flex flex-col gap-0.5">
            <div className="grid grid-cols-[1fr_1fr_2rem] items-center gap-1.5">
              <span className="truncate font-mono text-xs text-ink">{own}</span>
              <TextField
                label={words.of(own)}
                value={text}
                invalid={typeof value === 'string'}
                onChange={(next) =>
                  dispatch({ kind: 'setConstant', name: own, formula: next }, { key: `constant ${own}` })
                }
              />
              <IconButton
                icon={Trash2}
                label={words.remove(own)}
                onClick={() => dispatch({ kind: 'setConstant', name: own, formula: undefined })}
              />
            </div>
            {(typeof value === 'string' || String(value) !== text.trim()) && (
              <p className={`text-[11px] ${typeof value === 'string' ? 'text-danger' : 'font-mono text-muted'}`}>
                {typeof value === 'string' ? translate(value) : `= ${value}`}
              </p>
            )}
          </div>
        );
      })}
      <form onSubmit={add} className="grid grid-cols-[1fr_1fr_2rem] items-center gap-1.5">
        <input
          aria-label={words.name}
          placeholder="latent"
          value={name}
          aria-invalid={name !== '' && !free}
          onChange={(event) => setName(event.target.value)}
          className={numberClass}
        />
        <input
          aria-label={words.value}
          placeholder="32"
          value={formula}
          onChange={(event) => setFormula(event.target.value)}
          className={numberClass}
        />
        <IconButton icon={Plus} label={words.add} type="submit" disabled={!free || formula.trim() === ''} />
      </form>
    </section>
  );
}

/** The number, or what is wrong with it. */
function numberOf(formula: string, constants: Readonly<Record<string, string>>): number | string {
  try {
    return evaluate(formula, constants);
  } catch (error) {
    if (error instanceof FormulaError) return error.message;
    throw error;
  }
}

/** Text that is the document's; the field keeps what is typed while the document follows. */
function TextField(props: {
  readonly label: string;
  readonly value: string;
  readonly invalid: boolean;
  readonly onChange: (text: string) => void;
}) {
  const [text, setText] = useState(props.value);
  useEffect(() => setText(props.value), [props.value]);
  return (
    <input
      aria-label={props.label}
      autoComplete="off"
      spellCheck={false}
      value={text}
      aria-invalid={props.invalid}
      onChange={(event) => {
        setText(event.target.value);
        props.onChange(event.target.value);
      }}
      className={numberClass}
    />
  );
}
