import { COLORS, type Color, type Frame, frameId, type Note, noteId } from './document.ts';
import { cleanText, entriesOf, finite, identifier, place, record, refuse, text } from './validate.ts';

const MOST_FRAMES = 2000;
const MOST_NOTES = 2000;
const MOST_CONSTANTS = 200;
const MOST_FORMULAS = 200;
const LONGEST_NOTE = 4000;
/** Canvas units. */
const LARGEST_NOTE = 4000;

/** Frames from outside. @throws EngineError `bad-document` */
export function parseFrames(value: unknown, where: string, problems: string[]): readonly Frame[] {
  return entriesOf(value, where, MOST_FRAMES).map(([key, given]): Frame => {
    const at = `${where}.${key}`;
    const raw = record(given, at);
    return {
      id: frameId(filedUnder(key, raw.id, at, 'frame')),
      name: cleanText(raw.name, `${at}.name`, problems),
      ...(raw.color !== undefined && { color: parseColor(raw.color, `${at}.color`) }),
      ...(raw.collapsed === true && { collapsed: true }),
    };
  });
}

/** Notes from outside; line breaks are kept, other control characters become spaces. @throws EngineError `bad-document` */
export function parseNotes(value: unknown, where: string): readonly Note[] {
  return entriesOf(value, where, MOST_NOTES).map(([key, given]): Note => {
    const at = `${where}.${key}`;
    const raw = record(given, at);
    const { width, height } = record(raw.size, `${at}.size`);
    return {
      id: noteId(filedUnder(key, raw.id, at, 'note')),
      text: noteText(text(raw.text, `${at}.text`, LONGEST_NOTE)),
      position: place(raw.position, `${at}.position`),
      size: {
        width: finite(width, `${at}.size.width`, LARGEST_NOTE),
        height: finite(height, `${at}.size.height`, LARGEST_NOTE),
      },
      ...(raw.color !== undefined && { color: parseColor(raw.color, `${at}.color`) }),
      ...(raw.frame !== undefined && { frame: frameId(identifier(raw.frame, `${at}.frame`)) }),
    };
  });
}

/** What a note may hold: text with line breaks, of a length that a document bears. */
export function noteText(given: string): string {
  return given.slice(0, LONGEST_NOTE).replace(/[^\P{Cc}\n]|[\u2028\u2029]/gu, ' ');
}

export function parseColor(value: unknown, where: string): Color {
  const color = COLORS.find((known) => known === value);
  return color ?? refuse(where, `must be one of ${COLORS.join(', ')}`);
}

/** Formulas by the name of the parameter that they are for. What they mean is found out when they are evaluated. */
export function parseFormulas(value: unknown, where: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    entriesOf(value, where, MOST_FORMULAS).map(([name, formula]) => [name, text(formula, `${where}.${name}`)]),
  );
}

export function parseConstants(value: unknown, where: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    entriesOf(value, where, MOST_CONSTANTS).map(([name, formula]) => {
      if (!isConstantName(name))
        refuse(where, `has ${JSON.stringify(name)}, which is no name: letters, digits and "_"`);
      return [name, text(formula, `${where}.${name}`)];
    }),
  );
}

/** Whether a constant can have this name: code uses it, too. */
export function isConstantName(name: string): boolean {
  return /^[A-Za-z]\w{0,39}$/.test(name) && !(name in Object.prototype);
}

function filedUnder(key: string, given: unknown, where: string, what: string): string {
  const id = identifier(given, `${where}.id`);
  if (id !== key) refuse(`${where}.id`, `is "${id}", but the ${what} is filed under "${key}"`);
  return id;
}
