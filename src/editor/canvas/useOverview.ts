import { type NodeChange, useStore as useFlowStore, useStoreApi } from '@xyflow/react';
import { type ComponentType, type MouseEvent, useCallback, useEffect, useMemo, useState } from 'react';
import { useStore } from 'zustand';
import { type EdgeId, nodeId } from '../../engine/graph/document.ts';
import type { Point } from '../stores/canvasActions.ts';
import { graphStore } from '../stores/graph.ts';
import { sessionStore } from '../stores/session.ts';
import { LARGE } from './handles.ts';
import { extendChanges } from './overviewChanges.ts';
import type { FlowEdge } from './ShapeEdge.tsx';
import type { CanvasNode } from './useAnnotations.ts';

/** Zoom below which the words on layers can't be read. */
const FAR = 0.45;
/** So many selected layers stay elements, which the keyboard can move; of more, the picture shows which they are. */
const MOST_LIVE = 12;

/** What the picture needs of the canvas that it stands for. */
export interface OverviewProps {
  readonly nodes: readonly CanvasNode[];
  readonly edges: readonly FlowEdge[];
  /** The layer under the pointer. */
  readonly pointed: string | undefined;
  readonly onPoint: (layer: string | undefined) => void;
  /** The person wants to reach each layer with the keyboard. */
  readonly onKeyboard: () => void;
}

export interface Overview {
  /** What draws the picture, while there is one. */
  readonly Picture: ComponentType<OverviewProps> | undefined;
  readonly props: OverviewProps;
  /** What React Flow is to show. */
  readonly nodes: CanvasNode[];
  readonly edges: FlowEdge[];
  readonly onNodesChange: (changes: NodeChange<CanvasNode>[]) => void;
  readonly onPaneClick: ((event: MouseEvent) => void) | undefined;
  /** The wire at a point of the screen, as far as it is in the picture. */
  readonly wireAt: (screen: Point) => EdgeId | undefined;
}

const NO_EDGES: FlowEdge[] = [];

/**
 * A large model seen from afar is a picture: a browser can't draw a thousand elements sixty times a second. Only what
 * somebody deals with is an element then: the layer under the pointer, and those that are selected. Wires are drawn
 * from layer to layer only where all of them are elements; the same holds for somebody who uses the keyboard.
 */
export function useOverview(
  nodes: CanvasNode[],
  edges: FlowEdge[],
  onNodesChange: (changes: NodeChange<CanvasNode>[]) => void,
  drawing: boolean,
): Overview {
  const flow = useStoreApi();
  const far = useFlowStore((state) => state.transform[2] < FAR);
  const large = nodes.length > LARGE;
  const { code, missing } = usePictureCode(large);
  const [pointed, setPointed] = useState<string | undefined>();
  const [byKeyboard, setByKeyboard] = useState(false);
  const selected = useStore(sessionStore, (state) => state.nodes);
  const shown = far && large && !missing && !drawing && !byKeyboard;
  if (byKeyboard && !far) setByKeyboard(false);

  const elements = useMemo(() => {
    if (!shown) return nodes;
    const live = new Set<string>(selected.length <= MOST_LIVE ? selected : []);
    return nodes.filter(({ id, type }) => type !== 'layer' || id === pointed || live.has(id));
  }, [shown, nodes, selected, pointed]);
  const wireAt = useCallback((screen: Point) => (shown ? code?.wireAt(screen) : undefined), [shown, code]);
  const onKeyboard = useCallback(() => setByKeyboard(true), []);
  const extended = useCallback(
    (changes: NodeChange<CanvasNode>[]) => {
      const places = graphStore.getState().document.nodes;
      const chosen = new Set(sessionStore.getState().nodes);
      const unknown = new Map<string, Point>();
      const { multiSelectionActive, userSelectionActive, nodeLookup } = flow.getState();
      for (const id of chosen) if (!nodeLookup.has(id) && places[id]) unknown.set(id, places[id].position);
      const lead = (id: string) => (chosen.has(nodeId(id)) ? places[nodeId(id)]?.position : undefined);
      onNodesChange(extendChanges(changes, unknown, lead, multiSelectionActive || userSelectionActive));
    },
    [onNodesChange, flow],
  );
  const onPaneClick = useCallback(
    ({ clientX, clientY, ctrlKey, metaKey }: MouseEvent) => code?.pick({ x: clientX, y: clientY }, ctrlKey || metaKey),
    [code],
  );
  return {
    // Until its code is there nothing is seen: to make all elements meanwhile would take longer.
    Picture: shown ? code?.Picture : undefined,
    props: { nodes, edges, pointed, onPoint: setPointed, onKeyboard },
    nodes: elements,
    edges: shown ? NO_EDGES : edges,
    onNodesChange: shown ? extended : onNodesChange,
    onPaneClick: shown ? onPaneClick : undefined,
    wireAt,
  };
}

type PictureCode = typeof import('./OverviewPicture.tsx');

/** The code that draws it is fetched with the first large model. Where it can't be had, all layers are elements. */
function usePictureCode(wanted: boolean): { readonly code: PictureCode | undefined; readonly missing: boolean } {
  const [code, setCode] = useState<PictureCode | undefined>();
  const [missing, setMissing] = useState(false);
  useEffect(() => {
    if (wanted && !code) import('./OverviewPicture.tsx').then(setCode, () => setMissing(true));
  }, [wanted, code]);
  return { code, missing };
}
