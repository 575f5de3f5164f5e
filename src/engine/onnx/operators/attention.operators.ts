import type { Value } from '../../ir/types.ts';
import { term } from '../../kernels/access.ts';
import { add, binary, constant, load, multiply, select, subtract, unary } from '../../kernels/expression.ts';
import {
  concat,
  expand,
  matmul,
  plus,
  pointwise,
  read,
  reduce,
  reshape,
  sliceAxis,
  takeRows,
  times,
  transpose,
} from '../compose.ts';
import { defineOperators, type OperatorResult } from '../defineOperators.ts';
import { type FoldingEmitter, requireRoom } from '../foldingEmitter.ts';
import type { OperatorContext } from '../operatorContext.ts';

/** Below every number that a float32 score can have. */
const LOWEST = -3.4028234663852886e38;

/** [B, T, H·D] → [B, H, T, D]; four axes stay. */
function heads(node: OperatorContext, x: Value, count: number): Value {
  const { shape } = x.type;
  if (shape.length === 4) return x;
  const [batch, steps, width] = shape as [number, number, number];
  if (shape.length !== 3 || count < 1 || width % count !== 0) node.refuse(`${count} heads of [${shape}]`);
  return transpose(node.emit, reshape(node.emit, x, [batch, steps, count, width / count]), [0, 2, 1, 3]);
}

/** [B, H, T, D] → [B, T, H·D] */
function joinHeads({ emit }: OperatorContext, x: Value): Value {
  const [batch, count, steps, width] = x.type.shape as [number, number, number, number];
  return reshape(emit, transpose(emit, x, [0, 2, 1, 3]), [batch, steps, count * width]);
}

/** Each head of keys and values serves several neighbouring heads of queries. */
function repeatHeads({ emit }: OperatorContext, x: Value, count: number): Value {
  const [batch, own, ...rest] = x.type.shape as [number, number, ...number[]];
  if (own === count) return x;
  const apart = reshape(emit, x, [batch, own, 1, ...rest]);
  return reshape(emit, expand(emit, apart, [batch, own, count / own, ...rest]), [batch, count, ...rest]);
}

const counted = (length: number): Float32Array => Float32Array.from({ length: requireRoom(length) }, (_, i) => i);

/** 0 where a query may look, −∞ where not, or nothing if all may be seen; broadcasts to [B, H, Q, K]. */
function maskOf(node: OperatorContext, queries: number, keys: number, past: number): Value | undefined {
  const { emit } = node;
  const never = emit.fill([], Number.NEGATIVE_INFINITY);
  const parts: Value[] = [];
  if (node.has(3)) {
    const mask = node.input(3);
    const bias = node.elementType(3) === 'bool' ? emit.op('select', [mask, emit.fill([], 0), never]) : mask;
    parts.push(widened(emit, bias, keys));
  }
  const valid = node.optional(6);
  const offset = valid
    ? pointwise(
        emit,
        [node.reshape(valid, [valid.type.shape[0] as number, 1, 1, 1])],
        subtract(load(0), constant(queries)),
      )
    : emit.fill([], past);
  const rows = emit.constant([queries, 1], counted(queries));
  const columns = emit.constant([1, keys], counted(keys));
  // How far a key lies before the query.
  const distance = subtract(add(load(0), load(1)), load(2));
  const allow = (condition: ReturnType<typeof binary>): void => {
    parts.push(pointwise(emit, [rows, offset, columns, never], select(condition, constant(0), load(3))));
  };
  if (node.int('is_causal', 0) === 1) allow(binary('greaterEqual', distance, constant(0)));
  const [left, right] = [node.int('left_window_size', -1), node.int('right_window_size', -1)];
  if (left >= 0) allow(binary('lessEqual', distance, constant(left)));
  if (right >= 0) allow(binary('greaterEqual', distance, constant(-right)));
  if (valid) {
    const lengths = node.reshape(valid, [valid.type.shape[0] as number, 1, 1, 1]);
    parts.push(
      pointwise(emit, [lengths, columns, never], select(binary('less', load(1), load(0)), constant(0), load(2))),
    );
  }
  return parts.length === 0 ? undefined : parts.reduce((sum, part) => plus(emit, sum, part));
}

/** A mask for fewer keys than there are hides the others. */
function widened(emit: FoldingEmitter, mask: Value, keys: number): Value {
  const { shape } = mask.type;
  const own = shape.at(-1) ?? keys;
  if (own === keys || own === 1) return mask;
  const dims = [...shape.slice(0, -1), keys];
  return read(
    emit,
    mask,
    dims,
    dims.map((_, axis) => ({ terms: [term(axis)] })),
    Number.NEGATIVE_INFINITY,
  );
}

/** Softmax over the last axis where everything may be −∞: such a row is all 0. */
function maskedSoftmax(emit: FoldingEmitter, scores: Value, mask: Value): Value {
  const last = [scores.type.shape.length - 1];
  const most = reduce(emit, scores, 'reduceMaximum', last, true);
  const shift = pointwise(emit, [most], select(unary('isFinite', load(0)), load(0), constant(0)));
  const powers = emit.op('exp', [emit.op('subtract', [scores, shift])]);
  const sum = reduce(emit, powers, 'sum', last, true);
  const safe = pointwise(emit, [sum], select(binary('equal', load(0), constant(0)), constant(1), load(0)));
  const seen = reduce(emit, mask, 'reduceMaximum', [mask.type.shape.length - 1], true);
  const visible = pointwise(emit, [seen], binary('greaterEqual', load(0), constant(LOWEST)));
  return emit.op('select', [visible, emit.op('divide', [powers, safe]), emit.fill([], 0)]);
}

/** https://onnx.ai/onnx/operators/onnx__Attention.html */
function attention(node: OperatorContext): OperatorResult[] {
  const { emit } = node;
  const flat = node.shape(0).length === 3;
  const q = heads(node, node.input(0), node.int('q_num_heads', 0));
  const fresh = [1, 2].map((i) => heads(node, node.input(i), node.int('kv_num_heads', 0)));
  const past = node.optional(4) ? (node.shape(4)[2] as number) : 0;
  const [k, v] = fresh.map((each, i) => {
    const before = node.optional(4 + i);
    return before ? concat(emit, [before, each], 2) : each;
  }) as [Value, Value];
  const [, count, queries, width] = q.type.shape as [number, number, number, number];
  const keys = k.type.shape[2] as number;
  const scale = Math.sqrt(node.attribute('scale')?.float ?? 1 / Math.sqrt(width));
  const whole = repeatHeads(node, k, count);
  const raw = matmul(emit, times(emit, q, scale), times(emit, whole, scale), false, true);
  const cap = node.float('softcap', 0);
  const capped =
    cap > 0 ? times(emit, emit.op('tanh', [pointwise(emit, [raw], multiply(load(0), constant(1 / cap)))]), cap) : raw;
  const mask = maskOf(node, queries, keys, past);
  const biased = mask ? plus(emit, capped, mask) : capped;
  const shares = mask ? maskedSoftmax(emit, biased, mask) : emit.op('softmax', [biased], { axis: 3 });
  const y = matmul(emit, shares, repeatHeads(node, v, count));
  const shown = [raw, capped, biased, shares][node.int('qk_matmul_output_mode', 0)];
  return [flat ? joinHeads(node, y) : y, k, v, shown];
}

/** https://onnx.ai/onnx/operators/onnx__RotaryEmbedding.html */
function rotaryEmbedding(node: OperatorContext): Value {
  const { emit } = node;
  const given = node.input(0);
  const x = heads(node, given, node.int('num_heads', 0));
  const [batch, , steps, width] = x.type.shape as [number, number, number, number];
  const rotated = node.int('rotary_embedding_dim', 0) || width;
  const half = rotated / 2;
  const angles = (i: number): Value => {
    const cache = node.input(i);
    const rows = node.has(3) ? takeRows(emit, cache, node.input(3)) : cache;
    return node.reshape(rows, [batch, 1, steps, half]);
  };
  const [cos, sin] = [angles(1), angles(2)];
  const interleaved = node.int('interleaved', 0) === 1;
  const part = (second: number): Value =>
    interleaved ? sliceAxis(emit, x, 3, second, half, 2) : sliceAxis(emit, x, 3, second * half, half);
  const product = (a: Value, b: Value): Value => emit.op('multiply', [a, b]);
  const real = emit.op('subtract', [product(cos, part(0)), product(sin, part(1))]);
  const imaginary = plus(emit, product(sin, part(0)), product(cos, part(1)));
  const pairs = [real, imaginary].map((value) => reshape(emit, value, [...value.type.shape, 1]));
  const turned = interleaved
    ? reshape(emit, emit.op('concat', pairs, { axis: 4 }), [...x.type.shape.slice(0, 3), rotated])
    : emit.op('concat', [real, imaginary], { axis: 3 });
  const rest = sliceAxis(emit, x, 3, rotated, width - rotated);
  const y = rotated === width ? turned : emit.op('concat', [turned, rest], { axis: 3 });
  return given.type.shape.length === 3 ? joinHeads(node, y) : y;
}

/** A state [D, M] a head that keys write values into and queries read: https://onnx.ai/onnx/operators/onnx__LinearAttention.html */
function linearAttention(node: OperatorContext): Value[] {
  const { emit } = node;
  const rule = node.text('update_rule', 'gated_delta');
  if (!['linear', 'gated', 'delta', 'gated_delta'].includes(rule)) node.unsupported(`update_rule ${rule}`);
  const [queryHeads, keyHeads] = [node.int('q_num_heads', 0), node.int('kv_num_heads', 0)];
  const [q, k, v] = [
    heads(node, node.input(0), queryHeads),
    heads(node, node.input(1), keyHeads),
    heads(node, node.input(2), keyHeads),
  ];
  const [batch, , steps, width] = q.type.shape as [number, number, number, number];
  const valueWidth = v.type.shape[3] as number;
  const decay = node.optional(4) && heads(node, node.input(4), keyHeads);
  const beta = node.optional(5) && heads(node, node.input(5), node.shape(5)[2] as number);
  const scale = node.float('scale', 0) || 1 / Math.sqrt(width);
  let state = node.optional(3) ?? emit.fill([batch, keyHeads, width, valueWidth], 0);
  const at = (x: Value, step: number): Value => sliceAxis(emit, x, 2, step, 1);
  const column = (x: Value): Value => transpose(emit, x, [0, 1, 3, 2]);
  const outputs: Value[] = [];
  for (let step = 0; step < steps; step++) {
    if (decay) state = emit.op('multiply', [state, column(emit.op('exp', [at(decay, step)]))]);
    const key = at(k, step);
    let value = at(v, step);
    if (beta) value = emit.op('multiply', [at(beta, step), emit.op('subtract', [value, matmul(emit, key, state)])]);
    state = plus(emit, state, emit.op('multiply', [column(key), value]));
    outputs.push(times(emit, matmul(emit, at(q, step), repeatHeads(node, state, queryHeads)), scale));
  }
  return [joinHeads(node, concat(emit, outputs, 2)), state];
}

/** https://onnx.ai/onnx/operators/ — attention, positions by rotation, and states instead of attention. */
export default defineOperators('computes', {
  Attention: attention,
  RotaryEmbedding: rotaryEmbedding,
  LinearAttention: linearAttention,
});
