import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate';
import { type NamedTensor, readSafetensors, writeSafetensors } from '../../../engine/data/safetensors.ts';
import { EngineError } from '../../../engine/errors.ts';
import type { GraphDocument } from '../../../engine/graph/document.ts';
import { parseDocument, serializeDocument } from '../../../engine/graph/schema.ts';
import type { Evaluation } from '../../../workers/protocol.ts';

/** The numbers of a run, as a project file keeps them. */
export interface SavedRun {
  readonly document: GraphDocument;
  readonly steps: {
    readonly step: number[];
    /** null where it was not finite: JSON knows no such numbers. */
    readonly loss: (number | null)[];
    readonly accuracy: (number | null)[];
    /** Of several losses each by itself, by its name; absent where there is one, and in files from before version 2. */
    readonly terms?: Readonly<Record<string, readonly (number | null)[]>>;
  };
  readonly evaluations: readonly Evaluation[];
}

/** What a `.gradloom` file holds. Settings of training and data are part of the document. */
export interface ProjectFile {
  readonly document: GraphDocument;
  readonly weights?: readonly NamedTensor[] | undefined;
  readonly run?: SavedRun | undefined;
}

const FORMAT = 'gradloom-project';
/** Version 1 had the sum of several losses alone. */
const VERSION = 2;
const READ = [1, 2];
const MEGABYTE = 2 ** 20;
/** The entries that there are, with the most bytes each may have unpacked. Others are passed over. */
const ENTRIES: Readonly<Record<string, number>> = {
  'gradloom.json': 64 * 1024,
  'document.json': 32 * MEGABYTE,
  'weights.safetensors': 512 * MEGABYTE,
  'runs/last.json': 64 * MEGABYTE,
};
const LARGEST = 512 * MEGABYTE;

/** A project as the bytes of a zip archive. */
export function writeProjectFile({ document, weights, run }: ProjectFile): Uint8Array {
  const json = (value: unknown) => strToU8(JSON.stringify(value));
  return zipSync(
    {
      'gradloom.json': json({ format: FORMAT, version: VERSION }),
      'document.json': strToU8(serializeDocument(document)),
      ...(weights && { 'weights.safetensors': writeSafetensors(weights) }),
      ...(run && { 'runs/last.json': json(run) }),
    },
    { level: 6 },
  );
}

/**
 * Reads a project file, or a document's JSON alone. Nothing of it is trusted: only entries of known names are unpacked,
 * each up to its limit, and each is checked against its schema.
 * @throws EngineError `bad-document` or `bad-data` saying what is wrong, if it can't be taken whole.
 */
export function readProjectFile(
  bytes: Uint8Array,
  name: string,
): ProjectFile & { readonly problems: readonly string[] } {
  if (bytes.length > LARGEST) refuse(name, `it has ${bytes.length} bytes, at most ${LARGEST} are read`);
  // A zip archive begins with "PK".
  if (bytes[0] !== 0x50 || bytes[1] !== 0x4b) return parseDocument(decode(bytes, name));
  const entries = unpack(bytes, name);
  const text = (entry: string) => {
    const found = entries[entry];
    return found ? decode(found, `${name}/${entry}`) : undefined;
  };
  const about = parse(text('gradloom.json') ?? '{}', `${name}/gradloom.json`) as {
    format?: unknown;
    version?: unknown;
  };
  if (about?.format !== FORMAT) refuse(name, 'it is no Gradloom project');
  if (!READ.includes(about.version as number))
    refuse(name, `it has version ${String(about.version)}, this program reads ${READ.join(' and ')}`);
  const source = text('document.json');
  if (source === undefined) throw new EngineError('bad-document', `${name} holds no document.json`, name);
  const { document, problems } = parseDocument(source);
  const weights = entries['weights.safetensors'];
  const run = text('runs/last.json');
  return {
    document,
    problems,
    ...(weights && { weights: readSafetensors(weights, `${name}/weights.safetensors`) }),
    ...(run !== undefined && { run: parseRun(parse(run, `${name}/runs/last.json`), name) }),
  };
}

function unpack(bytes: Uint8Array, name: string): Record<string, Uint8Array> {
  try {
    // The unpacked size that an entry claims is also all that is given to it: one that lies fails.
    return unzipSync(bytes, {
      filter: (entry) => {
        const most = Object.hasOwn(ENTRIES, entry.name) ? ENTRIES[entry.name] : undefined;
        if (most !== undefined && entry.originalSize > most) {
          refuse(name, `${entry.name} unpacks to ${entry.originalSize} bytes, at most ${most} are read`);
        }
        return most !== undefined;
      },
    });
  } catch (error) {
    if (error instanceof EngineError) throw error;
    return refuse(name, `it is no zip archive that can be read (${(error as Error).message})`);
  }
}

function parseRun(value: unknown, name: string): SavedRun {
  const run = value as { document?: unknown; steps?: Record<string, unknown>; evaluations?: unknown } | null;
  const steps = run?.steps;
  const [step, loss, accuracy, terms] = [steps?.step, steps?.loss, steps?.accuracy, steps?.terms];
  const wrong = () => refuse(name, 'its run has not the form that it should have');
  if (!isNumbers(step, 'all') || !isNumbers(loss) || !isNumbers(accuracy) || !Array.isArray(run?.evaluations))
    return wrong();
  if (loss.length !== step.length || accuracy.length !== step.length) return wrong();
  if (terms !== undefined && (typeof terms !== 'object' || terms === null || Array.isArray(terms))) return wrong();
  const apart = Object.entries(terms ?? {}).map(([term, values]): [string, (number | null)[]] =>
    isNumbers(values) && values.length === step.length ? [term, values] : wrong(),
  );
  const evaluations = run.evaluations.map((entry: Partial<Evaluation> | null): Evaluation => {
    const { step: at, epoch, loss: tested, accuracy: right } = entry ?? {};
    // A loss that was not finite is null.
    if (typeof at !== 'number' || typeof epoch !== 'number' || !(tested === null || typeof tested === 'number'))
      return wrong();
    return { step: at, epoch, loss: tested ?? Number.NaN, accuracy: typeof right === 'number' ? right : undefined };
  });
  return {
    document: parseDocument(run.document).document,
    steps: { step, loss, accuracy, ...(apart.length > 0 && { terms: Object.fromEntries(apart) }) },
    evaluations,
  };
}

function isNumbers(value: unknown, which: 'all'): value is number[];
function isNumbers(value: unknown): value is (number | null)[];
function isNumbers(value: unknown, which?: 'all'): boolean {
  return Array.isArray(value) && value.every((entry) => typeof entry === 'number' || (!which && entry === null));
}

function decode(bytes: Uint8Array, name: string): string {
  // A document may be no larger than in an archive; its own limits come after.
  if (bytes.length > 64 * MEGABYTE) refuse(name, `it has ${bytes.length} bytes`);
  return strFromU8(bytes);
}

function parse(source: string, name: string): unknown {
  try {
    return JSON.parse(source);
  } catch (error) {
    return refuse(name, (error as Error).message);
  }
}

function refuse(name: string, what: string): never {
  throw new EngineError('bad-document', `${name} can't be opened: ${what}`, name);
}
