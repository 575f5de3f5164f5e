import type { ReactFlowProps, useReactFlow } from '@xyflow/react';
import { type MouseEvent, useMemo } from 'react';
import { edgeId, nodeId } from '../../engine/graph/document.ts';
import { type MenuSubject, sessionStore } from '../stores/session.ts';
import type { FlowNode } from './LayerNode.tsx';
import type { FlowEdge } from './ShapeEdge.tsx';

type Handlers = Pick<
  ReactFlowProps<FlowNode, FlowEdge>,
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
