import { LayerError, type PlacedDefinition, type WireType } from '../layers/defineLayer.ts';

/** Why a layer can't take what its wires carry, ids where it wants numbers or the other way round; undefined if it can. */
export function wireTypeError(
  { type, inputs }: Pick<PlacedDefinition, 'type' | 'inputs'>,
  /** Names of the ports at which the wires end, and what they carry. */
  ports: readonly string[],
  carried: readonly WireType[],
): LayerError | undefined {
  for (const [i, given] of carried.entries()) {
    const port = inputs.find(({ name }) => name === ports[i]);
    const wanted = port?.dtype ?? 'f32';
    if (given === wanted || wanted === 'any') continue;
    if (wanted === 'i32') {
      return new LayerError(
        `${type} expects ids (int32: characters of a text) and receives numbers: it belongs right behind the Input of a text.`,
      );
    }
    if (port?.optional) {
      return new LayerError(
        `"${port.name}" of ${type} expects a mask and receives ids (int32): PaddingMask makes one of them.`,
        { fixes: [{ kind: 'insertBefore', layer: 'PaddingMask', port: port.name }] },
      );
    }
    return new LayerError(
      `${type} expects numbers and receives ids (int32): an Embedding turns each id into numbers.`,
      {
        fixes: [{ kind: 'insertBefore', layer: 'Embedding' }],
      },
    );
  }
  return undefined;
}
