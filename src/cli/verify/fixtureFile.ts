import { gunzipSync } from 'node:zlib';

/**
 * A fixture file as conformance/ writes them: one gzip stream of the length of a JSON header (uint32, little-endian), the
 * header, and the bytes of numbers. The numbers are a copy, so that a typed array may lie over them.
 */
export function readFixtureFile<Header>(file: Uint8Array): { readonly header: Header; readonly numbers: ArrayBuffer } {
  const content = gunzipSync(file);
  const length = new DataView(content.buffer, content.byteOffset, content.byteLength).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(content.subarray(4, 4 + length))) as Header;
  return { header, numbers: Uint8Array.from(content.subarray(4 + length)).buffer };
}
