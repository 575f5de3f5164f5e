/** Equal text for equal data, and for no other. JSON alone would take −0 for 0, and all that is not finite for null. */
export function exactKey(data: unknown): string {
  return JSON.stringify(data, (_, value: unknown) =>
    typeof value === 'number' && (!Number.isFinite(value) || Object.is(value, -0)) ? `#${1 / value}${value}` : value,
  );
}
