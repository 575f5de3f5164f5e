import { describe, expect, it } from 'vitest';
import { parameterCount } from '../compiler/inferNode.ts';
import { EngineError } from '../errors.ts';
import { ProgramBuilder } from '../ir/builder.ts';
import { sizeOf } from '../ir/shape.ts';
import type { Shape, Value } from '../ir/types.ts';
import { opDefinition } from '../ops/registry.ts';
import type { DataShapes, EmitContext, LayerDefinition, PythonLayer } from './defineLayer.ts';
import { lossTarget } from './lossTarget.ts';
import { completeParameters, type ParameterSchema, type ParametersOf, parameterProblem } from './parameters.ts';
import { portsOf } from './ports.ts';
import { allLayers } from './registry.ts';

interface Sample {
  readonly inputs: readonly Shape[];
  readonly ports: readonly string[];
  readonly parameters: ParametersOf<ParameterSchema>;
  readonly data: DataShapes;
}

function samplesOf(layer: LayerDefinition): Sample[] {
  return layer.samples.map(({ inputs, ports, parameters, data }) => ({
    inputs,
    ports: ports ?? portsOf(layer.inputs, inputs.length),
    parameters: { ...completeParameters(layer.parameters, {}), ...parameters } as ParametersOf<ParameterSchema>,
    data: data ?? { sample: inputs[0]!, classes: 0 },
  }));
}

const BATCH = 4;

/** Records the layer's operations for a batch and gives the types of what it makes. */
function lowered(layer: LayerDefinition, { inputs, ports, parameters, data }: Sample, mode: 'train' | 'evaluate') {
  const builder = new ProgramBuilder(opDefinition);
  const f32 = (name: string, shape: Shape): Value => builder.input(name, { shape, dtype: 'f32' });
  const { weights } = layer.infer(inputs, parameters, data, ports);
  const ids = data.vocabulary === undefined ? 'f32' : 'i32';
  const samples = builder.input('samples', { shape: [BATCH, ...data.sample], dtype: ids });
  const given = inputs.map((shape, i) => {
    const dtype = layer.inputs.find(({ name }) => name === ports[i])?.dtype;
    return builder.input(`input${i}`, { shape: [BATCH, ...shape], dtype: dtype === 'i32' ? 'i32' : 'f32' });
  });
  const updates = new Map<string, Value>();
  const labels = builder.input('labels', {
    shape: [BATCH, ...(data.label ?? [])],
    dtype: data.targets === undefined ? 'i32' : 'f32',
  });
  const random = {
    seed: builder.input('seed', { shape: [], dtype: 'i32' }),
    step: builder.input('step', { shape: [], dtype: 'i32' }),
    stream: 0,
  };
  const outputs = layer.lower({
    emit: builder,
    inputs: layer.role === 'input' ? [samples] : given,
    ports,
    parameters,
    weights: Object.fromEntries(weights.map(({ name, shape }) => [name, f32(name, shape)])),
    mode,
    target:
      layer.role === 'loss'
        ? { label: labels, input: samples, none: undefined }[lossTarget(layer, parameters)]
        : undefined,
    update: (weight, value) => updates.set(weight, value),
    random: () => random,
  });
  const prediction = layer.prediction?.(builder, given[0]!, parameters);
  return { outputs, updates, prediction };
}

describe('all layers', () => {
  it('are here', () => {
    expect(allLayers().length).toBeGreaterThanOrEqual(39);
  });

  for (const layer of allLayers()) {
    describe(layer.type, () => {
      it('has parameters whose defaults are good, survive JSON and are explained', () => {
        const defaults = completeParameters(layer.parameters, {});
        expect(JSON.parse(JSON.stringify(defaults))).toEqual(defaults);
        expect(completeParameters(layer.parameters, JSON.parse(JSON.stringify(defaults)))).toEqual(defaults);
        for (const [name, spec] of Object.entries(layer.parameters)) {
          expect(parameterProblem(spec, spec.default), name).toBeUndefined();
          expect(spec.help.length, name).toBeGreaterThan(20);
          expect(spec.help, name).toMatch(/\.$/);
        }
      });

      it('has help, an icon, ports and a migration for each older version', () => {
        expect(layer.help.summary).toMatch(/\.$/);
        expect(layer.help.shapes.length).toBeGreaterThan(5);
        expect(layer.help.reference).toMatch(/^https:\/\//);
        expect(layer.icon).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
        expect(layer.migrations).toHaveLength(layer.version - 1);
        expect(layer.inputs.length > 0).toBe(layer.role !== 'input');
        expect(layer.outputs.length > 0).toBe(layer.role !== 'loss');
        const names = layer.inputs.map(({ name }) => name);
        expect(new Set(names).size).toBe(names.length);
      });

      samplesOf(layer).forEach((sample, i) => {
        it(`sample ${i} lowers to the inferred shapes`, () => {
          const inference = layer.infer(sample.inputs, sample.parameters, sample.data, sample.ports);
          expect(inference.multiplyAdds).toBeGreaterThanOrEqual(0);
          const inferred = inference.outputs.map((shape, port) => ({
            shape: layer.role === 'loss' ? shape : [BATCH, ...shape],
            dtype: inference.dtypes?.[port] ?? 'f32',
          }));
          for (const mode of ['train', 'evaluate'] as const) {
            const { outputs, updates, prediction } = lowered(layer, sample, mode);
            expect(outputs.map(({ type }) => type)).toEqual(inferred);
            const running = inference.weights.filter(({ trainable }) => !trainable);
            expect([...updates.keys()]).toEqual(mode === 'train' ? running.map(({ name }) => name) : []);
            for (const { name, shape } of running) {
              if (mode === 'train') expect(updates.get(name)!.type).toEqual({ shape, dtype: 'f32' });
            }
            if (prediction) expect(prediction.type.shape[0]).toBe(BATCH);
          }
        });

        it(`sample ${i} prints in Python, the same each time`, () => {
          const { outputs } = layer.infer(sample.inputs, sample.parameters, sample.data, sample.ports);
          const context: EmitContext<ParameterSchema> = { ...sample, outputs };
          for (const target of ['pytorch', 'keras'] as const) {
            const print = (): string =>
              source(layer.emit[target](context), sample.inputs.length, layer.role === 'loss');
            if (target === 'keras' && !expresses(print)) continue;
            expect(print()).toBe(print());
            expect(print()).not.toMatch(/undefined|NaN|\[object/);
            expect(balanced(print()), print()).toBe(true);
          }
        });
      });

      it('says what is wrong with shapes that can not be', () => {
        const huge = [2 ** 40, 2 ** 40];
        const first = samplesOf(layer)[0]!;
        const run = (): unknown =>
          layer.infer(
            first.inputs.map(() => huge),
            first.parameters,
            { sample: huge, classes: 3 },
            first.ports,
          );
        // Noise only counts the samples on its wire.
        if (layer.role !== 'loss' && layer.type !== 'Noise')
          expect(run).toThrow(expect.objectContaining({ name: 'LayerError' }));
        if (layer.role !== 'input') {
          expect(() => layer.infer([], first.parameters, first.data)).toThrow(
            expect.objectContaining({ name: 'LayerError' }),
          );
        }
      });
    });
  }
});

describe('weights', () => {
  it('has as many as PyTorch', () => {
    const count = (type: string, inputs: Shape[], given: Record<string, number | number[] | boolean> = {}): number => {
      const layer = allLayers().find((candidate) => candidate.type === type)!;
      const parameters = completeParameters(layer.parameters, given);
      return parameterCount(layer.infer(inputs, parameters, { sample: inputs[0]!, classes: 10 }));
    };
    // sum(p.numel() for p in layer.parameters()) of the same layers in PyTorch.
    expect(count('Conv2d', [[16, 9, 9]], { outChannels: 32, groups: 4 })).toBe(1184);
    expect(count('ConvTranspose2d', [[16, 5, 5]], { outChannels: 8, kernelSize: [3, 3] })).toBe(1160);
    expect(count('LSTM', [[28, 28]], { hiddenSize: 64 })).toBe(24_064);
    expect(count('GRU', [[28, 28]], { hiddenSize: 64 })).toBe(18_048);
    expect(count('RNN', [[28, 28]], { hiddenSize: 64 })).toBe(6016);
    expect(count('BatchNorm2d', [[16, 5, 5]])).toBe(32);
    expect(count('LayerNorm', [[16, 5, 5]], { normalizedShape: [16, 5, 5] })).toBe(800);
  });

  it('starts running statistics at 0 and 1, and draws the others within 1', () => {
    for (const layer of allLayers()) {
      for (const sample of samplesOf(layer)) {
        const { weights } = layer.infer(sample.inputs, sample.parameters, sample.data, sample.ports);
        for (const { name, shape, initial } of weights) {
          expect(sizeOf(shape), name).toBeGreaterThan(0);
          if (initial.kind === 'uniform') expect(initial.bound).toBeLessThanOrEqual(1);
          if (name === 'running_mean') expect(initial).toEqual({ kind: 'constant', value: 0 });
          if (name === 'running_var') expect(initial).toEqual({ kind: 'constant', value: 1 });
        }
      }
    }
  });
});

describe('Keras', () => {
  const keras = (type: string, inputs: Shape[], given: Record<string, number | number[]>): string => {
    const layer = allLayers().find((candidate) => candidate.type === type)!;
    const parameters = completeParameters(layer.parameters, given);
    const data = { sample: inputs[0]!, classes: 10 };
    const { outputs } = layer.infer(inputs, parameters, data);
    const ports = portsOf(layer.inputs, inputs.length);
    return source(layer.emit.keras({ inputs, ports, outputs, parameters, data }), inputs.length);
  };

  it('pads as PyTorch does', () => {
    expect(keras('Conv2d', [[3, 8, 8]], { padding: [1, 1] })).toBe('layers.Conv2D(32, 3, padding="same")(x0)');
    expect(keras('Conv2d', [[3, 8, 8]], { padding: [1, 1], stride: [2, 2] })).toBe(
      'layers.Conv2D(32, 3, strides=2)(layers.ZeroPadding2D(1)(x0))',
    );
    expect(keras('MaxPool2d', [[3, 9, 9]], { kernelSize: [3, 3], stride: [2, 2], padding: [1, 1] })).toBe(
      'layers.MaxPooling2D(3, strides=2)(ops.pad(x0, ((0, 0), (1, 1), (1, 1), (0, 0)), constant_values=float("-inf")))',
    );
    expect(keras('ConvTranspose2d', [[3, 7, 7]], { kernelSize: [3, 3], padding: [1, 1], outputPadding: [1, 1] })).toBe(
      'layers.Cropping2D(((1, 0), (1, 0)))(layers.Conv2DTranspose(16, 3, strides=2)(x0))',
    );
  });

  it('is channels-last', () => {
    expect(keras('Softmax', [[10, 4, 4]], { dim: 1 })).toBe('layers.Softmax()(x0)');
    expect(
      keras(
        'Concat',
        [
          [3, 4, 4],
          [3, 4, 4],
        ],
        { dim: 2 },
      ),
    ).toBe('layers.Concatenate(axis=1)([x0, x1])');
    expect(keras('Permute', [[2, 3, 4]], { dims: [3, 1, 2] })).toBe('layers.Permute((3, 1, 2))(x0)');
    expect(keras('Reshape', [[96]], { shape: [6, 4, 4] })).toBe(
      'layers.Permute((2, 3, 1))(layers.Reshape((6, 4, 4))(x0))',
    );
  });

  it("says what it can't do", () => {
    expect(() => keras('ConvTranspose2d', [[4, 7, 7]], { groups: 2 })).toThrow(EngineError);
    expect(() => keras('MaxPool2d', [[4, 7, 7]], { dilation: [2, 2] })).toThrow("Keras can't express MaxPool2d");
  });
});

/** The layer applied to x0, x1, … as one expression. */
function source(layer: PythonLayer, inputs: number, isLoss = false): string {
  const names = Array.from({ length: Math.max(inputs, 1) }, (_, i) => `x${i}`);
  return layer.apply(layer.make ?? 'layer', isLoss ? [...names, layer.target?.('y') ?? 'y'] : names);
}

/** False for what Keras says that it can't do. */
function expresses(print: () => string): boolean {
  try {
    print();
    return true;
  } catch (error) {
    if (error instanceof EngineError && error.id === 'unsupported') return false;
    throw error;
  }
}

function balanced(text: string): boolean {
  const open: string[] = [];
  const pairs: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' };
  for (const character of text) {
    if ('([{'.includes(character)) open.push(character);
    else if (pairs[character] && open.pop() !== pairs[character]) return false;
  }
  return open.length === 0;
}
