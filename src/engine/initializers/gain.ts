/** The activation that follows, which says how large weights must be for signals to keep their size. */
export const nonlinearityParameter = {
  kind: 'choice',
  default: 'relu',
  choices: ['relu', 'linear', 'tanh', 'sigmoid', 'selu'],
  help: 'The activation that follows.',
} as const;

export const modeParameter = {
  kind: 'choice',
  default: 'fan_in',
  choices: ['fan_in', 'fan_out'],
  help: 'Whether signals keep their size forward (fan_in) or gradients backward (fan_out).',
} as const;

export const gainParameter = {
  kind: 'number',
  default: 1,
  min: 0,
  step: 0.1,
  help: 'Factor of all values: √2 before a ReLU, 5/3 before a tanh.',
} as const;

const GAINS = { relu: Math.SQRT2, linear: 1, tanh: 5 / 3, sigmoid: 1, selu: 0.75 } as const;

/** https://docs.pytorch.org/docs/stable/nn.init.html#torch.nn.init.calculate_gain */
export const gainOf = (nonlinearity: keyof typeof GAINS): number => GAINS[nonlinearity];
