import type { NodeId } from '../graph/document.ts';
import type { PythonLayer } from '../layers/defineLayer.ts';
import { type Instance, type Quantity, quantity } from './blockInstances.ts';

/** What a target writes for one node, taken apart into its numbers and what is between them. */
export interface CodeText {
  readonly between: readonly string[];
  readonly numbers: readonly string[];
  /** The same for nodes that differ in numbers alone. */
  readonly skeleton: string;
}

/** The code of one instance of a block. */
export interface Observation {
  readonly texts: Map<NodeId, CodeText>;
  readonly skeleton: string;
}

/** A number with which a block is made. */
export interface Argument {
  readonly name: string;
  readonly of: Quantity | undefined;
  /** One place in the code where it stands. */
  readonly at: { readonly node: NodeId; readonly place: number };
}

const LAYER = '__layer__';
const input = (i: number): string => `__input${i}__`;
// Not the digits of names.
const NUMBER = /(?<![\w.])(\d+(?:\.\d+)?(?:e[+-]?\d+)?)(?![\w.])/;

export function textOf(layer: PythonLayer, inputs: number, frozen: boolean): CodeText {
  const applied = layer.apply(
    LAYER,
    Array.from({ length: inputs }, (_, i) => input(i)),
  );
  const parts = `${layer.make ?? ''}\0${applied}`.split(NUMBER);
  const between = parts.filter((_, i) => i % 2 === 0);
  return {
    between,
    numbers: parts.filter((_, i) => i % 2 === 1),
    skeleton: `${between.join('#')}${frozen ? ' frozen' : ''}`,
  };
}

/** The same of the use of a block: its numbers are what each repetition is made with, one after the other. */
export function textOfUse({
  code,
  parameters,
}: {
  code: { name: string };
  parameters: readonly (readonly string[])[];
}): CodeText {
  const numbers = parameters.flat();
  return { between: [code.name], numbers, skeleton: `${code.name} ${parameters.length} ${numbers.length}` };
}

/** A use with names in the place of some of its numbers. */
export function withNames<Call extends { readonly parameters: readonly (readonly string[])[] }>(
  call: Call,
  names: ReadonlyMap<number, string>,
): Call {
  let place = 0;
  const parameters = call.parameters.map((values) => values.map((value) => names.get(place++) ?? value));
  return { ...call, parameters };
}

/** The layer with names in the place of some of its numbers. */
export function written(layer: PythonLayer, text: CodeText, names: ReadonlyMap<number, string>): PythonLayer {
  const [make = '', applied = ''] = text.between
    .map((part, i) => part + (names.get(i) ?? text.numbers[i] ?? ''))
    .join('')
    .split('\0');
  return {
    ...layer,
    ...(layer.make !== undefined && { make }),
    apply: (own, inputs) =>
      inputs.reduce(
        (code, each, i) => code.replaceAll(input(i), () => each),
        applied.replaceAll(LAYER, () => own),
      ),
  };
}

/**
 * Which numbers of a block's code are arguments of it. Each instance and each trial has the same code but for numbers: a
 * number that changes as a quantity does is that quantity; one that differs between instances in some other way becomes
 * an argument of its own; all others stand as they are.
 * @param observed instances of the document first, `count` of them, then trials
 */
export function argumentsOf(
  observed: readonly (Observation & { readonly instance: Instance })[],
  count: number,
  quantities: readonly Quantity[],
  nameOf: (base: string) => string,
): { readonly arguments: readonly Argument[]; readonly names: ReadonlyMap<NodeId, ReadonlyMap<number, string>> } {
  const [first] = observed;
  const values = quantities.map((each) => observed.map(({ instance }) => quantity(instance, each)));
  const stands = tied(observed, values, quantities);
  const found = new Map<
    string,
    { readonly of: Quantity | undefined; readonly base: string; at: Argument['at']; places: Argument['at'][] }
  >();
  for (const [node, text] of first?.texts ?? []) {
    text.numbers.forEach((_, place) => {
      const seen = observed.map(({ texts }) => {
        const other = texts.get(node);
        return other?.skeleton === text.skeleton ? Number(other.numbers[place]) : undefined;
      });
      const varies = new Set(seen.slice(0, count)).size > 1;
      const match = quantities.findIndex((_, q) => follows(seen, values[q] ?? []));
      if (match < 0 && !varies) return;
      const of = match < 0 ? undefined : quantities[stands[match] ?? match];
      const key = of ? `quantity ${of.name}` : `numbers ${seen.slice(0, count).join()}`;
      const entry = found.get(key) ?? {
        of,
        base: of?.name ?? `${node.replace(/\d+$/, '')}_size`,
        at: { node, place },
        places: [],
      };
      entry.places.push({ node, place });
      found.set(key, entry);
    });
  }
  const places = quantities.map(({ name }) => `quantity ${name}`);
  const rank = (key: string): number => (places.includes(key) ? places.indexOf(key) : places.length);
  const ordered = [...found].sort(([a], [b]) => rank(a) - rank(b)).map(([, entry]) => entry);
  const names = new Map<NodeId, Map<number, string>>();
  const list = ordered.map(({ of, base, at, places: all }): Argument => {
    const name = nameOf(base);
    for (const { node, place } of all) {
      const own = names.get(node) ?? new Map<number, string>();
      own.set(place, name);
      names.set(node, own);
    }
    return { name, of, at };
  });
  return { arguments: list, names };
}

/** Whether a number is a quantity wherever both are known, and has been seen to change with it. */
function follows(seen: readonly (number | undefined)[], values: readonly (number | undefined)[]): boolean {
  const both = seen.flatMap((number, i) =>
    number !== undefined && values[i] !== undefined ? [[number, values[i]]] : [],
  );
  return both.every(([a, b]) => a === b) && new Set(both.map(([a]) => a)).size > 1;
}

/**
 * Quantities that others stand for: what comes in, where the block only fits if it is what an exposed parameter says.
 * By the number of the quantity, that of the one which stands for it.
 */
function tied(
  observed: readonly { readonly instance: Instance }[],
  values: readonly (readonly (number | undefined)[])[],
  quantities: readonly Quantity[],
): readonly (number | undefined)[] {
  const fitting = observed.flatMap(({ instance }, i) => (instance.whole ? [i] : []));
  return quantities.map(({ input: of }, q) => {
    if (of === undefined || new Set(fitting.map((i) => values[q]?.[i])).size < 2) return undefined;
    const other = quantities.findIndex(
      ({ exposed }, e) => exposed !== undefined && fitting.every((i) => values[e]?.[i] === values[q]?.[i]),
    );
    return other < 0 ? undefined : other;
  });
}
