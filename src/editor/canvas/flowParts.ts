import type { GraphInference } from '../../engine/compiler/infer.ts';
import type { Diagnostic } from '../../engine/graph/diagnostic.ts';
import type { EdgeId, GraphDocument, GraphEdge } from '../../engine/graph/document.ts';
import { valuesOf } from '../../engine/graph/keys.ts';
import { messages } from '../i18n/language.ts';
import { NODE_SIZE, type Point, type Size } from '../stores/canvasActions.ts';
import { shapeText } from '../ui/format.ts';
import { handlesOf, LARGE } from './handles.ts';
import type { FlowNode } from './LayerNode.tsx';
import type { FlowEdge } from './ShapeEdge.tsx';

/** What layers on the canvas follow from. */
export interface ShownGraph {
  readonly document: GraphDocument;
  readonly inference: GraphInference;
  readonly diagnostics: ReadonlyMap<string, readonly Diagnostic[]>;
  readonly selected: ReadonlySet<string>;
  /** Nodes that a wire being drawn may end at; undefined while none is drawn. */
  readonly fitting: ReadonlySet<string> | undefined;
  /** Where nodes stand that are on their way to where they belong. */
  readonly from: ReadonlyMap<string, Point> | undefined;
}

/**
 * The layers as React Flow wants them, with the sizes that it measured before. It draws each anew that is another object:
 * a layer of which nothing changed stays the same, and so does the list if that holds for all.
 */
export function flowNodes(before: FlowNode[], shown: ShownGraph): FlowNode[] {
  const { document, inference, diagnostics, selected, fitting, from } = shown;
  const down = document.direction === 'down';
  const nodes = valuesOf(document.nodes);
  const large = nodes.length > LARGE;
  const known = lookup(before);
  const made = nodes.map((node, i) => {
    const old = known(node.id, i);
    const facts = inference.nodes[node.id];
    const own = diagnostics.get(node.id) ?? NONE;
    const fits = fitting?.has(node.id);
    const isSelected = selected.has(node.id);
    const position = from?.get(node.id) ?? node.position;
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
  return unchanged(made, before) ? before : made;
}

/** The wires likewise. */
export function flowEdges(
  before: FlowEdge[],
  edges: GraphDocument['edges'],
  shapes: GraphInference['edges'],
  selected: ReadonlySet<string>,
): FlowEdge[] {
  const known = lookup(before);
  const made = valuesOf<EdgeId, GraphEdge>(edges).map(({ id, source, target }, i): FlowEdge => {
    const label = shapeText(shapes[id]);
    const broken = shapes[id] === undefined;
    const old = known(id, i);
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
  return unchanged(made, before) ? before : made;
}

/** What is wrong, by the layer that it is about. */
export function byNode(diagnostics: readonly Diagnostic[]): ReadonlyMap<string, readonly Diagnostic[]> {
  const found = new Map<string, Diagnostic[]>();
  for (const diagnostic of diagnostics) {
    if (diagnostic.node === undefined) continue;
    const list = found.get(diagnostic.node);
    if (list) list.push(diagnostic);
    else found.set(diagnostic.node, [diagnostic]);
  }
  return found;
}

/** The size of a layer, measured or not. */
export const sized = ({ width = NODE_SIZE.width, height = NODE_SIZE.height }: FlowNode['measured'] = {}): Size => ({
  width,
  height,
});

/** Finds items by id; most stand where they stood before. */
function lookup<Item extends { readonly id: string }>(items: readonly Item[]) {
  let byId: ReadonlyMap<string, Item> | undefined;
  return (id: string, place: number): Item | undefined => {
    const there = items[place];
    if (there?.id === id) return there;
    byId ??= new Map(items.map((item) => [item.id, item]));
    return byId.get(id);
  };
}

const unchanged = <Item>(list: readonly Item[], before: readonly Item[]): boolean =>
  list.length === before.length && list.every((item, i) => item === before[i]);

const NONE: readonly Diagnostic[] = [];

function sameList(a: readonly Diagnostic[], b: readonly Diagnostic[]): boolean {
  return (
    a.length === b.length &&
    a.every((diagnostic, i) => {
      const other = b[i];
      if (diagnostic === other) return true;
      return (
        diagnostic.message === other?.message &&
        diagnostic.severity === other.severity &&
        diagnostic.fixes.length === other.fixes.length &&
        diagnostic.fixes.every(({ label }, n) => label === other.fixes[n]?.label)
      );
    })
  );
}
