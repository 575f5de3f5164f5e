import type { GraphDocument } from '../graph/document.ts';
import type { DatasetInfo } from './codeGraph.ts';
import { TABLE_FILE } from './dataFiles.ts';
import type { CodeTarget, GeneratedFile } from './generate.ts';
import { commentText, stringLiteral } from './identifiers.ts';
import { channelsLast } from './keras.ts';
import { tuple } from './python.ts';

/** The files beside the main one. */
export function supportFiles(document: GraphDocument, target: CodeTarget, data: DatasetInfo): GeneratedFile[] {
  const readme = { path: 'README.md', text: readmeText(document, target, data) };
  switch (target) {
    case 'pytorch':
      return [
        { path: 'data.py', text: pythonLoader(data, false) },
        { path: 'requirements.txt', text: 'numpy\ntorch>=2.0\n' },
        readme,
      ];
    case 'keras':
      return [
        { path: 'data.py', text: pythonLoader(data, data.sample.length === 3) },
        { path: 'requirements.txt', text: 'keras>=3.0\nnumpy\ntensorflow>=2.16\n' },
        readme,
      ];
    case 'typescript':
      return [
        { path: 'src/data.ts', text: typescriptLoader(data) },
        { path: 'package.json', text: PACKAGE },
        { path: 'tsconfig.json', text: TSCONFIG },
        readme,
      ];
  }
}

function pythonLoader({ sample, label = [], vocabulary, target }: DatasetInfo, moveChannels: boolean): string {
  const dtype = target === undefined ? 'int64' : 'float32';
  const labels = `${dtype} [${['N', ...label].join(', ')}]`;
  const shape = tuple(moveChannels ? channelsLast(sample) : sample);
  const reshaped = `samples.reshape(-1, *${tuple(sample)})`;
  const read = vocabulary
    ? `
def load_split(split):
    """Returns the samples of "train" or "test", ids as int64 [N, ${sample.join(', ')}], and their labels, ${labels}."""
    samples = read_idx(FOLDER / f"{split}-samples.idx.gz")
    labels = read_idx(FOLDER / f"{split}-labels.idx.gz")
    return samples.astype(np.int64), labels.astype(np.int64)
`
    : numbersLoader(shape, { dtype, labels }, reshaped, moveChannels);
  return `"""Reads the data set in the folder data: gzipped IDX files, the format of MNIST."""
import gzip
from pathlib import Path

import numpy as np

FOLDER = Path(__file__).parent / "data"
DTYPES = {0x08: np.dtype(np.uint8), 0x0C: np.dtype(">i4"), 0x0D: np.dtype(">f4")}


def read_idx(path):
    """Returns the array in an IDX file: two zero bytes, element type, rank, sizes, elements, all big-endian."""
    with gzip.open(path) as file:
        content = file.read()
    dtype, rank = DTYPES[content[2]], content[3]
    shape = np.frombuffer(content, ">u4", count=rank, offset=4)
    return np.frombuffer(content, dtype, offset=4 + 4 * rank).reshape(shape)

${read}`;
}

function numbersLoader(
  shape: string,
  { dtype, labels }: { readonly dtype: string; readonly labels: string },
  reshaped: string,
  moveChannels: boolean,
): string {
  return `
def load_split(split):
    """Returns the samples of "train" or "test", float32 [N, ${shape.slice(1, -1).replace(/,$/, '')}], and their labels, ${labels}."""
    samples = read_idx(FOLDER / f"{split}-samples.idx.gz")
    labels = read_idx(FOLDER / f"{split}-labels.idx.gz")
    if samples.dtype == np.uint8:
        samples = samples / 255  # bytes stand for 0 to 1
    samples = ${moveChannels ? `np.moveaxis(${reshaped}, 1, -1)  # channels last` : reshaped}
    return ${moveChannels ? 'np.ascontiguousarray(samples, dtype=np.float32)' : 'samples.astype(np.float32)'}, labels.astype(np.${dtype})
`;
}

function typescriptLoader(data: DatasetInfo): string {
  const classes = data.classes.map(stringLiteral).join(', ');
  const shapeLines = [
    ...(data.label?.length ? [`label: [${data.label.join(', ')}],`] : []),
    ...(data.target === undefined ? [] : ['columns: scales.columns,', 'target: scales.target,']),
    // The characters of a text are its classes and its vocabulary.
    ...(data.vocabulary ? [`vocabulary: [${data.vocabulary.map(stringLiteral).join(', ')}],`] : []),
  ]
    .map((line) => `\n    ${line}`)
    .join('');
  return `import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { type Dataset, datasetFromIdx } from 'gradloom';

/** Reads the data set in the folder data: gzipped IDX files, the format of MNIST. */
export async function loadData(): Promise<Dataset> {
  const read = async (name: string): Promise<Uint8Array> =>
    gunzipSync(await readFile(new URL(\`../data/\${name}.idx.gz\`, import.meta.url)));
${data.target === undefined ? '' : SCALES}  return datasetFromIdx({
    id: ${stringLiteral(data.id)},
    title: ${stringLiteral(data.title)},
    sample: [${data.sample.join(', ')}],
    classes: [${classes}],${shapeLines}
    train: { samples: await read('train-samples'), labels: await read('train-labels') },
    test: { samples: await read('test-samples'), labels: await read('test-labels') },
  });
}
`;
}

const SCALES = `\
  // What the numbers were in the table: mean + deviation · number.
  const table = gunzipSync(await readFile(new URL('../${TABLE_FILE}', import.meta.url)));
  const scales = JSON.parse(table.toString());
`;

const PACKAGE = `{
  "name": "gradloom-model",
  "private": true,
  "type": "module",
  "scripts": {
    "build": "tsc",
    "start": "tsc && node dist/train.js"
  },
  "dependencies": {
    "gradloom": "file:gradloom"
  },
  "devDependencies": {
    "@types/node": "20.19.43",
    "typescript": "7.0.2"
  }
}
`;

const TSCONFIG = `{
  "compilerOptions": {
    "target": "ES2022",
    "module": "nodenext",
    "lib": ["ES2023", "DOM"],
    "types": ["node"],
    "strict": true,
    "rootDir": "src",
    "outDir": "dist"
  },
  "include": ["src"]
}
`;

function readmeText(document: GraphDocument, target: CodeTarget, data: DatasetInfo): string {
  const title = plainText(document.name) || 'Model';
  const commands =
    target === 'typescript'
      ? 'npm install\nnpm start\nnpm start -- --epochs 1'
      : 'python -m venv .venv\n.venv/bin/pip install -r requirements.txt\n.venv/bin/python train.py\n.venv/bin/python train.py --epochs 1';
  const main = target === 'typescript' ? 'src/train.ts' : 'train.py';
  const loader = target === 'typescript' ? 'src/data.ts' : 'data.py';
  const origin =
    data.source === undefined
      ? ''
      : ` Source: ${plainText(data.source)}; licence: ${plainText(data.licence ?? 'unknown')}.`;
  const library = target === 'typescript' ? '- `gradloom/`: the engine, as a package.\n' : '';
  return `# ${title}

Made with Gradloom; trains on ${plainText(data.title)}. Nothing is downloaded but the packages.

    ${commands.replaceAll('\n', '\n    ')}

- \`${main}\`: the model and its training. Options: \`--epochs\`, \`--batch-size\`, \`--seed\`.
- \`${loader}\`: reads the data.
- \`data/\`: the data set as gzipped IDX files, split into train and test.${origin}
${data.target === undefined ? '' : TABLE_NOTE}${library}`;
}

const TABLE_NOTE = `\
- \`${TABLE_FILE}\`: what each number was in the table, \`mean + deviation · number\`, the target's too.
`;

/** Without the signs that mean something in Markdown or HTML. */
function plainText(text: string): string {
  return commentText(text).replace(/[^\p{L}\p{N} ,.:()+-]/gu, '');
}
