import { EngineError } from '../../errors.ts';
import { byteLengthOf, emptyArray, formatShape, sizeOf } from '../../ir/shape.ts';
import type { TensorType, TypedArray } from '../../ir/types.ts';
import type { DeviceBuffer } from '../backend.ts';
import { alignUp } from './bindings.ts';

/** A tensor in GPU memory; bytes are padded to whole words. */
export class WebgpuBuffer implements DeviceBuffer {
  readonly type: TensorType;
  readonly memory: GPUBuffer;

  constructor(type: TensorType, memory: GPUBuffer) {
    this.type = type;
    this.memory = memory;
  }
}

/** Makes, fills and reads GPU buffers. */
export class BufferPool {
  readonly #device: GPUDevice;
  readonly #limit: number;
  readonly #live = new Set<GPUBuffer>();
  /** Buffers for read-back that are free, by size. */
  readonly #staging = new Map<number, GPUBuffer[]>();

  constructor(device: GPUDevice) {
    this.#device = device;
    this.#limit = Math.min(device.limits.maxBufferSize, device.limits.maxStorageBufferBindingSize);
  }

  /** Buffers that were made and not released. */
  get count(): number {
    return this.#live.size;
  }

  /** Zero-filled memory. @throws EngineError `out-of-memory` if one buffer can't be that large on this device. */
  create(bytes: number, what: string): GPUBuffer {
    const size = alignUp(Math.max(bytes, 16), 16);
    if (size > this.#limit) {
      throw new EngineError(
        'out-of-memory',
        `${what} needs ${mebibytes(size)} in one buffer and this GPU allows ${mebibytes(this.#limit)}: ` +
          'use a smaller batch or a smaller model',
      );
    }
    const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
    const buffer = this.#device.createBuffer({ size, usage, label: what });
    this.#live.add(buffer);
    return buffer;
  }

  allocate(type: TensorType): WebgpuBuffer {
    return new WebgpuBuffer(type, this.create(byteLengthOf(type), `a tensor of ${formatShape(type.shape)}`));
  }

  release(buffer: GPUBuffer): void {
    if (this.#live.delete(buffer)) buffer.destroy();
  }

  write(buffer: WebgpuBuffer, data: TypedArray): void {
    const wanted = emptyArray({ ...buffer.type, shape: [0] });
    if (data.length !== sizeOf(buffer.type.shape) || data.constructor !== wanted.constructor) {
      throw new EngineError(
        'bad-data',
        `a buffer of ${buffer.type.dtype} ${formatShape(buffer.type.shape)} takes a ${wanted.constructor.name} of ` +
          `${sizeOf(buffer.type.shape)} elements, not a ${data.constructor.name} of ${data.length}`,
      );
    }
    if (data.length === 0) return;
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    const size = alignUp(bytes.length, 4);
    if (size === bytes.length) {
      this.#device.queue.writeBuffer(buffer.memory, 0, bytes as Uint8Array<ArrayBuffer>);
      return;
    }
    const padded = new Uint8Array(size);
    padded.set(bytes);
    this.#device.queue.writeBuffer(buffer.memory, 0, padded);
  }

  async read({ type, memory }: WebgpuBuffer): Promise<TypedArray> {
    const bytes = byteLengthOf(type);
    const result = emptyArray(type);
    if (bytes === 0) return result;
    const size = alignUp(bytes, 4);
    const capacity = 2 ** Math.ceil(Math.log2(Math.max(size, 256)));
    const free = this.#staging.get(capacity) ?? [];
    this.#staging.set(capacity, free);
    const staging =
      free.pop() ??
      this.#device.createBuffer({ size: capacity, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST });
    const encoder = this.#device.createCommandEncoder();
    encoder.copyBufferToBuffer(memory, 0, staging, 0, size);
    this.#device.queue.submit([encoder.finish()]);
    await staging.mapAsync(GPUMapMode.READ, 0, size);
    new Uint8Array(result.buffer).set(new Uint8Array(staging.getMappedRange(0, size)).subarray(0, bytes));
    staging.unmap();
    // Large ones are not worth keeping: they are for checkpoints, not for metrics.
    if (capacity <= 1 << 20) free.push(staging);
    else staging.destroy();
    return result;
  }

  dispose(): void {
    for (const buffer of this.#live) buffer.destroy();
    this.#live.clear();
    for (const free of this.#staging.values()) for (const buffer of free) buffer.destroy();
    this.#staging.clear();
  }
}

function mebibytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(1)} MiB`;
}
