/** The range of both axes of a plot of predicted against true numbers: what holds all of them, with room around. */
export function fitRange(
  truth: ArrayLike<number>,
  predicted: ArrayLike<number>,
): { readonly low: number; readonly high: number } {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const values of [truth, predicted]) {
    for (let i = 0; i < values.length; i++) {
      const value = values[i] as number;
      if (!Number.isFinite(value)) continue;
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  }
  if (low > high) return { low: 0, high: 1 };
  const room = 0.05 * (high - low) || 1;
  return { low: low - room, high: high + room };
}

/** About `count` round numbers within a range: steps of 1, 2 or 5 times a power of ten. */
export function ticks({ low, high }: { readonly low: number; readonly high: number }, count = 5): number[] {
  const rough = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5].find((factor) => factor * power >= rough) ?? 10);
  const first = Math.ceil(low / step);
  return Array.from({ length: Math.floor(high / step) - first + 1 }, (_, i) =>
    Number(((first + i) * step).toPrecision(12)),
  );
}
