import { EngineError } from '../errors.ts';

/**
 * Unpacks gzip, but no more than `most` bytes: a small file can unfold to a thousand times its size.
 * @throws EngineError `bad-data` naming `file` and what is wrong.
 */
export async function gunzip(bytes: Uint8Array<ArrayBuffer>, most: number, file: string): Promise<Uint8Array> {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
  const reader = stream.getReader();
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      size += value.length;
      if (size > most) {
        throw new EngineError('bad-data', `${file} unpacks to more than the ${most} bytes that are expected`, file);
      }
      chunks.push(value);
    }
  } catch (error) {
    // The stream may be broken already; what went wrong is the error that is given on.
    await reader.cancel().catch(() => undefined);
    if (error instanceof EngineError) throw error;
    throw new EngineError('bad-data', `${file} is no valid gzip file: it is damaged or cut off`, file);
  }
  const result = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    result.set(chunk, at);
    at += chunk.length;
  }
  return result;
}
