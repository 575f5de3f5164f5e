import { sizeOf } from '../ir/shape.ts';
import type { TypedArray } from '../ir/types.ts';
import { access, term } from './access.ts';
import {
  add,
  binary,
  constant,
  type Expression,
  index,
  load,
  multiply,
  select,
  stage,
  subtract,
} from './expression.ts';
import type { ScanSpec } from './spec.ts';

interface ScanCase {
  readonly name: string;
  readonly spec: ScanSpec;
  readonly operands: readonly TypedArray[];
}

/** Scans for the tests of backends, over small whole numbers: their float32 results are exact in any order of summation. */
export const scanCases: readonly ScanCase[] = [
  scanCase('one of everything', [1, 1, 1], { groups: 1, values: 1, carried: 1 }),
  scanCase('whole tiles', [4, 8, 16], { groups: 2, values: 1, carried: 1 }),
  scanCase('from last to first', [5, 6, 8], { groups: 1, values: 3, carried: 2, reverse: true }),
  scanCase('ragged rows and units', [3, 21, 7], { groups: 3, values: 2, carried: 1 }),
  scanCase('nothing carried', [3, 5, 3], { groups: 4, values: 1, carried: 0, reverse: true }),
  scanCase('more units than threads', [2, 3, 270], { groups: 1, values: 1, carried: 1 }),
  scanCase('more fed back than workgroup memory holds', [2, 2, 530], {
    groups: 1,
    values: 4,
    carried: 1,
    sparse: true,
  }),
  scanCase('weights that lie by columns', [4, 9, 10], { groups: 2, values: 2, carried: 1, byColumns: true }),
];

/**
 * A scan whose values stay within ±4: each is a sum of a product, an input and what was before, cut off. Operands: the
 * weights, an input over steps and rows, a mask over steps and rows, and what the input was a step before.
 */
function scanCase(
  name: string,
  dims: readonly [number, number, number],
  options: {
    readonly groups: number;
    readonly values: number;
    readonly carried: number;
    readonly reverse?: boolean;
    readonly byColumns?: boolean;
    readonly sparse?: boolean;
  },
): ScanCase {
  const [steps, rows, units] = dims;
  const { groups, values, carried, reverse = false, byColumns = false, sparse = false } = options;
  const [fed, columns] = [values * units, groups * units];
  const input = [steps, rows, units];
  const weight = byColumns
    ? access(0, [columns, fed], [fed, columns], [{ terms: [term(1)] }, { terms: [term(0)] }])
    : access(0, [fed, columns], [fed, columns], [{ terms: [term(0)] }, { terms: [term(1)] }]);
  const loads = [
    access(1, input, dims, [{ terms: [term(0)] }, { terms: [term(1)] }, { terms: [term(2)] }]),
    access(2, [steps, rows], dims, [{ terms: [term(0)] }, { terms: [term(1)] }]),
    access(1, input, dims, [
      { terms: [term(0)], offset: reverse ? 1 : -1 },
      { terms: [term(1)] },
      { terms: [term(2)] },
    ]),
  ];
  const cut = (x: Expression): Expression => binary('maximum', binary('minimum', x, constant(4)), constant(-4));
  const before = (value: number) => stage(groups + value);
  const kept = (i: number) => stage(groups + values + i);
  const products = Array.from({ length: groups }, (_, group) => stage(group)).reduce(add);
  const own = Array.from({ length: values }, (_, value) =>
    select(load(1), cut(add(add(products, load(0)), multiply(constant(value), load(2)))), before(value)),
  );
  const sum = own.reduce(add);
  const keeping = Array.from({ length: carried }, (_, i) =>
    cut(subtract(add(kept(i), own[0] as Expression), index(0))),
  );
  return {
    name,
    spec: {
      kind: 'scan',
      dims,
      reverse,
      weight,
      groups,
      loads,
      carried: keeping,
      results: [
        { over: 'steps', values: own },
        { over: 'end', values: [sum, ...keeping] },
        { over: 'steps', values: [before(0), ...keeping, ...Array.from({ length: carried }, (_, i) => kept(i))] },
      ],
    },
    operands: [
      // Every eighth weight where there are many, so that sums stay small.
      Float32Array.from({ length: fed * columns }, (_, i) => (sparse && i % 8 ? 0 : ((i * 7) % 5) - 2)),
      Float32Array.from({ length: sizeOf(input) }, (_, i) => ((i * 5) % 7) - 3),
      Int32Array.from({ length: steps * rows }, (_, i) => (i % 3 ? 1 : 0)),
    ],
  };
}
