import { describe, expect, it } from 'vitest';
import { ProgramBuilder } from '../ir/builder.ts';
import { sizeOf } from '../ir/shape.ts';
import type { Operation, Shape, Value } from '../ir/types.ts';
import { scanSizes } from '../kernels/spec.ts';
import type { LayerDefinition } from '../layers/defineLayer.ts';
import { lossTarget } from '../layers/lossTarget.ts';
import { completeParameters, type ParameterSchema, type ParametersOf } from '../layers/parameters.ts';
import { portsOf } from '../layers/ports.ts';
import { allLayers } from '../layers/registry.ts';
import { opDefinition } from '../ops/registry.ts';

const BATCH = 3;

type Sample = LayerDefinition['samples'][number];

/** A sample with all parameters and what the layer is told of the data. */
function whole(layer: LayerDefinition, { inputs, ports, parameters, data }: Sample) {
  const complete = { ...completeParameters(layer.parameters, {}), ...parameters } as ParametersOf<ParameterSchema>;
  return {
    inputs,
    ports: ports ?? portsOf(layer.inputs, inputs.length),
    parameters: complete,
    data: data ?? { sample: inputs[0]!, classes: 0 },
  };
}

/** The ops of a layer's forward pass over a batch, as trained networks are used. */
function operationsOf(layer: LayerDefinition, sample: Sample): readonly Operation[] {
  const builder = new ProgramBuilder(opDefinition);
  const { inputs, ports, parameters, data } = whole(layer, sample);
  const input = (name: string, shape: Shape, dtype: 'f32' | 'i32' = 'f32'): Value =>
    builder.input(name, { shape, dtype });
  const samples = input('samples', [BATCH, ...data.sample], data.vocabulary === undefined ? 'f32' : 'i32');
  const labels = input('labels', [BATCH, ...(data.label ?? [])], 'i32');
  const scalars = { seed: input('seed', [], 'i32'), step: input('step', [], 'i32') };
  const given = inputs.map((shape, i) => {
    const dtype = layer.inputs.find(({ name }) => name === ports[i])?.dtype;
    return input(`input${i}`, [BATCH, ...shape], dtype === 'i32' ? 'i32' : 'f32');
  });
  const { weights } = layer.infer(inputs, parameters, data, ports);
  layer.lower({
    emit: builder,
    inputs: layer.role === 'input' ? [samples] : given,
    ports,
    parameters,
    weights: Object.fromEntries(weights.map(({ name, shape }) => [name, input(name, shape)])),
    mode: 'evaluate',
    target:
      layer.role === 'loss'
        ? { label: labels, input: samples, none: undefined }[lossTarget(layer, parameters)]
        : undefined,
    update: () => undefined,
    random: () => ({ ...scalars, stream: 0 }),
  });
  return builder.operations;
}

/** Products that an op adds up: those of matrices, of windows, and of states with weights. */
function productsOf({ op, inputs, attributes }: Operation): number {
  const [first, second] = inputs.map(({ type }) => type);
  // Its kernel runs over places between strides too, which hold nothing.
  if (op === 'convolutionInputGradient') return sizeOf(first!.shape) * sizeOf(second!.shape.slice(1));
  const spec = opDefinition(op).lower(
    inputs.map(({ type }) => type),
    attributes as never,
  );
  if (spec.kind === 'contract') return sizeOf(spec.dims.map(({ extent }) => extent));
  if (spec.kind !== 'scan') return 0;
  const [steps, rows] = spec.dims;
  const { fed, columns } = scanSizes(spec);
  return steps * rows * fed * columns;
}

describe('multiply-adds on nodes', () => {
  for (const layer of allLayers()) {
    layer.samples.forEach((sample, i) => {
      it(`${layer.type}, sample ${i}: are the products of its ops`, () => {
        const { inputs, ports, parameters, data } = whole(layer, sample);
        const products = operationsOf(layer, sample).reduce((sum, operation) => sum + productsOf(operation), 0);
        expect(layer.infer(inputs, parameters, data, ports).multiplyAdds).toBe(products / BATCH);
      });
    });
  }
});
