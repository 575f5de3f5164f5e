import type { FamilyKind, Operator, OperatorFamily } from './defineOperators.ts';

// Rule of this table: a file `NAME.operators.ts` in the folder of operators holds a family of them, found by its name
// pattern; there is no other list.
const modules = import.meta.glob<OperatorFamily>('./operators/*.operators.ts', { eager: true, import: 'default' });

interface KnownOperator {
  readonly kind: FamilyKind;
  readonly apply: Operator;
}

const known = new Map<string, KnownOperator>();
for (const [file, { kind, operators }] of Object.entries(modules)) {
  for (const [name, apply] of Object.entries(operators)) {
    if (known.has(name)) throw new Error(`operator ${name} is defined twice, again in ${file}`);
    known.set(name, { kind, apply });
  }
}

export function findOperator(domain: string, type: string): KnownOperator | undefined {
  return known.get(domain === '' ? type : `${domain}:${type}`);
}
