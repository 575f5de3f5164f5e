import { formatShape, sizeOf } from '../../ir/shape.ts';
import type { Value } from '../../ir/types.ts';
import { plus, reshape, sliceAxis } from '../compose.ts';
import { convolveTransposed, padSpatial } from '../convolution.ts';
import { defineOperators } from '../defineOperators.ts';
import { requireRoom } from '../foldingEmitter.ts';
import type { OperatorContext } from '../operatorContext.ts';
import { windowAxes } from '../windows.ts';

/** A bias [C] along the channels of x [N, C, …]. */
function biased(node: OperatorContext, x: Value, bias: Value | undefined): Value {
  if (!bias) return x;
  return plus(node.emit, x, node.reshape(bias, [sizeOf(bias.type.shape), ...x.type.shape.slice(2).map(() => 1)]));
}

/** Convolution of values that may have been changed before, with the node's attributes. */
export function convolution(node: OperatorContext, x: Value, w: Value, bias?: Value): Value {
  const { emit } = node;
  const sizes = x.type.shape.slice(2);
  if (x.type.shape.length < 3 || w.type.shape.length !== x.type.shape.length) {
    node.refuse(`x of ${formatShape(x.type.shape)} and weights of ${formatShape(w.type.shape)}`);
  }
  const axes = windowAxes(node, sizes, w.type.shape.slice(2));
  const strides = axes.map(({ stride }) => stride);
  const dilations = axes.map(({ dilation }) => dilation);
  const groups = node.int('group', 1);
  // What is not the same on both sides becomes a part of the input.
  const even = axes.every(({ before, after }) => before === after);
  const before = axes.map((axis) => axis.before);
  const padded = even
    ? x
    : padSpatial(
        emit,
        x,
        before,
        sizes.map((size, i) => size + before[i]! + axes[i]!.after),
      );
  const padding = even ? before : before.map(() => 0);
  const y = emit.op('convolution', [padded, w], { stride: strides, padding, dilation: dilations, groups });
  return biased(node, y, bias);
}

function transposed(node: OperatorContext): Value {
  const { emit } = node;
  const [x, w] = [node.input(0), node.input(1)];
  const sizes = x.type.shape.slice(2);
  const list = (name: string, usual: number): readonly number[] => {
    const given = node.ints(name);
    return given && given.length > 0 ? given : sizes.map(() => usual);
  };
  const [strides, dilations, extra] = [list('strides', 1), list('dilations', 1), list('output_padding', 0)];
  const full = convolveTransposed(emit, x, w, { strides, dilations, groups: node.int('group', 1) });
  const pads = node.ints('pads');
  const automatic = node.text('auto_pad', 'NOTSET');
  const wanted = node.ints('output_shape');
  const before: number[] = [];
  const dims = sizes.map((size, i) => {
    const whole = (full.type.shape[2 + i] as number) + (extra[i] as number);
    const same = automatic === 'SAME_UPPER' || automatic === 'SAME_LOWER';
    if (!wanted?.length && !same) {
      before.push(-(pads?.[i] ?? 0));
      return whole - (pads?.[i] ?? 0) - (pads?.[sizes.length + i] ?? 0);
    }
    const asked = wanted?.length ? (wanted[wanted.length - sizes.length + i] as number) : size * (strides[i] as number);
    const total = whole - asked;
    const less = Math.floor(total / 2);
    before.push(-(automatic === 'SAME_UPPER' ? less : total - less));
    return asked;
  });
  if (dims.some((size) => size < 1)) node.refuse(`an output of [${dims}]`);
  return biased(node, padSpatial(emit, full, before, dims), node.optional(2));
}

/** A depthwise convolution that sees the past only, with the end of its input as the state for what follows. */
function causal(node: OperatorContext): Value[] {
  const { emit } = node;
  const [x, w] = [node.input(0), node.input(1)];
  const [batch, channels] = x.type.shape as [number, number];
  const past = (w.type.shape[2] as number) - 1;
  const before = node.optional(3) ?? emit.fill([batch, channels, past], 0);
  const whole = past === 0 ? x : emit.op('concat', [before, x], { axis: 2 });
  const y = biased(
    node,
    emit.op('convolution', [whole, w], { stride: [1], padding: [0], dilation: [1], groups: channels }),
    node.optional(2),
  );
  const activation = node.text('activation', 'none');
  if (!['none', 'silu', 'swish'].includes(activation)) node.unsupported(`activation ${activation}`);
  const state = sliceAxis(emit, whole, 2, (whole.type.shape[2] as number) - past, past);
  return [activation === 'none' ? y : emit.op('silu', [y]), state];
}

/** Columns of an image's blocks put back into the image and added up where they overlap. */
function columnsToImage(node: OperatorContext): Value {
  const { emit } = node;
  const x = node.input(0);
  const [image, block] = [node.numbers(1), node.numbers(2)];
  const [n, columns, places] = x.type.shape as [number, number, number];
  const [blockSize, channels] = [sizeOf(block), columns / sizeOf(block)];
  const strides = node.ints('strides') ?? image.map(() => 1);
  const dilations = node.ints('dilations') ?? image.map(() => 1);
  const pads = node.ints('pads') ?? image.flatMap(() => [0, 0]);
  const counts = image.map(
    (size, i) =>
      Math.floor((size + pads[i]! + pads[image.length + i]! - dilations[i]! * (block[i]! - 1) - 1) / strides[i]!) + 1,
  );
  if (sizeOf(counts) !== places) node.refuse(`${places} columns, expected ${sizeOf(counts)}`);
  // Each place of a block is a channel: the transposed convolution with a kernel that is 1 there adds them up.
  const blocks = reshape(emit, x, [n * channels, blockSize, ...counts]);
  const unit = new Float32Array(requireRoom(blockSize * blockSize));
  for (let i = 0; i < blockSize; i++) unit[i * blockSize + i] = 1;
  const kernel = emit.constant([blockSize, 1, ...block], unit);
  const full = convolveTransposed(emit, blocks, kernel, { strides, dilations, groups: 1 });
  const cut = padSpatial(
    emit,
    full,
    image.map((_, i) => -pads[i]!),
    image,
  );
  return node.reshape(cut, [n, channels, ...image]);
}

/** https://onnx.ai/onnx/operators/ — convolutions over any number of axes. */
export default defineOperators('computes', {
  Conv: (node) => convolution(node, node.input(0), node.input(1), node.optional(2)),
  ConvTranspose: transposed,
  CausalConvWithState: causal,
  Col2Im: columnsToImage,
});
