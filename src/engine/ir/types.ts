/** Element type of a tensor. `u8` exists for stored data (images); arithmetic is done in `f32`, ids and labels are `i32`. */
export type DType = 'f32' | 'i32' | 'u8';

/** Sizes of a tensor, outermost axis first; `[]` is a scalar. */
export type Shape = readonly number[];

export interface TensorType {
  readonly shape: Shape;
  readonly dtype: DType;
}

export type TypedArray = Float32Array | Int32Array | Uint8Array;

/** A typed result of an operation, in static single assignment: made once, never changed. */
export interface Value {
  readonly id: number;
  readonly type: TensorType;
}

/**
 * Attributes of every op by name. Each `*.op.ts` file adds its own entry by declaration merging, so that
 * `emit('convolution', …)` is checked without a central table.
 */
// biome-ignore lint/suspicious/noEmptyInterface: filled by declaration merging, one entry an op file
export interface OpAttributes {}
export type OpName = keyof OpAttributes & string;

/** One application of an op: pure, from `inputs` to `outputs`. */
export interface Operation<Name extends OpName = OpName> {
  readonly op: Name;
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
  readonly attributes: OpAttributes[Name];
  /** Id of the canvas node this came from, for profiles and for error messages. */
  readonly origin: string | undefined;
}

/** A value that exists before the program runs and lives in a buffer that the caller binds. */
export interface ProgramInput {
  readonly name: string;
  readonly value: Value;
}

export interface ProgramOutput {
  readonly name: string;
  readonly value: Value;
}

/** After a run the buffer of `input` holds `value`: how parameters, moments and running statistics change. */
export interface ProgramWrite {
  readonly input: string;
  readonly value: Value;
}

/** A list of operations in order: the engine's intermediate representation. */
export interface Program {
  readonly inputs: readonly ProgramInput[];
  readonly operations: readonly Operation[];
  readonly outputs: readonly ProgramOutput[];
  readonly writes: readonly ProgramWrite[];
}
