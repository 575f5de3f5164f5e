import type { ParameterValue } from '../graph/document.ts';
import type { Emitter } from '../ir/emitter.ts';
import type { Shape, Value } from '../ir/types.ts';
import type { ParameterSchema, ParametersOf } from './parameters.ts';

export type LayerCategory =
  | 'Input'
  | 'Core'
  | 'Convolution'
  | 'Pooling'
  | 'Normalization'
  | 'Activation'
  | 'Recurrent'
  | 'Joining'
  | 'Loss';

/** How a weight is drawn at the start; the meaning is PyTorch's (https://docs.pytorch.org/docs/stable/nn.init.html). */
export type Initializer =
  | { readonly kind: 'constant'; readonly value: number }
  /** U(−bound, bound). */
  | { readonly kind: 'uniform'; readonly bound: number }
  | { readonly kind: 'normal'; readonly deviation: number };

export interface WeightSpec {
  /** PyTorch's name in the state dict: `weight`, `bias`, `running_mean`. */
  readonly name: string;
  readonly shape: Shape;
  readonly initial: Initializer;
  /** False for running statistics: saved, but not touched by the optimizer. */
  readonly trainable: boolean;
}

/** Result of shape inference for one node. Shapes are those of one sample: the batch axis is left out everywhere. */
export interface Inference {
  /** One shape an output port; `[]` for a loss. */
  readonly outputs: readonly Shape[];
  readonly weights: readonly WeightSpec[];
  /** Multiply-adds for one sample, forward. */
  readonly multiplyAdds: number;
}

/** Thrown by `infer`: becomes a diagnostic on the node, with quick fixes. */
export class LayerError extends Error {
  readonly parameter: string | undefined;
  readonly fixes: readonly LayerFix[];

  constructor(message: string, options: { parameter?: string; fixes?: readonly LayerFix[] } = {}) {
    super(message);
    this.name = 'LayerError';
    this.parameter = options.parameter;
    this.fixes = options.fixes ?? [];
  }
}

export type LayerFix =
  | { readonly kind: 'setParameter'; readonly parameter: string; readonly value: ParameterValue }
  /** Put a layer of this type on the wire into the first input. */
  | {
      readonly kind: 'insertBefore';
      readonly layer: string;
      readonly parameters?: Readonly<Record<string, ParameterValue>>;
    };

export interface LowerContext<Schema extends ParameterSchema> {
  readonly emit: Emitter;
  /** With the batch axis first. A port that takes many wires gives all of them, in order. */
  readonly inputs: readonly Value[];
  readonly parameters: ParametersOf<Schema>;
  /** By the weight's name. */
  readonly weights: Readonly<Record<string, Value>>;
  readonly mode: 'train' | 'evaluate';
  /** For losses: labels int32 [N], or what an autoencoder is to give back, float32 [N, …]. */
  readonly target: Value | undefined;
  /** New contents for a weight that is not trainable (running statistics); train mode only. */
  update(weight: string, value: Value): void;
  /** Inputs and stream number of the next random op of this program: `seed` and `step` are int32 scalars. */
  random(): { readonly seed: Value; readonly step: Value; readonly stream: number };
}

/** What a layer tells an emitter of source code about one placed node. */
export interface EmitContext<Schema extends ParameterSchema> {
  readonly parameters: ParametersOf<Schema>;
  /** Shapes of one sample. */
  readonly inputs: readonly Shape[];
  readonly outputs: readonly Shape[];
}

/**
 * A layer in a Python framework: made once by `make` (undefined: a plain function), applied by `apply`.
 *
 * Code may use `torch`, `nn` and `F`, or `keras`, `layers` and `ops`; the generator imports what is used. Keras is
 * channels-last: a sample of three axes [C, H, W] is (H, W, C) there, samples of other ranks keep their axes.
 */
export interface PythonLayer {
  /** Constructor call, `nn.Conv2d(1, 32, 3)`. A layer without weights or state may leave it out and apply a function. */
  readonly make?: string;
  /**
   * The expression of the result; `layer` is what `make` made, `inputs` the argument expressions. A layer with several
   * output ports gives a tuple. A loss gets its input and the target; the Keras generator hands `make` of a loss, an
   * object of keras.losses, to `compile` and never calls `apply`.
   */
  apply(layer: string, inputs: readonly string[]): string;
  /** Keras: the name under which a layer before this one can do its work, `relu`. */
  readonly activation?: string;
  /** Keras: `make` is a constructor that takes `activation=`. */
  readonly takesActivation?: boolean;
}

export interface LayerDefinition<Schema extends ParameterSchema = ParameterSchema> {
  /** PyTorch's class name: `Conv2d`. */
  readonly type: string;
  readonly title: string;
  readonly category: LayerCategory;
  /** Name of a Lucide icon, in kebab case. */
  readonly icon: string;
  readonly help: {
    /** One or two sentences. */
    readonly summary: string;
    /** Plain-text formula with shapes, `[N, Cin, H, W] → [N, Cout, Hout, Wout]`. */
    readonly shapes: string;
    readonly reference: string;
  };
  /** `input` brings data in, `loss` ends the forward graph in a scalar. */
  readonly role: 'input' | 'layer' | 'loss';
  readonly inputs: readonly { readonly name: string; readonly many?: boolean }[];
  readonly outputs: readonly { readonly name: string }[];
  readonly parameters: Schema;
  readonly version: number;
  /** Step k turns parameters of version k + 1 into version k + 2. */
  readonly migrations: readonly ((parameters: Record<string, ParameterValue>) => Record<string, ParameterValue>)[];
  /** @throws LayerError if the shapes do not fit. */
  infer(inputs: readonly Shape[], parameters: ParametersOf<Schema>, data: DataShapes): Inference;
  /** One value an output port; a loss gives its scalar. */
  lower(context: LowerContext<Schema>): readonly Value[];
  /** Losses only: what its input means to a person: probabilities from logits. Absent where the input is that already. */
  readonly prediction?: (emit: Emitter, input: Value) => Value;
  readonly emit: {
    /** What code calls it, numbered: `fc` gives fc1, fc2. Derived from the type where absent. */
    readonly name?: string;
    pytorch(context: EmitContext<Schema>): PythonLayer;
    /** Channels-last: shapes in the context are still channels-first. */
    keras(context: EmitContext<Schema>): PythonLayer;
  };
  /** Samples for the conformance test: input shapes (no batch axis) and parameters that fit. */
  readonly samples: readonly {
    readonly inputs: readonly Shape[];
    readonly parameters: Partial<ParametersOf<Schema>>;
  }[];
}

/** What the chosen data set offers; Input and the losses need it. */
export interface DataShapes {
  /** Shape of one sample. */
  readonly sample: Shape;
  /** Number of classes; 0 if there are no labels. */
  readonly classes: number;
}

/**
 * Typed schemas by layer type, for the TypeScript API. Each layer file adds its own entry by declaration merging.
 */
// biome-ignore lint/suspicious/noEmptyInterface: filled by declaration merging, one entry a layer file
export interface LayerCatalog {}

export function defineLayer<const Schema extends ParameterSchema>(
  definition: LayerDefinition<Schema>,
): LayerDefinition<Schema> {
  return definition;
}
