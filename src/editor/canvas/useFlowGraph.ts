import { applyNodeChanges, type NodeChange, type NodePositionChange, useStoreApi } from '@xyflow/react';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useStore } from 'zustand';
import type { GraphChange } from '../../engine/graph/changes.ts';
import type { Diagnostic } from '../../engine/graph/diagnostic.ts';
import type { NodeId } from '../../engine/graph/document.ts';
import { messages } from '../i18n/language.ts';
import { surrounding } from '../stores/alignment.ts';
import { NODE_SIZE, type Size } from '../stores/canvasActions.ts';
import { graphStore } from '../stores/graph.ts';
import { sessionStore } from '../stores/session.ts';
import { shapeText } from '../ui/format.ts';
import { between, glide, goFar } from './glide.ts';
import { type Guide, snapToOthers } from './guides.ts';
import { handlesOf, LARGE } from './handles.ts';
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

  const diagnostics = useMemo(() => {
    const byNode = new Map<string, Diagnostic[]>();
    for (const diagnostic of inference.diagnostics) {
      if (diagnostic.node) byNode.set(diagnostic.node, [...(byNode.get(diagnostic.node) ?? []), diagnostic]);
    }
    return byNode;
  }, [inference]);

  const shown = useRef<readonly FlowNode[]>(nodes);
  shown.current = nodes;
  useEffect(() => {
    const selected = new Set<string>(selectedNodes);
    const places = Object.values(document.nodes);
    const from = new Map(shown.current.map(({ id, position }) => [id, position]));
    const glides = goFar(from, places);
    const down = document.direction === 'down';
    const large = places.length > LARGE;
    setNodes((before) => {
      const known = new Map(before.map((node) => [node.id, node]));
      return places.map((node) => {
        const old = known.get(node.id);
        const facts = inference.nodes[node.id];
        const own = diagnostics.get(node.id) ?? NONE;
        const fits = fitting?.has(node.id);
        const isSelected = selected.has(node.id);
        const position = (glides && from.get(node.id)) || node.position;
        const same =
          old &&
          old.data.node === node &&
          old.data.facts === facts &&
          sameList(old.data.diagnostics, own) &&
          old.data.fits === fits &&
          old.data.down === down &&
          (old.handles !== undefined) === large;
        if (same && old.selected === isSelected && old.position === position) return old;
        const measured = old?.measured ?? (large ? NODE_SIZE : undefined);
        return {
          // Nothing fits the screen before all sizes are known. A node that is drawn is measured all the same.
          ...(measured ? { measured } : {}),
          ...(large ? { handles: handlesOf(facts, sized(measured), down) } : {}),
          id: node.id,
          type: 'layer' as const,
          position,
          selected: isSelected,
          ariaLabel: messages().canvas.layer(
            node.name ?? facts?.definition?.title ?? node.type,
            shapeText(facts?.inference?.outputs[0]),
          ),
          data: same ? old.data : { node, facts, diagnostics: own, fits, down },
        };
      });
    });
    if (!glides) return undefined;
    return glide((progress) =>
      setNodes((before) =>
        before.map((node) => {
          const [start, end] = [from.get(node.id), document.nodes[node.id as NodeId]?.position];
          // A node that stays where it is stays the same object, and is not drawn anew.
          if (!start || !end || (start.x === end.x && start.y === end.y)) return node;
          return { ...node, position: progress === 1 ? end : between(start, end, progress) };
        }),
      ),
    );
  }, [document, inference, diagnostics, selectedNodes, fitting]);

  const edgesBefore = useRef<ReadonlyMap<string, FlowEdge>>(new Map());
  const edges = useMemo(() => {
    const selected = new Set<string>(selectedEdges);
    const known = edgesBefore.current;
    const made = Object.values(document.edges).map(({ id, source, target }): FlowEdge => {
      const label = shapeText(inference.edges[id]);
      const broken = inference.edges[id] === undefined;
      const old = known.get(id);
      // React Flow draws an edge anew when its object changes: an edit changes few of them.
      if (
        old?.data?.label === label &&
        old.data.broken === broken &&
        old.selected === selected.has(id) &&
        old.source === source.node &&
        old.sourceHandle === source.port &&
        old.target === target.node &&
        old.targetHandle === target.port
      ) {
        return old;
      }
      return {
        id,
        type: 'shape',
        source: source.node,
        sourceHandle: source.port,
        target: target.node,
        targetHandle: target.port,
        selected: selected.has(id),
        ariaLabel: messages().canvas.wire(source.node, target.node, label),
        data: { label, broken },
      };
    });
    edgesBefore.current = new Map(made.map((edge) => [edge.id, edge]));
    return made;
  }, [document.edges, inference, selectedEdges]);

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

const sized = ({ width = NODE_SIZE.width, height = NODE_SIZE.height }: FlowNode['measured'] = {}): Size => ({
  width,
  height,
});

const NONE: readonly Diagnostic[] = [];

function sameList(a: readonly Diagnostic[], b: readonly Diagnostic[]): boolean {
  return (
    a.length === b.length &&
    a.every(
      (diagnostic, i) =>
        diagnostic === b[i] || (diagnostic.message === b[i]?.message && diagnostic.fixes.length === b[i]?.fixes.length),
    )
  );
}
