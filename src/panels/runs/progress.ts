/** Where a run is, in a person's terms. */
export interface Progress {
  /** Steps done, as a share of all; 0 without steps. */
  readonly share: number;
  /** The epoch under way, 1 for the first; never more than there are. */
  readonly epoch: number;
  readonly epochs: number;
  readonly step: number;
  readonly totalSteps: number;
  /** Seconds until the last step at the present speed; undefined while there is no speed. */
  readonly secondsLeft: number | undefined;
}

export function progressOf(run: {
  readonly step: number;
  readonly stepsPerEpoch: number;
  readonly totalSteps: number;
  readonly samplesPerEpoch: number;
  readonly samplesPerSecond: number;
}): Progress {
  const { step, stepsPerEpoch, totalSteps, samplesPerEpoch, samplesPerSecond } = run;
  const epochs = Math.max(1, Math.round(totalSteps / Math.max(1, stepsPerEpoch)));
  const samplesPerStep = samplesPerEpoch / Math.max(1, stepsPerEpoch);
  const samplesLeft = Math.max(0, totalSteps - step) * samplesPerStep;
  return {
    share: totalSteps === 0 ? 0 : Math.min(1, step / totalSteps),
    epoch: Math.min(epochs, Math.floor(step / Math.max(1, stepsPerEpoch)) + 1),
    epochs,
    step,
    totalSteps,
    secondsLeft: samplesPerSecond > 0 ? samplesLeft / samplesPerSecond : undefined,
  };
}

/** "8 s", "1 min 20 s", "2 h 5 min": two units at most. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.ceil(seconds));
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return whole % 60 === 0 ? `${minutes} min` : `${minutes} min ${whole % 60} s`;
  const hours = Math.floor(minutes / 60);
  return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
}

/** "950", "12.3k", "1.2M": three digits at most. */
export function formatCount(count: number): string {
  if (count < 1000) return String(Math.round(count));
  const [scaled, unit] = count < 999_500 ? [count / 1000, 'k'] : [count / 1_000_000, 'M'];
  return `${scaled < 99.95 ? scaled.toFixed(1) : Math.round(scaled)}${unit}`;
}

/** `42% · LeNet-5 – Gradloom`; without the share where nothing is under way. */
export function pageTitle(name: string, share: number | undefined): string {
  const model = name.trim() === '' ? 'Gradloom' : `${name.trim()} – Gradloom`;
  return share === undefined ? model : `${Math.floor(100 * Math.min(1, share))}% · ${model}`;
}
