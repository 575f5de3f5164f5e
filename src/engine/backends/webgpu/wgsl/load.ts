import { stridesOf } from '../../../ir/shape.ts';
import { type Access, type AccessAxis, type AccessTerm, asStrided } from '../../../kernels/access.ts';
import { readElement, type Storage } from '../bindings.ts';
import { quotientOf } from './divide.ts';
import type { LoadedValue } from './expression.ts';
import { affine, type Indices } from './indices.ts';
import type { Shader } from './shader.ts';

/** Where a block of code reads tensors: its indices, and the linear index over all dims where one is at hand. */
export interface LoadPlace {
  readonly shader: Shader;
  readonly lines: string[];
  readonly indices: Indices;
  /** Loop extents, and the i32 code of the row-major index over them. */
  readonly linear: { readonly dims: readonly number[]; readonly name: () => string } | undefined;
  /** The integer of an earlier load, for gathers. */
  integer(load: number): string;
}

/** Prints one read: index arithmetic, bounds tests and the load itself. */
export function printLoad(place: LoadPlace, read: Access, storage: Storage): LoadedValue {
  const { shader, lines, indices } = place;
  const direct = linearAddress(place, read);
  if (direct !== undefined) return loaded(place, storage, undefined, direct, read.outside);

  const terms: AccessTerm[] = [];
  const parts: string[] = [];
  const tests: string[] = [];
  let offset = 0;
  for (const axis of read.axes) {
    if (!axis.checked) {
      offset += axis.offset * axis.stride;
      for (const { dim, scale } of axis.terms) terms.push({ dim, scale: scale * axis.stride });
      continue;
    }
    const sum = affine(axis.terms, axis.offset, indices);
    const at = shader.named(lines, 'i', axis.gather === undefined ? sum : `${sum} + ${place.integer(axis.gather)}`);
    parts.push(printChecked(shader, lines, tests, at, axis));
  }
  const address = shader.named(lines, 'a', [affine(terms, offset, indices), ...parts].join(' + '));
  return loaded(
    place,
    storage,
    tests.length > 0 ? shader.named(lines, 'inside', tests.map((test) => `(${test})`).join(' & ')) : undefined,
    address,
    read.outside,
  );
}

/** Adds the tests of an axis whose index before division is `at`, and gives its part of the address. */
export function printChecked(
  shader: Shader,
  lines: string[],
  tests: string[],
  at: string,
  axis: Pick<AccessAxis, 'divisor' | 'extent' | 'stride' | 'gather'>,
): string {
  let index = at;
  if (axis.divisor !== 1) {
    const most = axis.gather === undefined ? axis.extent * axis.divisor * 2 : Number.POSITIVE_INFINITY;
    index = shader.named(lines, 'q', quotientOf(shader, at, axis.divisor, most));
    tests.push(`${index} * ${axis.divisor} == ${at}`);
  }
  tests.push(`u32(${index}) < ${axis.extent}u`);
  return axis.stride === 1 ? index : `${index} * ${axis.stride}`;
}

/** The address of a read that walks its tensor in the order of the loop. */
function linearAddress(place: LoadPlace, read: Access): string | undefined {
  if (!place.linear) return undefined;
  const { dims } = place.linear;
  const strided = asStrided(read, dims.length);
  if (!strided) return undefined;
  const rowMajor = stridesOf(dims);
  if (!dims.every((extent, dim) => extent === 1 || strided.strides[dim] === rowMajor[dim])) return undefined;
  const name = place.linear.name();
  return strided.offset === 0 ? name : `${name} + ${strided.offset}`;
}

function loaded(
  { shader, lines }: LoadPlace,
  storage: Storage,
  test: string | undefined,
  address: string,
  outside: number,
): LoadedValue {
  const float = storage.dtype === 'f32';
  const raw = shader.fresh('v');
  const code = readElement(storage, address);
  if (test === undefined) lines.push(`let ${raw} = ${code};`);
  else if (shader.software) {
    // What lies outside may be read, WebGPU bounds it; a branch costs more there than a read.
    lines.push(
      `let ${raw} = select(${float ? shader.constant(outside) : `${Math.trunc(outside)}`}, ${code}, ${test});`,
    );
  } else {
    lines.push(`var ${raw} = ${float ? shader.constant(outside) : `${Math.trunc(outside)}`};`);
    lines.push(`if (${test}) { ${raw} = ${code}; }`);
  }
  if (float) return { value: raw, integer: `i32(${raw})`, neverNan: false };
  const value = shader.fresh('f');
  lines.push(`let ${value} = f32(${raw});`);
  return { value, integer: raw, neverNan: true };
}
