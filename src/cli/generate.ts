import { execFile } from 'node:child_process';
import { cp, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { dataFiles } from '../engine/codegen/dataFiles.ts';
import { type CodeTarget, type GeneratedFile, generateCode } from '../engine/codegen/generate.ts';
import { loadDataset, loadManifest } from '../engine/data/loadDataset.ts';
import { EngineError } from '../engine/errors.ts';
import type { GraphDocument } from '../engine/graph/document.ts';
import { CommandError } from './options.ts';
import { fetchDatasetFile } from './sources.ts';

/**
 * Writes a runnable project: the generated code, the data set, and for TypeScript the engine as a package.
 * @returns the paths written, relative to `outDir`.
 * @throws CommandError if the data set is unknown or `outDir` can't be written, EngineError if the document has errors.
 */
export async function writeProject(document: GraphDocument, target: CodeTarget, outDir: string): Promise<string[]> {
  const manifest = await loadManifest(fetchDatasetFile);
  const entry = manifest.find(({ id }) => id === document.data.dataset);
  if (!entry) {
    const known = manifest.map(({ id }) => id).join(', ');
    throw new CommandError(`unknown data set "${document.data.dataset}": expected ${known}`);
  }
  const dataset = await loadDataset(entry, fetchDatasetFile);
  const { files } = generateCode(document, target, entry);
  const library = target === 'typescript' ? await libraryFolder() : undefined;
  try {
    for (const { path: name, text } of files) await write(path.join(outDir, name), text);
    const data = dataFiles(dataset);
    for (const { path: name, content } of data) await write(path.join(outDir, name), gzipSync(content));
    if (library) await cp(library, path.join(outDir, 'gradloom'), { recursive: true });
    return [...[...files, ...data].map((file) => file.path), ...(library ? ['gradloom/'] : [])];
  } catch (error) {
    throw new CommandError(`can't write to ${outDir}: ${(error as Error).message}`);
  }
}

async function write(file: string, content: GeneratedFile['text'] | Uint8Array): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, content);
}

/** The engine as a package, built on the spot where it is missing or older than its sources. */
async function libraryFolder(): Promise<string> {
  const root = process.env.GRADLOOM_ROOT ?? process.cwd();
  const folder = path.join(root, 'node_modules', '.cache', 'gradloom', 'lib');
  try {
    const script = path.join(root, 'scripts', 'buildLibrary.mjs');
    await promisify(execFile)(process.execPath, [script, '--if-stale'], { cwd: root });
  } catch (error) {
    throw new EngineError('unsupported', `the engine can't be built as a package: ${(error as Error).message}`, folder);
  }
  return folder;
}
