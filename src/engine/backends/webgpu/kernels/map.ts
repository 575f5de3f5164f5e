import { sizeOf } from '../../../ir/shape.ts';
import type { MapSpec } from '../../../kernels/spec.ts';
import { bindTensors, type Storage, writeElement } from '../bindings.ts';
import { ExpressionPrinter } from '../wgsl/expression.ts';
import { SplitIndex } from '../wgsl/indices.ts';
import { foldGrid, Shader } from '../wgsl/shader.ts';
import type { CallOf, DeviceKernel, DeviceLimits } from './kernel.ts';
import { loadsAt } from './loads.ts';

const LANES = 64;

/** One thread an element; one thread four elements where bytes are written, since they are stored by the word. */
export function mapKernels(call: CallOf<MapSpec>, limits: DeviceLimits): DeviceKernel[] {
  const { spec } = call;
  const total = sizeOf(spec.dims);
  if (total === 0) return [];
  const bound = bindTensors(call.operands, call.results, limits.storageBuffers, call.label);
  const shader = new Shader();
  const bytes = bound.results.some(({ dtype }) => dtype === 'u8');
  const [x, y] = foldGrid(Math.ceil(total / (bytes ? 4 : 1) / LANES));

  const body: string[] = [];
  const indices = new SplitIndex(shader, body, 'element', [...spec.dims.keys()], spec.dims);
  const printer = new ExpressionPrinter(
    shader,
    body,
    loadsAt(
      spec.loads,
      bound.operands,
      {
        shader,
        lines: body,
        indices,
        linear: { dims: spec.dims, name: () => 'i32(element)' },
      },
      { linear: () => 'element' },
    ),
  );
  // All values first: a result may replace an operand that is read at the same index.
  const values = bound.results.map((storage, k) => {
    const value = spec.outputs[k] as MapSpec['outputs'][number];
    if (storage.dtype === 'f32') return printer.value(value);
    return value.kind === 'load' ? printer.integer(value.load) : `i32(${printer.value(value)})`;
  });
  bound.results.forEach((storage, k) => {
    const value = values[k] as string;
    if (storage.dtype === 'u8') body.push(`word${k} |= (u32(${value}) & 0xffu) << (part << 3u);`);
    else body.push(writeElement(storage, 'i32(element)', value));
  });

  const code = shader.module(
    bound.declarations,
    bytes
      ? packedLoop(body, bound.results, total)
      : [`let element = group * ${LANES}u + lane;`, `if (element < ${total}u) {`, ...body, '}'],
    LANES,
  );
  return [{ code, bindings: bound.bindings, grid: [x, y] }];
}

function packedLoop(body: readonly string[], results: readonly Storage[], total: number): string[] {
  const packed = results.flatMap((storage, k) => (storage.dtype === 'u8' ? [{ storage, k }] : []));
  return [
    `let word = group * ${LANES}u + lane;`,
    ...packed.map(({ k }) => `var word${k} = 0u;`),
    'for (var part = 0u; part < 4u; part++) {',
    'let element = word * 4u + part;',
    `if (element < ${total}u) {`,
    ...body,
    '}',
    '}',
    `if (word < ${Math.ceil(total / 4)}u) {`,
    ...packed.map(({ storage, k }) => `${storage.name}[word + ${storage.base / 4}u] = word${k};`),
    '}',
  ];
}
