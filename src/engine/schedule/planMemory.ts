import { byteLengthOf, bytesPerElement, sizeOf, stridesOf } from '../ir/shape.ts';
import type { Program, TensorType } from '../ir/types.ts';
import { asStrided, broadcastAccess } from '../kernels/access.ts';
import { load } from '../kernels/expression.ts';
import type { MapSpec } from '../kernels/spec.ts';
import type { KernelGraph, KernelNode, Operand } from './kernelGraph.ts';
import { type Lifetime, placeInBuffers, placeInOneBuffer } from './placeTensors.ts';
import type { KernelCall, Location, Schedule, Slot } from './schedule.ts';

/** Buffers bind at multiples of this many bytes (WebGPU's minStorageBufferOffsetAlignment). */
const ALIGNMENT = 256;

interface Home {
  readonly slot: number;
  readonly byteOffset: number;
}

/**
 * Gives every value memory. Outputs, and writes that may happen in place, go straight to the caller's buffers; pieces of
 * a pack go straight to their place in it; all else shares memory with what does not live at the same time. With
 * `levels`, kernels of one level may run at the same time, and a tensor has a buffer to itself as long as it lives, because
 * one WebGPU buffer can't be bound for reading and for writing in one dispatch; without, all lie in one.
 */
export function planMemory(program: Program, graph: KernelGraph, levels?: readonly number[]): Schedule {
  const slots: Slot[] = [];
  const homes = new Map<number, Home>();
  const calls: { node: KernelNode }[] = graph.nodes.map((node) => ({ node }));
  const copies: { from: Operand; to: Home; type: TensorType }[] = [];

  const inputSlot = new Map<string, number>();
  for (const { name, value } of program.inputs) {
    inputSlot.set(name, slots.length);
    homes.set(value.id, { slot: slots.length, byteOffset: 0 });
    slots.push({ kind: 'bound', name, type: value.type });
  }
  const made = new Map<number, number>();
  for (const [at, { node }] of calls.entries()) for (const result of node.results) made.set(result.id, at);

  for (const { input, value } of program.writes) {
    const slot = inputSlot.get(input);
    if (slot === undefined) throw new Error(`the program writes "${input}", which is no input`);
    const operand = graph.operandOf(value);
    const home = { slot, byteOffset: 0 };
    if (canReplace(program, graph, calls, made, homes, input, operand)) homes.set(operand.root, home);
    else copies.push({ from: operand, to: home, type: value.type });
  }
  for (const { name, value } of program.outputs) {
    const operand = graph.operandOf(value);
    const home = { slot: slots.length, byteOffset: 0 };
    slots.push({ kind: 'bound', name, type: value.type });
    if (made.has(operand.root) && !homes.has(operand.root) && isWhole(operand, graph)) homes.set(operand.root, home);
    else copies.push({ from: operand, to: home, type: value.type });
  }

  // A pack keeps a buffer of its own: gaps between its pieces must stay zero.
  const readyAt = new Map(made);
  const packCopies = new Map<number, { from: Operand; to: Home; type: TensorType }[]>();
  for (const { result, pieces, offsets } of graph.packs) {
    if (!homes.has(result.id)) {
      homes.set(result.id, { slot: slots.length, byteOffset: 0 });
      slots.push({ kind: 'arena', bytes: align(byteLengthOf(result.type)) });
    }
    const whole = homes.get(result.id) as Home;
    readyAt.set(result.id, Math.max(-1, ...pieces.map(({ root }) => readyAt.get(root) ?? -1)));
    pieces.forEach((piece, i) => {
      const home = { slot: whole.slot, byteOffset: whole.byteOffset + (offsets[i] as number) * 4 };
      if (made.has(piece.root) && !homes.has(piece.root) && isWhole(piece, graph)) homes.set(piece.root, home);
      else {
        const after = readyAt.get(piece.root) ?? -1;
        packCopies.set(after, [...(packCopies.get(after) ?? []), { from: piece, to: home, type: piece.type }]);
      }
    });
  }

  placeRest(calls, homes, slots, copies, packCopies, levels);

  // Nothing computes a tensor without elements, and nothing is read from it: any memory will do.
  let nowhere: Home | undefined;
  const homeOf = ({ root, type }: Operand): Home => {
    const home = homes.get(root);
    if (home) return home;
    if (sizeOf(type.shape) > 0) throw new Error(`value ${root} has no memory`);
    if (!nowhere) {
      nowhere = { slot: slots.length, byteOffset: 0 };
      slots.push({ kind: 'arena', bytes: ALIGNMENT });
    }
    return nowhere;
  };

  const locate = (operand: Operand): Location => {
    const home = homeOf(operand);
    const byteOffset = home.byteOffset + operand.offset * bytesPerElement(operand.type.dtype);
    return { slot: home.slot, byteOffset, type: operand.type };
  };
  const copyCall = ({ from, to, type }: { from: Operand; to: Home; type: TensorType }): KernelCall => ({
    spec: copySpec(type),
    operands: [locate(from)],
    results: [{ ...to, type }],
    label: 'copy',
    origins: [],
  });
  const done: KernelCall[] = (packCopies.get(-1) ?? []).map(copyCall);
  for (const [at, { node }] of calls.entries()) {
    done.push({
      spec: node.spec,
      operands: node.operands.map(locate),
      results: node.results.map((value) => ({ ...(homes.get(value.id) as Home), type: value.type })),
      label: node.ops.join('+'),
      origins: node.origins,
    });
    done.push(...(packCopies.get(at) ?? []).map(copyCall));
  }
  // A copy whose source is the old content of a written buffer must come before the copy that overwrites it.
  const full = copies.filter(({ type }) => sizeOf(type.shape) > 0);
  const overwritten = new Set(full.map((copy) => copy.to.slot));
  const early = full.filter((copy) => overwritten.has(homeOf(copy.from).slot));
  if (early.some((copy) => early.some((other) => other.to.slot === homeOf(copy.from).slot))) {
    throw new Error('a program exchanges the contents of two buffers: write a computed value instead');
  }
  const late = full.filter((copy) => !early.includes(copy));
  return { slots, calls: [...done, ...early.map(copyCall), ...late.map(copyCall)] };
}

/**
 * Whether a written value may be made in the buffer of the input that it replaces: its kernel reads that input only at
 * the index it writes, and nothing reads the old content afterwards.
 */
function canReplace(
  program: Program,
  graph: KernelGraph,
  calls: readonly { node: KernelNode }[],
  made: ReadonlyMap<number, number>,
  homes: ReadonlyMap<number, Home>,
  input: string,
  operand: Operand,
): boolean {
  const at = made.get(operand.root);
  if (at === undefined || homes.has(operand.root) || !isWhole(operand, graph)) return false;
  const old = program.inputs.find(({ name }) => name === input)?.value.id;
  for (let later = at + 1; later < calls.length; later++) {
    if (calls[later]?.node.operands.some(({ root }) => root === old)) return false;
  }
  for (const { value } of [...program.outputs, ...program.writes])
    if (graph.operandOf(value).root === old) return false;
  for (const { pieces } of graph.packs) if (pieces.some(({ root }) => root === old)) return false;
  const { spec, operands } = (calls[at] as { node: KernelNode }).node;
  const touched = operands.flatMap(({ root }, i) => (root === old ? [i] : []));
  if (touched.length === 0) return true;
  if (spec.kind !== 'map') return false;
  const identity = stridesOf(spec.dims);
  return spec.loads.every((read) => {
    if (!touched.includes(read.operand)) return true;
    const strided = asStrided(read, spec.dims.length);
    return (
      strided !== undefined &&
      strided.offset === 0 &&
      (operands[read.operand] as Operand).offset === 0 &&
      strided.strides.every((stride, dim) => spec.dims[dim] === 1 || stride === identity[dim])
    );
  });
}

/** Whether the operand is all of the value that owns its memory. */
function isWhole(operand: Operand, graph: KernelGraph): boolean {
  if (operand.offset !== 0) return false;
  for (const { results } of graph.nodes) {
    const owner = results.find(({ id }) => id === operand.root);
    if (owner) return sizeOf(owner.type.shape) === sizeOf(operand.type.shape);
  }
  return false;
}

/** Gives a place to every value that has none yet. */
function placeRest(
  calls: readonly { node: KernelNode }[],
  homes: Map<number, Home>,
  slots: Slot[],
  copies: readonly { from: Operand }[],
  packCopies: ReadonlyMap<number, readonly { from: Operand }[]>,
  levels: readonly number[] | undefined,
): void {
  const timeOf = (at: number): number => levels?.[at] ?? at;
  const lastUse = new Map<number, number>();
  const use = (id: number, time: number): void => void lastUse.set(id, Math.max(time, lastUse.get(id) ?? time));
  for (const [at, { node }] of calls.entries()) {
    for (const { id } of node.results) use(id, timeOf(at));
    for (const { root } of node.operands) use(root, timeOf(at));
    // A copy runs right behind the kernel that made the piece, before the next level.
    for (const { from } of packCopies.get(at) ?? []) use(from.root, timeOf(at));
  }
  for (const { from } of copies) use(from.root, Number.POSITIVE_INFINITY);
  const tensors = calls.flatMap(({ node }, at) =>
    node.results.flatMap(({ id, type }): Lifetime[] => {
      if (homes.has(id)) return [];
      const bytes = align(Math.max(4, byteLengthOf(type)));
      return [{ id, bytes, from: timeOf(at), to: lastUse.get(id) as number }];
    }),
  );
  const { buffers, places } = levels ? placeInBuffers(tensors) : placeInOneBuffer(tensors);
  const first = slots.length;
  for (const bytes of buffers) slots.push({ kind: 'arena', bytes });
  for (const [id, { buffer, byteOffset }] of places) homes.set(id, { slot: first + buffer, byteOffset });
}

function align(bytes: number): number {
  return Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
}

function copySpec(type: TensorType): MapSpec {
  const dims = [sizeOf(type.shape)];
  return { kind: 'map', dims, loads: [broadcastAccess(0, dims, dims)], outputs: [load(0)] };
}
