import type { Node, NodeProps } from '@xyflow/react';
import { type ComponentType, lazy, Suspense } from 'react';
import type { Frame, Note } from '../../engine/graph/document.ts';

export type FlowFrame = Node<
  {
    readonly frame: Frame;
    readonly chosen: boolean;
    /** How many it holds. */
    readonly layers: number;
    readonly down: boolean;
  },
  'frame'
>;
export type FlowNote = Node<{ readonly note: Note }, 'note'>;

/** Ids of frames and notes among React Flow's nodes: theirs could be those of layers, too. */
export const FRAME_PREFIX = 'frame:';
export const NOTE_PREFIX = 'note:';

const FrameNode = lazy(() => import('./FrameNode.tsx'));
const NoteNode = lazy(() => import('./NoteNode.tsx'));

/** Few models have frames or notes: how they look is fetched with the first. */
function late<Props extends object>(Shown: ComponentType<Props>): ComponentType<Props> {
  return (props) => (
    <Suspense>
      <Shown {...props} />
    </Suspense>
  );
}

export const ANNOTATION_TYPES = {
  frame: late<NodeProps<FlowFrame>>(FrameNode),
  note: late<NodeProps<FlowNote>>(NoteNode),
};
