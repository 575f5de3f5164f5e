import { sizeOf } from '../../ir/shape.ts';
import type { Value } from '../../ir/types.ts';
import { access, term } from '../../kernels/access.ts';
import { load } from '../../kernels/expression.ts';
import { expand, matmul, plus, reduce, reshape, sliceAxis, times, transpose } from '../compose.ts';
import { defineOperators } from '../defineOperators.ts';
import { isInteger } from '../elementTypes.ts';
import type { FoldingEmitter } from '../foldingEmitter.ts';
import { integerResult } from '../integers.ts';
import type { OperatorContext } from '../operatorContext.ts';

/** NumPy's matmul: vectors are a row before, or a column behind. */
export function matrixProduct(node: OperatorContext, a: Value, b: Value): Value {
  const { emit } = node;
  const [left, right] = [a.type.shape, b.type.shape];
  if (left.length === 0 || right.length === 0) node.refuse('a product of a scalar');
  const rows = left.length === 1 ? reshape(emit, a, [1, left[0] as number]) : a;
  const columns = right.length === 1 ? reshape(emit, b, [right[0] as number, 1]) : b;
  const full = matmul(emit, rows, columns);
  const shape = [...full.type.shape];
  if (right.length === 1) shape.splice(-1, 1);
  if (left.length === 1) shape.splice(right.length === 1 ? -1 : -2, 1);
  return reshape(emit, full, shape);
}

function gemm(node: OperatorContext): Value {
  const { emit } = node;
  const product = matmul(emit, node.input(0), node.input(1), node.int('transA', 0) === 1, node.int('transB', 0) === 1);
  const scaled = times(emit, product, node.float('alpha', 1));
  const bias = node.optional(2);
  const result = bias ? plus(emit, scaled, times(emit, bias, node.float('beta', 1))) : scaled;
  if (isInteger(node.elementType())) node.unsupported('integers');
  return result;
}

/** A term of an einsum: a value, and a letter for each of its axes. */
interface Term {
  readonly value: Value;
  readonly letters: readonly string[];
}

/** Letters of a term, an ellipsis as one private letter an axis, counted from the right. */
function lettersOf(node: OperatorContext, text: string, rank: number): string[] {
  const [before, after] = text.split('...') as [string, string | undefined];
  if (after === undefined) return [...before];
  const count = rank - before.length - after.length;
  if (count < 0) node.refuse(`"${text}" for ${rank} axes`);
  return [...before, ...Array.from({ length: count }, (_, i) => `.${count - i}`), ...after];
}

/** A letter that stands twice takes the diagonal. */
function diagonal(emit: FoldingEmitter, { value, letters }: Term): Term {
  const unique = [...new Set(letters)];
  if (unique.length === letters.length) return { value, letters };
  const dims = unique.map((letter) => value.type.shape[letters.indexOf(letter)] as number);
  const axes = letters.map((letter) => ({ terms: [term(unique.indexOf(letter))] }));
  const loads = [access(0, value.type.shape, dims, axes)];
  const spec = { kind: 'map', dims, loads, outputs: [load(0)] } as const;
  return { value: emit.op('compute', [value], { spec }), letters: unique };
}

function summed(emit: FoldingEmitter, { value, letters }: Term, kept: ReadonlySet<string>): Term {
  const axes = letters.flatMap((letter, axis) => (kept.has(letter) ? [] : [axis]));
  return {
    value: reduce(emit, value, 'sum', axes, false),
    letters: letters.filter((letter) => kept.has(letter)),
  };
}

function arranged(emit: FoldingEmitter, { value, letters }: Term, order: readonly string[]): Value {
  return transpose(
    emit,
    value,
    order.map((letter) => letters.indexOf(letter)),
  );
}

/** The product of two terms, summed over letters that nobody needs any more: one matrix product. */
function joined(emit: FoldingEmitter, left: Term, right: Term, kept: ReadonlySet<string>): Term {
  const [a, b] = [summed(emit, left, union(kept, right.letters)), summed(emit, right, union(kept, left.letters))];
  const both = a.letters.filter((letter) => b.letters.includes(letter));
  const batch = both.filter((letter) => kept.has(letter));
  const inner = both.filter((letter) => !kept.has(letter));
  const rows = a.letters.filter((letter) => !both.includes(letter));
  const columns = b.letters.filter((letter) => !both.includes(letter));
  const sizeIn = (own: Term, letter: string): number => own.value.type.shape[own.letters.indexOf(letter)] as number;
  const extent = (letter: string): number =>
    Math.max(...[a, b].filter(({ letters }) => letters.includes(letter)).map((own) => sizeIn(own, letter)));
  const sizes = (letters: readonly string[]): number[] => letters.map(extent);
  const flat = (own: Term, order: readonly string[], shape: readonly number[]): Value =>
    reshape(emit, expand(emit, arranged(emit, own, order), sizes(order)), shape);
  const [m, n, k] = [sizeOf(sizes(rows)), sizeOf(sizes(columns)), sizeOf(sizes(inner))];
  const count = sizeOf(sizes(batch));
  const product = matmul(
    emit,
    flat(a, [...batch, ...rows, ...inner], [count, m, k]),
    flat(b, [...batch, ...inner, ...columns], [count, k, n]),
  );
  const letters = [...batch, ...rows, ...columns];
  return { value: reshape(emit, product, sizes(letters)), letters };
}

function union(kept: ReadonlySet<string>, letters: readonly string[]): ReadonlySet<string> {
  return new Set([...kept, ...letters]);
}

/** Einstein's summation: https://numpy.org/doc/stable/reference/generated/numpy.einsum.html */
function einsum(node: OperatorContext): Value {
  const { emit } = node;
  const equation = node.text('equation', '').replaceAll(' ', '');
  const [inputs, output] = equation.split('->') as [string, string | undefined];
  const texts = inputs.split(',');
  const values = node.inputs();
  if (texts.length !== values.length) node.refuse(`"${equation}" for ${values.length} inputs`);
  const terms = values.map((value, i): Term => {
    const letters = lettersOf(node, texts[i] as string, value.type.shape.length);
    if (letters.length !== value.type.shape.length) node.refuse(`"${texts[i]}" for ${value.type.shape.length} axes`);
    return diagonal(emit, { value, letters });
  });
  const all = terms.flatMap(({ letters }) => letters);
  const dots = [...new Set(all.filter((letter) => letter.startsWith('.')))].sort().reverse();
  const single = [...new Set(all)].filter((letter) => texts.join('').split(letter).length === 2).sort();
  const wanted =
    output === undefined
      ? [...dots, ...single.filter((letter) => !letter.startsWith('.'))]
      : output.split('...').flatMap((part, i) => (i === 0 ? [...part] : [...dots, ...part]));
  let [first, ...others] = terms as [Term, ...Term[]];
  while (others.length > 0) {
    const [next, ...rest] = others as [Term, ...Term[]];
    first = joined(emit, first, next, new Set([...wanted, ...rest.flatMap(({ letters }) => letters)]));
    others = rest;
  }
  return arranged(emit, summed(emit, first, new Set(wanted)), wanted);
}

const MOST_ROWS = 5;

/** By the first row, as matrices are small where anybody asks: exact to rounding, no pivots needed. */
function determinant(emit: FoldingEmitter, x: Value): Value {
  const rank = x.type.shape.length;
  const size = x.type.shape.at(-1) as number;
  const at = (row: number, column: number): Value =>
    reshape(
      emit,
      sliceAxis(emit, sliceAxis(emit, x, rank - 2, row, 1), rank - 1, column, 1),
      x.type.shape.slice(0, -2),
    );
  const minor = (row: number, columns: readonly number[]): Value => {
    if (columns.length === 1) return at(row, columns[0] as number);
    const terms = columns.map((column, i) => {
      const rest = minor(
        row + 1,
        columns.filter((own) => own !== column),
      );
      const product = emit.op('multiply', [at(row, column), rest]);
      return i % 2 === 0 ? product : emit.op('negate', [product]);
    });
    return terms.reduce((sum, each) => plus(emit, sum, each));
  };
  return minor(
    0,
    Array.from({ length: size }, (_, i) => i),
  );
}

/** https://onnx.ai/onnx/operators/ — products of matrices and tensors. */
export default defineOperators('computes', {
  MatMul: (node) => {
    const product = matrixProduct(node, node.input(0), node.input(1));
    const [a, b] = [node.input(0), node.input(1)].map((value) => node.emit.op('abs', [value])) as [Value, Value];
    if (!isInteger(node.elementType())) return product;
    return integerResult(node, product, node.elementType(), matrixProduct(node, a, b));
  },
  Gemm: gemm,
  Einsum: einsum,
  Det: (node) => {
    const x = node.input(0);
    const size = x.type.shape.at(-1) ?? 0;
    if (size > MOST_ROWS) return node.unsupported(`matrices of ${size} rows`);
    if (size < 1 || x.type.shape.at(-2) !== size) return node.refuse(`a matrix of [${x.type.shape}]`);
    return determinant(node.emit, x);
  },
});
