import type { Emitter } from '../../engine/ir/emitter.ts';
import { broadcastShapes, sizeOf } from '../../engine/ir/shape.ts';
import type { Value } from '../../engine/ir/types.ts';
import { averageTo, divides, largestTo } from '../../engine/layers/pooling/adaptive.ts';
import { interpolationWeight, mapAxis } from '../../engine/layers/pooling/mapAxis.ts';
import type { CaseArguments } from './caseArguments.ts';
import { alongAxis, expanded, number, plus, type TorchFunction, times } from './compose.ts';
import { Unsupported } from './unsupported.ts';

const pointwise =
  (name: 'relu' | 'silu' | 'softplus'): TorchFunction =>
  (emit, given) =>
    emit.op(name, [given.tensor(0)]);

/** Scores between 0 and 1 by three straight lines. */
const hardShare = (emit: Emitter, x: Value): Value =>
  times(emit, emit.op('minimum', [emit.op('relu', [plus(emit, x, number(emit, 3))]), number(emit, 6)]), 1 / 6);

function linear(emit: Emitter, given: CaseArguments): Value {
  const [x, w] = [given.tensor(0), given.tensor(1)];
  const bias = given.optionalTensor('bias', 2);
  if (w.type.shape.length !== 2) throw new Unsupported('a weight that is a vector');
  const flat = emit.op('reshape', [x], { shape: [sizeOf(x.type.shape.slice(0, -1)), x.type.shape.at(-1)!] });
  const product = emit.op('matmul', [flat, w], { transposeA: false, transposeB: true });
  const shaped = emit.op('reshape', [product], { shape: [...x.type.shape.slice(0, -1), w.type.shape[0]!] });
  return bias ? plus(emit, shaped, bias) : shaped;
}

/** `apply` with a batch axis, which is added and taken off again where there is none. */
function batched(emit: Emitter, x: Value, spatial: number, apply: (x: Value) => Value): Value {
  if (x.type.shape.length === spatial + 2) return apply(x);
  const result = apply(emit.op('reshape', [x], { shape: [1, ...x.type.shape] }));
  return emit.op('reshape', [result], { shape: result.type.shape.slice(1) });
}

function convolution(spatial: 1 | 2 | 3, transposed: boolean): TorchFunction {
  return (emit, given) => {
    const w = given.tensor(1, 'weight');
    const stride = given.sizes('stride', 3, spatial, 1);
    const dilation = given.sizes('dilation', transposed ? 7 : 5, spatial, 1);
    const groups = given.number('groups', 6, 1);
    const kernel = w.type.shape.slice(2);
    const same = given.optional('padding', 4) === 'same';
    const whole = kernel.map((size, i) => (same ? (size - 1) * dilation[i]! : 0));
    const padding =
      typeof given.optional('padding', 4) === 'string'
        ? whole.map((size) => Math.floor(size / 2))
        : given.sizes('padding', 4, spatial, 0);
    const rest = whole.map((size) => size % 2);
    const none = [0, 0, ...kernel.map(() => 0)];
    const product = (x: Value): Value => {
      if (!transposed) {
        const after = [0, 0, ...rest];
        const wide = rest.some((size) => size > 0) ? emit.op('pad', [x], { before: none, after, value: 0 }) : x;
        return emit.op('convolution', [wide, w], { stride, padding, dilation, groups });
      }
      const extra = given.sizes('output_padding', 5, spatial, 0);
      const inputSize = x.type.shape
        .slice(2)
        .map((size, i) => (size - 1) * stride[i]! - 2 * padding[i]! + dilation[i]! * (kernel[i]! - 1) + extra[i]! + 1);
      return emit.op('convolutionInputGradient', [x, w], { inputSize, stride, padding, dilation, groups });
    };
    const bias = given.optionalTensor('bias', 2);
    return batched(emit, given.tensor(0, 'input'), spatial, (x) => {
      if (!bias) return product(x);
      const shape = [bias.type.shape[0]!, ...kernel.map(() => 1)];
      return plus(emit, product(x), emit.op('reshape', [bias], { shape }));
    });
  };
}

function pooling(spatial: 1 | 2 | 3, kind: 'max' | 'avg'): TorchFunction {
  return (emit, given) => {
    const ceilMode = given.flag('ceil_mode', kind === 'max' ? 5 : 4);
    if (given.flag('return_indices', kind === 'max' ? 6 : -1)) throw new Unsupported('indices into the image');
    const kernelSize = given.sizes('kernel_size', 1, spatial, 1);
    const chosen = given.numbers('stride', 2);
    const stride = chosen === undefined || chosen.length === 0 ? kernelSize : given.sizes('stride', 2, spatial, 1);
    const padding = given.sizes('padding', 3, spatial, 0);
    return batched(emit, given.tensor(0), spatial, (x) => {
      if (kind === 'max') {
        const dilation = given.sizes('dilation', 4, spatial, 1);
        return emit.op('maxPool', [x], { kernelSize, stride, padding, dilation, ceilMode });
      }
      const divisor = given.optional('divisor_override', 6);
      // A mean over a chosen number: the sum is the mean of a window that counts all of its places, wherever they lie.
      if (divisor !== undefined) {
        if (ceilMode) throw new Unsupported('divisor_override with ceil_mode');
        const mean = emit.op('avgPool', [x], { kernelSize, stride, padding });
        return times(emit, mean, sizeOf(kernelSize) / given.number('divisor_override', 6));
      }
      const countIncludePad = given.flag('count_include_pad', 5, true);
      return emit.op('avgPool', [x], { kernelSize, stride, padding, ceilMode, countIncludePad });
    });
  };
}

/** Means over a grid of windows, or the largest numbers in them. */
function adaptive(spatial: 1 | 2, to: typeof averageTo): TorchFunction {
  return (emit, given) => {
    if (given.flag('return_indices', 2)) throw new Unsupported('indices into the image');
    const wanted = given.optional('output_size', 1);
    return batched(emit, given.tensor(0), spatial, (x) => {
      const sizes = x.type.shape.slice(2);
      const out = (Array.isArray(wanted) ? wanted : sizes.map(() => wanted)).map((size, i) =>
        typeof size === 'number' ? size : sizes[i]!,
      );
      return to(emit, x, out);
    });
  };
}

const interpolate: TorchFunction = (emit, given) => {
  const x = given.tensor(0);
  const sizes = x.type.shape.slice(2);
  if (sizes.length !== 2) throw new Unsupported('signals and volumes, which the layer does not take');
  const size = given.numbers('size', 1);
  const scales = given.numbers('scale_factor', 2);
  const out = sizes.map(
    (extent, i) => size?.[i] ?? size?.[0] ?? Math.floor(extent * (scales?.[i] ?? scales?.[0] ?? 1)),
  );
  if (given.text('mode', 3, 'nearest') === 'nearest') {
    if (!divides(out, sizes)) throw new Unsupported('a scale that is no whole number');
    const [n, c, h, w] = x.type.shape as [number, number, number, number];
    const apart = emit.op('reshape', [x], { shape: [n, c, h, 1, w, 1] });
    const repeated = emit.op('expand', [apart], { shape: [n, c, h, out[0]! / h, w, out[1]! / w] });
    return emit.op('reshape', [repeated], { shape: [n, c, ...out] });
  }
  // A given scale need not be the quotient of the sizes, and counts then.
  if (scales?.some((scale) => !Number.isInteger(scale))) throw new Unsupported('a scale that is no whole number');
  const aligned = given.flag('align_corners', 4);
  return out.reduceRight(
    (result, to, i) => mapAxis(emit, result, 2 + i, to, interpolationWeight(sizes[i]!, to, aligned)),
    x,
  );
};

function normalized(emit: Emitter, x: Value, axes: readonly number[], eps: number): Value {
  const centred = emit.op('subtract', [x, emit.op('mean', [x], { axes, keepDims: true })]);
  const variance = emit.op('mean', [emit.op('square', [centred])], { axes, keepDims: true });
  return emit.op('divide', [centred, emit.op('sqrt', [plus(emit, variance, number(emit, eps))])]);
}

/** Scale and shift of each channel. */
function perChannel(emit: Emitter, x: Value, given: CaseArguments, weight: number, bias: number): Value {
  const shape = [x.type.shape[1]!, ...x.type.shape.slice(2).map(() => 1)];
  const w = given.optionalTensor('weight', weight);
  const b = given.optionalTensor('bias', bias);
  const scaled = w ? emit.op('multiply', [x, emit.op('reshape', [w], { shape })]) : x;
  return b ? plus(emit, scaled, emit.op('reshape', [b], { shape })) : scaled;
}

function lastAxes(x: Value, given: CaseArguments): number[] {
  const count = given.numbers('normalized_shape', 1)!.length;
  const rank = x.type.shape.length;
  return Array.from({ length: count }, (_, i) => rank - count + i);
}

export const networkTable: Readonly<Record<string, TorchFunction>> = {
  'nn.functional.relu': pointwise('relu'),
  'nn.functional.silu': pointwise('silu'),
  'nn.functional.softplus': (emit, given) => {
    if (given.number('beta', 1, 1) !== 1 || given.number('threshold', 2, 20) !== 20)
      throw new Unsupported('another beta');
    return emit.op('softplus', [given.tensor(0)]);
  },
  'nn.functional.relu6': (emit, given) => emit.op('minimum', [emit.op('relu', [given.tensor(0)]), number(emit, 6)]),
  'nn.functional.leaky_relu': (emit, given) =>
    emit.op('leakyRelu', [given.tensor(0)], { slope: given.number('negative_slope', 1, 0.01) }),
  'nn.functional.elu': (emit, given) => emit.op('elu', [given.tensor(0)], { alpha: given.number('alpha', 1, 1) }),
  'nn.functional.celu': (emit, given) => {
    const alpha = number(emit, given.number('alpha', 1, 1));
    return emit.op('multiply', [emit.op('elu', [emit.op('divide', [given.tensor(0), alpha])], { alpha: 1 }), alpha]);
  },
  'nn.functional.selu': (emit, given) =>
    times(emit, emit.op('elu', [given.tensor(0)], { alpha: 1.6732632423543772 }), 1.0507009873554805),
  'nn.functional.gelu': (emit, given) => {
    if (given.text('approximate', 1, 'none') !== 'none') throw new Unsupported('the approximation, which is a layer');
    return emit.op('gelu', [given.tensor(0)]);
  },
  'nn.functional.mish': (emit, given) =>
    emit.op('multiply', [given.tensor(0), emit.op('tanh', [emit.op('softplus', [given.tensor(0)])])]),
  'nn.functional.softsign': (emit, given) =>
    emit.op('divide', [given.tensor(0), plus(emit, emit.op('abs', [given.tensor(0)]), number(emit, 1))]),
  'nn.functional.hardtanh': (emit, given) => {
    const raised = emit.op('maximum', [given.tensor(0), number(emit, given.number('min_val', 1, -1))]);
    return emit.op('minimum', [raised, number(emit, given.number('max_val', 2, 1))]);
  },
  'nn.functional.hardsigmoid': (emit, given) => hardShare(emit, given.tensor(0)),
  'nn.functional.hardswish': (emit, given) => emit.op('multiply', [given.tensor(0), hardShare(emit, given.tensor(0))]),
  'nn.functional.logsigmoid': (emit, given) =>
    emit.op('negate', [emit.op('softplus', [emit.op('negate', [given.tensor(0)])])]),
  'nn.functional.tanhshrink': (emit, given) =>
    emit.op('subtract', [given.tensor(0), emit.op('tanh', [given.tensor(0)])]),
  'nn.functional.threshold': (emit, given) => {
    const [x, bound] = [given.tensor(0), number(emit, given.number('threshold', 1))];
    return emit.op('select', [emit.op('greater', [x, bound]), x, number(emit, given.number('value', 2))]);
  },
  'nn.functional.prelu': (emit, given) => {
    const [x, w] = [given.tensor(0), given.tensor(1)];
    const after = x.type.shape.slice(2).map(() => 1);
    const slope =
      w.type.shape.length === 1 && after.length > 0
        ? emit.op('reshape', [w], { shape: [w.type.shape[0]!, ...after] })
        : w;
    const negative = emit.op('multiply', [emit.op('minimum', [x, number(emit, 0)]), slope]);
    return plus(emit, emit.op('relu', [x]), negative);
  },
  'nn.functional.glu': (emit, given) => {
    const x = given.tensor(0);
    const dim = given.number('dim', 1, -1);
    const axis = dim < 0 ? dim + x.type.shape.length : dim;
    const sizes = x.type.shape.map((extent, i) => (i === axis ? extent / 2 : extent));
    const half = (from: number) =>
      emit.op('slice', [x], { starts: sizes.map((extent, i) => (i === axis ? from * extent : 0)), sizes });
    return emit.op('multiply', [half(0), emit.op('sigmoid', [half(1)])]);
  },
  'nn.functional.softmin': alongAxis('softmax', -1),
  'nn.functional.linear': linear,
  'nn.functional.conv1d': convolution(1, false),
  'nn.functional.conv2d': convolution(2, false),
  'nn.functional.conv3d': convolution(3, false),
  'nn.functional.conv_transpose1d': convolution(1, true),
  'nn.functional.conv_transpose2d': convolution(2, true),
  'nn.functional.conv_transpose3d': convolution(3, true),
  'nn.functional.max_pool1d': pooling(1, 'max'),
  'nn.functional.max_pool2d': pooling(2, 'max'),
  'nn.functional.max_pool3d': pooling(3, 'max'),
  'nn.functional.avg_pool1d': pooling(1, 'avg'),
  'nn.functional.avg_pool2d': pooling(2, 'avg'),
  'nn.functional.avg_pool3d': pooling(3, 'avg'),
  'nn.functional.layer_norm': (emit, given) => {
    const x = given.tensor(0);
    const normal = normalized(emit, x, lastAxes(x, given), given.number('eps', 4, 1e-5));
    const [w, b] = [given.optionalTensor('weight', 2), given.optionalTensor('bias', 3)];
    const scaled = w ? emit.op('multiply', [normal, w]) : normal;
    return b ? plus(emit, scaled, b) : scaled;
  },
  'nn.functional.rms_norm': (emit, given) => {
    const x = given.tensor(0);
    // PyTorch's epsilon is that of the tensor's own type where none is given: float64's in these samples.
    const eps = given.number('eps', 3, 2.220446049250313e-16);
    const square = emit.op('mean', [emit.op('square', [x])], { axes: lastAxes(x, given), keepDims: true });
    const normal = emit.op('divide', [x, emit.op('sqrt', [plus(emit, square, number(emit, eps))])]);
    const w = given.optionalTensor('weight', 2);
    return w ? emit.op('multiply', [normal, w]) : normal;
  },
  'nn.functional.group_norm': (emit, given) => {
    const x = given.tensor(0);
    const [n, c, ...space] = x.type.shape as [number, number, ...number[]];
    const groups = given.number('num_groups', 1);
    const grouped = emit.op('reshape', [x], { shape: [n, groups, (c / groups) * sizeOf(space)] });
    const normal = normalized(emit, grouped, [2], given.number('eps', -1, 1e-5));
    return perChannel(emit, emit.op('reshape', [normal], { shape: x.type.shape }), given, 2, 3);
  },
  'nn.functional.instance_norm': (emit, given) => {
    if (given.optional('running_mean', 1) !== undefined) throw new Unsupported('running statistics');
    const x = given.tensor(0);
    const axes = x.type.shape.map((_, axis) => axis).slice(2);
    return perChannel(emit, normalized(emit, x, axes, given.number('eps', -1, 1e-5)), given, 3, 4);
  },
  'nn.functional.batch_norm': (emit, given) => {
    const x = given.tensor(0);
    if (x.type.shape.length < 2) throw new Unsupported('features without a batch');
    const shape = [x.type.shape[1]!, ...x.type.shape.slice(2).map(() => 1)];
    const eps = given.number('eps', 7, 1e-5);
    if (given.flag('training', 5)) {
      const axes = x.type.shape.map((_, axis) => axis).filter((axis) => axis !== 1);
      return perChannel(emit, normalized(emit, x, axes, eps), given, 3, 4);
    }
    const [mean, variance] = [given.tensor(1), given.tensor(2)].map((each) => emit.op('reshape', [each], { shape }));
    const deviation = emit.op('sqrt', [plus(emit, variance!, number(emit, eps))]);
    return perChannel(emit, emit.op('divide', [emit.op('subtract', [x, mean!]), deviation]), given, 3, 4);
  },
  'nn.functional.normalize': (emit, given) => {
    if (given.number('p', 1, 2) !== 2) throw new Unsupported('another norm than the Euclidean');
    const x = given.tensor(0);
    const axes = given.optional('dim', 2) === undefined ? [1] : given.axes('dim', 2, x);
    const norm = emit.op('sqrt', [emit.op('sum', [emit.op('square', [x])], { axes, keepDims: true })]);
    return emit.op('divide', [x, emit.op('maximum', [norm, number(emit, given.number('eps', 3, 1e-12))])]);
  },
  'nn.functional.local_response_norm': (emit, given) => {
    const x = given.tensor(0);
    const size = given.number('size', 1);
    const around = (count: number) => x.type.shape.map((_, axis) => (axis === 1 ? count : 0));
    const square = emit.op('pad', [emit.op('square', [x])], {
      before: around(Math.floor(size / 2)),
      after: around(Math.floor((size - 1) / 2)),
      value: 0,
    });
    const windows = Array.from({ length: size }, (_, i) =>
      emit.op('slice', [square], { starts: around(i), sizes: x.type.shape }),
    );
    const total = windows.reduce((sum, window) => plus(emit, sum, window));
    const mean = times(emit, total, given.number('alpha', 2, 1e-4) / size);
    const divisor = plus(emit, mean, number(emit, given.number('k', 4, 1)));
    return emit.op('divide', [x, emit.op('power', [divisor, number(emit, given.number('beta', 3, 0.75))])]);
  },
  'nn.functional.bilinear': (emit, given) => {
    const [first, second, w] = [given.tensor(0), given.tensor(1), given.tensor(2)];
    const [out, in1, in2] = w.type.shape as [number, number, number];
    const rows = sizeOf(first.type.shape.slice(0, -1));
    const matrix = emit.op('reshape', [emit.op('transpose', [w], { permutation: [1, 0, 2] })], {
      shape: [in1, out * in2],
    });
    const left = emit.op('matmul', [emit.op('reshape', [first], { shape: [rows, in1] }), matrix], {
      transposeA: false,
      transposeB: false,
    });
    const products = emit.op('multiply', [
      emit.op('reshape', [left], { shape: [rows, out, in2] }),
      emit.op('reshape', [second], { shape: [rows, 1, in2] }),
    ]);
    const sum = emit.op('sum', [products], { axes: [2], keepDims: false });
    const bias = given.optionalTensor('bias', 3);
    const shape = [...first.type.shape.slice(0, -1), out];
    return emit.op('reshape', [bias ? plus(emit, sum, bias) : sum], { shape });
  },
  'nn.functional.adaptive_avg_pool1d': adaptive(1, averageTo),
  'nn.functional.adaptive_avg_pool2d': adaptive(2, averageTo),
  'nn.functional.adaptive_max_pool2d': adaptive(2, largestTo),
  'nn.functional.interpolate': interpolate,
  'nn.functional.cosine_similarity': (emit, given) => {
    const shape = broadcastShapes(given.tensor(0).type.shape, given.tensor(1).type.shape);
    const rank = shape.length;
    const dim = given.number('dim', 2, 1);
    if (rank === 0) throw new Unsupported('a cosine of scalars');
    const [a, b] = [expanded(emit, given.tensor(0), shape), expanded(emit, given.tensor(1), shape)] as const;
    const axes = [dim < 0 ? dim + rank : dim];
    const along = (value: Value) => emit.op('sum', [value], { axes, keepDims: false });
    const eps = number(emit, given.number('eps', 3, 1e-8));
    const norm = (value: Value) => emit.op('maximum', [emit.op('sqrt', [along(emit.op('square', [value]))]), eps]);
    return emit.op('divide', [along(emit.op('multiply', [a, b])), emit.op('multiply', [norm(a), norm(b)])]);
  },
  'nn.functional.pairwise_distance': (emit, given) => {
    if (given.number('p', 2, 2) !== 2) throw new Unsupported('another norm than the Euclidean');
    const [a, b] = [given.tensor(0), given.tensor(1)];
    const away = plus(emit, emit.op('subtract', [a, b]), number(emit, given.number('eps', 3, 1e-6)));
    const axes = [away.type.shape.length - 1];
    return emit.op('sqrt', [emit.op('sum', [emit.op('square', [away])], { axes, keepDims: given.flag('keepdim', 4) })]);
  },
  'nn.functional.scaled_dot_product_attention': (emit, given) => {
    if (given.number('dropout_p', 4, 0) > 0) throw new Unsupported('a dropout');
    if (given.flag('is_causal', 5) || given.optional('attn_mask', 3) !== undefined) throw new Unsupported('a mask');
    if (given.flag('enable_gqa', -1)) throw new Unsupported('grouped queries');
    const [q, k, v] = [given.tensor(0), given.tensor(1), given.tensor(2)];
    const products = emit.op('matmul', [q, k], { transposeA: false, transposeB: true });
    const scores = times(emit, products, given.number('scale', -1, 1 / Math.sqrt(q.type.shape.at(-1)!)));
    const shares = emit.op('softmax', [scores], { axis: scores.type.shape.length - 1 });
    return emit.op('matmul', [shares, v], { transposeA: false, transposeB: false });
  },
  'nn.functional.pixel_shuffle': (emit, given) => {
    const x = given.tensor(0);
    const r = given.number('upscale_factor', 1);
    const lead = x.type.shape.slice(0, -3);
    const [c, h, w] = x.type.shape.slice(-3) as [number, number, number];
    const n = sizeOf(lead);
    const apart = emit.op('reshape', [x], { shape: [n, c / (r * r), r, r, h, w] });
    const woven = emit.op('transpose', [apart], { permutation: [0, 1, 4, 2, 5, 3] });
    return emit.op('reshape', [woven], { shape: [...lead, c / (r * r), h * r, w * r] });
  },
  'nn.functional.embedding': (emit, given) => {
    if (given.optional('max_norm', -1) !== undefined) throw new Unsupported('max_norm');
    if (given.optional('padding_idx', -1) !== undefined || given.flag('scale_grad_by_freq', -1)) {
      throw new Unsupported('rows that get no gradient');
    }
    const [first, second] = [given.tensor(0), given.tensor(1)];
    const [ids, table] = first.type.dtype === 'i32' ? [first, second] : [second, first];
    const flat = emit.op('reshape', [ids], { shape: [sizeOf(ids.type.shape)] });
    const rows = emit.op('takeRows', [table, flat]);
    return emit.op('reshape', [rows], { shape: [...ids.type.shape, ...table.type.shape.slice(1)] });
  },
};
