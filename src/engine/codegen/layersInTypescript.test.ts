import { describe, expect, it } from 'vitest';
import { inferGraph } from '../compiler/infer.ts';
import type { GraphDocument } from '../graph/document.ts';
import { sizeOf } from '../ir/shape.ts';
import type { LayerDefinition } from '../layers/defineLayer.ts';
import { completeParameters } from '../layers/parameters.ts';
import { allLayers, findLayer } from '../layers/registry.ts';
import { input, type LayerFunction, layers } from '../model/layers.ts';
import { model } from '../model/model.ts';
import { type DatasetInfo, generateCode } from './generate.ts';

type Sample = LayerDefinition['samples'][number];
type AnyLayer = LayerFunction<never, string>;

/** Samples that hold what all inputs of a layer need, one after another; ids go to layers that read ids. */
function dataFor(layer: LayerDefinition, { inputs, parameters, data }: Sample): DatasetInfo {
  const ids = layer.inputs[0]?.dtype === 'i32';
  const sample = inputs.length === 1 ? inputs[0]! : [inputs.reduce((sum, shape) => sum + sizeOf(shape), 0)];
  const length = data?.vocabulary ?? Number(parameters.numEmbeddings ?? 8);
  const vocabulary = Array.from({ length }, (_, i) => String(i));
  return { id: 'own', title: 'Own', sample, classes: [], ...(ids && { vocabulary }) };
}

/** The layer on parts of the input, and the mean of what it gives as the loss. */
function modelOf(layer: LayerDefinition, { inputs, ports, parameters }: Sample): GraphDocument {
  const whole = input();
  let start = 0;
  const given = inputs.map((shape) => {
    if (inputs.length === 1) return whole;
    const part = layers.Slice(whole, { dim: 1, start, length: sizeOf(shape) });
    start += sizeOf(shape);
    return shape.length === 1 ? part : layers.Reshape(part, { shape });
  });
  const optional = new Set(layer.inputs.filter((port) => port.optional).map(({ name }) => name));
  const named = given.map((tensor, i) => [ports?.[i] ?? '', tensor] as const);
  const options = { ...parameters, ...Object.fromEntries(named.filter(([port]) => optional.has(port))) };
  const required = named.filter(([port]) => !optional.has(port)).map(([, tensor]) => tensor);
  const call = layers[layer.type as keyof typeof layers] as unknown as AnyLayer;
  return model({ loss: layers.LossTerm(call(required, options as never)) });
}

/** Runs the part of a TypeScript program that makes its model. */
function made(document: GraphDocument, data: DatasetInfo): GraphDocument {
  const { files, main } = generateCode(document, 'typescript', data);
  const code = files.find(({ path }) => path === main)!.text;
  const body = code.slice(code.indexOf("from './data.js';\n") + 18, code.indexOf('const { values: args }'));
  return new Function('input', 'layers', 'model', `${body}\nreturn network;`)(input, layers, model) as GraphDocument;
}

/** Types and complete parameters; the order in which branches are written may differ. */
const parametersOf = ({ nodes }: GraphDocument) =>
  Object.values(nodes)
    .map(({ type, parameters }) => JSON.stringify([type, completeParameters(findLayer(type)!.parameters, parameters)]))
    .sort();

describe('TypeScript code makes the layer that it was written for', () => {
  for (const layer of allLayers().filter(({ role, category }) => role === 'layer' && category !== 'Block')) {
    it(layer.type, () => {
      for (const sample of layer.samples) {
        const data = dataFor(layer, sample);
        const document = modelOf(layer, sample);
        const shapes = {
          sample: data.sample,
          classes: 0,
          ...(data.vocabulary && { vocabulary: data.vocabulary.length }),
        };
        const wanted = inferGraph(document, shapes);
        expect(wanted.diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
        const again = made(document, data);
        expect(parametersOf(again)).toEqual(parametersOf(document));
        expect(inferGraph(again, shapes).totals).toEqual(wanted.totals);
      }
    });
  }
});
