import type { ClassPredictions, MetricDefinition, MetricResult, NumberPredictions } from './defineMetric.ts';

// Rule of this table: a file `NAME.metric.ts` in this folder is a metric, found by its name pattern; there is no other
// list.
const modules = import.meta.glob<MetricDefinition>('./*.metric.ts', { eager: true, import: 'default' });

const definitions = new Map<string, MetricDefinition>();
for (const [file, definition] of Object.entries(modules)) {
  if (definitions.has(definition.name))
    throw new Error(`metric "${definition.name}" is defined twice, again in ${file}`);
  definitions.set(definition.name, definition);
}

export function allMetrics(): readonly MetricDefinition[] {
  return [...definitions.values()];
}

/** All metrics that a classifier has. */
export function classMetrics(predictions: ClassPredictions): MetricResult[] {
  return allMetrics().flatMap((metric) => (metric.of === 'classes' ? result(metric, metric.compute(predictions)) : []));
}

/** All metrics that a model has which gives numbers. */
export function numberMetrics(predictions: NumberPredictions): MetricResult[] {
  return allMetrics().flatMap((metric) => (metric.of === 'numbers' ? result(metric, metric.compute(predictions)) : []));
}

function result({ name, title, isShare }: MetricDefinition, value: number | undefined): MetricResult[] {
  return value === undefined || !Number.isFinite(value) ? [] : [{ name, title, value, isShare }];
}
