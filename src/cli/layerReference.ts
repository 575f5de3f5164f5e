import { allInitializers } from '../engine/initializers/registry.ts';
import type { LayerDefinition } from '../engine/layers/defineLayer.ts';
import { completeParameters, type ParameterSchema, type ParameterSpec } from '../engine/layers/parameters.ts';
import { portsOf } from '../engine/layers/ports.ts';
import { allLayers } from '../engine/layers/registry.ts';
import { allOptimizers } from '../engine/optimizers/registry.ts';
import { allSchedules } from '../engine/optimizers/schedules/registry.ts';
import { trainingOptions } from '../engine/optimizers/trainingOptions.ts';

/** Every layer, loss, optimizer, schedule and initial value on one page of HTML, from their own definitions. */
export function layerReference(): string {
  const layers = [...allLayers()].sort((a, b) => a.type.localeCompare(b.type));
  const categories = [...new Set(allLayers().map(({ category }) => category))];
  const sections = categories.map((category) => ({
    category,
    layers: layers.filter((layer) => layer.category === category),
  }));
  const more: readonly [title: string, definitions: readonly Described[]][] = [
    ['Optimizers', allOptimizers()],
    ['Learning-rate schedules', allSchedules()],
    ['Initial values', allInitializers()],
  ];
  const links = [
    ...sections.map((section) =>
      navigation(
        section.category,
        section.layers.map(({ type }) => type),
      ),
    ),
    ...more.map(([title, definitions]) =>
      navigation(
        title,
        byType(definitions).map(({ type }) => type),
        title,
      ),
    ),
  ];
  const entries = [
    ...sections.flatMap((section) => [`<h2>${escaped(section.category)}</h2>`, ...section.layers.map(layerEntry)]),
    ...more.flatMap(([title, definitions]) => [
      `<h2>${escaped(title)}</h2>`,
      ...byType(definitions).map(({ type, help, parameters }) =>
        entry(
          type,
          [
            `<p>${escaped(help.summary)} <a href="${escaped(help.reference)}">Reference</a></p>`,
            parameterTable(parameters),
          ],
          title,
        ),
      ),
    ]),
    '<h2>Training options</h2>',
    parameterTable(trainingOptions),
  ];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Gradloom: layers, losses and optimizers</title>
<style>${STYLE}</style>
</head>
<body>
<nav aria-label="Layers">${links.join('\n')}</nav>
<main>
<h1>Layers, losses and optimizers</h1>
<p>Names, defaults and initial weights are PyTorch's. Shapes have the batch axis N first; images are [N, channels, height, width].</p>
${entries.join('\n')}
</main>
</body>
</html>
`;
}

interface Described {
  readonly type: string;
  readonly help: { readonly summary: string; readonly reference: string };
  readonly parameters: ParameterSchema;
}

function byType(definitions: readonly Described[]): readonly Described[] {
  return [...definitions].sort((a, b) => a.type.localeCompare(b.type));
}

function layerEntry(layer: LayerDefinition): string {
  const ports =
    layer.inputs
      .map(({ name, many, optional }) => `${name}${many ? ' (any number)' : optional ? ' (optional)' : ''}`)
      .join(', ') || 'none';
  const outputs = layer.outputs.map(({ name }) => name).join(', ') || 'none';
  return entry(layer.type, [
    `<p>${escaped(layer.help.summary)} <a href="${escaped(layer.help.reference)}">Reference</a></p>`,
    `<p class="shapes"><code>${escaped(layer.help.shapes)}</code></p>`,
    `<p class="facts">Inputs: ${escaped(ports)}. Outputs: ${escaped(outputs)}. Code: ${targetsOf(layer).join(', ')}.</p>`,
    parameterTable(layer.parameters),
  ]);
}

/** The targets that have this layer, told by writing the code of its samples. */
function targetsOf(layer: LayerDefinition): string[] {
  const attempts = layer.samples.map(({ inputs, parameters, data, ports = portsOf(layer.inputs, inputs.length) }) => {
    const given = Object.entries(parameters).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]));
    const complete = completeParameters(layer.parameters, Object.fromEntries(given));
    const shapes = data ?? { sample: inputs[0] ?? [1, 28, 28], classes: 10 };
    const { outputs } = layer.infer(inputs, complete, shapes, ports);
    const context = { parameters: complete, inputs, ports, outputs, data: shapes };
    return { pytorch: works(() => layer.emit.pytorch(context)), keras: works(() => layer.emit.keras(context)) };
  });
  const say = (name: string, target: 'pytorch' | 'keras'): string[] => {
    const count = attempts.filter((attempt) => attempt[target]).length;
    if (count === 0 && attempts.length > 0) return [`not in ${name}`];
    return [count === attempts.length ? name : `${name} (not with every setting)`];
  };
  return [...say('PyTorch', 'pytorch'), ...say('Keras', 'keras'), 'TypeScript'];
}

function works(emit: () => unknown): boolean {
  try {
    emit();
    return true;
  } catch {
    // The target lacks it; what it says is shown where code is written.
    return false;
  }
}

function parameterTable(parameters: Readonly<Record<string, ParameterSpec>>): string {
  const rows = Object.entries(parameters).map(
    ([name, spec]) =>
      `<tr><td><code>${escaped(name)}</code></td><td>${escaped(kindOf(spec))}</td><td><code>${escaped(JSON.stringify(spec.default))}</code></td><td>${escaped(spec.help)}</td></tr>`,
  );
  if (rows.length === 0) return '';
  return `<table><thead><tr><th>Parameter</th><th>Kind</th><th>Default</th><th>Meaning</th></tr></thead><tbody>${rows.join('')}</tbody></table>`;
}

function kindOf(spec: ParameterSpec): string {
  const bounds = 'min' in spec && spec.min !== undefined ? `, at least ${spec.min}` : '';
  if (spec.kind === 'choice') return spec.choices.join(' | ');
  const words = spec.kind === 'integers' && spec.words ? `; or ${spec.words.join(' | ')}` : '';
  return `${KINDS[spec.kind] ?? spec.kind}${bounds}${words}`;
}

const KINDS: Readonly<Record<string, string>> = {
  integer: 'whole number',
  autoInteger: 'whole number or empty',
  boolean: 'yes or no',
  integers: 'whole numbers, one an axis',
  numbers: 'numbers, any count',
  shape: 'whole numbers, any count',
};

function navigation(title: string, types: readonly string[], group?: string): string {
  const links = types.map((type) => `<a href="#${escaped(anchor(type, group))}">${escaped(type)}</a>`);
  return `<section><h2>${escaped(title)}</h2>${links.join('')}</section>`;
}

/** A schedule and an initial value may have one name. */
function anchor(type: string, group: string | undefined): string {
  return group === undefined ? type : `${group.replaceAll(' ', '-')}-${type}`;
}

function entry(type: string, parts: readonly string[], group?: string): string {
  return `<article id="${escaped(anchor(type, group))}"><h3>${escaped(type)}</h3>${parts.join('')}</article>`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

const STYLE = `
:root { color-scheme: light dark; font: 15px/1.55 system-ui, sans-serif; }
body { margin: 0; display: grid; grid-template-columns: 13rem minmax(0, 48rem); gap: 2.5rem; }
nav { position: sticky; top: 0; height: 100vh; overflow-y: auto; padding: 1rem; box-sizing: border-box; border-right: 1px solid #8884; font-size: 13px; }
nav h2 { font-size: 11px; letter-spacing: .06em; text-transform: uppercase; margin: 1rem 0 .25rem; opacity: .7; }
nav a { display: block; padding: .1rem 0; text-decoration: none; }
a { color: light-dark(#4f46e5, #a5a0ff); }
main { padding: 1.5rem 1rem 4rem; }
main > h2 { margin: 2.5rem 0 .5rem; padding-bottom: .25rem; border-bottom: 1px solid #8884; }
article { margin: 1.5rem 0; scroll-margin-top: 1rem; }
h3 { margin: 0 0 .25rem; }
p { margin: .25rem 0; }
.facts { font-size: 13px; opacity: .8; }
code { font: 13px/1.5 ui-monospace, monospace; }
table { border-collapse: collapse; width: 100%; margin-top: .5rem; font-size: 13px; }
th, td { text-align: left; vertical-align: top; padding: .25rem .75rem .25rem 0; border-top: 1px solid #8883; }
@media (max-width: 50rem) { body { display: block; } nav { position: static; height: auto; border: 0; columns: 2; } table { display: block; overflow-x: auto; } }
`;
