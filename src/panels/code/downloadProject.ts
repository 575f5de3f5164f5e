import { strToU8, unzipSync, zipSync } from 'fflate';
import { readDataset } from '../../editor/stores/datasets.ts';
import { dataFiles } from '../../engine/codegen/dataFiles.ts';
import type { CodeTarget, GeneratedCode } from '../../engine/codegen/generate.ts';
import type { Dataset } from '../../engine/data/dataset.ts';
import { EngineError } from '../../engine/errors.ts';

/**
 * Saves a generated project with its data as `NAME-TARGET.zip`.
 * @throws EngineError `bad-data` if the data set or the engine's package can't be loaded.
 */
export async function downloadProject(
  code: GeneratedCode,
  options: { readonly name: string; readonly target: CodeTarget; readonly dataset: string },
): Promise<void> {
  const folder = `${fileName(options.name)}-${options.target}`;
  const files = await projectFiles(code, await readDataset(options.dataset), folder);
  if (options.target === 'typescript') {
    for (const [path, content] of Object.entries(await engineLibrary())) files[`${folder}/gradloom/${path}`] = content;
  }
  // In one go: fflate's workers come from blobs, which the page's security policy refuses. The data is compressed already.
  const bytes = zipSync(files, { level: 1 });
  const url = URL.createObjectURL(new Blob([Uint8Array.from(bytes)], { type: 'application/zip' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = `${folder}.zip`;
  link.click();
  // The browser has taken the file over by the next turn.
  setTimeout(() => URL.revokeObjectURL(url), 0);
}

/** Every file of the project by its path in the archive. */
export async function projectFiles(
  code: GeneratedCode,
  dataset: Dataset,
  folder: string,
): Promise<Record<string, Uint8Array>> {
  const files: Record<string, Uint8Array> = {};
  for (const { path, text } of code.files) files[`${folder}/${path}`] = strToU8(text);
  for (const { path, content } of dataFiles(dataset)) files[`${folder}/${path}`] = await gzipped(content);
  return files;
}

/** The engine as a package, which stands beside the page. */
async function engineLibrary(): Promise<Record<string, Uint8Array>> {
  const response = await fetch(new URL('gradloom-library.zip', document.baseURI));
  if (!response.ok) {
    throw new EngineError('bad-data', `the engine's package can't be fetched: the server says ${response.status}`);
  }
  return unzipSync(new Uint8Array(await response.arrayBuffer()));
}

/** "Keras quick-start CNN" becomes `keras-quick-start-cnn`. */
export function fileName(name: string): string {
  return (
    name
      .toLowerCase()
      .match(/[\p{Letter}\p{Number}]+/gu)
      ?.join('-') ?? 'model'
  );
}

async function gzipped(content: Uint8Array): Promise<Uint8Array> {
  const stream = new Blob([Uint8Array.from(content)]).stream().pipeThrough(new CompressionStream('gzip'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
