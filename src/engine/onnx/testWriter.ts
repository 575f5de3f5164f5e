/** Writes protobuf's wire format for tests: a message is its fields one after another. */
export type Field = readonly number[];

export function varint(value: number | bigint): number[] {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  do {
    bytes.push(Number(rest & 127n) | (rest > 127n ? 128 : 0));
    rest >>= 7n;
  } while (rest > 0n);
  return bytes;
}

export const integer = (field: number, value: number | bigint): Field => [...varint(field * 8), ...varint(value)];
export const bytes = (field: number, content: readonly number[]): Field => [
  ...varint(field * 8 + 2),
  ...varint(content.length),
  ...content,
];
export const text = (field: number, content: string): Field => bytes(field, [...new TextEncoder().encode(content)]);
export const message = (field: number, ...fields: readonly Field[]): Field => bytes(field, fields.flat());

const dims = (shape: readonly number[]): Field[] => shape.map((size) => integer(1, size));

/** A value's name and type; 1 is float32. */
export const valueInfo = (field: number, name: string, shape: readonly number[], type = 1): Field =>
  message(
    field,
    text(1, name),
    message(2, message(1, integer(1, type), message(2, ...shape.map((size) => message(1, integer(1, size)))))),
  );

export function floatTensor(field: number, name: string, shape: readonly number[], numbers: readonly number[]): Field {
  const raw = [...new Uint8Array(Float32Array.from(numbers).buffer)];
  return message(field, ...dims(shape), integer(2, 1), text(8, name), bytes(9, raw));
}

export const node = (
  type: string,
  inputs: readonly string[],
  outputs: readonly string[],
  ...attributes: readonly Field[]
): Field =>
  message(
    1,
    ...inputs.map((name) => text(1, name)),
    ...outputs.map((name) => text(2, name)),
    text(4, type),
    ...attributes,
  );

export const attribute = (name: string, ...fields: readonly Field[]): Field => message(5, text(1, name), ...fields);

/** A model of operator set 20 with this graph. */
export const model = (...graph: readonly Field[]): Uint8Array =>
  Uint8Array.from([...integer(1, 10), ...message(8, text(1, ''), integer(2, 20)), ...message(7, ...graph)]);
