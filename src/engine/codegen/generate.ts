import type { GraphDocument, NodeId } from '../graph/document.ts';
import { codeGraph, type DatasetInfo } from './codeGraph.ts';
import { kerasScript, kerasWriter } from './keras.ts';
import { supportFiles } from './projectFiles.ts';
import { pytorchScript, pytorchWriter } from './pytorch.ts';
import { typescriptProgram, typescriptWriter } from './typescript.ts';

export type { DatasetInfo } from './codeGraph.ts';

export const CODE_TARGETS = ['pytorch', 'keras', 'typescript'] as const;
export type CodeTarget = (typeof CODE_TARGETS)[number];

const WRITERS = { pytorch: pytorchWriter, keras: kerasWriter, typescript: typescriptWriter };

export interface GeneratedFile {
  /** Relative to the project's folder, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

export interface GeneratedCode {
  readonly files: readonly GeneratedFile[];
  /** Path of the file that holds the model and its training: what the code view shows. */
  readonly main: string;
  /** What the code calls each layer, by its path. A PyTorch module of that name holds the layer's weights. */
  readonly names: Readonly<Record<NodeId, string>>;
}

/**
 * The program that an expert would write for this document. The project also needs the data set's files (see
 * `dataFiles`), TypeScript the engine as a package in the folder gradloom; nothing else is missing from it.
 * @throws EngineError `bad-document` if the document has errors, `unsupported` if the target can't express it.
 */
export function generateCode(document: GraphDocument, target: CodeTarget, data: DatasetInfo): GeneratedCode {
  const graph = codeGraph(document, data, WRITERS[target](document));
  const names = Object.fromEntries(graph.names) as Record<NodeId, string>;
  const main = target === 'typescript' ? 'src/train.ts' : 'train.py';
  const write = { pytorch: pytorchScript, keras: kerasScript, typescript: typescriptProgram }[target];
  return {
    files: [{ path: main, text: write(document, graph, data) }, ...supportFiles(document, target, data)],
    main,
    names,
  };
}
