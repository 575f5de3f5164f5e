import type { Backend } from '../../engine/backends/backend.ts';
import type { Dataset } from '../../engine/data/dataset.ts';
import type { GraphDocument } from '../../engine/graph/document.ts';
import { parseDocument } from '../../engine/graph/schema.ts';
import { sizeOf } from '../../engine/ir/shape.ts';
import { createTrainingRun } from '../../engine/training/createTrainingRun.ts';
import type { NamedWeight } from '../../engine/training/initialWeights.ts';
import type { TrainingRun } from '../../engine/training/trainingRun.ts';
import { readFixtureFile } from './fixtureFile.ts';
import type { Verdict } from './suite.ts';

interface StoredWeight {
  readonly name: string;
  readonly shape: readonly number[];
  readonly at: number;
}

/** One training run of PyTorch's. Numbers `at` are indices into the fixtures' numbers. */
export interface CurveCase {
  readonly name: string;
  /** `smooth` and `kinked` (ReLU, max-pooling) run on from their first weights; `forced` has PyTorch's before each step. */
  readonly kind: 'smooth' | 'kinked' | 'forced';
  readonly document: unknown;
  readonly lr: number;
  readonly steps: number;
  readonly batchSize: number;
  readonly weights: readonly StoredWeight[];
  /** Running statistics at the start. */
  readonly buffers: readonly StoredWeight[];
  /** Sample indices, [steps, batchSize]. */
  readonly batches: number;
  readonly losses: number;
  /** Forced runs: all gradients of step 1, of step 2, …, each in the order of the weights. */
  readonly gradients?: number;
}

export interface CurveFixtures {
  readonly torch: string;
  readonly cases: readonly CurveCase[];
  readonly numbers: Float32Array;
}

/** Reads what conformance/curves/make_fixtures.py wrote. */
export function readCurveFixtures(file: Uint8Array): CurveFixtures {
  const { header, numbers } = readFixtureFile<Omit<CurveFixtures, 'numbers'>>(file);
  return { ...header, numbers: new Float32Array(numbers) };
}

/**
 * Relative distances from PyTorch that are allowed. A smooth net stays close for as long as one likes. With kinks, rounding
 * alone parts PyTorch from itself (by 3% after 200 steps with one thread and with two): such a net is held for its first
 * steps, for its mean over the last 50, and step by step from PyTorch's own weights.
 */
const BOUNDS = {
  smooth: { cpu: 2e-6, gpu: 1e-5 },
  kinked: { step10: 1e-6, step50: 1e-5, lateMean: 1e-2 },
  forced: { loss: 1e-6, gradientMedian: 5e-6, gradient99: 5e-4 },
} as const;

/** In float32, w − 2²⁰·g is the gradient but for 2⁻²⁴ of it: so a compiled step gives its gradient away. */
const REVEALING_RATE = 2 ** 20;

/** Trains as PyTorch did, up to `most` steps, and holds losses (and gradients) against it. */
export async function verifyCurve(
  backend: Backend,
  fixtures: CurveFixtures,
  test: CurveCase,
  dataset: Dataset,
  most: number = test.steps,
): Promise<Verdict> {
  const forced = test.kind === 'forced';
  const { document: parsed } = parseDocument(JSON.stringify(test.document));
  const document = forced ? withRate(parsed, REVEALING_RATE) : parsed;
  const named = ({ name, shape, at }: StoredWeight): NamedWeight => ({
    name,
    shape,
    data: fixtures.numbers.slice(at, at + sizeOf(shape)),
  });
  const [weights, buffers] = [test.weights.map(named), test.buffers.map(named)];
  const run = await createTrainingRun({ document, dataset, backend, weights: [...weights, ...buffers] });
  try {
    const steps = Math.min(most, test.steps);
    return forced
      ? await holdForced(run, fixtures, test, { weights, buffers }, steps)
      : await holdFree(run, fixtures, test, steps, backend.name === 'webgpu');
  } finally {
    run.dispose();
  }
}

async function holdFree(
  run: TrainingRun,
  fixtures: CurveFixtures,
  test: CurveCase,
  steps: number,
  gpu: boolean,
): Promise<Verdict> {
  const theirs = fixtures.numbers.subarray(test.losses, test.losses + steps);
  const ours: number[] = [];
  for (let step = 0; step < steps; step++) {
    run.submitStep(batchOf(fixtures, test, step));
    if (run.room === 0 || step === steps - 1) ours.push(...(await run.drain()).map(({ loss }) => loss));
  }
  const distances = ours.map((loss, i) => relative(loss, theirs[i]!));
  if (test.kind === 'smooth') {
    const worst = Math.max(...distances);
    const detail = { steps, worst, atStep: distances.indexOf(worst) + 1 };
    const bound = gpu ? BOUNDS.smooth.gpu : BOUNDS.smooth.cpu;
    return verdictOf(detail, [['the loss', worst, bound]]);
  }
  const [step10, step50] = [Math.max(...distances.slice(0, 10)), Math.max(...distances.slice(0, 50))];
  const late = (losses: ArrayLike<number>): number => mean(Array.from(losses).slice(150, 200));
  const held: Held[] = [
    ['the loss up to step 10', step10, BOUNDS.kinked.step10],
    ['the loss up to step 50', step50, BOUNDS.kinked.step50],
  ];
  if (steps < 200) return verdictOf({ steps, step10, step50 }, held);
  const lateMean = relative(late(ours), late(theirs));
  return verdictOf({ steps, step10, step50, lateMean }, [
    ...held,
    ['the mean loss of steps 151 to 200', lateMean, BOUNDS.kinked.lateMean],
  ]);
}

async function holdForced(
  run: TrainingRun,
  fixtures: CurveFixtures,
  test: CurveCase,
  { weights, buffers }: { readonly weights: readonly NamedWeight[]; readonly buffers: readonly NamedWeight[] },
  steps: number,
): Promise<Verdict> {
  const rate = Math.fround(test.lr);
  const lossDistances: number[] = [];
  const gradientDistances: number[] = [];
  let at = test.gradients!;
  for (let step = 0; step < steps; step++) {
    run.setWeights([...weights, ...buffers]);
    run.submitStep(batchOf(fixtures, test, step));
    const [record] = await run.drain();
    lossDistances.push(relative(record!.loss, fixtures.numbers[test.losses + step]!));
    const after = new Map((await run.weights('trained')).map(({ name, data }) => [name, data]));
    for (const { name, data } of weights) {
      const theirs = fixtures.numbers.subarray(at, at + data.length);
      const ours = after.get(name)!.map((value, i) => (data[i]! - value) / REVEALING_RATE);
      gradientDistances.push(distance(ours, theirs));
      // As PyTorch did: each operation rounded to float32.
      for (let i = 0; i < data.length; i++) data[i] = Math.fround(data[i]! - Math.fround(theirs[i]! * rate));
      at += data.length;
    }
  }
  const loss = Math.max(...lossDistances);
  const sorted = Float64Array.from(gradientDistances).sort();
  const [gradientMedian, gradient99] = [quantile(sorted, 0.5), quantile(sorted, 0.99)];
  return verdictOf({ steps, loss, atStep: lossDistances.indexOf(loss) + 1, gradientMedian, gradient99 }, [
    ['the loss', loss, BOUNDS.forced.loss],
    ['the median of gradients', gradientMedian, BOUNDS.forced.gradientMedian],
    ['the 99th percentile of gradients', gradient99, BOUNDS.forced.gradient99],
  ]);
}

type Held = readonly [what: string, distance: number, bound: number];

/** Distances that are no numbers fail too. */
function verdictOf(detail: Readonly<Record<string, number>>, held: readonly Held[]): Verdict {
  const beyond = held.filter(([, distance, bound]) => !(distance <= bound));
  if (beyond.length === 0) return { verdict: 'passed', ...detail };
  const reason = beyond.map(
    ([what, distance, bound]) => `${what} is ${distance.toExponential(2)} from PyTorch's, at most ${bound} is allowed`,
  );
  return { verdict: 'failed', reason: reason.join('; '), ...detail };
}

function batchOf({ numbers }: CurveFixtures, { batches, batchSize }: CurveCase, step: number): Int32Array {
  const start = batches + step * batchSize;
  return Int32Array.from(numbers.subarray(start, start + batchSize));
}

function withRate(document: GraphDocument, lr: number): GraphDocument {
  const optimizer = { ...document.training.optimizer, parameters: { lr } };
  return { ...document, training: { ...document.training, optimizer } };
}

const relative = (ours: number, theirs: number): number => Math.abs(ours - theirs) / Math.abs(theirs);

/** ‖ours − theirs‖ ÷ ‖theirs‖; 0 where both are all zeros. */
function distance(ours: Float32Array, theirs: Float32Array): number {
  let [apart, size] = [0, 0];
  for (let i = 0; i < theirs.length; i++) {
    apart += (ours[i]! - theirs[i]!) ** 2;
    size += theirs[i]! ** 2;
  }
  return apart === 0 ? 0 : Math.sqrt(apart / size);
}

const mean = (numbers: readonly number[]): number => numbers.reduce((sum, x) => sum + x, 0) / numbers.length;

const quantile = (sorted: Float64Array, share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!;
