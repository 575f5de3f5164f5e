import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Dataset } from '../engine/data/dataset.ts';
import { loadDataset, loadManifest } from '../engine/data/loadDataset.ts';
import type { GraphDocument } from '../engine/graph/document.ts';
import { parseDocument } from '../engine/graph/schema.ts';
import { allTemplates, findTemplate } from '../engine/templates/registry.ts';
import { CommandError, integerOption, type Options } from './options.ts';

/** The document that `--template`, `--document` or a file name stands for. */
export async function sourceDocument(file: string | undefined, options: Options): Promise<GraphDocument> {
  const { template, document = file } = options.values;
  if ((template === undefined) === (document === undefined)) {
    throw new CommandError('give either --template ID or --document FILE');
  }
  if (template !== undefined) {
    const found = findTemplate(template);
    if (!found) {
      const known = allTemplates().map(({ id }) => id);
      throw new CommandError(`unknown template "${template}": expected ${known.join(', ')}`);
    }
    return found.build();
  }
  return parseDocument(new TextDecoder().decode(await readInput(document as string))).document;
}

/** The document with what `--epochs`, `--batch-size`, `--seed` and `--dataset` say instead of its own settings. */
export function withSettings(document: GraphDocument, options: Options): GraphDocument {
  const epochs = integerOption(options, 'epochs', 1) ?? document.training.epochs;
  const batchSize = integerOption(options, 'batch-size', 1) ?? document.training.batchSize;
  const seed = integerOption(options, 'seed', 0) ?? document.training.seed;
  const dataset = options.values.dataset ?? document.data.dataset;
  return {
    ...document,
    training: { ...document.training, epochs, batchSize, seed },
    data: { ...document.data, dataset },
  };
}

/** The data set that a document trains on. */
export async function datasetOf(document: GraphDocument): Promise<Dataset> {
  const manifest = await loadManifest(fetchDatasetFile);
  const entry = manifest.find(({ id }) => id === document.data.dataset);
  if (!entry) {
    const known = manifest.map(({ id }) => id);
    throw new CommandError(`unknown data set "${document.data.dataset}": expected ${known.join(', ')}`);
  }
  return loadDataset(entry, fetchDatasetFile);
}

/** The bytes of a file that the user named. */
export async function readInput(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (error) {
    throw new CommandError(`can't read ${file}: ${(error as Error).message}`);
  }
}

/** Where the data sets lie: beside the bundle's project, `public/datasets`. */
export function datasetsFolder(): string {
  return path.join(process.env.GRADLOOM_ROOT ?? process.cwd(), 'public', 'datasets');
}

/** Reads a file of the data sets' folder. */
export async function fetchDatasetFile(file: string): Promise<Uint8Array> {
  return readFile(path.join(datasetsFolder(), file));
}
