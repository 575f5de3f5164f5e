import type { Value } from '../../ir/types.ts';
import { matmul, pieces, plus, reshape, sliceAxis, transpose } from '../compose.ts';
import { defineOperators, type OperatorResult } from '../defineOperators.ts';
import type { FoldingEmitter } from '../foldingEmitter.ts';
import type { OperatorContext } from '../operatorContext.ts';

/** Steps are unrolled. */
const MOST_STEPS = 1024;

interface Direction {
  /** [gates·H, I], [gates·H, H], [2·gates·H] */
  readonly w: Value;
  readonly r: Value;
  readonly b: Value | undefined;
  readonly peepholes: Value | undefined;
  readonly activations: readonly ((x: Value) => Value)[];
  readonly clip: (x: Value) => Value;
}

interface State {
  readonly h: Value;
  readonly c: Value | undefined;
}

/** One step of a cell: the input's share [N, gates·H], both biases not yet added, and the state before. */
type Cell = (node: OperatorContext, x: Value, state: State, own: Direction) => State;

interface Kind {
  readonly gates: number;
  readonly activations: readonly string[];
  readonly hasMemory: boolean;
  readonly cell: Cell;
}

function activation(node: OperatorContext, name: string, alpha: number | undefined, beta: number | undefined) {
  const { emit } = node;
  const affine = (x: Value, factor: number, shift: number): Value =>
    plus(emit, emit.op('multiply', [x, emit.fill([], factor)]), emit.fill([], shift));
  switch (name.toLowerCase()) {
    case 'sigmoid':
      return (x: Value) => emit.op('sigmoid', [x]);
    case 'tanh':
      return (x: Value) => emit.op('tanh', [x]);
    case 'relu':
      return (x: Value) => emit.op('relu', [x]);
    case 'affine':
      return (x: Value) => affine(x, alpha ?? 1, beta ?? 0);
    case 'leakyrelu':
      return (x: Value) => emit.op('leakyRelu', [x], { slope: alpha ?? 0.01 });
    case 'elu':
      return (x: Value) => emit.op('elu', [x], { alpha: alpha ?? 1 });
    case 'softplus':
      return (x: Value) => emit.op('softplus', [x]);
    default:
      return node.unsupported(`activation ${name}`);
  }
}

const product = (emit: FoldingEmitter, x: Value, w: Value): Value => matmul(emit, x, w, false, true);
const halves = (emit: FoldingEmitter, b: Value): [Value, Value] =>
  pieces(
    emit,
    b,
    0,
    [0, 1].map(() => (b.type.shape[0] as number) / 2),
  ) as [Value, Value];
const split = (emit: FoldingEmitter, x: Value, axis: number, count: number): Value[] =>
  pieces(emit, x, axis, new Array<number>(count).fill((x.type.shape[axis] as number) / count));

/** x·Wᵀ + h·Rᵀ + both biases. */
function gatesOf(emit: FoldingEmitter, x: Value, h: Value, { r, b }: Direction): Value {
  const sum = plus(emit, x, product(emit, h, r));
  return b ? plus(emit, plus(emit, sum, halves(emit, b)[0]), halves(emit, b)[1]) : sum;
}

const simple: Cell = ({ emit }, x, { h }, own) => ({
  h: own.activations[0]!(own.clip(gatesOf(emit, x, h, own))),
  c: undefined,
});

const gru: Cell = (node, x, { h }, own) => {
  const { emit } = node;
  const [f, g] = own.activations as [(x: Value) => Value, (x: Value) => Value];
  const [xz, xr, xh] = split(emit, x, 1, 3) as [Value, Value, Value];
  const [rz, rr, rh] = split(emit, own.r, 0, 3) as [Value, Value, Value];
  const biases = own.b ? split(emit, own.b, 0, 6) : undefined;
  const with2 = (value: Value, i: number): Value => (biases ? plus(emit, value, biases[i] as Value) : value);
  const gate = (share: Value, r: Value, i: number): Value =>
    f(own.clip(with2(with2(plus(emit, share, product(emit, h, r)), i), 3 + i)));
  const [z, r] = [gate(xz, rz, 0), gate(xr, rr, 1)];
  const candidate =
    node.int('linear_before_reset', 0) !== 0
      ? plus(emit, with2(xh, 2), emit.op('multiply', [r, with2(product(emit, h, rh), 5)]))
      : with2(with2(plus(emit, xh, product(emit, emit.op('multiply', [r, h]), rh)), 2), 5);
  const fresh = g(own.clip(candidate));
  const keep = emit.op('multiply', [z, h]);
  return {
    h: plus(emit, emit.op('multiply', [emit.op('subtract', [emit.fill([], 1), z]), fresh]), keep),
    c: undefined,
  };
};

const lstm: Cell = (node, x, { h, c }, own) => {
  const { emit } = node;
  if (node.int('input_forget', 0) !== 0) node.unsupported('coupled gates');
  const [f, g, k] = own.activations as [(x: Value) => Value, (x: Value) => Value, (x: Value) => Value];
  const [i, o, forget, cell] = split(emit, gatesOf(emit, x, h, own), 1, 4) as [Value, Value, Value, Value];
  const [pi, po, pf] = own.peepholes ? split(emit, own.peepholes, 0, 3) : [];
  const seen = (gate: Value, p: Value | undefined, memory: Value): Value =>
    p ? plus(emit, gate, emit.op('multiply', [p, memory])) : gate;
  const memory = c as Value;
  const input = f(own.clip(seen(i, pi, memory)));
  const kept = f(own.clip(seen(forget, pf, memory)));
  const next = plus(emit, emit.op('multiply', [kept, memory]), emit.op('multiply', [input, g(own.clip(cell))]));
  const output = f(own.clip(seen(o, po, next)));
  return { h: emit.op('multiply', [output, k(next)]), c: next };
};

function recurrent({ gates, activations, hasMemory, cell }: Kind) {
  return (node: OperatorContext): OperatorResult[] => {
    const { emit } = node;
    const batchFirst = node.int('layout', 0) === 1;
    const swap = (value: Value): Value =>
      batchFirst ? transpose(emit, value, [1, 0, ...value.type.shape.slice(2).map((_, i) => 2 + i)]) : value;
    const x = swap(node.input(0));
    const [steps, batch, features] = x.type.shape as [number, number, number];
    if (steps > MOST_STEPS) node.unsupported(`${steps} steps, at most ${MOST_STEPS}`);
    const direction = node.text('direction', 'forward');
    const count = direction === 'bidirectional' ? 2 : 1;
    const hidden = node.shape(2).at(-1) as number;
    const names = node.texts('activations') ?? [];
    const lengths = node.optionalNumbers(4);
    const alphas = [...(node.floats('activation_alpha') ?? [])];
    const betas = [...(node.floats('activation_beta') ?? [])];
    const limit = node.float('clip', 0);
    const clip = (value: Value): Value =>
      limit > 0
        ? emit.op('minimum', [emit.op('maximum', [value, emit.fill([], -limit)]), emit.fill([], limit)])
        : value;
    const one = (value: Value, d: number): Value => {
      const slice = sliceAxis(emit, value, 0, d, 1);
      return reshape(emit, slice, value.type.shape.slice(1));
    };
    const optionalOne = (i: number, d: number): Value | undefined => {
      const value = node.optional(i);
      return value && one(value, d);
    };
    const first = (i: number, d: number): Value => {
      const value = node.optional(i);
      return value ? one(swap(value), d) : emit.fill([batch, hidden], 0);
    };
    const flat = reshape(emit, x, [steps * batch, features]);
    const sequences: Value[] = [];
    const last: State[] = [];
    for (let d = 0; d < count; d++) {
      const backwards = direction === 'reverse' || d === 1;
      if (backwards && lengths?.some((length) => length !== steps))
        node.unsupported('shorter sequences read backwards');
      const own: Direction = {
        w: one(node.input(1), d),
        r: one(node.input(2), d),
        b: optionalOne(3, d),
        peepholes: hasMemory ? optionalOne(7, d) : undefined,
        activations: activations.map((usual, i) =>
          activation(node, names[d * activations.length + i] ?? usual, alphas.shift(), betas.shift()),
        ),
        clip,
      };
      // The input's share of all steps is one product.
      const shares = reshape(emit, product(emit, flat, own.w), [steps, batch, gates * hidden]);
      let state: State = { h: first(5, d), c: hasMemory ? first(6, d) : undefined };
      const hiddens: Value[] = [];
      for (let step = 0; step < steps; step++) {
        const at = backwards ? steps - 1 - step : step;
        const next = cell(node, one(shares, at), state, own);
        const running =
          lengths &&
          emit.constant(
            [batch, 1],
            Float32Array.from(lengths, (length) => (at < length ? 1 : 0)),
          );
        const kept = (now: Value, before: Value): Value => (running ? emit.op('select', [running, now, before]) : now);
        state = { h: kept(next.h, state.h), c: next.c && kept(next.c, state.c as Value) };
        hiddens[at] = running ? emit.op('select', [running, next.h, emit.fill([], 0)]) : next.h;
      }
      const rows = hiddens.map((h) => reshape(emit, h, [1, 1, batch, hidden]));
      sequences.push(rows.length === 1 ? (rows[0] as Value) : emit.op('concat', rows, { axis: 0 }));
      last.push(state);
    }
    const joined = (values: readonly Value[], axis: number): Value =>
      values.length === 1 ? (values[0] as Value) : emit.op('concat', values, { axis });
    const final = (pick: (state: State) => Value): Value =>
      swap(
        joined(
          last.map((state) => reshape(emit, pick(state), [1, batch, hidden])),
          0,
        ),
      );
    const y = joined(sequences, 1);
    const outputs = [batchFirst ? transpose(emit, y, [2, 0, 1, 3]) : y, final(({ h }) => h)];
    return hasMemory ? [...outputs, final(({ c }) => c as Value)] : outputs;
  };
}

/** https://onnx.ai/onnx/operators/ — recurrent layers, one cell a step. */
export default defineOperators('computes', {
  RNN: recurrent({ gates: 1, activations: ['Tanh'], hasMemory: false, cell: simple }),
  GRU: recurrent({ gates: 3, activations: ['Sigmoid', 'Tanh'], hasMemory: false, cell: gru }),
  LSTM: recurrent({ gates: 4, activations: ['Sigmoid', 'Tanh', 'Tanh'], hasMemory: true, cell: lstm }),
});
