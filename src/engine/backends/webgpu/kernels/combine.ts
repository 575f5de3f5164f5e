import type { Combine } from '../../../kernels/spec.ts';
import type { Shader } from '../wgsl/shader.ts';

/** How partial results of one stage of a reduction are joined. */
export interface Combiner {
  /** Whether the result is the place of the best element, kept beside its value. */
  readonly arg: boolean;
  /** Statements that declare `value` (and `index`) as nothing reduced yet. */
  start(value: string, index: string): string[];
  /** Statements that join a second partial result (code) to the first (variables). */
  join(value: string, index: string, otherValue: string, otherIndex: string): string[];
}

/** No element: larger than every inner index. */
const NOWHERE = '2147483647';

export function combiner(shader: Shader, combine: Combine): Combiner {
  switch (combine) {
    case 'sum':
      return plain('0.0', (a, b) => `${a} + ${b}`);
    case 'product':
      return plain('1.0', (a, b) => `${a} * ${b}`);
    case 'maximum':
      return plain(shader.constant(Number.NEGATIVE_INFINITY), (a, b) => `${shader.call('maximum')}(${a}, ${b})`);
    case 'minimum':
      return plain(shader.constant(Number.POSITIVE_INFINITY), (a, b) => `${shader.call('minimum')}(${a}, ${b})`);
    case 'argmax':
    case 'argmin': {
      const best = shader.call(combine === 'argmax' ? 'comes_first_max' : 'comes_first_min');
      const worst = combine === 'argmax' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
      return {
        arg: true,
        start: (value, index) => [`var ${value} = ${shader.constant(worst)};`, `var ${index} = ${NOWHERE};`],
        join: (value, index, otherValue, otherIndex) => [
          `if (${best}(${otherValue}, ${otherIndex}, ${value}, ${index})) { ${value} = ${otherValue}; ${index} = ${otherIndex}; }`,
        ],
      };
    }
  }
}

function plain(identity: string, joined: (a: string, b: string) => string): Combiner {
  return {
    arg: false,
    start: (value) => [`var ${value} = ${identity};`],
    join: (value, _index, otherValue) => [`${value} = ${joined(value, otherValue)};`],
  };
}

/**
 * Statements that join what `lanes` threads found for each of `rows` outer elements, thread t of row r being invocation
 * `t·rows + r`. Afterwards every thread has its row's result in `value` (and `index`), and the memory may be used again.
 */
export function joinThreads(
  shader: Shader,
  { arg, join }: Combiner,
  value: string,
  index: string,
  rows: number,
  lanes: number,
): string[] {
  const values = shader.shared('shared_values', 'f32', rows * lanes);
  const places = arg ? shader.shared('shared_places', 'i32', rows * lanes) : '';
  const barrier = 'workgroupBarrier();';
  const store = [`${values}[lane] = ${value};`, ...(arg ? [`${places}[lane] = ${index};`] : [])];
  return [
    ...store,
    barrier,
    `for (var width = ${lanes / 2}u; width > 0u; width >>= 1u) {`,
    'if (thread < width) {',
    `let other = lane + width * ${rows}u;`,
    ...join(value, index, `${values}[other]`, `${places}[other]`),
    ...store,
    '}',
    barrier,
    '}',
    `${value} = ${values}[row];`,
    ...(arg ? [`${index} = ${places}[row];`] : []),
    barrier,
  ];
}
