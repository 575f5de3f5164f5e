import { EngineError } from '../errors.ts';
import { ProgramBuilder } from '../ir/builder.ts';
import { formatShape, sizeOf } from '../ir/shape.ts';
import type { Program, Shape, TypedArray, Value } from '../ir/types.ts';
import { opDefinition } from '../ops/registry.ts';
import type { Operator, OperatorResult } from './defineOperators.ts';
import { type ElementType, EXACT_LIMIT, isHeld, shortFloat } from './elementTypes.ts';
import { FoldingEmitter, MOST_ELEMENTS, NeedsInputs } from './foldingEmitter.ts';
import { Constant, exactFloats, type GraphTensor, tensorOf } from './graphTensor.ts';
import type { OnnxGraph, OnnxModel, OnnxNode, OnnxTensor } from './model.ts';
import { OperatorContext, type OperatorScope } from './operatorContext.ts';
import { findOperator } from './registry.ts';

/** What is known of an input before the model runs. */
export interface GivenInput {
  readonly elementType: ElementType;
  readonly shape: Shape;
  /** Used where the graph's shapes depend on them; then the input is a constant of the program. */
  readonly numbers?: ArrayLike<number>;
}

export interface ImportedInput {
  readonly name: string;
  readonly elementType: ElementType;
  readonly shape: Shape;
}

export interface ImportedOutput extends ImportedInput {
  /** Name of the program's output, or the numbers where they depend on no input. */
  readonly from: string | TypedArray;
}

export interface ImportedModel {
  readonly program: Program;
  /** In the model's order, without those that became constants. */
  readonly inputs: readonly ImportedInput[];
  readonly outputs: readonly ImportedOutput[];
  /** Inputs whose numbers decide about shapes: the program is made for these. */
  readonly fixed: readonly string[];
  /** Contents of the program's inputs that hold weights and other constants. */
  readonly constants: ReadonlyMap<string, TypedArray>;
  /** Outputs of the program that say how large integers became; over 2²⁴ the results are not exact. */
  readonly guards: readonly { readonly output: string; readonly where: string }[];
}

/**
 * Turns an ONNX graph into a program of our ops. Integers and booleans are float32 there, which is exact up to 2²⁴:
 * larger ones are refused, never rounded.
 * @throws EngineError `unsupported` naming the operator or type that the engine has not, `not-exact` for integers beyond
 * 2²⁴, `bad-data` for a graph that makes no sense, `shape-mismatch`, `out-of-memory`.
 */
export function importOnnxModel(model: OnnxModel, given: Readonly<Record<string, GivenInput>> = {}): ImportedModel {
  const fixed = new Set<string>();
  while (true) {
    try {
      return new Importer(model, given, fixed).import();
    } catch (error) {
      if (!(error instanceof NeedsInputs)) throw error;
      for (const name of error.inputs) {
        if (!Object.hasOwn(given, name) || !given[name]?.numbers) {
          throw new EngineError('unsupported', `the graph's shapes depend on the numbers of its input "${name}"`);
        }
        fixed.add(name);
      }
    }
  }
}

const MOST_NODES = 100_000;

class Importer {
  readonly #model: OnnxModel;
  readonly #given: Readonly<Record<string, GivenInput>>;
  readonly #fixed: ReadonlySet<string>;
  readonly #builder = new ProgramBuilder(opDefinition);
  readonly #emit = new FoldingEmitter(this.#builder);
  readonly #guards: { output: string; where: string }[] = [];
  readonly #guarded = new Set<number>();
  #applied = 0;

  constructor(model: OnnxModel, given: Readonly<Record<string, GivenInput>>, fixed: ReadonlySet<string>) {
    this.#model = model;
    this.#given = given;
    this.#fixed = fixed;
  }

  import(): ImportedModel {
    const { graph } = this.#model;
    const values = new Map<string, GraphTensor>();
    const inputs: ImportedInput[] = [];
    const stored = new Set(graph.initializers.map(({ name }) => name));
    for (const { name, elementType, shape, kind } of graph.inputs) {
      if (stored.has(name)) continue;
      // An optional input that is given is the tensor itself.
      const given = Object.hasOwn(this.#given, name) ? this.#given[name] : undefined;
      if (kind !== 'tensor' && !(kind === 'optional' && given))
        throw new EngineError('unsupported', `the input "${name}" is a ${kind}`);
      if (elementType !== undefined && !isHeld(elementType)) {
        throw new EngineError('unsupported', `the input "${name}" has elements of type ${elementType}`);
      }
      const type = given?.elementType ?? elementType;
      const sizes = given?.shape ?? concreteShape(name, shape);
      if (type === undefined) throw new EngineError('bad-data', `the input "${name}" has no type`);
      if (this.#fixed.has(name)) {
        values.set(name, new Constant(this.#emit, type, sizes, given?.numbers as ArrayLike<number>));
        continue;
      }
      if (sizeOf(sizes) > MOST_ELEMENTS) {
        throw new EngineError('out-of-memory', `the input "${name}" of ${formatShape(sizes)} is too large`);
      }
      values.set(name, tensorOf(type, this.#builder.input(name, { shape: sizes, dtype: 'f32' })));
      inputs.push({ name, elementType: type, shape: sizes });
    }
    const results = this.#runGraph(graph, values);
    const outputs = graph.outputs.map(({ name }, k): ImportedOutput => {
      const { elementType, shape, value } = results[k] as GraphTensor;
      const host = this.#emit.known(value);
      if (host) return { name, elementType, shape, from: host.data };
      this.#builder.output(`output:${k}`, value);
      return { name, elementType, shape, from: `output:${k}` };
    });
    return {
      program: this.#builder.build(),
      inputs,
      outputs,
      fixed: [...this.#fixed],
      constants: this.#emit.constants,
      guards: this.#guards,
    };
  }

  /** Values of the graph's outputs; `values` are those of its inputs and of the graphs around it. */
  #runGraph(graph: OnnxGraph, values: Map<string, GraphTensor>): GraphTensor[] {
    for (const tensor of graph.initializers) values.set(tensor.name, this.#stored(tensor));
    for (const node of graph.nodes) this.#runNode(node, values);
    return graph.outputs.map(({ name }) => {
      const tensor = values.get(name);
      if (!tensor) throw new EngineError('bad-data', `nothing gives the output "${name}" of graph "${graph.name}"`);
      return tensor;
    });
  }

  #stored(tensor: OnnxTensor): GraphTensor {
    if (!tensor.numbers) throw new EngineError('unsupported', tensor.problem as string);
    return new Constant(this.#emit, tensor.elementType as ElementType, tensor.shape, tensor.numbers);
  }

  #runNode(node: OnnxNode, values: Map<string, GraphTensor>): void {
    const operator = findOperator(node.domain, node.type);
    const name = node.domain === '' ? node.type : `${node.domain}.${node.type}`;
    if (!operator) throw new EngineError('unsupported', `there is no operator "${name}" in the engine`);
    const opset = this.#model.opsets.get(node.domain);
    if (opset === undefined) {
      throw new EngineError(
        'bad-data',
        `${name} belongs to operators of domain "${node.domain}", which the model does not name`,
      );
    }
    const inputs = node.inputs.map((input) => {
      if (input === '') return undefined;
      const tensor = values.get(input);
      if (tensor) return tensor;
      throw new EngineError(
        'bad-data',
        `${name} reads "${input}" before anything gives it: the graph has a cycle, or is out of order`,
      );
    });
    const scope: OperatorScope = {
      run: (graph, own) => {
        const inner = new Map(values);
        if (own.length !== graph.inputs.length) {
          throw new EngineError(
            'bad-data',
            `the graph of ${name} takes ${graph.inputs.length} inputs, not ${own.length}`,
          );
        }
        for (const [i, tensor] of own.entries()) inner.set((graph.inputs[i] as { name: string }).name, tensor);
        return this.#runGraph(graph, inner);
      },
      guard: (size, where) => this.#guard(size, where),
    };
    const context = new OperatorContext(this.#emit, node, inputs, opset, scope);
    const rough = inputs.find((input) => input && input.elementType !== 'float16' && shortFloat(input.elementType));
    if (rough && operator.kind === 'computes') {
      // So few bits are rounded at each step there that float32 would give other numbers.
      throw new EngineError('unsupported', `${name} on ${rough.elementType}, which the engine moves and casts only`);
    }
    const made = this.#apply(operator.apply, context);
    const results: readonly OperatorResult[] = Array.isArray(made) ? made : [made as OperatorResult];
    for (const [k, output] of node.outputs.entries()) {
      const result = results[k];
      if (output === '') continue;
      if (!result) throw new EngineError('unsupported', `${name}: its output ${k}`);
      values.set(output, 'elementType' in result ? result : tensorOf(context.elementType(0), result));
    }
  }

  /** A graph that makes no sense shows as some mistake within an operator: it is the graph's. */
  #apply(operator: Operator, context: OperatorContext): ReturnType<Operator> {
    if (++this.#applied > MOST_NODES) {
      throw new EngineError('out-of-memory', `the model unrolls to more than ${MOST_NODES} nodes`);
    }
    try {
      return operator(context);
    } catch (error) {
      if (error instanceof EngineError || error instanceof NeedsInputs) throw error;
      const shapes = context.node.inputs.map((_, i) => (context.has(i) ? `[${context.shape(i)}]` : 'nothing'));
      throw new EngineError(
        'bad-data',
        `${context.where} can't be applied to ${shapes.join(', ') || 'nothing'}: ${(error as Error).message}`,
      );
    }
  }

  #guard(size: Value, where: string): void {
    const host = this.#emit.known(size);
    if (host) {
      exactFloats(host.data, 'int64', `a result of ${where}`);
      return;
    }
    if (this.#guarded.has(size.id)) return;
    this.#guarded.add(size.id);
    const axes = size.type.shape.map((_, axis) => axis);
    if (sizeOf(size.type.shape) === 0) return;
    const flat = axes.length === 0 ? this.#emit.op('reshape', [size], { shape: [1] }) : size;
    const most = this.#emit.op('reduceMaximum', [this.#emit.op('abs', [flat])], {
      axes: axes.length === 0 ? [0] : axes,
      keepDims: false,
    });
    const output = `guard:${this.#guards.length}`;
    this.#builder.output(output, most);
    this.#guards.push({ output, where });
  }
}

function concreteShape(name: string, shape: readonly (number | string)[] | undefined): number[] {
  if (!shape) throw new EngineError('bad-data', `the shape of the input "${name}" must be given`);
  return shape.map((size) => {
    if (typeof size === 'number' && Number.isSafeInteger(size) && size >= 0) return size;
    throw new EngineError('bad-data', `the input "${name}" has a size ${size}: its shape must be given`);
  });
}

/** @throws EngineError `not-exact` if integers left the range in which float32 holds them. */
export function checkGuard(most: number, where: string): void {
  if (most <= EXACT_LIMIT) return;
  throw new EngineError('not-exact', `${where} reaches ${most}: integers beyond 2^24 are not exact in float32`);
}
