import { applyNodeChanges, type NodeChange, type NodePositionChange, useStoreApi } from '@xyflow/react';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useStore } from 'zustand';
import type { GraphChange } from '../../engine/graph/changes.ts';
import type { NodeId } from '../../engine/graph/document.ts';
import { valuesOf } from '../../engine/graph/keys.ts';
import { surrounding } from '../stores/alignment.ts';
import { graphStore } from '../stores/graph.ts';
import { sessionStore } from '../stores/session.ts';
import { byNode, flowEdges, flowNodes, sized } from './flowParts.ts';
import { between, glide, goFar } from './glide.ts';
import { type Guide, snapToOthers } from './guides.ts';
import { handlesOf } from './handles.ts';
import type { FlowNode } from './LayerNode.tsx';
import type { FlowEdge } from './ShapeEdge.tsx';

export interface FlowGraph {
  readonly nodes: FlowNode[];
  readonly edges: FlowEdge[];
  /** `more` are edits that belong to the same step, when there is one. */
  readonly onNodesChange: (changes: NodeChange<FlowNode>[], more?: readonly GraphChange[]) => void;
  /** Lines along which what is dragged lies with other layers. */
  readonly guides: readonly Guide[];
}

/**
 * The document as React Flow wants it. Sizes that React Flow measured are kept in its own node objects; all else follows
 * from the stores. `fitting` are the nodes that a wire being drawn may end at.
 */
export function useFlowGraph(fitting: ReadonlySet<string> | undefined): FlowGraph {
  const document = useStore(graphStore, (state) => state.document);
  const inference = useStore(graphStore, (state) => state.inference);
  const selectedNodes = useStore(sessionStore, (state) => state.nodes);
  const selectedEdges = useStore(sessionStore, (state) => state.edges);
  const [nodes, setNodes] = useState<FlowNode[]>([]);

  const diagnostics = useMemo(() => byNode(inference.diagnostics), [inference.diagnostics]);

  const shown = useRef<readonly FlowNode[]>(nodes);
  shown.current = nodes;
  useEffect(() => {
    const places = valuesOf(document.nodes);
    const before = new Map(shown.current.map(({ id, position }) => [id, position]));
    const glides = goFar(before, places);
    const selected = new Set<string>(selectedNodes);
    const from = glides ? before : undefined;
    setNodes((old) => flowNodes(old, { document, inference, diagnostics, selected, fitting, from }));
    if (!glides) return undefined;
    return glide((progress) =>
      setNodes((old) =>
        old.map((node) => {
          const [start, end] = [before.get(node.id), document.nodes[node.id as NodeId]?.position];
          // A node that stays where it is stays the same object, and is not drawn anew.
          if (!start || !end || (start.x === end.x && start.y === end.y)) return node;
          return { ...node, position: progress === 1 ? end : between(start, end, progress) };
        }),
      ),
    );
  }, [document, inference, diagnostics, selectedNodes, fitting]);

  const edgesBefore = useRef<FlowEdge[]>([]);
  const edges = useMemo(() => {
    edgesBefore.current = flowEdges(
      edgesBefore.current,
      document.edges,
      inference.edges,
      new Set<string>(selectedEdges),
    );
    return edgesBefore.current;
  }, [document.edges, inference.edges, selectedEdges]);

  const [guides, setGuides] = useState<readonly Guide[]>([]);
  const flow = useStoreApi();
  const onNodesChange = useCallback(
    (changes: NodeChange<FlowNode>[], more: readonly GraphChange[] = []) => {
      const { document: current, dispatch } = graphStore.getState();
      const given = changes.filter(
        (change): change is NodePositionChange =>
          change.type === 'position' && current.nodes[change.id as NodeId] !== undefined,
      );
      const { moved, guides: found } = alongOthers(given, shown.current, flow.getState().transform[2]);
      // While a hand drags, positions are React Flow's own affair; letting go makes one step that can be undone.
      const dragged = moved.filter(({ dragging }) => dragging);
      if (dragged.length > 0) setNodes((before) => applyNodeChanges(dragged, before));
      if (moved.length > 0) setGuides((before) => (before.length + found.length > 0 ? found : before));
      const moves = moved.flatMap(({ id, position, dragging }): GraphChange[] => {
        const before = current.nodes[id as NodeId]?.position;
        if (dragging || !position || (before?.x === position.x && before.y === position.y)) return [];
        return [{ kind: 'moveNode', node: id as NodeId, position }];
      });
      if (moves.length + more.length > 0) dispatch({ kind: 'group', changes: [...moves, ...more] });
      const selections = changes.filter((change) => change.type === 'select');
      if (selections.length > 0) {
        const chosen = new Set<NodeId>(sessionStore.getState().nodes);
        for (const { id, selected } of selections) {
          if (selected) chosen.add(id as NodeId);
          else chosen.delete(id as NodeId);
        }
        sessionStore.setState({ nodes: [...chosen] });
      }
      const measured = changes.filter((change) => change.type === 'dimensions');
      if (measured.length > 0) {
        const seen = new Set(measured.map(({ id }) => id));
        setNodes((before) =>
          applyNodeChanges(measured, before).map((node) =>
            node.handles && seen.has(node.id)
              ? { ...node, handles: handlesOf(node.data.facts, sized(node.measured), node.data.down) }
              : node,
          ),
        );
      }
    },
    [flow],
  );

  return { nodes, edges, onNodesChange, guides };
}

/** In pixels of the screen. */
const REACH = 7;

/** Moves of what is dragged, drawn to the lines of other layers if these are near; letting go hides the lines. */
function alongOthers(
  moved: readonly NodePositionChange[],
  nodes: readonly FlowNode[],
  zoom: number,
): { readonly moved: readonly NodePositionChange[]; readonly guides: readonly Guide[] } {
  const places = new Map(moved.flatMap(({ id, position }) => (position ? [[id, position] as const] : [])));
  // Arrow keys say exactly where to.
  const byHand = moved.some(({ dragging }) => dragging !== undefined);
  if (!byHand || !sessionStore.getState().snap) return { moved, guides: [] };
  const rectOf = ({ id, position, measured }: FlowNode) => ({
    ...(places.get(id) ?? position),
    ...sized(measured),
  });
  const dragged = nodes.filter(({ id }) => places.has(id)).map(rectOf);
  const others = nodes.filter(({ id }) => !places.has(id)).map(rectOf);
  if (dragged.length === 0) return { moved, guides: [] };
  const { dx, dy, guides } = snapToOthers(surrounding(dragged), others, REACH / zoom);
  const shifted = moved.map((change) => {
    const { position } = change;
    return position ? { ...change, position: { x: position.x + dx, y: position.y + dy } } : change;
  });
  return { moved: shifted, guides: moved.some(({ dragging }) => dragging) ? guides : [] };
}
