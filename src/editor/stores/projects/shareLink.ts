import { EngineError } from '../../../engine/errors.ts';
import type { GraphDocument } from '../../../engine/graph/document.ts';
import { type ParsedDocument, parseDocument } from '../../../engine/graph/schema.ts';

const PREFIX = '#model=';
/** Browsers and what people paste links into take about so many characters. */
const LONGEST = 60_000;
/** What a link may unpack to, in bytes: deflate can grow a thousandfold. */
const LARGEST = 8 * 2 ** 20;

/**
 * The document itself as the fragment of a link, which no server sees: JSON, deflated, in base64url.
 * @throws EngineError `bad-document` for a document that is too large for a link.
 */
export async function linkFragment(document: GraphDocument): Promise<string> {
  const stream = new Blob([JSON.stringify(document)]).stream().pipeThrough(new CompressionStream('deflate-raw'));
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
  const text = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
  const fragment = PREFIX + text.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
  if (fragment.length > LONGEST) {
    throw new EngineError('bad-document', `The model makes a link of ${fragment.length} characters: save it as a file`);
  }
  return fragment;
}

/**
 * The document in a link's fragment; undefined if there is none in it.
 * @throws EngineError `bad-document` if there is one that can't be taken whole.
 */
export async function readLinkFragment(fragment: string): Promise<ParsedDocument | undefined> {
  if (!fragment.startsWith(PREFIX)) return undefined;
  if (fragment.length > LONGEST) throw new EngineError('bad-document', 'The link is too long.');
  const encoded = fragment.slice(PREFIX.length).replaceAll('-', '+').replaceAll('_', '/');
  let text: string;
  try {
    const bytes = Uint8Array.from(atob(encoded), (letter) => letter.charCodeAt(0));
    text = await inflated(bytes);
  } catch (error) {
    if (error instanceof EngineError) throw error;
    throw new EngineError('bad-document', 'The link is damaged: perhaps a part of it is missing.');
  }
  return parseDocument(text);
}

async function inflated(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const reader = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw')).getReader();
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let text = '';
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    size += value.length;
    if (size > LARGEST) {
      await reader.cancel();
      throw new EngineError('bad-document', 'The link unpacks to more than a document can be.');
    }
    text += decoder.decode(value, { stream: true });
  }
}
