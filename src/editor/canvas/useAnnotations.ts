import { type NodeChange, type NodePositionChange, useStoreApi } from '@xyflow/react';
import { useCallback, useMemo, useRef, useState } from 'react';
import { useStore } from 'zustand';
import { membersOf } from '../../engine/graph/annotations.ts';
import type { GraphChange } from '../../engine/graph/changes.ts';
import {
  type Frame,
  type FrameId,
  type GraphDocument,
  type GraphNode,
  type NodeId,
  type Note,
  type NoteId,
  noteId,
} from '../../engine/graph/document.ts';
import { messages } from '../i18n/language.ts';
import type { Box } from '../stores/alignment.ts';
import { canvasActions, NODE_SIZE } from '../stores/canvasActions.ts';
import { foldedBox, frameBorder, frameParts, heldBy, NOTE_PREFIX } from '../stores/frameBoxes.ts';
import { NO_REFRAMING, type Reframing } from '../stores/frameMoves.ts';
import { graphStore } from '../stores/graph.ts';
import { sessionStore } from '../stores/session.ts';
import { type FlowFrame, type FlowNote, FRAME_PREFIX, frameKey, frameOfKey } from './annotationNodes.tsx';
import type { FlowNode } from './LayerNode.tsx';
import type { FlowEdge } from './ShapeEdge.tsx';
import type { Drop } from './useDrop.ts';
import type { FlowGraph } from './useFlowGraph.ts';

/** Whatever React Flow shows as a node. */
export type CanvasNode = FlowNode | FlowFrame | FlowNote;

interface Point {
  readonly x: number;
  readonly y: number;
}

/**
 * Layers with the frames and notes around them; what a folded frame holds is hidden, its wires lead to the frame.
 * `drop` says what frames do about what is dragged.
 */
export function useAnnotations(
  layers: FlowGraph,
  drop: Drop,
): {
  readonly nodes: CanvasNode[];
  readonly edges: FlowEdge[];
  readonly onNodesChange: (changes: NodeChange<CanvasNode>[]) => void;
} {
  const document = useStore(graphStore, (state) => state.document);
  const chosenNotes = useStore(sessionStore, (state) => state.notes);
  const chosenFrames = useStore(sessionStore, (state) => state.frames);
  // Where a hand holds them; the document learns of it when it lets go.
  const [held, setHeld] = useState<ReadonlyMap<NoteId, Point>>(NOWHERE);

  const notes = useMemo(
    () => Object.values<Note>(document.notes ?? {}).map((note) => flowNote(note, held, chosenNotes)),
    [document.notes, held, chosenNotes],
  );
  const sizes = useSizes(layers.nodes);
  const parts = useMemo(() => partsOfFrames(document, sizes), [document, sizes]);
  const frames = useMemo(
    () =>
      parts.flatMap((each) =>
        flowFrames(each, document, layers.nodes, notes, chosenFrames.includes(each.frame.id), drop.reframing),
      ),
    [parts, document, layers.nodes, notes, chosenFrames, drop.reframing],
  );
  const folded = useMemo(
    () => new Set(Object.values<Frame>(document.frames ?? {}).flatMap(({ id, collapsed }) => (collapsed ? [id] : []))),
    [document.frames],
  );
  const nodes = useMemo((): CanvasNode[] => {
    if (frames.length + notes.length === 0) return layers.nodes;
    const open = ({ frame }: GraphNode | Note): boolean => frame === undefined || !folded.has(frame);
    return [
      ...frames,
      ...layers.nodes.filter(({ data }) => open(data.node)),
      ...notes.filter(({ data }) => open(data.note)),
    ];
  }, [frames, layers.nodes, notes, folded]);
  const edges = useMemo(
    () => (folded.size === 0 ? layers.edges : ledToFrames(layers.edges, document, folded)),
    [layers.edges, document, folded],
  );

  const { wire } = drop;
  const shownEdges = useMemo(
    () =>
      wire === undefined ? edges : edges.map((edge) => (edge.id === wire ? { ...edge, className: 'glows' } : edge)),
    [edges, wire],
  );
  const flow = useStoreApi();
  const changeLayers = layers.onNodesChange;
  const takeReframing = drop.take;
  const onNodesChange = useCallback(
    (changes: NodeChange<CanvasNode>[]) => {
      const { document: current } = graphStore.getState();
      const ofLayers: NodeChange<FlowNode>[] = [];
      const ofNotes = new Map<NoteId, NodePositionChange>();
      const ofFrames: NodePositionChange[] = [];
      const picked = new Set<NoteId>(sessionStore.getState().notes);
      let repicked = false;
      for (const change of changes) {
        const id = 'id' in change ? change.id : '';
        if (id.startsWith(FRAME_PREFIX)) {
          if (change.type === 'position') ofFrames.push(change);
        } else if (!id.startsWith(NOTE_PREFIX)) ofLayers.push(change as NodeChange<FlowNode>);
        else if (change.type === 'position') ofNotes.set(noteId(id.slice(NOTE_PREFIX.length)), change);
        else if (change.type === 'select') {
          const note = noteId(id.slice(NOTE_PREFIX.length));
          if (change.selected) picked.add(note);
          else picked.delete(note);
          repicked = true;
        }
      }
      if (repicked) sessionStore.setState({ notes: [...picked] });
      // React Flow knows nothing of frames that are selected: what is picked instead of them lets go of them.
      const picks = changes.some((change) => change.type === 'select' && change.selected);
      if (picks && !flow.getState().multiSelectionActive && sessionStore.getState().frames.length > 0)
        sessionStore.setState({ frames: [] });
      const moved = new Set(ofLayers.flatMap((change) => (change.type === 'position' ? [change.id] : [])));
      for (const change of ofFrames) carry(change, current, moved, ofLayers, ofNotes);
      const letGo = changes.some((change) => change.type === 'position' && change.dragging === false);
      const reframed = letGo ? takeReframing() : [];
      if (ofNotes.size === 0) {
        changeLayers(ofLayers, reframed);
        return;
      }
      const dragging = [...ofNotes.values()].some((change) => change.dragging);
      const moves = [...ofNotes].flatMap(([id, { position }]): GraphChange[] => {
        const note = current.notes?.[id];
        if (!note || !position || dragging || samePlace(note.position, position)) return [];
        return [{ kind: 'setNote', note: { ...note, position } }];
      });
      changeLayers(ofLayers, [...moves, ...reframed]);
      setHeld(
        dragging ? new Map([...ofNotes].flatMap(([id, { position }]) => (position ? [[id, position]] : []))) : NOWHERE,
      );
    },
    [changeLayers, takeReframing, flow],
  );
  return { nodes, edges: shownEdges, onNodesChange };
}

const NOWHERE: ReadonlyMap<NoteId, Point> = new Map();

const samePlace = (a: Point, b: Point): boolean => a.x === b.x && a.y === b.y;

function flowNote(note: Note, held: ReadonlyMap<NoteId, Point>, chosen: readonly NoteId[]): FlowNote {
  return {
    id: NOTE_PREFIX + note.id,
    type: 'note',
    position: held.get(note.id) ?? note.position,
    ...note.size,
    selected: chosen.includes(note.id),
    ariaLabel: messages().note.label(note.text.slice(0, 80)),
    data: { note },
  };
}

type Sizes = ReadonlyMap<string, FlowNode['measured']>;

/** Sizes of layers as measured; the same map until one of them changes, wherever layers are dragged. */
function useSizes(layers: readonly FlowNode[]): Sizes {
  const known = useRef<Sizes>(new Map());
  const same =
    known.current.size === layers.length && layers.every(({ id, measured }) => known.current.get(id) === measured);
  if (!same) known.current = new Map(layers.map(({ id, measured }) => [id, measured]));
  return known.current;
}

interface FrameParts {
  readonly frame: Frame;
  /** What each of its borders holds; one for all while it is folded. */
  readonly parts: readonly (readonly Box[])[];
}

function partsOfFrames(document: GraphDocument, sizes: Sizes): FrameParts[] {
  const measured = ({ id }: GraphNode) => {
    const { width = NODE_SIZE.width, height = NODE_SIZE.height } = sizes.get(id) ?? NODE_SIZE;
    return { width, height };
  };
  return Object.values<Frame>(document.frames ?? {}).map((frame) => ({
    frame,
    parts: frame.collapsed ? [heldBy(document, frame.id, measured)] : frameParts(document, frame.id, measured),
  }));
}

/** The borders of a frame: which there are follows from the document, where they are from what is dragged, too. */
function flowFrames(
  { frame, parts }: FrameParts,
  document: GraphDocument,
  layers: readonly FlowNode[],
  notes: readonly FlowNote[],
  chosen: boolean,
  { into, leaving, entering }: Reframing = NO_REFRAMING,
): FlowFrame[] {
  const now = new Map<string, Point>();
  for (const { id, position, data } of layers) if (data.node.frame === frame.id) now.set(id, position);
  for (const { id, position, data } of notes) if (data.note.frame === frame.id) now.set(id, position);
  const count = membersOf(document, frame.id).nodes.length;
  return parts.flatMap((part, number): FlowFrame[] => {
    const held = part
      .filter(({ id }) => !leaving.has(id) && !entering.has(id))
      .map((box) => ({ ...box, ...now.get(box.id) }));
    if (held.length === 0) return [];
    const { x, y, width, height } = frame.collapsed ? foldedBox(held) : frameBorder(held);
    const flowFrame: FlowFrame = {
      id: frameKey(frame.id, number),
      type: 'frame',
      position: { x, y },
      width,
      height,
      zIndex: frame.collapsed ? 0 : -1,
      // Its inside is canvas: boxes are drawn there, and its title is what is clicked and dragged.
      selectable: false,
      focusable: false,
      dragHandle: frame.collapsed ? '.react-flow__node > section' : '.frame-title',
      style: { pointerEvents: 'none' },
      data: {
        frame,
        chosen,
        layers: count,
        down: document.direction === 'down',
        part: number,
        glows: frame.id === into,
      },
    };
    return [flowFrame];
  });
}

const sizeOf = ({ id }: GraphNode) => canvasActions.sizeOf(id);

/** A frame that is dragged takes along what it holds, unless that is dragged itself. */
function carry(
  { id, position, dragging }: NodePositionChange,
  document: GraphDocument,
  moved: ReadonlySet<string>,
  ofLayers: NodeChange<FlowNode>[],
  ofNotes: Map<NoteId, NodePositionChange>,
): void {
  const { frame, part } = frameOfKey(id);
  if (!position || !document.frames?.[frame]) return;
  const { nodes, notes } = membersOf(document, frame);
  const start = document.frames[frame].collapsed
    ? foldedBox(heldBy(document, frame, sizeOf))
    : frameBorder(frameParts(document, frame, sizeOf)[part] ?? []);
  const by = { x: position.x - start.x, y: position.y - start.y };
  const shifted = (place: Point): Point => ({ x: place.x + by.x, y: place.y + by.y });
  const change = (own: string, place: Point): NodePositionChange => ({
    id: own,
    type: 'position',
    position: shifted(place),
    ...(dragging === undefined ? {} : { dragging }),
  });
  for (const node of nodes) {
    const place = document.nodes[node]?.position;
    if (place && !moved.has(node)) ofLayers.push(change(node, place));
  }
  for (const note of notes) {
    const place = document.notes?.[note]?.position;
    if (place && !ofNotes.has(note)) ofNotes.set(note, change(NOTE_PREFIX + note, place));
  }
}

/** Wires of what a folded frame hides end at the frame; those within are not shown. */
function ledToFrames(edges: FlowEdge[], document: GraphDocument, folded: ReadonlySet<FrameId>): FlowEdge[] {
  const frameOf = (node: string): FrameId | undefined => {
    const frame = document.nodes[node as NodeId]?.frame;
    return frame !== undefined && folded.has(frame) ? frame : undefined;
  };
  return edges.flatMap((edge): FlowEdge[] => {
    const [from, to] = [frameOf(edge.source), frameOf(edge.target)];
    if (from === undefined && to === undefined) return [edge];
    if (from === to) return [];
    return [
      {
        ...edge,
        // Where the frame hides its end, there is no port to take it from.
        reconnectable: from !== undefined && to !== undefined ? false : from !== undefined ? 'target' : 'source',
        ...(from === undefined ? {} : { source: frameKey(from), sourceHandle: 'out' }),
        ...(to === undefined ? {} : { target: frameKey(to), targetHandle: 'in' }),
      },
    ];
  });
}
