import type { Dataset, Split } from '../data/dataset.ts';
import { readIdx } from '../data/idx.ts';
import { EngineError } from '../errors.ts';
import { formatShape, sizeOf } from '../ir/shape.ts';

/** The bytes of two IDX files, not compressed. */
export interface IdxSplit {
  /** `[count, …sample]`, axes of size 1 may be left out: bytes (read as value ÷ 255) or float32; ids as bytes or int32. */
  readonly samples: Uint8Array;
  /** `[count, …label]`: number of the class, as bytes or int32; float32 where numbers are predicted. */
  readonly labels: Uint8Array;
}

/**
 * A data set from IDX files, the format of MNIST.
 * @throws EngineError `bad-data` naming the split and what is wrong.
 */
export function datasetFromIdx(
  options: Pick<Dataset, 'id' | 'title' | 'sample' | 'classes' | 'label' | 'vocabulary' | 'columns' | 'target'> & {
    readonly train: IdxSplit;
    readonly test: IdxSplit;
  },
): Dataset {
  const { id, title, sample, classes, label, vocabulary, columns, target } = options;
  const split = (name: 'train' | 'test'): Split => {
    const samples = readIdx(options[name].samples, `${name} samples`);
    const labels = readIdx(options[name].labels, `${name} labels`);
    const refuse = (what: string): EngineError => new EngineError('bad-data', `${id}: ${name} ${what}`, id);
    const count = labels.shape[0] as number;
    const inputs = vocabulary && samples.data instanceof Uint8Array ? Int32Array.from(samples.data) : samples.data;
    if (inputs instanceof Int32Array !== (vocabulary !== undefined)) {
      throw refuse(vocabulary ? 'samples are float32, expected ids' : 'samples are int32, expected bytes or float32');
    }
    const unknown = vocabulary ? inputs.findIndex((each) => each < 0 || each >= vocabulary.length) : -1;
    if (unknown >= 0) throw refuse(`samples hold the id ${inputs[unknown]}, and there are ${vocabulary?.length}`);
    if (labels.data.length !== count * sizeOf(label ?? [])) {
      throw refuse(`labels are ${formatShape(labels.shape)}, expected ${count} of ${formatShape(label ?? [])}`);
    }
    if (inputs.length !== count * sizeOf(sample)) {
      throw refuse(`samples are ${formatShape(samples.shape)}, expected ${count} of ${formatShape(sample)}`);
    }
    if (target) return { count, inputs, labels: Float32Array.from(labels.data) };
    const numbers = Int32Array.from(labels.data);
    const most = Math.max(classes.length, 1);
    const wrong = numbers.findIndex((label) => label < 0 || label >= most);
    if (wrong >= 0) throw refuse(`label ${numbers[wrong]} of sample ${wrong} is none of ${classes.length} classes`);
    return { count, inputs, labels: numbers };
  };
  return {
    id,
    title,
    sample,
    classes,
    ...(label && { label }),
    ...(vocabulary && { vocabulary }),
    ...(columns && { columns }),
    ...(target && { target }),
    train: split('train'),
    test: split('test'),
  };
}
