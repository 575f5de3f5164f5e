import { functionCode, type WgslFunctionName } from './functions.ts';
import type { ShaderSource, SharedArray } from './shader.ts';

/** What the module of a dispatch declares at one binding. */
export interface ModuleBinding {
  readonly element: keyof typeof ELEMENT_BYTES;
  readonly bytes: number;
  readonly write: boolean;
}

export const ELEMENT_BYTES = { f32: 4, i32: 4, u32: 4, vec4f: 16 } as const;

/** One of the kernels that a dispatch holds. */
export interface ModulePart {
  readonly source: ShaderSource;
  /** For each of the kernel's own bindings its number in the module. */
  readonly bindings: readonly number[];
  /** Workgroups of the kernel's own size. */
  readonly groups: number;
}

/** A kernel without barriers: its workgroups may be cut up and put together. */
export function isDivisible({ shared, body }: ShaderSource): boolean {
  return shared.size === 0 && !body.includes('workgroupBarrier();');
}

/** Threads in a workgroup of a module that holds these kernels, or undefined if they do not go together. */
export function lanesOf(sources: readonly ShaderSource[]): number | undefined {
  const lanes = Math.max(...sources.map((source) => source.lanes));
  return sources.every((source) => source.lanes === lanes || (isDivisible(source) && lanes % source.lanes === 0))
    ? lanes
    : undefined;
}

/** Workgroups of `lanes` threads that a kernel takes up. */
export function groupsOf({ source, groups }: Pick<ModulePart, 'source' | 'groups'>, lanes: number): number {
  return Math.ceil((groups * source.lanes) / lanes);
}

/** Memory that a workgroup of the module has: kernels never run in the same workgroup, so they share what is alike. */
export function sharedOf(sources: readonly ShaderSource[]): ReadonlyMap<string, SharedArray> {
  const all = new Map<string, SharedArray>();
  for (const { shared } of sources) {
    for (const [name, array] of shared) {
      const length = Math.max(array.length, all.get(name)?.length ?? 0);
      all.set(name, { ...array, length });
    }
  }
  return all;
}

/** The WGSL of a dispatch: each kernel has a range of the workgroups. */
export function printModule(bindings: readonly ModuleBinding[], parts: readonly ModulePart[]): string {
  const sources = parts.map(({ source }) => source);
  const lanes = lanesOf(sources);
  if (lanes === undefined) throw new Error('kernels with barriers and workgroups of different sizes share no module');
  const library = new Set<WgslFunctionName>(sources.flatMap((source) => [...source.library]));
  const subgroups = sources.some((source) => source.subgroups);
  const builtins = [
    '@builtin(local_invocation_index) lane: u32',
    '@builtin(workgroup_id) place: vec3u',
    '@builtin(num_workgroups) grid: vec3u',
    ...(subgroups ? ['@builtin(subgroup_invocation_id) subgroup_lane: u32'] : []),
  ];
  return [
    ...(subgroups ? ['enable subgroups;'] : []),
    // With their lengths: bounds that are known need no division by the size of an element at each access, which is what
    // `arrayLength` costs on some drivers.
    ...bindings.map(({ element, bytes, write }, k) => {
      const access = write ? 'read_write' : 'read';
      const length = Math.max(1, Math.floor(bytes / ELEMENT_BYTES[element]));
      return `@group(0) @binding(${k}) var<storage, ${access}> buffer${k}: array<${element}, ${length}>;`;
    }),
    ...[...sharedOf(sources)].map(
      ([name, { element, length }]) => `var<workgroup> ${name}: array<${element}, ${length}>;`,
    ),
    'var<private> opaque_zero: u32;',
    functionCode(library),
    ...parts.flatMap((part, number) => renamed(part.source.helpers, part, number)),
    `@compute @workgroup_size(${lanes})`,
    `fn main(${builtins.join(', ')}) {`,
    'opaque_zero = grid.z >> 31u;',
    'let group = place.y * grid.x + place.x;',
    ...branches(parts, lanes),
    '}',
  ].join('\n');
}

function branches(parts: readonly ModulePart[], lanes: number): string[] {
  const [only] = parts;
  if (parts.length === 1 && only) return renamed(only.source.body, only, 0);
  const lines = ['let all_groups = group;', 'let all_lanes = lane;'];
  let first = 0;
  for (const [number, part] of parts.entries()) {
    const end = first + groupsOf(part, lanes);
    const { source } = part;
    const own = first === 0 ? 'all_groups' : `(all_groups - ${first}u)`;
    const share = lanes / source.lanes;
    lines.push(
      `${number === 0 ? '' : 'else '}if (all_groups < ${end}u) {`,
      ...(share === 1
        ? [`let group = ${own};`]
        : [
            `let group = ${own} * ${share}u + all_lanes / ${source.lanes}u;`,
            `let lane = all_lanes % ${source.lanes}u;`,
          ]),
      ...renamed(source.body, part, number),
      '}',
    );
    first = end;
  }
  return lines;
}

/** The code with the module's names for its bindings, and names of its own for its helpers. */
function renamed(lines: readonly string[], { source, bindings }: ModulePart, number: number): string[] {
  const helpers = new Set(source.helpers.flatMap((line) => /^fn (\w+)/.exec(line)?.[1] ?? []));
  return lines.map((line) =>
    line.replace(/\b(?:buffer(\d+)|[a-z]\w*)\b/g, (word, buffer: string | undefined) => {
      if (buffer !== undefined) return `buffer${bindings[Number(buffer)]}`;
      return number > 0 && helpers.has(word) ? `${word}_of_${number}` : word;
    }),
  );
}
