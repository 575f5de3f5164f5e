import type { Backend, DeviceBuffer } from '../backends/backend.ts';
import type { Dataset, Split } from '../data/dataset.ts';
import { EngineError } from '../errors.ts';
import { sizeOf } from '../ir/shape.ts';

/** One split of a data set on a device, as bytes where it is stored as bytes. */
export class DeviceSplit {
  readonly samples: DeviceBuffer;
  readonly labels: DeviceBuffer;

  constructor(dataset: Dataset, split: Split, backend: Backend) {
    const dtype = split.inputs instanceof Uint8Array ? 'u8' : 'f32';
    this.samples = backend.allocate({ shape: [split.count, ...dataset.sample], dtype }, split.inputs);
    this.labels = backend.allocate({ shape: [split.labels.length], dtype: 'i32' }, split.labels);
  }

  release(backend: Backend): void {
    backend.release(this.samples);
    backend.release(this.labels);
  }
}

/** Samples of a split as the network sees them: floats, bytes divided by 255. */
export function samplesAsFloats(dataset: Dataset, split: Split, indices: readonly number[]): Float32Array {
  const size = sizeOf(dataset.sample);
  const scale = split.inputs instanceof Uint8Array ? 1 / 255 : 1;
  const floats = new Float32Array(indices.length * size);
  indices.forEach((index, row) => {
    if (!Number.isInteger(index) || index < 0 || index >= split.count) {
      throw new EngineError('bad-data', `sample ${index} does not exist: the split has ${split.count}`);
    }
    for (let i = 0; i < size; i++) floats[row * size + i] = split.inputs[index * size + i]! * scale;
  });
  return floats;
}
