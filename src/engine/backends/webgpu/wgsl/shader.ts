import type { WgslFunctionName } from './functions.ts';

/** One compute shader while it is written: hands out names and collects the functions that the code uses. */
export class Shader {
  /** Whether it is laid out for an adapter that is a CPU. */
  readonly software: boolean;
  readonly #functions = new Set<WgslFunctionName>();
  readonly #shared = new Map<string, SharedArray>();
  readonly #named = new WeakMap<string[], Map<string, string>>();
  #names = 0;
  #subgroups = false;

  constructor(software = false) {
    this.software = software;
  }

  /** The underscore keeps names off those of types: i32, f16. */
  fresh(prefix: string): string {
    return `${prefix}_${this.#names++}`;
  }

  /** Declares a name for code in a block, once: the same code there has the same name. */
  named(lines: string[], prefix: string, code: string): string {
    const known = this.#named.get(lines) ?? new Map<string, string>();
    this.#named.set(lines, known);
    const before = known.get(code);
    if (before !== undefined) return before;
    const name = this.fresh(prefix);
    lines.push(`let ${name} = ${code};`);
    known.set(code, name);
    return name;
  }

  /** Marks a function as used and gives its name back. */
  call(name: WgslFunctionName): WgslFunctionName {
    this.#functions.add(name);
    return name;
  }

  /**
   * A number as f32 code. Infinities and NaN are made from bits at run time: WGSL has no literals for them. So is −0, which
   * compilers take for 0.
   */
  constant(value: number): string {
    const rounded = Math.fround(value);
    if (Number.isNaN(rounded)) return `${this.call('special')}(0x7fc00000u)`;
    if (rounded === Number.POSITIVE_INFINITY) return `${this.call('special')}(0x7f800000u)`;
    if (rounded === Number.NEGATIVE_INFINITY) return `${this.call('special')}(0xff800000u)`;
    if (Object.is(rounded, -0)) return `${this.call('special')}(0x80000000u)`;
    const digits = `${Math.abs(rounded)}f`;
    return rounded < 0 ? `(-${digits})` : digits;
  }

  /** The thread's number (u32) in its subgroup; four threads side by side are a quad, which may exchange values. */
  subgroupLane(): string {
    this.#subgroups = true;
    return 'subgroup_lane';
  }

  /** Declares memory shared by a workgroup, once, and gives its name back. */
  shared(name: string, element: SharedArray['element'], length: number): string {
    this.#shared.set(name, { element, length });
    return name;
  }

  /**
   * What was written. `body` sees `lane` (u32, index in the workgroup) and `group` (u32, index of the workgroup, unfolded
   * from the grid); `helpers` are functions of its own, one line each that starts with `fn`.
   */
  source(helpers: readonly string[], body: readonly string[], lanes: number): ShaderSource {
    const subgroups = this.#subgroups;
    return { helpers, body, lanes, subgroups, shared: this.#shared, library: this.#functions };
  }
}

export interface SharedArray {
  readonly element: 'f32' | 'i32' | 'vec4f';
  readonly length: number;
}

/** One kernel's code without what it binds, so that it can stand in a module beside others. */
export interface ShaderSource {
  readonly helpers: readonly string[];
  readonly body: readonly string[];
  readonly lanes: number;
  readonly subgroups: boolean;
  readonly shared: ReadonlyMap<string, SharedArray>;
  readonly library: ReadonlySet<WgslFunctionName>;
}

/** Workgroups a dimension that every WebGPU device offers. */
const MOST_GROUPS = 65535;

/** A number of workgroups as a grid of at most 65535 a dimension; it may hold more workgroups than asked for. */
export function foldGrid(groups: number): readonly [number, number] {
  if (groups <= MOST_GROUPS) return [groups, 1];
  const rows = Math.ceil(groups / MOST_GROUPS);
  return [Math.ceil(groups / rows), rows];
}
