import type { BackendName, TunedKernel } from '../engine/backends/backend.ts';
import type { Dataset } from '../engine/data/dataset.ts';
import type { NamedTensor } from '../engine/data/safetensors.ts';
import type { GraphDocument } from '../engine/graph/document.ts';
import type { MetricResult } from '../engine/metrics/defineMetric.ts';
import type { TextRequest } from '../engine/training/generateText.ts';

/** The only words between page and worker. A command carries the run it is about, if there is one; answers carry it back. */
export type Command =
  /** The samples for what is loaded or prepared from now on. They move as transferables. */
  | { readonly kind: 'data'; readonly dataset: Dataset }
  /**
   * Makes ready what `load` would make for the same document, data and device, and says nothing: that `load` takes it over,
   * another one lets it go. What goes wrong is told by `load`, too.
   */
  | { readonly kind: 'prepare'; readonly document: GraphDocument; readonly device: BackendName | 'auto' }
  /** Compiles the document and makes its weights. Ends any other run. */
  | {
      readonly kind: 'load';
      readonly run: string;
      readonly document: GraphDocument;
      readonly device: BackendName | 'auto';
      /** Starts from the weights of the run before, for every layer whose weights have the same names and shapes. */
      readonly keepWeights?: true;
      /** Starts from these weights, in the same way: those of a project file. */
      readonly weights?: readonly NamedTensor[];
    }
  | { readonly kind: 'start'; readonly run: string }
  | { readonly kind: 'pause'; readonly run: string }
  | { readonly kind: 'resume'; readonly run: string }
  /** One training step, then paused. */
  | { readonly kind: 'step'; readonly run: string }
  | { readonly kind: 'stop'; readonly run: string }
  /** Ends tuning before the next kernel; what was found by then is kept, and is the answer. */
  | { readonly kind: 'endTuning'; readonly run: string }
  | { readonly kind: 'inspect'; readonly run: string; readonly request: number; readonly query: InspectQuery };

export type InspectQuery =
  /** Probabilities (or the output) for samples of the test set. */
  | { readonly kind: 'predictTest'; readonly indices: readonly number[] }
  /** The same for samples given here: floats in [0, 1], `count × sample size`. */
  | { readonly kind: 'predict'; readonly inputs: Float32Array; readonly count: number }
  /** Samples that a generator makes of noise, the same noise each time. */
  | { readonly kind: 'makeSamples'; readonly count: number }
  /** Characters that a language model writes on from a beginning. */
  | ({ readonly kind: 'generate' } & TextRequest)
  /** Counts over the whole test set, [true class][predicted class], row-major. */
  | { readonly kind: 'confusion' }
  /** Precision, recall, AUC and the like, over the whole test set. */
  | { readonly kind: 'metrics' }
  /** All weights, by `node.weight`. */
  | { readonly kind: 'weights' }
  /** Where the time of a training step goes. */
  | { readonly kind: 'profile' }
  /** Measures layouts of the kernels on the device, and keeps the fastest for later runs; `tuning` events tell how far it is. */
  | { readonly kind: 'tune' };

export type InspectResult =
  | { readonly kind: 'predictions'; readonly outputs: Float32Array; readonly width: number }
  | { readonly kind: 'generated'; readonly ids: Int32Array }
  | { readonly kind: 'confusion'; readonly counts: Uint32Array; readonly classes: number }
  | { readonly kind: 'metrics'; readonly metrics: readonly MetricResult[] }
  | {
      readonly kind: 'weights';
      readonly weights: readonly {
        readonly name: string;
        readonly shape: readonly number[];
        readonly data: Float32Array;
      }[];
    }
  | { readonly kind: 'profile'; readonly profile: RunProfile }
  | { readonly kind: 'tuned'; readonly kernels: readonly TunedKernel[] };

/** The time of one training step, by layer and by kernel. Times are milliseconds, medians of several steps. */
export interface RunProfile {
  readonly batchSize: number;
  /** Planned intermediate memory. */
  readonly arenaBytes: number;
  readonly kernels: readonly ProfiledKernel[];
  /** Slowest first; `node` is undefined for what belongs to no layer: gathering, update, metrics. */
  readonly layers: readonly {
    readonly node: string | undefined;
    readonly milliseconds: number;
    /** Of the step, 0 to 1. */
    readonly share: number;
    readonly flops: number;
    /** Read and written. */
    readonly bytes: number;
    /** Its weights, and what the optimizer keeps for each of them. */
    readonly weightBytes: number;
    /** Results of its kernels: activations, gradients. */
    readonly resultBytes: number;
    /** Places in `kernels`. */
    readonly kernels: readonly number[];
  }[];
}

export interface ProfiledKernel {
  /** Its ops: `convolution+add+relu`. */
  readonly label: string;
  readonly milliseconds: number;
  readonly flops: number;
  readonly bytes: number;
  readonly resultBytes: number;
}

/** One training step's numbers. */
export interface StepMetrics {
  readonly step: number;
  readonly loss: number;
  /** Where several losses are added up: each by its name. */
  readonly terms?: Readonly<Record<string, number>> | undefined;
  /** Share of the batch that was classified right; undefined without classes. */
  readonly accuracy: number | undefined;
}

export interface Evaluation {
  readonly step: number;
  readonly epoch: number;
  readonly loss: number;
  readonly accuracy: number | undefined;
}

export type Event =
  /** The worker is up; `devices` are those that it can use, best first. */
  | {
      readonly kind: 'ready';
      readonly devices: readonly { readonly name: BackendName; readonly description: string }[];
    }
  | {
      readonly kind: 'compiled';
      readonly run: string;
      readonly device: BackendName;
      readonly description: string;
      readonly kernels: number;
      readonly milliseconds: number;
      readonly stepsPerEpoch: number;
      readonly totalSteps: number;
      readonly parameters: number;
      /** How many of the weights were taken over from the run before; undefined where none were asked for. */
      readonly kept: { readonly weights: number; readonly of: number } | undefined;
    }
  /** Sent ten times a second at most, with all steps since the last. */
  | {
      readonly kind: 'metrics';
      readonly run: string;
      readonly steps: readonly StepMetrics[];
      readonly samplesPerSecond: number;
    }
  | { readonly kind: 'evaluated'; readonly run: string; readonly evaluation: Evaluation }
  | { readonly kind: 'state'; readonly run: string; readonly state: 'running' | 'paused' | 'stopped' }
  | { readonly kind: 'inspected'; readonly run: string; readonly request: number; readonly result: InspectResult }
  | { readonly kind: 'tuning'; readonly run: string; readonly done: number; readonly of: number }
  /** Something the user should know, training can go on (paused): a loss that is not finite, a lost device. */
  | {
      readonly kind: 'diagnostic';
      readonly run: string;
      readonly id: string;
      readonly message: string;
      readonly node: string | undefined;
      readonly step: number | undefined;
    }
  | {
      readonly kind: 'failed';
      readonly run: string;
      readonly request: number | undefined;
      readonly id: string;
      readonly message: string;
      readonly node: string | undefined;
    }
  | { readonly kind: 'done'; readonly run: string; readonly evaluation: Evaluation; readonly secondsTraining: number };
