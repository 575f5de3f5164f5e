import type { Backend, DeviceBuffer } from '../backends/backend.ts';
import type { Dataset, Split } from '../data/dataset.ts';
import { EngineError } from '../errors.ts';
import { sizeOf } from '../ir/shape.ts';
import type { DType } from '../ir/types.ts';

/** One split of a data set on a device, as bytes where it is stored as bytes. */
export class DeviceSplit {
  readonly samples: DeviceBuffer;
  readonly labels: DeviceBuffer;

  constructor(dataset: Dataset, split: Split, backend: Pick<Backend, 'allocate'>) {
    const { sample, label = [] } = dataset;
    this.samples = backend.allocate({ shape: [split.count, ...sample], dtype: dtypeOf(split.inputs) }, split.inputs);
    const dtype = split.labels instanceof Float32Array ? 'f32' : 'i32';
    this.labels = backend.allocate({ shape: [split.count, ...label], dtype }, split.labels);
  }

  release(backend: Backend): void {
    backend.release(this.samples);
    backend.release(this.labels);
  }
}

/** Element type of samples as they are stored. */
export function dtypeOf(inputs: Split['inputs']): DType {
  if (inputs instanceof Uint8Array) return 'u8';
  return inputs instanceof Int32Array ? 'i32' : 'f32';
}

/** Samples of a split as the network sees them: ids, or floats, bytes divided by 255. */
export function samplesOf(dataset: Dataset, split: Split, indices: readonly number[]): Float32Array | Int32Array {
  const size = sizeOf(dataset.sample);
  const scale = split.inputs instanceof Uint8Array ? 1 / 255 : 1;
  const length = indices.length * size;
  const given = split.inputs instanceof Int32Array ? new Int32Array(length) : new Float32Array(length);
  indices.forEach((index, row) => {
    if (!Number.isInteger(index) || index < 0 || index >= split.count) {
      throw new EngineError('bad-data', `sample ${index} does not exist: the split has ${split.count}`);
    }
    for (let i = 0; i < size; i++) given[row * size + i] = split.inputs[index * size + i]! * scale;
  });
  return given;
}
