import { type NodeHandle, Position } from '@xyflow/react';
import type { NodeInference } from '../../engine/compiler/infer.ts';
import type { Size } from '../stores/canvasActions.ts';
import { portPlace } from './LayerNode.tsx';

/** Models of more layers are drawn in part: what is on the screen; seen from afar, as a picture. */
export const LARGE = 150;

/** Width and height of a port, and the width of a layer's border, as in the style sheet. In canvas units. */
const PORT = 11;
const BORDER = 1;

/**
 * Where the ports of a layer of a large model are. React Flow draws every node whose ports it does not know once, to
 * measure it, on the screen or not: with 20,000 layers that takes the better part of a minute.
 */
export function handlesOf(facts: NodeInference | undefined, { width, height }: Size, down: boolean): NodeHandle[] {
  // What is unknown, too, has a port at each side.
  const { inputs, outputs } = facts?.definition ?? { inputs: [{ name: 'input' }], outputs: [{ name: 'output' }] };
  const along = (share: number, size: number): number => BORDER + share * (size - 2 * BORDER) - PORT / 2;
  const ports = (
    type: 'source' | 'target',
    names: readonly { readonly name: string; readonly optional?: boolean }[],
  ): NodeHandle[] =>
    names.map(({ name }, i) => {
      const place = portPlace(i, names) / 100;
      const end = type === 'source' ? 1 : 0;
      return {
        id: name,
        type,
        width: PORT,
        height: PORT,
        ...(down
          ? { position: end ? Position.Bottom : Position.Top, x: along(place, width), y: along(end, height) }
          : { position: end ? Position.Right : Position.Left, x: along(end, width), y: along(place, height) }),
      };
    });
  return [...ports('target', inputs), ...ports('source', outputs)];
}
