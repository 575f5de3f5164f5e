import type { ParameterValue } from '../graph/document.ts';
import type { Emitter } from '../ir/emitter.ts';
import { formatShape, MOST_ELEMENTS, sizeOf } from '../ir/shape.ts';
import type { Shape, Value } from '../ir/types.ts';
import type { ParameterSchema, ParametersOf } from './parameters.ts';
import { portsOf, requiredPorts } from './ports.ts';

/** What a wire carries: numbers (float32), or ids (int32), which name the rows of an Embedding. */
export type WireType = 'f32' | 'i32';

/** What a loss compares the network's output with: labels, the samples themselves, or nothing but its own inputs. */
export type LossTarget = 'label' | 'input' | 'none';

export type LayerCategory =
  | 'Input'
  | 'Core'
  | 'Convolution'
  | 'Pooling'
  | 'Normalization'
  | 'Activation'
  | 'Recurrent'
  | 'Attention'
  | 'Joining'
  | 'Generative'
  | 'Block'
  | 'Loss';

/** How a weight is drawn at the start; the meaning is PyTorch's (https://docs.pytorch.org/docs/stable/nn.init.html). */
export type Initializer =
  | { readonly kind: 'constant'; readonly value: number }
  /** U(−bound, bound). */
  | { readonly kind: 'uniform'; readonly bound: number }
  | { readonly kind: 'normal'; readonly deviation: number }
  /** The same, cut off at two standard deviations. */
  | { readonly kind: 'truncatedNormal'; readonly deviation: number }
  /** Orthonormal rows, or columns where those are fewer, times the gain. */
  | { readonly kind: 'orthogonal'; readonly gain: number; readonly rows: number; readonly columns: number };

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
  /** What each output is made of; absent: numbers, float32. */
  readonly dtypes?: readonly WireType[];
  readonly weights: readonly WeightSpec[];
  /** Products that are summed for one sample, forward: of matrices, windows and states; work on each number alone is none. */
  readonly multiplyAdds: number;
}

/** Thrown by `infer`: becomes a diagnostic on the node, with quick fixes. */
export class LayerError extends Error {
  /** Of the diagnostic. */
  readonly id: string;
  readonly parameter: string | undefined;
  /** Of the parameter's text, from 1. */
  readonly column: number | undefined;
  readonly fixes: readonly LayerFix[];

  constructor(
    message: string,
    options: { id?: string; parameter?: string; column?: number; fixes?: readonly LayerFix[] } = {},
  ) {
    super(message);
    this.id = options.id ?? 'shape-mismatch';
    this.name = 'LayerError';
    this.parameter = options.parameter;
    this.column = options.column;
    this.fixes = options.fixes ?? [];
  }
}

export type LayerFix =
  /** Give the nearest layer upstream that chooses its own width (a parameter `outFeatures`) this many features. */
  | { readonly kind: 'setWidth'; readonly features: number }
  | { readonly kind: 'setParameter'; readonly parameter: string; readonly value: ParameterValue }
  /** Put a layer of this type on the wire into an input, the first where no port is named. */
  | {
      readonly kind: 'insertBefore';
      readonly layer: string;
      readonly port?: string;
      readonly parameters?: Readonly<Record<string, ParameterValue>>;
    };

export interface LowerContext<Schema extends ParameterSchema> {
  readonly emit: Emitter;
  /** With the batch axis first, in the order of the ports. A port that takes many wires gives all of them, in order. */
  readonly inputs: readonly Value[];
  /** The port of each input. */
  readonly ports: readonly string[];
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
  /** The port of each input. */
  readonly ports: readonly string[];
  readonly outputs: readonly Shape[];
  readonly data: DataShapes;
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
  /** Source of a class or function that `make` or `apply` calls; a script has it once. */
  readonly support?: string;
  /** Keras: the name under which a layer before this one can do its work, `relu`. */
  readonly activation?: string;
  /** Keras: `make` is a constructor that takes `activation=`. */
  readonly takesActivation?: boolean;
  /**
   * Keras, losses only: what the loss compares with, as an expression of the NumPy array of labels (of samples, if the
   * target is the input). Absent where it is that array. In PyTorch `apply` does this work.
   */
  target?(given: string): string;
}

export interface InputPort {
  readonly name: string;
  /** Takes any number of wires. */
  readonly many?: boolean;
  /** May be left open. Optional ports come after those that a layer can't do without. */
  readonly optional?: boolean;
  /** What its wire carries; absent: numbers, float32. */
  readonly dtype?: WireType | 'any';
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
  readonly inputs: readonly InputPort[];
  readonly outputs: readonly { readonly name: string }[];
  readonly parameters: Schema;
  readonly version: number;
  /** Step k turns parameters of version k + 1 into version k + 2. */
  readonly migrations: readonly ((parameters: Record<string, ParameterValue>) => Record<string, ParameterValue>)[];
  /**
   * @param ports the port of each input; left out: those that are required, in order
   * @throws LayerError if the shapes do not fit.
   */
  infer(
    inputs: readonly Shape[],
    parameters: ParametersOf<Schema>,
    data: DataShapes,
    ports?: readonly string[],
  ): Inference;
  /** One value an output port; a loss gives its scalar. */
  lower(context: LowerContext<Schema>): readonly Value[];
  /** Losses only: types of layers that are a mistake right before it, and why. */
  readonly unsuitable?: Readonly<Record<string, string>>;
  /** Losses only: its input is to come from one of these layers; if not, `insert` goes between. */
  readonly wants?: { readonly layers: readonly string[]; readonly insert: string; readonly message: string };
  /** Losses only: what it compares with. Absent: the samples where a parameter `target` is 'input', else the labels. */
  target?(parameters: ParametersOf<Schema>): LossTarget;
  /** Losses on labels only: false where the largest number of the input is not the class that is meant. */
  readonly classifies?: false;
  /** Losses only: what its input means to a person: probabilities from logits. Absent where the input is that already. */
  prediction?(emit: Emitter, input: Value, parameters: ParametersOf<Schema>): Value;
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
    /** The port of each input, where some are optional; absent: those that are required, in order. */
    readonly ports?: readonly string[];
    readonly parameters: Partial<ParametersOf<Schema>>;
    /** Where absent: the first input is the sample, and there are no labels. */
    readonly data?: DataShapes;
  }[];
}

/** What shape inference and the editor know of what stands at a node: a layer, or the use of a block. */
export type PlacedDefinition = Omit<LayerDefinition, 'lower' | 'emit' | 'samples' | 'migrations'>;

/** What the chosen data set offers; Input and the losses need it. */
export interface DataShapes {
  /** Shape of one sample. */
  readonly sample: Shape;
  /** Number of classes; 0 if there are no labels. */
  readonly classes: number;
  /** Shape of a sample's label: `[T]` for a class at each of T steps; absent: one class, `[]`. */
  readonly label?: Shape;
  /** Samples are ids below this number (characters of a text); absent: they are numbers. */
  readonly vocabulary?: number;
  /** How many numbers a label is, where numbers are to be predicted and not classes. */
  readonly targets?: number;
}

/**
 * Typed schemas by layer type, for the TypeScript API. Each layer file adds its own entry by declaration merging.
 */
// biome-ignore lint/suspicious/noEmptyInterface: filled by declaration merging, one entry a layer file
export interface LayerCatalog {}

/** Names of the optional ports by layer type, for the TypeScript API: filled like `LayerCatalog`, by the layers that have some. */
// biome-ignore lint/suspicious/noEmptyInterface: filled by declaration merging
export interface LayerOptionalPorts {}

/** Adds to `infer` what holds for each layer: every port has a shape, and no size is absurd. */
export function defineLayer<const Schema extends ParameterSchema>(
  definition: Omit<LayerDefinition<Schema>, 'infer'> & { readonly infer: InferWithPorts<Schema> },
): LayerDefinition<Schema> {
  const required = requiredPorts(definition.inputs).length;
  return {
    ...definition,
    infer(inputs, parameters, data, ports = portsOf(definition.inputs, inputs.length)) {
      if (definition.role !== 'input' && inputs.length < required) {
        throw new LayerError(`${definition.type} expects ${required} inputs and receives ${inputs.length}.`);
      }
      const inference = definition.infer(inputs, parameters, data, ports);
      for (const shape of inference.outputs) requireSize(definition.type, 'output', shape);
      for (const { name, shape } of inference.weights) requireSize(definition.type, name, shape);
      return inference;
    },
  };
}

/** `infer` as a layer writes it: it is always told the ports. */
type InferWithPorts<Schema extends ParameterSchema> = (
  inputs: readonly Shape[],
  parameters: ParametersOf<Schema>,
  data: DataShapes,
  ports: readonly string[],
) => Inference;

function requireSize(type: string, what: string, shape: Shape): void {
  const size = sizeOf(shape);
  if (size > MOST_ELEMENTS) {
    throw new LayerError(
      `The ${what} of ${type} would be ${formatShape(shape)}, ${size.toExponential(1)} numbers: at most ${MOST_ELEMENTS.toExponential(0)} are possible. Make its sizes smaller.`,
    );
  }
  if (!shape.every((extent) => Number.isSafeInteger(extent) && extent > 0)) {
    throw new LayerError(`The ${what} of ${type} would be ${formatShape(shape)}: every size must be at least 1.`);
  }
}
