import type { Emitter } from '../../ir/emitter.ts';
import { formatShape } from '../../ir/shape.ts';
import type { Shape, Value } from '../../ir/types.ts';
import { binary, constant, index, select } from '../../kernels/expression.ts';
import { LayerError, type LowerContext, type WeightSpec } from '../defineLayer.ts';
import { rotated } from './rotary.ts';

/** Steps and features of a sample that must be a sequence which splits into heads. @throws LayerError. */
export function sequenceOf(type: string, input: Shape, numHeads: number): readonly [steps: number, features: number] {
  const [steps, features] = input;
  if (input.length !== 2) {
    const rows = input.length === 3 ? [input[0]! * input[1]!, input[2]!] : undefined;
    throw new LayerError(
      `${type} expects sequences (steps × features) and receives samples of ${formatShape(input)}.`,
      { fixes: rows ? [{ kind: 'insertBefore', layer: 'Reshape', parameters: { shape: rows } }] : [] },
    );
  }
  if (features! % numHeads !== 0) {
    throw new LayerError(`${type} can't split ${features} features into ${numHeads} heads.`, {
      parameter: type === 'MultiheadAttention' ? 'numHeads' : 'nhead',
      fixes: [{ kind: 'setParameter', parameter: type === 'MultiheadAttention' ? 'numHeads' : 'nhead', value: 1 }],
    });
  }
  return [steps!, features!];
}

/** PyTorch's weights of an attention under a prefix, with its initial values: Xavier for the three inputs, biases 0. */
export function attentionWeights(prefix: string, features: number, bias: boolean): WeightSpec[] {
  const zeros = { kind: 'constant', value: 0 } as const;
  const xavier = { kind: 'uniform', bound: Math.sqrt(6 / (4 * features)) } as const;
  const weights: WeightSpec[] = [
    { name: `${prefix}in_proj_weight`, shape: [3 * features, features], initial: xavier, trainable: true },
    {
      name: `${prefix}out_proj.weight`,
      shape: [features, features],
      initial: { kind: 'uniform', bound: 1 / Math.sqrt(features) },
      trainable: true,
    },
  ];
  if (bias) {
    weights.push({ name: `${prefix}in_proj_bias`, shape: [3 * features], initial: zeros, trainable: true });
    weights.push({ name: `${prefix}out_proj.bias`, shape: [features], initial: zeros, trainable: true });
  }
  return weights;
}

export type AttentionContext = Pick<LowerContext<Record<never, never>>, 'emit' | 'weights' | 'mode' | 'random'>;

export interface AttentionSettings {
  readonly numHeads: number;
  readonly dropout: number;
  /** Lets step t see steps up to t only. */
  readonly causal: boolean;
  /** `[N, S]`: steps where it is 0 are seen by nobody. A step that sees none at all gets 0 from each, as in PyTorch. */
  readonly keyMask?: Value | undefined;
  /** The base of rotary places, where queries and keys are turned by them. */
  readonly rotaryBase?: number | undefined;
}

/**
 * Scaled dot-product attention over several heads (Vaswani et al. 2017): queries `[N, T, E]`, keys and values
 * `[N, S, E]` → `[N, T, E]`.
 */
export function attend(
  context: AttentionContext,
  prefix: string,
  { query, key, value }: { readonly query: Value; readonly key: Value; readonly value: Value },
  { numHeads, dropout, causal, keyMask, rotaryBase }: AttentionSettings,
): Value {
  const { emit, weights } = context;
  const [batch, steps, features] = query.type.shape as [number, number, number];
  const size = features / numHeads;
  const project = (input: Value, part: number): Value => {
    const rows = emit.op('slice', [weights[`${prefix}in_proj_weight`]!], {
      starts: [part * features, 0],
      sizes: [features, features],
    });
    const product = emit.op('matmul', [input, rows], { transposeA: false, transposeB: true });
    const bias = weights[`${prefix}in_proj_bias`];
    const shifted = bias
      ? emit.op('add', [product, emit.op('slice', [bias], { starts: [part * features], sizes: [features] })])
      : product;
    const apart = emit.op('reshape', [shifted], { shape: [batch, input.type.shape[1]!, numHeads, size] });
    return emit.op('transpose', [apart], { permutation: [0, 2, 1, 3] });
  };
  const turned = (x: Value): Value => (rotaryBase === undefined ? x : rotated(emit, x, rotaryBase));
  const [queries, keys, values] = [turned(project(query, 0)), turned(project(key, 1)), project(value, 2)];
  const products = emit.op('matmul', [queries, keys], { transposeA: false, transposeB: true });
  let scores = emit.op('multiply', [products, emit.fill([], 1 / Math.sqrt(size))]);
  const seen = key.type.shape[1]!;
  const real = keyMask && emit.op('reshape', [keyMask], { shape: [batch, 1, 1, seen] });
  if (causal) scores = emit.op('add', [scores, stepwise(emit, steps, seen, HIDDEN, 0)]);
  if (real) scores = emit.op('select', [real, scores, emit.fill([], HIDDEN)]);
  let shares = emit.op('softmax', [scores], { axis: 3 });
  if (real) {
    shares = emit.op('select', [real, shares, emit.fill([], 0)]);
    if (causal) shares = emit.op('multiply', [shares, stepwise(emit, steps, seen, 0, 1)]);
  }
  if (dropout > 0 && context.mode === 'train') {
    const { seed, step, stream } = context.random();
    shares = emit.op('dropout', [shares, seed, step], { p: dropout, stream });
  }
  const mixed = emit.op('matmul', [shares, values], { transposeA: false, transposeB: false });
  const together = emit.op('reshape', [emit.op('transpose', [mixed], { permutation: [0, 2, 1, 3] })], {
    shape: [batch, steps, features],
  });
  return linear(emit, together, weights, `${prefix}out_proj.`);
}

/** x·Wᵀ + b with the weights under a prefix. */
export function linear(emit: Emitter, x: Value, weights: Readonly<Record<string, Value>>, prefix: string): Value {
  const product = emit.op('matmul', [x, weights[`${prefix}weight`]!], { transposeA: false, transposeB: true });
  const bias = weights[`${prefix}bias`];
  return bias ? emit.op('add', [product, bias]) : product;
}

/** A score so low that its share is 0: infinities would make NaN of steps that see nothing. */
const HIDDEN = -1e9;

/** `[T, S]`: one number where step s comes after step t, else another. */
function stepwise(emit: Emitter, steps: number, seen: number, ahead: number, otherwise: number): Value {
  const isAhead = binary('greater', index(1), index(0));
  const outputs = [select(isAhead, constant(ahead), constant(otherwise))];
  return emit.op('compute', [], { spec: { kind: 'map', dims: [steps, seen], loads: [], outputs } });
}

/** PyTorch's mask of what comes later than each step of `x`: of booleans beside a padding mask, which is one of them. */
export function pytorchCausal(x: string, steps: number, seen: number, padded: boolean): string {
  return padded
    ? `torch.ones(${steps}, ${seen}, dtype=torch.bool, device=${x}.device).triu(1)`
    : `torch.triu(torch.full((${steps}, ${seen}), float("-inf"), device=${x}.device), diagonal=1)`;
}
