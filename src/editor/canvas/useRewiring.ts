import type { Connection, FinalConnectionState, ReactFlowProps } from '@xyflow/react';
import { useMemo, useRef } from 'react';
import { apply } from '../../engine/graph/changes.ts';
import { describeChange } from '../../engine/graph/describeChange.ts';
import { type EdgeId, edgeId, type GraphDocument, nodeId } from '../../engine/graph/document.ts';
import { connection } from '../stores/edits.ts';
import { graphStore } from '../stores/graph.ts';
import type { FlowEdge } from './ShapeEdge.tsx';
import type { CanvasNode } from './useAnnotations.ts';

export interface Rewiring {
  /** The document as a wire that is drawn meets it: without the wire whose end is in the hand. */
  readonly document: () => GraphDocument;
  /** Whether the wire that is drawn is one that was there before. */
  readonly isHeld: () => boolean;
  /** For React Flow. */
  readonly handlers: Pick<ReactFlowProps<CanvasNode, FlowEdge>, 'onReconnectStart' | 'onReconnect' | 'onReconnectEnd'>;
}

/**
 * A wire is taken by either end and led to another port; let go over the empty canvas, it is gone. Each is one step, and
 * let go where it was, it is none.
 */
export function useRewiring(): Rewiring {
  const held = useRef<EdgeId | undefined>(undefined);
  return useMemo(() => {
    const without = (edge: EdgeId): GraphDocument =>
      apply(graphStore.getState().document, { kind: 'removeEdge', edge });
    return {
      document: () => (held.current === undefined ? graphStore.getState().document : without(held.current)),
      isHeld: () => held.current !== undefined,
      handlers: {
        onReconnectStart: (_event, edge) => {
          held.current = edgeId(edge.id);
        },
        onReconnect: (old, { source, sourceHandle, target, targetHandle }: Connection) => {
          const same =
            old.source === source &&
            old.target === target &&
            old.sourceHandle === sourceHandle &&
            old.targetHandle === targetHandle;
          if (same) return;
          const { dispatch } = graphStore.getState();
          const edge = edgeId(old.id);
          const drawn = connection(
            without(edge),
            { node: nodeId(source), port: sourceHandle ?? '' },
            { node: nodeId(target), port: targetHandle ?? '' },
          );
          dispatch(
            { kind: 'group', changes: [{ kind: 'removeEdge', edge }, drawn] },
            { label: describeChange(drawn, without(edge)) },
          );
        },
        onReconnectEnd: ({ target }, edge, _type, state: FinalConnectionState) => {
          held.current = undefined;
          const overLayer = target instanceof Element && target.closest('.react-flow__node') !== null;
          if (!state.toHandle && !overLayer)
            graphStore.getState().dispatch({ kind: 'removeEdge', edge: edgeId(edge.id) });
        },
      },
    };
  }, []);
}
