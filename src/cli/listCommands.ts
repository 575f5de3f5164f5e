import { allLayers } from '../engine/layers/registry.ts';
import { allTemplates } from '../engine/templates/registry.ts';
import { layerReference } from './layerReference.ts';
import type { Options } from './options.ts';

/** Lists the templates; with `--json` one object a line. */
export function templatesCommand(options: Options): void {
  for (const { id, title, summary, expected } of allTemplates()) {
    print(
      options.flags.has('json')
        ? JSON.stringify({ id, title, summary, expected })
        : `${id.padEnd(20)} ${title}: ${summary}`,
    );
  }
}

/** Lists the layer catalogue with ports and parameters; with `--json` one object a line, with `--html` a page to read. */
export function layersCommand(options: Options): void {
  if (options.flags.has('html')) {
    process.stdout.write(layerReference());
    return;
  }
  for (const layer of allLayers()) {
    const { type, title, category, role, inputs, outputs, parameters, help, version } = layer;
    print(
      options.flags.has('json')
        ? JSON.stringify({ type, title, category, role, inputs, outputs, parameters, help, version })
        : `${type.padEnd(20)} ${category.padEnd(14)} ${help.summary}`,
    );
  }
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
