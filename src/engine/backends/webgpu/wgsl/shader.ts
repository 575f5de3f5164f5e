import { functionCode, type WgslFunctionName } from './functions.ts';

/** One compute shader while it is written: hands out names and collects the functions that the code uses. */
export class Shader {
  readonly #functions = new Set<WgslFunctionName>();
  readonly #workgroup = new Set<string>();
  #names = 0;

  /** The underscore keeps names off those of types: i32, f16. */
  fresh(prefix: string): string {
    return `${prefix}_${this.#names++}`;
  }

  /** Marks a function as used and gives its name back. */
  call(name: WgslFunctionName): WgslFunctionName {
    this.#functions.add(name);
    return name;
  }

  /** A number as f32 code. Infinities and NaN are made from bits at run time: WGSL has no literals for them. */
  constant(value: number): string {
    const rounded = Math.fround(value);
    if (Number.isNaN(rounded)) return `${this.call('special')}(0x7fc00000u)`;
    if (rounded === Number.POSITIVE_INFINITY) return `${this.call('special')}(0x7f800000u)`;
    if (rounded === Number.NEGATIVE_INFINITY) return `${this.call('special')}(0xff800000u)`;
    const digits = `${Math.abs(rounded)}f`;
    return rounded < 0 || Object.is(rounded, -0) ? `(-${digits})` : digits;
  }

  /** Declares memory shared by a workgroup, once, and gives its name back. */
  shared(name: string, type: string): string {
    this.#workgroup.add(`var<workgroup> ${name}: ${type};`);
    return name;
  }

  /**
   * The whole module. `body` sees `lane` (u32, index in the workgroup) and `group` (u32, index of the workgroup,
   * unfolded from the grid).
   */
  module(declarations: readonly string[], body: readonly string[], lanes: number): string {
    return [
      ...declarations,
      ...this.#workgroup,
      'var<private> opaque_zero: u32;',
      functionCode(this.#functions),
      `@compute @workgroup_size(${lanes})`,
      'fn main(@builtin(local_invocation_index) lane: u32, @builtin(workgroup_id) place: vec3u, @builtin(num_workgroups) grid: vec3u) {',
      'opaque_zero = grid.z >> 31u;',
      'let group = place.y * grid.x + place.x;',
      ...body,
      '}',
    ].join('\n');
  }
}

/** Workgroups a dimension that every WebGPU device offers. */
const MOST_GROUPS = 65535;

/** A number of workgroups as a grid of at most 65535 a dimension; it may hold more workgroups than asked for. */
export function foldGrid(groups: number): readonly [number, number] {
  if (groups <= MOST_GROUPS) return [groups, 1];
  const rows = Math.ceil(groups / MOST_GROUPS);
  return [Math.ceil(groups / rows), rows];
}
