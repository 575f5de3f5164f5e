/**
 * Keys of a document's records. A record is never changed, only replaced, and listing the keys of one with thousands of
 * entries takes longer than looking all of them up: so each is listed once, and not at all where it is a copy.
 */
const known = new WeakMap<object, readonly string[]>();

/** Keys in their order; the same list as long as the record, or what it was copied from, is the same. */
export function keysOf<Key extends string>(record: Readonly<Record<Key, unknown>>): readonly Key[] {
  let keys = known.get(record);
  if (!keys) {
    keys = Object.keys(record);
    known.set(record, keys);
  }
  return keys as readonly Key[];
}

export function valuesOf<Key extends string, Value>(record: Readonly<Record<Key, Value>>): readonly Value[] {
  return keysOf(record).map((key) => record[key]);
}

/** A copy to be changed. */
export function copyOf<Key extends string, Value>(record: Readonly<Record<Key, Value>>): Record<Key, Value> {
  const copy = {} as Record<Key, Value>;
  for (const key of keysOf(record)) copy[key] = record[key];
  return copy;
}

/** Says of a copy that it has the keys of its original: entries were replaced, none came or went. */
export function sameKeys(copy: object, original: Readonly<Record<string, unknown>>): void {
  known.set(copy, keysOf(original));
}
