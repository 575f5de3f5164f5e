import type { Shape } from '../../ir/types.ts';
import { defineLayer, LayerError, type LayerFix, type WeightSpec } from '../defineLayer.ts';
import { joinedShape } from '../joining/joinedShape.ts';
import { pythonFloat, pythonValue } from '../python.ts';
import { FormulaError } from './expression/formulaError.ts';
import { lowerFormula } from './expression/lowerFormula.ts';
import { type Formula, parseFormula } from './expression/parseFormula.ts';
import { operand, printFormula } from './expression/printFormula.ts';
import { INPUT_NAMES, readScalars, type Scalar } from './expression/readScalars.ts';

const parameters = {
  formula: {
    kind: 'text',
    default: 'x * sigmoid(beta * x)',
    help: 'What is computed for each number, of the inputs x, y, z, w (in the order of the wires) and the scalars.',
  },
  scalars: {
    kind: 'text',
    default: 'beta = 1',
    help: 'Numbers in the formula that training learns, with their first values: beta = 1, gamma = 0.5.',
  },
} as const;

declare module '../defineLayer.ts' {
  interface LayerCatalog {
    Expression: typeof parameters;
  }
}

/** Holds a formula and its scalars where Keras needs a layer: a functional model learns no bare variables. */
const KERAS_CLASS = `\
class Expression(layers.Layer):
    """A formula of the inputs and of learnable scalars."""

    def __init__(self, formula, scalars, **kwargs):
        super().__init__(**kwargs)
        self.formula = formula
        self.scalars = {
            name: self.add_weight(name=name, shape=(), initializer=keras.initializers.Constant(value))
            for name, value in scalars.items()
        }

    def call(self, *inputs):
        return self.formula(*inputs, self.scalars)
`;

/** A formula of the inputs and of learnable scalars, such as Swish with a learned slope (https://arxiv.org/abs/1710.05941). */
export default defineLayer({
  type: 'Expression',
  title: 'Expression',
  category: 'Core',
  icon: 'sigma',
  help: {
    summary:
      'Your own formula, element by element: + − * / ^ < >, parentheses, numbers, pi, e, and exp, log, sqrt, square, abs, sign, sin, cos, tanh, erf, sigmoid, softplus, relu, silu, gelu, max, min, where.',
    shapes: '[N, …], … → [N, …], y = formula(x, y, z, w); an axis of size 1 is repeated to fit',
    reference: 'https://docs.pytorch.org/docs/stable/notes/extending.html',
  },
  role: 'layer',
  inputs: [{ name: 'inputs', many: true }],
  outputs: [{ name: 'output' }],
  parameters,
  version: 1,
  migrations: [],
  infer(inputs, { formula, scalars }) {
    if (inputs.length > INPUT_NAMES.length) {
      throw new LayerError(`Expression takes up to ${INPUT_NAMES.length} wires and has ${inputs.length}.`);
    }
    const known = read('scalars', scalars, readScalars);
    const tree = read('formula', formula, parseFormula);
    const used = checkNames(tree, formula, inputs, known, scalars);
    const idle = INPUT_NAMES.slice(0, inputs.length).find((name) => !used.has(name));
    if (idle) {
      throw new LayerError(
        `The formula of Expression never reads ${idle}, the input of wire ${INPUT_NAMES.indexOf(idle) + 1}.`,
        {
          parameter: 'formula',
        },
      );
    }
    const output = inputs.length === 1 ? inputs[0]! : joinedShape('Expression', inputs);
    return {
      outputs: [output],
      weights: known.map(
        ({ name, initial }): WeightSpec => ({
          name,
          shape: [],
          initial: { kind: 'constant', value: initial },
          trainable: true,
        }),
      ),
      multiplyAdds: 0,
    };
  },
  lower({ emit, inputs, parameters, weights }) {
    const values = { ...weights, ...Object.fromEntries(inputs.map((value, i) => [INPUT_NAMES[i]!, value])) };
    return [lowerFormula(emit, parseFormula(parameters.formula), values)];
  },
  emit: {
    pytorch({ parameters, inputs }) {
      const scalars = readScalars(parameters.scalars);
      const tree = parseFormula(parameters.formula);
      const entries = scalars.map(({ name, initial }) => `"${name}": torch.tensor(${float(initial)})`);
      return {
        ...(scalars.length > 0 && { make: `nn.ParameterDict({${entries.join(', ')}})` }),
        apply: (layer, given) =>
          printFormula(tree, 'pytorch', {
            ...inputNames(inputs, given),
            ...Object.fromEntries(scalars.map(({ name }) => [name, `${layer}["${name}"]`])),
          }),
      };
    },
    keras({ parameters, inputs }) {
      const scalars = readScalars(parameters.scalars);
      const tree = parseFormula(parameters.formula);
      if (scalars.length === 0) {
        return { apply: (_layer, given) => printFormula(tree, 'keras', inputNames(inputs, given)) };
      }
      const names = INPUT_NAMES.slice(0, inputs.length);
      const body = printFormula(tree, 'keras', {
        ...inputNames(inputs, names),
        ...Object.fromEntries(scalars.map(({ name }) => [name, `scalars["${name}"]`])),
      });
      const entries = scalars.map(({ name, initial }) => `"${name}": ${float(initial)}`);
      return {
        support: KERAS_CLASS,
        make: `Expression(lambda ${[...names, 'scalars'].join(', ')}: ${body}, {${entries.join(', ')}})`,
        apply: (layer, given) => `${layer}(${given.join(', ')})`,
      };
    },
  },
  samples: [
    { inputs: [[6]], parameters: {} },
    {
      inputs: [
        [3, 4],
        [3, 1],
      ],
      parameters: { formula: 'where(x > y, x - y, a * max(y, 0) ^ 2 / (1 + exp(-x)))', scalars: 'a = 0.5' },
    },
    { inputs: [[5]], parameters: { formula: '-x ^ 3 + 2 * sqrt(pi) - (x < 0.5)', scalars: '' } },
  ],
});

const float = (value: number): string => pythonValue(pythonFloat(value));

function inputNames(inputs: readonly Shape[], given: readonly string[]): Record<string, string> {
  return Object.fromEntries(inputs.map((_, i) => [INPUT_NAMES[i]!, operand(given[i]!)]));
}

/** Reads a parameter's text; what is wrong becomes an error on that parameter, with its column. */
function read<Result>(parameter: 'formula' | 'scalars', text: string, reader: (text: string) => Result): Result {
  try {
    return reader(text);
  } catch (error) {
    if (error instanceof FormulaError) throw refusal(parameter, error.message, error.column);
    throw error;
  }
}

function refusal(
  parameter: 'formula' | 'scalars',
  problem: string,
  column: number,
  fixes: readonly LayerFix[] = [],
): LayerError {
  return new LayerError(`${parameter} of Expression, column ${column}: ${problem}.`, { parameter, column, fixes });
}

/** The names that a formula uses. @throws LayerError for one that is neither an input nor a scalar, or a scalar left over. */
function checkNames(
  tree: Formula,
  formula: string,
  inputs: readonly Shape[],
  scalars: readonly Scalar[],
  scalarsText: string,
): ReadonlySet<string> {
  const used = new Set<string>();
  for (const { name, column } of namesIn(tree)) {
    used.add(name);
    const place = INPUT_NAMES.indexOf(name);
    if (place >= inputs.length) {
      const wires = inputs.length === 1 ? 'one wire' : `${inputs.length} wires`;
      throw refusal('formula', `${name} is what wire ${place + 1} carries, and there are ${wires}`, column);
    }
    if (place < 0 && !scalars.some((scalar) => scalar.name === name)) {
      const value = scalarsText.trim() === '' ? `${name} = 1` : `${scalarsText}, ${name} = 1`;
      throw refusal('formula', `"${name}" is neither an input nor one of the scalars`, column, [
        { kind: 'setParameter', parameter: 'scalars', value },
      ]);
    }
  }
  const idle = scalars.find(({ name }) => !used.has(name));
  if (idle) {
    const kept = scalars.filter(({ name }) => used.has(name)).map(({ name, initial }) => `${name} = ${initial}`);
    throw new LayerError(`scalars of Expression gives ${idle.name}, which the formula ${formula} does not use.`, {
      parameter: 'scalars',
      fixes: [{ kind: 'setParameter', parameter: 'scalars', value: kept.join(', ') }],
    });
  }
  return used;
}

function namesIn(formula: Formula): { readonly name: string; readonly column: number }[] {
  switch (formula.kind) {
    case 'number':
      return [];
    case 'name':
      return [formula];
    case 'negate':
      return namesIn(formula.of);
    case 'binary':
      return [...namesIn(formula.left), ...namesIn(formula.right)];
    case 'call':
      return formula.given.flatMap(namesIn);
  }
}
