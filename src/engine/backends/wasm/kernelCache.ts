import { exactKey } from '../../ir/exactKey.ts';
import { sizeOf } from '../../ir/shape.ts';
import type { DType } from '../../ir/types.ts';
import type { KernelSpec, MapSpec, ReduceSpec } from '../../kernels/spec.ts';
import type { KernelCall } from '../../schedule/schedule.ts';
import { FunctionBuilder, I32, ModuleBuilder } from './assembler.ts';
import {
  type Argument,
  type Code,
  CodeStore,
  type Compiled,
  type Kernel,
  operand,
  type Phase,
  result,
} from './code.ts';
import { buildContract } from './contractKernel.ts';
import { buildGemm } from './gemmModule.ts';
import { buildMap } from './mapKernel.ts';
import type { WasmMemory } from './memory.ts';
import { buildReduce, jobOf } from './reduceKernel.ts';
import { splitResidues } from './residues.ts';
import { buildScan, scanKernel } from './scanKernel.ts';

/** Bytes of results that several kernels over the same data make at a time. */
const TURN_BYTES = 1 << 17;
/** Elements of a flat range that threads share no cache line of. */
const FLAT_GRAIN = 64;

/** What building a kernel takes. */
export interface KernelCompiler {
  readonly memory: WasmMemory;
  readonly codes: CodeStore;
  /** The matrix product. */
  readonly gemm: Code;
  /** Whether there is fused multiply-add. */
  readonly fused: boolean;
  /** A map whose result is placed by element strides over its dims. */
  placedMap(spec: MapSpec, operands: readonly DType[], result: DType, strides: readonly number[]): Compiled;
}

/** Compiles kernels into phases, each distinct one once. */
export class KernelCache implements KernelCompiler {
  readonly memory: WasmMemory;
  readonly codes: CodeStore;
  readonly gemm: Code;
  readonly fused: boolean;
  readonly #kernels = new Map<string, Kernel>();
  readonly #modules = new Map<string, Compiled>();

  /** `shared`: whether the memory is one that threads share. */
  constructor(memory: WasmMemory, shared: boolean) {
    this.memory = memory;
    this.codes = new CodeStore(shared);
    // Fused multiply-add is a later extension: an engine without it refuses the module.
    const fused = buildGemm(true);
    this.fused = WebAssembly.validate(fused.bytes());
    this.gemm = this.codes.add(this.fused ? fused : buildGemm(false));
  }

  /** Number of distinct kernels made so far. */
  get size(): number {
    return this.#kernels.size;
  }

  kernelOf({ spec, operands, results }: KernelCall): Kernel {
    const reads = operands.map(({ type }) => type.dtype);
    const writes = results.map(({ type }) => type.dtype);
    const key = exactKey([spec, reads, writes]);
    const known = this.#kernels.get(key);
    if (known) return known;
    const made = this.#build(spec, reads, writes);
    this.#kernels.set(key, made);
    return made;
  }

  placedMap(spec: MapSpec, operands: readonly DType[], result: DType, strides: readonly number[]): Compiled {
    return this.#compiled(exactKey([spec, operands, result, strides]), () =>
      buildMap(spec, operands, [result], [strides]),
    );
  }

  #build(spec: KernelSpec, operands: readonly DType[], results: readonly DType[]): Kernel {
    const given = [...operands.map((_, i) => operand(i)), ...results.map((_, k) => result(k))];
    switch (spec.kind) {
      case 'map': {
        if (sizeOf(spec.dims) === 0) return withoutScratch([]);
        const map = this.#compiled(exactKey([spec, operands, results]), () => buildMap(spec, operands, results));
        return withoutScratch([phaseOf(map, given)]);
      }
      case 'reduce': {
        const parts = splitResidues(jobOf(spec)).map((job) =>
          this.#compiled(exactKey([job, operands, results]), () => buildReduce(job, operands, results)),
        );
        return withoutScratch(this.#together(parts, spec, given));
      }
      case 'contract':
        return buildContract(spec, operands, results[0] as DType, this);
      case 'scan': {
        const scan = this.#compiled(exactKey([spec, operands]), () => buildScan(spec, operands, this.fused));
        return scanKernel(spec, scan, operands, this);
      }
    }
  }

  /** Several kernels over the same data: part by part of the first loop, while that is in cache, where that is one for all. */
  #together(parts: readonly Compiled[], spec: ReduceSpec, given: readonly Argument[]): readonly Phase[] {
    const [{ range }] = parts as [Compiled];
    const alike = parts.every((part) => part.range === range);
    if (parts.length === 1 || !alike) return parts.map((part, i) => ({ ...phaseOf(part, given), independent: i > 0 }));
    const perTurn = (4 * sizeOf(spec.dims.slice(0, spec.dims.length - spec.inner))) / range;
    const step = Math.max(1, Math.floor(TURN_BYTES / perTurn));
    const { module, imports } = buildTurns(parts, given.length, step);
    return [phaseOf({ code: this.codes.add(module, imports), range }, given)];
  }

  #compiled(key: string, build: () => { module: ModuleBuilder; range: number }): Compiled {
    const known = this.#modules.get(key);
    if (known) return known;
    const { module, range } = build();
    const made = { code: this.codes.add(module), range };
    this.#modules.set(key, made);
    return made;
  }
}

function withoutScratch(phases: readonly Phase[]): Kernel {
  return { phases, sharedBytes: 0, ownBytes: 0 };
}

function phaseOf({ code, range }: Compiled, given: readonly Argument[]): Phase {
  return { code, arguments: given, range, grain: range >= 64 * FLAT_GRAIN ? FLAT_GRAIN : 1, independent: false };
}

/** Calls several kernels over the same addresses in turns of `step` units of their range. */
function buildTurns(
  parts: readonly Compiled[],
  addresses: number,
  step: number,
): { readonly module: ModuleBuilder; readonly imports: Code['imports'] } {
  const module = new ModuleBuilder();
  const parameters = new Array<typeof I32>(addresses + 2).fill(I32);
  const f = new FunctionBuilder(parameters);
  const calls = parts.map((_, i) => module.import(`part${i}`, parameters));
  const [begin, end] = [{ local: addresses }, { local: addresses + 1 }];
  const [at, until] = [f.local(I32), f.local(I32)];
  f.loop(at, begin, end, step, () => {
    f.get(at).i32(step).emit('i32.add').set(until);
    f.smaller({ local: until }, end).set(until);
    for (const call of calls) {
      for (let i = 0; i < addresses; i++) f.get(i);
      f.get(at).get(until).call(call);
    }
  });
  module.add(f, 'run');
  return {
    module,
    imports: Object.fromEntries(parts.map(({ code }, i) => [`part${i}`, { code: code.id, name: 'run' }])),
  };
}
