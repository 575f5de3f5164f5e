import { defineMetric } from './defineMetric.ts';

export default defineMetric({
  name: 'auc',
  title: 'AUC',
  help: {
    summary:
      'How likely a sample of a class scores higher for it than a sample of another class; the mean over classes, each against the rest.',
    reference: 'https://en.wikipedia.org/wiki/Receiver_operating_characteristic#Area_under_the_curve',
  },
  better: 'higher',
  isShare: true,
  of: 'classes',
  compute({ scores, labels, classes }) {
    const areas: number[] = [];
    for (let own = 0; own < classes; own++) {
      const area = areaOf(
        Float32Array.from(labels, (_, i) => scores[i * classes + own] as number),
        Uint8Array.from(labels, (label) => (label === own ? 1 : 0)),
      );
      if (area !== undefined) areas.push(area);
    }
    return areas.length === 0 ? undefined : areas.reduce((sum, area) => sum + area, 0) / areas.length;
  },
});

/** By ranks (Mann and Whitney); equal scores share theirs. Undefined without a sample of both kinds. */
function areaOf(scores: Float32Array, positive: Uint8Array): number | undefined {
  const positives = positive.reduce((sum, each) => sum + each, 0);
  const negatives = positive.length - positives;
  if (positives === 0 || negatives === 0) return undefined;
  const order = Uint32Array.from(scores, (_, i) => i).sort((a, b) => (scores[a] as number) - (scores[b] as number));
  let ranks = 0;
  for (let from = 0; from < order.length; ) {
    let to = from;
    let hits = 0;
    while (to < order.length && scores[order[to] as number] === scores[order[from] as number]) {
      hits += positive[order[to] as number] as number;
      to++;
    }
    ranks += hits * ((from + 1 + to) / 2);
    // A score that is not a number equals nothing, itself included.
    from = Math.max(to, from + 1);
  }
  return (ranks - (positives * (positives + 1)) / 2) / (positives * negatives);
}
