import { sizeOf } from '../../../ir/shape.ts';
import type { Access } from '../../../kernels/access.ts';
import type { MapSpec } from '../../../kernels/spec.ts';
import { bindTensors, type Storage, writeElement } from '../bindings.ts';
import { ExpressionPrinter } from '../wgsl/expression.ts';
import { type Indices, SplitIndex } from '../wgsl/indices.ts';
import { foldGrid, Shader } from '../wgsl/shader.ts';
import type { CallOf, DeviceKernel, DeviceLimits } from './kernel.ts';
import { loadsAt } from './loads.ts';

const LANES = 64;
/** On a CPU a thread takes several elements, and what is the same for all of them is read once. */
const CPU = { lanes: 16, threads: 256, mostElements: 64 } as const;

/** One thread an element; one thread four elements where bytes are written, since they are stored by the word. */
export function mapKernels(call: CallOf<MapSpec>, limits: DeviceLimits): DeviceKernel[] {
  const { spec } = call;
  const total = sizeOf(spec.dims);
  if (total === 0) return [];
  const bound = bindTensors(call.operands, call.results, limits.storageBuffers, call.label);
  const shader = new Shader(limits.software);
  const bytes = bound.results.some(({ dtype }) => dtype === 'u8');
  const strip = limits.software && !bytes ? Math.max(1, Math.min(CPU.mostElements, Math.ceil(total / CPU.threads))) : 1;
  const lanes = limits.software && !bytes ? CPU.lanes : LANES;
  const [x, y] = foldGrid(Math.ceil(total / (bytes ? 4 : strip) / lanes));

  const before: string[] = [];
  const place = { shader, lines: before, indices: NO_INDICES, linear: undefined };
  const constant = loadsAt(spec.loads, bound.operands, place);
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
      {
        linear: () => 'element',
        ...(strip > 1 ? { outer: { leaves: constant, has: (load) => isConstant(spec.loads[load]) } } : {}),
      },
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

  const walk =
    strip > 1
      ? [
          ...before,
          `let first = (group * ${lanes}u + lane) * ${strip}u;`,
          `let end = min(first + ${strip}u, ${total}u);`,
          'for (var element = first; element < end; element++) {',
        ]
      : [`let element = group * ${lanes}u + lane;`, `if (element < ${total}u) {`];
  const lines = bytes ? packedLoop(body, bound.results, total) : [...walk, ...body, '}'];
  const source = shader.source([], lines, lanes);
  return [{ source, bindings: bound.bindings, grid: [x, y] }];
}

/** Whether a read is of one and the same element everywhere. */
function isConstant(read: Access | undefined): boolean {
  return read?.axes.every(({ terms, gather }) => terms.length === 0 && gather === undefined) === true;
}

const NO_INDICES: Indices = {
  of: (dim) => {
    throw new Error(`a constant read depends on dim ${dim}`);
  },
};

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
