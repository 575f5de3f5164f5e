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
