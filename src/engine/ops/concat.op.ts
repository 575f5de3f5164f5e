import { f32, formatShape } from '../ir/shape.ts';
import { access, term } from '../kernels/access.ts';
import { binary, constant, type Expression, index, load, select } from '../kernels/expression.ts';
import { defineOp } from './defineOp.ts';
import { fillPlaces, reader } from './movement.ts';

declare module '../ir/types.ts' {
  interface OpAttributes {
    concat: { readonly axis: number };
  }
}

/** Tensors one after another along an axis: https://docs.pytorch.org/docs/stable/generated/torch.cat.html */
export default defineOp({
  name: 'concat',
  infer: (inputs, { axis }) => {
    const [first] = inputs;
    const fits = inputs.every(
      ({ shape }) =>
        shape.length === first!.shape.length && shape.every((extent, i) => i === axis || extent === first!.shape[i]),
    );
    if (!first || axis < 0 || axis >= first.shape.length || !fits) {
      const shapes = inputs.map(({ shape }) => formatShape(shape)).join(', ');
      throw new RangeError(`expected tensors that differ along axis ${axis} only, got ${shapes || 'none'}`);
    }
    const total = inputs.reduce((sum, { shape }) => sum + shape[axis]!, 0);
    return [f32(...first.shape.map((extent, i) => (i === axis ? total : extent)))];
  },
  reference: (inputs, { axis }) => {
    const readers = inputs.map((input) => reader(input));
    const sizes = inputs.map(({ type }) => type.shape[axis]!);
    const total = sizes.reduce((sum, size) => sum + size, 0);
    const shape = inputs[0]!.type.shape.map((extent, i) => (i === axis ? total : extent));
    const element = (place: readonly number[]): number => {
      let at = place[axis]!;
      let input = 0;
      while (at >= sizes[input]!) at -= sizes[input++]!;
      return readers[input]!(place.map((own, i) => (i === axis ? at : own)));
    };
    return [fillPlaces(shape, element)];
  },
  gradient: ({ emit, inputs, outputGradients, attributes: { axis } }) => {
    let start = 0;
    return inputs.map(({ type: { shape } }) => {
      const starts = shape.map((_, i) => (i === axis ? start : 0));
      start += shape[axis]!;
      return emit.op('slice', [outputGradients[0]!], { starts, sizes: shape });
    });
  },
  lower: (inputs, { axis }) => {
    const total = inputs.reduce((sum, { shape }) => sum + shape[axis]!, 0);
    const dims = inputs[0]!.shape.map((extent, i) => (i === axis ? total : extent));
    let start = 0;
    const ends: number[] = [];
    const loads = inputs.map(({ shape }, operand) => {
      const offset = -start;
      start += shape[axis]!;
      ends.push(start);
      return access(
        operand,
        shape,
        dims,
        dims.map((_, i) => ({ terms: [term(i)], offset: i === axis ? offset : 0 })),
      );
    });
    const value = ends
      .slice(0, -1)
      .reduceRight<Expression>(
        (rest, end, i) => select(binary('less', index(axis), constant(end)), load(i), rest),
        load(inputs.length - 1),
      );
    return { kind: 'map', dims, loads, outputs: [value] };
  },
  samples: [
    { inputs: [f32(2, 3), f32(2, 1), f32(2, 4)], attributes: { axis: 1 } },
    { inputs: [f32(2, 3), f32(1, 3)], attributes: { axis: 0 } },
  ],
});
