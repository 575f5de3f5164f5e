import {
  type Connection,
  type CoordinateExtent,
  type FinalConnectionState,
  type IsValidConnection,
  ReactFlow,
  SelectionMode,
  useReactFlow,
  useUpdateNodeInternals,
} from '@xyflow/react';
import {
  type DragEvent,
  lazy,
  type MouseEvent,
  type RefObject,
  Suspense,
  useCallback,
  useEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { useStore } from 'zustand';
import type { Place } from '../../engine/compiler/fitting.ts';
import { canConnect } from '../../engine/compiler/validateConnection.ts';
import { type EdgeId, edgeId, type GraphDocument, nodeId, type PortRef } from '../../engine/graph/document.ts';
import { findLayer } from '../../engine/layers/registry.ts';
import { messages, translate } from '../i18n/language.ts';
import { DRAGGED_LAYER } from '../palette/dragged.ts';
import { canvasActions } from '../stores/canvasActions.ts';
import { addLayer, connection, insertLayer, type Placeable } from '../stores/edits.ts';
import { enterBlock, graphStore } from '../stores/graph.ts';
import { sessionStore } from '../stores/session.ts';
import { ANNOTATION_TYPES, prepareAnnotations } from './annotationNodes.tsx';
import { Breadcrumbs } from './Breadcrumbs.tsx';
import { Dots } from './Dots.tsx';
import { EmptyCanvas } from './EmptyCanvas.tsx';
import { flowWords } from './flowWords.ts';
import { GuideLines } from './GuideLines.tsx';
import { LARGE } from './handles.ts';
import { type FlowNode, LayerNode } from './LayerNode.tsx';
import { type FlowEdge, ShapeEdge } from './ShapeEdge.tsx';
import { type CanvasNode, useAnnotations } from './useAnnotations.ts';
import { FIT, FIT_LARGE, leastZoom, useCanvasActions } from './useCanvasActions.ts';
import { useContextMenus } from './useContextMenus.ts';
import { useDrop } from './useDrop.ts';
import { useFlowGraph } from './useFlowGraph.ts';
import { useOverview } from './useOverview.ts';
import { useRewiring } from './useRewiring.ts';
import { wireAt } from './wireUnder.ts';

// Outside of the component: React Flow rebuilds all nodes when these objects change.
const NODE_TYPES = { layer: LayerNode, ...ANNOTATION_TYPES };
const EDGE_TYPES = { shape: ShapeEdge };
/** Models of so many layers are seen as a whole without a map, which would cover some of them. */
const SEEN_AT_ONCE = 16;

/** Far enough for any model, and within what a saved document may hold. */
const EXTENT: CoordinateExtent = [
  [-1_000_000, -1_000_000],
  [1_000_000, 1_000_000],
];

/** The canvas: React Flow over the document store. */
export function Canvas() {
  const flow = useReactFlow<CanvasNode, FlowEdge>();
  const [drawing, setDrawing] = useState<PortRef | undefined>();
  const [reason, setReason] = useState<string | undefined>();
  const fitting = useFitting(drawing);
  const layers = useFlowGraph(fitting);
  const drop = useDrop();
  const { nodes, edges, onNodesChange } = useAnnotations(layers, drop);
  const overview = useOverview(nodes, edges, onNodesChange, drawing !== undefined);
  useTurnedPorts(layers.nodes);
  const shown = useRef<string | undefined>(undefined);
  const area = useRef<HTMLElement>(null);
  useCanvasActions(area, nodes);
  useFollowNewLayers(flow, area);
  useFitInside();
  const menuAt = useContextMenus(flow);
  const snap = useStore(sessionStore, (state) => state.snap);

  const rewiring = useRewiring();
  const isValidConnection: IsValidConnection<FlowEdge> = useCallback(
    (connection) => {
      const check = checkConnection(connection as Connection, rewiring.document());
      const text = check.ok ? check.warning : check.reason;
      // Called on each move of the pointer: only a change is worth a render.
      if (shown.current !== text) {
        shown.current = text;
        setReason(text);
      }
      return check.ok;
    },
    [rewiring],
  );

  const onConnect = useCallback((connected: Connection) => {
    const { document, dispatch } = graphStore.getState();
    const source = toPort(connected.source, connected.sourceHandle);
    dispatch(connection(document, source, toPort(connected.target, connected.targetHandle)));
  }, []);

  const onConnectEnd = useCallback(
    (event: globalThis.MouseEvent | TouchEvent, state: FinalConnectionState) => {
      setDrawing(undefined);
      setReason(undefined);
      shown.current = undefined;
      if (state.isValid || state.toNode || !state.fromHandle || rewiring.isHeld()) return;
      const point = 'changedTouches' in event ? event.changedTouches[0] : event;
      if (!point) return;
      const port = toPort(state.fromHandle.nodeId, state.fromHandle.id ?? null);
      const kind = state.fromHandle.type === 'source' ? 'from' : 'to';
      openQuickAdd(flow, { x: point.clientX, y: point.clientY }, { kind, port });
    },
    [flow, rewiring],
  );

  const onDrop = useCallback(
    (event: DragEvent) => {
      const dragged = event.dataTransfer.getData(DRAGGED_LAYER);
      if (!dragged) return;
      event.preventDefault();
      const point = { x: event.clientX, y: event.clientY };
      const place = (placed: Placeable | undefined) => {
        if (!placed) return;
        const wire = wireAt(point) ?? overview.wireAt(point);
        if (wire && placed.inputs.length > 0 && placed.outputs.length > 0) return void insertLayer(placed, wire);
        const { x, y } = flow.screenToFlowPosition(point);
        addLayer(placed, { x: x - 100, y: y - 40 });
      };
      const layer = findLayer(dragged);
      if (layer) place(layer);
      else void import('../stores/blocks.ts').then(({ placeableOf }) => place(placeableOf(dragged)));
    },
    [flow, overview.wireAt],
  );

  // The canvas is made anew for another language.
  const [words] = useState(flowWords);
  return (
    <section
      ref={area}
      aria-label={messages().canvas.title}
      data-overview={overview.Picture && true}
      className="relative size-full"
    >
      <ReactFlow<CanvasNode, FlowEdge>
        nodes={overview.nodes}
        edges={overview.edges}
        nodeTypes={NODE_TYPES}
        edgeTypes={EDGE_TYPES}
        onNodesChange={overview.onNodesChange}
        {...drop.handlers}
        {...rewiring.handlers}
        onEdgesChange={(changes) => {
          const chosen = new Set<EdgeId>(sessionStore.getState().edges);
          for (const change of changes) {
            if (change.type !== 'select') continue;
            if (change.selected) chosen.add(edgeId(change.id));
            else chosen.delete(edgeId(change.id));
          }
          sessionStore.setState({ edges: [...chosen] });
        }}
        onConnect={onConnect}
        onConnectStart={(_event, { nodeId: id, handleId, handleType }) => {
          if (id && handleType === 'source') setDrawing(toPort(id, handleId));
        }}
        onConnectEnd={onConnectEnd}
        isValidConnection={isValidConnection}
        onDragOver={(event) => {
          if (!event.dataTransfer.types.includes(DRAGGED_LAYER)) return;
          event.preventDefault();
          event.dataTransfer.dropEffect = 'copy';
        }}
        onDrop={onDrop}
        onDoubleClick={(event: MouseEvent) => {
          if ((event.target as Element).classList.contains('react-flow__pane'))
            openQuickAdd(flow, { x: event.clientX, y: event.clientY });
        }}
        onNodeDoubleClick={(_event, node) => {
          if (node.type === 'layer' && node.data.node.block !== undefined) enterBlock(node.data.node.id);
        }}
        onPaneClick={(event) => {
          sessionStore.setState({ frames: [] });
          overview.onPaneClick?.(event);
        }}
        zoomOnDoubleClick={false}
        fitView
        fitViewOptions={nodes.length > LARGE ? FIT_LARGE : FIT}
        nodeExtent={EXTENT}
        minZoom={leastZoom(nodes.length)}
        maxZoom={2}
        {...menuAt}
        snapToGrid={snap}
        snapGrid={[10, 10]}
        selectionMode={SelectionMode.Partial}
        deleteKeyCode={null}
        multiSelectionKeyCode={['Meta', 'Control']}
        onlyRenderVisibleElements={nodes.length > LARGE}
        connectionRadius={32}
        proOptions={{ hideAttribution: false }}
        ariaLabelConfig={words}
      >
        <Dots />
        <GuideLines guides={layers.guides} />
        <Suspense>
          <CanvasControls />
        </Suspense>
        {overview.Picture && <overview.Picture {...overview.props} />}
        {nodes.length > SEEN_AT_ONCE && (
          <Suspense>
            <Minimap nodes={nodes} />
          </Suspense>
        )}
      </ReactFlow>
      {drawing && reason && (
        <p
          role="status"
          className="pointer-events-none absolute top-3 left-1/2 -translate-x-1/2 rounded-md border border-line bg-surface px-3 py-1.5 text-xs text-ink shadow-lg"
        >
          {translate(reason)}
        </p>
      )}
      {nodes.length === 0 && <EmptyCanvas />}
      <Breadcrumbs />
      <Menus />
    </section>
  );
}

/** A layer or a note that is added where nobody sees it brings the whole model into view. */
function useFollowNewLayers(
  flow: ReturnType<typeof useReactFlow<CanvasNode, FlowEdge>>,
  area: RefObject<HTMLElement | null>,
): void {
  useEffect(
    () =>
      graphStore.subscribe(({ document, path }, before) => {
        if (path.join('.') !== before.path.join('.')) return;
        const added = [
          ...Object.values(document.nodes).filter(({ id }) => !before.document.nodes[id]),
          ...Object.values(document.notes ?? {}).filter(({ id }) => !before.document.notes?.[id]),
        ];
        if (added.length !== 1 || Object.keys(before.document.nodes).length === 0) return;
        const bounds = area.current?.getBoundingClientRect();
        const place = flow.flowToScreenPosition(added[0]!.position);
        const seen =
          bounds &&
          place.x >= bounds.left &&
          place.y >= bounds.top &&
          place.x + 120 * flow.getZoom() <= bounds.right &&
          place.y + 60 * flow.getZoom() <= bounds.bottom;
        // React Flow knows the new node's size a frame later.
        if (!seen) setTimeout(() => canvasActions.fit(), 60);
      }),
    [flow, area],
  );
}

/** Going into a block, or out of it, shows all of what is there. */
function useFitInside(): void {
  useEffect(
    () =>
      graphStore.subscribe(({ path }, before) => {
        if (path.join('.') !== before.path.join('.')) setTimeout(() => canvasActions.fit(), 60);
      }),
    [],
  );
}

/** React Flow measures ports when a node is made: when the direction of the data changes, they are elsewhere. */
function useTurnedPorts(nodes: readonly FlowNode[]): void {
  const update = useUpdateNodeInternals();
  const down = nodes[0]?.data.down === true;
  const before = useRef(down);
  useEffect(() => {
    if (before.current === down) return;
    before.current = down;
    update(nodes.map(({ id }) => id));
  }, [down, nodes, update]);
}

/** Nodes that the wire being drawn may end at, or undefined while none is drawn. */
function useFitting(drawing: PortRef | undefined): ReadonlySet<string> | undefined {
  return useMemo(() => {
    if (!drawing) return undefined;
    const { document, inference } = graphStore.getState();
    const fitting = Object.values(document.nodes).filter(({ id }) =>
      inference.nodes[id]?.definition?.inputs.some(
        ({ name }) => canConnect(document, drawing, { node: id, port: name }, inference).ok,
      ),
    );
    return new Set<string>([...fitting.map(({ id }) => id), drawing.node]);
  }, [drawing]);
}

function checkConnection({ source, sourceHandle, target, targetHandle }: Connection, document: GraphDocument) {
  const { inference } = graphStore.getState();
  return canConnect(document, toPort(source, sourceHandle), toPort(target, targetHandle), inference);
}

function toPort(node: string, port: string | null): PortRef {
  return { node: nodeId(node), port: port ?? '' };
}

interface Point {
  readonly x: number;
  readonly y: number;
}

function openQuickAdd(
  flow: { screenToFlowPosition(point: Point): Point },
  screen: Point,
  place: Place = { kind: 'free' },
): void {
  sessionStore.setState({ quickAdd: { screen, canvas: flow.screenToFlowPosition(screen), place } });
}

const quickAddMenu = async () => ({ default: (await import('./QuickAddMenu.tsx')).QuickAddMenu });
const nodeSearch = () => import('./NodeSearch.tsx');
const CanvasControls = lazy(() => import('./CanvasControls.tsx'));
const contextMenu = () => import('./ContextMenu.tsx');
const Minimap = lazy(async () => ({ default: (await import('./Minimap.tsx')).Minimap }));
const QuickAddMenu = lazy(quickAddMenu);
const NodeSearch = lazy(nodeSearch);
const ContextMenu = lazy(contextMenu);

/** Menus over the canvas. Their code is fetched when the page has come to rest, so that they are there when wanted. */
function Menus() {
  useEffect(() => {
    const timer = setTimeout(
      () => void Promise.all([quickAddMenu(), nodeSearch(), contextMenu(), prepareAnnotations()]),
      1500,
    );
    return () => clearTimeout(timer);
  }, []);
  const adding = useStore(sessionStore, (state) => state.quickAdd !== undefined);
  const menu = useStore(sessionStore, (state) => state.contextMenu !== undefined);
  const search = useStore(sessionStore, (state) => state.search);
  return (
    <Suspense>
      {adding && <QuickAddMenu />}
      {menu && <ContextMenu />}
      {search && <NodeSearch key={search} />}
    </Suspense>
  );
}
