import { EngineError } from '../errors.ts';

/** A table of text: every row has as many cells as there are columns. */
export interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

const MOST_COLUMNS = 1000;
const MOST_ROWS = 2_000_000;
const DELIMITERS = [',', ';', '\t'] as const;

/**
 * Reads comma-separated values (https://www.rfc-editor.org/rfc/rfc4180): quoted cells may hold delimiters, line breaks
 * and doubled quotes. The first row names the columns. Semicolons and tabs are found by themselves; empty lines count
 * for nothing.
 * @throws EngineError `bad-data` naming `file`, the line, what was found and what was expected.
 */
export function parseCsv(bytes: Uint8Array, file: string): Table {
  const text = decode(bytes);
  const refuse = (what: string): EngineError => new EngineError('bad-data', `${file}: ${what}`, file);
  const delimiter = delimiterOf(text);
  const rows: string[][] = [];
  let columns: readonly string[] | undefined;
  for (const { cells, line } of records(text, delimiter, refuse)) {
    if (!columns) {
      columns = namesOf(cells, refuse);
      continue;
    }
    if (cells.length !== columns.length) {
      throw refuse(`line ${line} has ${cells.length} cells, expected ${columns.length} as in the first line`);
    }
    rows.push(cells);
    if (rows.length > MOST_ROWS) throw refuse(`it has more than ${MOST_ROWS.toLocaleString('en')} rows`);
  }
  if (!columns) throw refuse('it is empty: expected a first line with the names of the columns');
  if (rows.length === 0) throw refuse('it has a first line only: expected rows below it');
  return { columns, rows };
}

/** UTF-8; where the bytes are none, Windows-1252, which spreadsheets still write. */
function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}

/** The delimiter that occurs most often in the first line, outside of quotes. */
function delimiterOf(text: string): string {
  const line = /^[^\r\n]*/.exec(text)?.[0].replace(/"[^"]*"/g, '') ?? '';
  const counts = DELIMITERS.map((delimiter) => line.split(delimiter).length);
  return DELIMITERS[counts.indexOf(Math.max(...counts))] as string;
}

function namesOf(cells: readonly string[], refuse: (what: string) => EngineError): readonly string[] {
  if (cells.length > MOST_COLUMNS) {
    throw refuse(`it has ${cells.length} columns, at most ${MOST_COLUMNS} are possible`);
  }
  const names = cells.map((name, i) => name.trim() || `column ${i + 1}`);
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice !== undefined) throw refuse(`two columns are called "${twice}": every column needs a name of its own`);
  return names;
}

/** One after another, so that a file of the wrong kind is refused at its first bad line. */
function* records(
  text: string,
  delimiter: string,
  refuse: (what: string) => EngineError,
): Generator<{ readonly cells: string[]; readonly line: number }> {
  let at = 0;
  let line = 1;
  while (at < text.length) {
    const first = line;
    const cells: string[] = [];
    for (;;) {
      if (text[at] === '"') {
        const opened = line;
        let cell = '';
        at++;
        for (;;) {
          const quote = text.indexOf('"', at);
          if (quote < 0) throw refuse(`the quote opened in line ${opened} is never closed`);
          cell += text.slice(at, quote);
          at = quote + 1;
          if (text[at] !== '"') break;
          cell += '"';
          at++;
        }
        line += cell.split('\n').length - 1;
        cells.push(cell);
        if (at < text.length && text[at] !== delimiter && text[at] !== '\r' && text[at] !== '\n') {
          throw refuse(`line ${line} goes on with "${text[at]}" after a closing quote: expected ${name(delimiter)}`);
        }
      } else {
        const start = at;
        while (at < text.length && text[at] !== delimiter && text[at] !== '\r' && text[at] !== '\n') at++;
        cells.push(text.slice(start, at).trim());
      }
      if (text[at] !== delimiter) break;
      at++;
    }
    if (text[at] === '\r') at++;
    if (text[at] === '\n') at++;
    line++;
    if (cells.length > 1 || cells[0] !== '') yield { cells, line: first };
  }
}

function name(delimiter: string): string {
  return delimiter === '\t' ? 'a tab' : `"${delimiter}"`;
}
