import { sizeOf } from '../../ir/shape.ts';
import type { DType } from '../../ir/types.ts';
import type { KernelSpec, MapSpec, ReduceSpec } from '../../kernels/spec.ts';
import type { KernelCall } from '../../schedule/schedule.ts';
import { buildContract } from './contractKernel.ts';
import { buildGemm, type Gemm, gemmOf } from './gemmModule.ts';
import { buildMap } from './mapKernel.ts';
import type { WasmMemory } from './memory.ts';
import { buildReduce, jobOf } from './reduceKernel.ts';
import { splitResidues } from './residues.ts';
import { buildScan, scanKernel } from './scanKernel.ts';

/** Bytes of results that several kernels over the same data make at a time. */
const TURN_BYTES = 1 << 17;

/** Ties a kernel to addresses, operands first; what comes back does the work without allocating. */
export type Kernel = (addresses: readonly number[]) => () => void;

export interface Compiled {
  /** Takes all addresses, then the range of the first loop. */
  readonly run: (...values: number[]) => void;
  readonly range: number;
}

export interface KernelCompiler {
  /** A map whose result is placed by element strides over its dims. */
  placedMap(spec: MapSpec, operands: readonly DType[], result: DType, strides: readonly number[]): Compiled;
}

/** Compiles kernels, each distinct one once. */
export class KernelCache implements KernelCompiler {
  readonly #memory: WasmMemory;
  readonly #kernels = new Map<string, Kernel>();
  readonly #modules = new Map<string, Compiled>();
  readonly #gemm: Gemm;
  readonly #fused: boolean;

  constructor(memory: WasmMemory) {
    this.#memory = memory;
    // Fused multiply-add is a later extension: an engine without it refuses the module.
    const fused = buildGemm(true);
    this.#fused = WebAssembly.validate(fused);
    this.#gemm = gemmOf(this.#instantiate(this.#fused ? fused : buildGemm(false)));
  }

  /** Number of distinct kernels made so far. */
  get size(): number {
    return this.#kernels.size;
  }

  kernelOf({ spec, operands, results }: KernelCall): Kernel {
    const reads = operands.map(({ type }) => type.dtype);
    const writes = results.map(({ type }) => type.dtype);
    const key = keyOf([spec, reads, writes]);
    const known = this.#kernels.get(key);
    if (known) return known;
    const made = this.#build(spec, reads, writes);
    this.#kernels.set(key, made);
    return made;
  }

  placedMap(spec: MapSpec, operands: readonly DType[], result: DType, strides: readonly number[]): Compiled {
    return this.#compiled(keyOf([spec, operands, result, strides]), () =>
      buildMap(spec, operands, [result], [strides]),
    );
  }

  #build(spec: KernelSpec, operands: readonly DType[], results: readonly DType[]): Kernel {
    switch (spec.kind) {
      case 'map': {
        if (sizeOf(spec.dims) === 0) return () => () => undefined;
        return ranged(this.#compiled(keyOf([spec, operands, results]), () => buildMap(spec, operands, results)));
      }
      case 'reduce': {
        const parts = splitResidues(jobOf(spec)).map((job) =>
          this.#compiled(keyOf([job, operands, results]), () => buildReduce(job, operands, results)),
        );
        return parts.length === 1 ? ranged(parts[0] as Compiled) : inTurns(parts, spec);
      }
      case 'contract':
        return buildContract(spec, operands, results[0] as DType, this, this.#gemm, this.#memory);
      case 'scan': {
        const scan = this.#compiled(keyOf([spec, operands]), () => buildScan(spec, operands, this.#fused));
        return scanKernel(spec, scan, operands, this, this.#memory);
      }
    }
  }

  #compiled(key: string, build: () => { bytes: Uint8Array<ArrayBuffer>; range: number }): Compiled {
    const known = this.#modules.get(key);
    if (known) return known;
    const { bytes, range } = build();
    const made = { run: this.#instantiate(bytes).run as Compiled['run'], range };
    this.#modules.set(key, made);
    return made;
  }

  #instantiate(bytes: Uint8Array<ArrayBuffer>): WebAssembly.Exports {
    return new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory: this.#memory.memory } }).exports;
  }
}

/** A compiled kernel over its whole range. The call is built for its number of addresses, since a spread would allocate. */
function ranged({ run, range }: Compiled): Kernel {
  return (addresses) => run.bind(undefined, ...addresses, 0, range);
}

/** Several kernels over the same data: part by part of the first loop, while that is in cache. */
function inTurns(parts: readonly Compiled[], spec: ReduceSpec): Kernel {
  const [{ range }] = parts as [Compiled];
  // Where the first loop itself was divided, places of one number lie far apart.
  const alike = parts.every((part) => part.range === range);
  const perTurn = (4 * sizeOf(spec.dims.slice(0, spec.dims.length - spec.inner))) / range;
  const step = alike ? Math.max(1, Math.floor(TURN_BYTES / perTurn)) : Number.POSITIVE_INFINITY;
  return (addresses) => {
    const runs = parts.map((part) => ({ run: part.run.bind(undefined, ...addresses), range: part.range }));
    const most = Math.max(...parts.map((part) => part.range));
    return () => {
      for (let begin = 0; begin < most; begin += step) {
        for (const each of runs) each.run(begin, Math.min(each.range, begin + step));
      }
    };
  };
}

/** Equal for equal data. JSON alone would take −0 for 0, and all that is not finite for null. */
function keyOf(data: unknown): string {
  return JSON.stringify(data, (_, value: unknown) =>
    typeof value === 'number' && (!Number.isFinite(value) || Object.is(value, -0)) ? `${1 / value} ${value}` : value,
  );
}
