/** How long a document is trained, and on how much at a time: the form of these settings follows from this schema. */
export const runSettings = {
  epochs: {
    kind: 'integer',
    default: 5,
    min: 1,
    max: 10_000,
    unit: 'epochs',
    help: 'Times that every training sample is seen.',
  },
  batchSize: {
    kind: 'integer',
    default: 64,
    min: 1,
    max: 65_536,
    unit: 'samples',
    help: 'Samples a step. More is faster an epoch, fewer steps to learn in.',
  },
  // It travels as an int32.
  seed: {
    kind: 'integer',
    default: 1,
    min: 0,
    max: 2 ** 31 - 1,
    help: 'Draws the initial weights, the order of batches and dropout: the same seed, the same run.',
  },
} as const;

/**
 * What a document may ask of its training besides optimizer and schedule: form, defaults, validation and code all
 * follow from this schema.
 */
export const trainingOptions = {
  clipGradients: {
    kind: 'choice',
    default: 'none',
    choices: ['none', 'norm', 'value'],
    help: 'Bounds gradients: all of them together by their norm, or each number by itself.',
  },
  clipLimit: { kind: 'number', default: 1, min: 1e-6, step: 0.1, help: 'The greatest norm, or the greatest number.' },
  accumulateSteps: {
    kind: 'integer',
    default: 1,
    min: 1,
    max: 1024,
    unit: 'batches',
    help: 'Batches whose gradients are averaged for one update: a larger batch in the same memory.',
  },
  emaDecay: {
    kind: 'number',
    default: 0,
    min: 0,
    max: 0.99999,
    step: 0.01,
    scale: 'decay',
    help: 'Keeps a running average of the weights, and tests with it; 0: none. 0.999 is usual.',
  },
  earlyStopping: {
    kind: 'integer',
    default: 0,
    min: 0,
    unit: 'epochs',
    help: 'Ends the run when the test loss has not become better for so many epochs; 0: never.',
  },
  minDelta: {
    kind: 'number',
    default: 0,
    min: 0,
    step: 0.001,
    help: 'By how much a test loss must be better to count.',
  },
} as const;
