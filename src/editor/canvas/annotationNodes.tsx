import type { Node, NodeProps } from '@xyflow/react';
import { type ComponentType, lazy, Suspense } from 'react';
import { type Frame, type FrameId, frameId, type Note } from '../../engine/graph/document.ts';

export type FlowFrame = Node<
  {
    readonly frame: Frame;
    readonly chosen: boolean;
    /** How many it holds. */
    readonly layers: number;
    readonly down: boolean;
    /** Which of its borders this is: it has several where other layers lie between what it holds. */
    readonly part: number;
    /** What is dragged goes into it if it is let go now. */
    readonly glows: boolean;
  },
  'frame'
>;
export type FlowNote = Node<{ readonly note: Note }, 'note'>;

/** Ids of frames among React Flow's nodes: theirs could be those of layers, too. */
export const FRAME_PREFIX = 'frame:';
const PART = '#';

/** The id of a border of a frame, among React Flow's nodes. */
export const frameKey = (frame: FrameId, part = 0): string => `${FRAME_PREFIX}${frame}${part === 0 ? '' : PART + part}`;

/** The frame and the border that such an id is for. */
export function frameOfKey(key: string): { readonly frame: FrameId; readonly part: number } {
  const [id = '', part = '0'] = key.slice(FRAME_PREFIX.length).split(PART);
  return { frame: frameId(id), part: Number(part) };
}

const frameNode = () => import('./FrameNode.tsx');
const noteNode = () => import('./NoteNode.tsx');
const FrameNode = lazy(frameNode);
const NoteNode = lazy(noteNode);

/** Fetches how they look, so that a note that is added can be written at once. */
export const prepareAnnotations = () => Promise.all([frameNode(), noteNode()]);

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
