import type { Emitter } from '../../ir/emitter.ts';
import type { Value } from '../../ir/types.ts';
import type { WeightSpec } from '../defineLayer.ts';
import { standardized } from '../normalization/standardize.ts';
import { type AttentionContext, linear } from './attention.ts';

/** Parameters that encoder and decoder layers share, with PyTorch's defaults (except for nhead, which has none). */
export const transformerParameters = {
  nhead: { kind: 'integer', default: 4, min: 1, help: 'Attentions side by side; must divide the features.' },
  dimFeedforward: {
    kind: 'integer',
    default: 2048,
    min: 1,
    help: 'Width of the layer between the two products after attention.',
  },
  dropout: {
    kind: 'number',
    default: 0.1,
    min: 0,
    max: 0.99,
    step: 0.05,
    help: 'Dropout after each part, in training.',
  },
  activation: { kind: 'choice', default: 'relu', choices: ['relu', 'gelu'], help: 'Between the two products.' },
  layerNormEps: {
    kind: 'number',
    default: 1e-5,
    min: 1e-12,
    step: 1e-5,
    help: 'Added to the variance, against division by 0.',
  },
  normFirst: {
    kind: 'boolean',
    default: false,
    help: 'Normalizes before each part instead of after it: deep stacks train more easily.',
  },
} as const;

export interface TransformerSettings {
  readonly nhead: number;
  readonly dimFeedforward: number;
  readonly dropout: number;
  readonly activation: 'relu' | 'gelu';
  readonly layerNormEps: number;
  readonly normFirst: boolean;
}

/** The two products after attention and so many norms, by PyTorch's names. */
export function feedforwardWeights(features: number, hidden: number, norms: number): WeightSpec[] {
  const product = (name: string, out: number, into: number): WeightSpec[] => {
    const initial = { kind: 'uniform', bound: 1 / Math.sqrt(into) } as const;
    return [
      { name: `${name}.weight`, shape: [out, into], initial, trainable: true },
      { name: `${name}.bias`, shape: [out], initial, trainable: true },
    ];
  };
  const norm = (i: number): WeightSpec[] => [
    { name: `norm${i}.weight`, shape: [features], initial: { kind: 'constant', value: 1 }, trainable: true },
    { name: `norm${i}.bias`, shape: [features], initial: { kind: 'constant', value: 0 }, trainable: true },
  ];
  return [
    ...product('linear1', hidden, features),
    ...product('linear2', features, hidden),
    ...Array.from({ length: norms }, (_, i) => norm(i + 1)).flat(),
  ];
}

/** What a part adds to its input, with the norm before or after, and dropout. */
export function residual(
  context: AttentionContext,
  x: Value,
  norm: number,
  { dropout, normFirst, layerNormEps }: TransformerSettings,
  part: (input: Value) => Value,
): Value {
  const { emit, weights } = context;
  const normed = (value: Value) => layerNorm(emit, value, weights, `norm${norm}.`, layerNormEps);
  const added = dropped(context, part(normFirst ? normed(x) : x), dropout);
  const sum = emit.op('add', [x, added]);
  return normFirst ? sum : normed(sum);
}

/** Two products with an activation between them, each step by itself. */
export function feedforward(context: AttentionContext, x: Value, { activation, dropout }: TransformerSettings): Value {
  const { emit, weights } = context;
  const hidden = emit.op(activation, [linear(emit, x, weights, 'linear1.')]);
  return linear(emit, dropped(context, hidden, dropout), weights, 'linear2.');
}

function dropped({ emit, mode, random }: AttentionContext, x: Value, p: number): Value {
  if (p === 0 || mode === 'evaluate') return x;
  const { seed, step, stream } = random();
  return emit.op('dropout', [x, seed, step], { p, stream });
}

function layerNorm(
  emit: Emitter,
  x: Value,
  weights: Readonly<Record<string, Value>>,
  prefix: string,
  eps: number,
): Value {
  const normal = standardized(emit, x, [x.type.shape.length - 1], eps);
  const scaled = emit.op('multiply', [normal, weights[`${prefix}weight`]!]);
  return emit.op('add', [scaled, weights[`${prefix}bias`]!]);
}

/** PyTorch's keyword arguments. */
export function pytorchTransformer({
  dimFeedforward,
  dropout,
  activation,
  layerNormEps,
  normFirst,
}: TransformerSettings) {
  return {
    dim_feedforward: [dimFeedforward, 2048],
    dropout: [dropout, 0.1],
    activation: [{ source: `"${activation}"` }, { source: '"relu"' }],
    layer_norm_eps: [layerNormEps, 1e-5],
    batch_first: [true, false],
    norm_first: [normFirst, false],
  } as const;
}
