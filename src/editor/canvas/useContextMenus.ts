import type { ReactFlowProps, useReactFlow } from '@xyflow/react';
import { type MouseEvent, useMemo } from 'react';
import { edgeId, nodeId, noteId } from '../../engine/graph/document.ts';
import { NOTE_PREFIX } from '../stores/frameBoxes.ts';
import { type MenuSubject, sessionStore } from '../stores/session.ts';
import { FRAME_PREFIX, frameOfKey } from './annotationNodes.tsx';
import type { FlowEdge } from './ShapeEdge.tsx';
import type { CanvasNode } from './useAnnotations.ts';

type Handlers = Pick<
  ReactFlowProps<CanvasNode, FlowEdge>,
  'onNodeContextMenu' | 'onSelectionContextMenu' | 'onEdgeContextMenu' | 'onPaneContextMenu'
>;

/** Opens the menu for what was clicked with the right button, or with the menu key; what it is about gets selected. */
export function useContextMenus(flow: Pick<ReturnType<typeof useReactFlow>, 'screenToFlowPosition'>): Handlers {
  return useMemo(() => {
    const open = (event: MouseEvent | globalThis.MouseEvent, subject: MenuSubject): void => {
      event.preventDefault();
      const screen = { x: event.clientX, y: event.clientY };
      sessionStore.setState({ contextMenu: { screen, canvas: flow.screenToFlowPosition(screen), subject } });
    };
    return {
      onNodeContextMenu: (event, { id }) => {
        const { nodes, select } = sessionStore.getState();
        if (id.startsWith(FRAME_PREFIX)) {
          select([], [], { frames: [frameOfKey(id).frame] });
          open(event, 'frame');
          return;
        }
        if (id.startsWith(NOTE_PREFIX)) {
          select([], [], { notes: [noteId(id.slice(NOTE_PREFIX.length))] });
          open(event, 'note');
          return;
        }
        if (!nodes.includes(nodeId(id))) select([nodeId(id)]);
        open(event, sessionStore.getState().nodes.length > 1 ? 'nodes' : 'node');
      },
      onSelectionContextMenu: (event) => open(event, 'nodes'),
      onEdgeContextMenu: (event, { id }) => {
        sessionStore.getState().select([], [edgeId(id)]);
        open(event, 'wire');
      },
      onPaneContextMenu: (event) => open(event, 'canvas'),
    };
  }, [flow]);
}
