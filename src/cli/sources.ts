import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { GraphDocument } from '../engine/graph/document.ts';
import { parseDocument } from '../engine/graph/schema.ts';
import { allTemplates, findTemplate } from '../engine/templates/registry.ts';
import { CommandError, type Options } from './options.ts';

/** The document that `--template` or `--document` names. */
export async function documentOf(options: Options): Promise<GraphDocument> {
  const { template, document } = options.values;
  if ((template === undefined) === (document === undefined)) {
    throw new CommandError('give either --template ID or --document FILE');
  }
  if (template !== undefined) {
    const found = findTemplate(template);
    if (!found) {
      throw new CommandError(
        `unknown template "${template}": expected ${allTemplates()
          .map(({ id }) => id)
          .join(', ')}`,
      );
    }
    return found.build();
  }
  let text: string;
  try {
    text = await readFile(document as string, 'utf8');
  } catch (error) {
    throw new CommandError(`can't read ${document}: ${(error as Error).message}`);
  }
  return parseDocument(text).document;
}

/** Where the data sets lie: beside the bundle's project, `public/datasets`. */
export function datasetsFolder(): string {
  return path.join(process.env.GRADLOOM_ROOT ?? process.cwd(), 'public', 'datasets');
}

/** Reads a file of the data sets' folder. */
export async function fetchDatasetFile(file: string): Promise<Uint8Array> {
  return readFile(path.join(datasetsFolder(), file));
}
