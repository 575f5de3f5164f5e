import type { BlockDefinition, BlockId, GraphNode, NodeId } from '../../engine/graph/document.ts';
import { isExposedName } from '../../engine/graph/parseBlocks.ts';
import type { ParameterSpec } from '../../engine/layers/parameters.ts';
import { documentStore } from './document.ts';
import { graphStore } from './graph.ts';
import { sessionStore } from './session.ts';

/** A parameter of a placed layer, with its schema. */
export interface Field {
  readonly node: GraphNode;
  readonly name: string;
  readonly spec: ParameterSpec;
}

/** The field of the inspector that has the focus, or had it last while its layer is selected. */
export function currentField(): Field | undefined {
  const { field, nodes } = sessionStore.getState();
  return field && nodes.length === 1 && nodes[0] === field.node ? fieldOf(field.node, field.parameter) : undefined;
}

export function fieldOf(id: NodeId, name: string): Field | undefined {
  const { document, inference } = graphStore.getState();
  const node = document.nodes[id];
  const spec = inference.nodes[id]?.definition?.parameters[name];
  return node && spec && { node, name, spec };
}

/** Formulas come to numbers. */
const NUMERIC: readonly ParameterSpec['kind'][] = ['integer', 'number', 'autoInteger', 'integers'];

export const takesFormula = ({ spec }: Field): boolean => NUMERIC.includes(spec.kind);
export const hasFormula = ({ node, name }: Field): boolean => node.formulas?.[name] !== undefined;

/** Lets a parameter follow from a formula, which starts as its value; or keeps the value and forgets the formula. */
export function toggleFormula(field: Field): void {
  const { node, name, spec } = field;
  const value = node.parameters[name];
  const first = Array.isArray(value) ? (value as readonly number[])[0] : value;
  const start = String(first ?? (Array.isArray(spec.default) ? spec.default[0] : spec.default) ?? 1);
  const formula = hasFormula(field) ? undefined : start;
  graphStore.getState().dispatch({ kind: 'setFormula', node: node.id, parameter: name, formula });
}

export const isChanged = ({ node, name, spec }: Field): boolean =>
  node.parameters[name] !== undefined && JSON.stringify(node.parameters[name]) !== JSON.stringify(spec.default);

export function resetParameter({ node, name, spec }: Field): void {
  graphStore.getState().dispatch({ kind: 'setParameter', node: node.id, parameter: name, value: spec.default });
}

/** Parameters of the selected layers that are not at their defaults. */
export function changedParameters(): Field[] {
  const { document, inference } = graphStore.getState();
  return sessionStore.getState().nodes.flatMap((id) => {
    const names = Object.keys(inference.nodes[id]?.definition?.parameters ?? {});
    return document.nodes[id] ? names.flatMap((name) => fieldOf(id, name) ?? []).filter(isChanged) : [];
  });
}

export function resetParameters(): void {
  const changes = changedParameters().map(
    ({ node, name, spec }) => ({ kind: 'setParameter', node: node.id, parameter: name, value: spec.default }) as const,
  );
  if (changes.length > 0) graphStore.getState().dispatch({ kind: 'group', changes });
}

type Targets = BlockDefinition['parameters'][string];

/** What a parameter is exposed as by the block that is shown, and with which others. */
function exposure({ node, name }: Field): readonly [name: string, targets: Targets] | undefined {
  const { block } = graphStore.getState();
  return Object.entries(block?.parameters ?? {}).find(([, targets]) =>
    targets.some((target) => target.node === node.id && target.parameter === name),
  );
}

export const isExposed = (field: Field): boolean => exposure(field) !== undefined;
export const canExpose = (): boolean => graphStore.getState().block !== undefined;

/** Lets each use of the block set a parameter of a layer in it, or no longer. */
export function toggleExposed(field: Field): void {
  const { block } = graphStore.getState();
  if (!block) return;
  const { node, name: parameter } = field;
  const known = exposure(field);
  if (known) {
    const others = known[1].filter((target) => !(target.node === node.id && target.parameter === parameter));
    exposeParameter(block.id, known[0], others);
    return;
  }
  const plain = isExposedName(parameter) ? parameter : 'parameter';
  let name = plain;
  for (let number = 2; Object.hasOwn(block.parameters, name); number++) name = `${plain}${number}`;
  exposeParameter(block.id, name, [{ node: node.id, parameter }]);
}

/** Sets what a block exposes under a name; without targets: nothing. */
export function exposeParameter(block: BlockId, name: string, targets: Targets): void {
  documentStore.getState().dispatch({ kind: 'exposeParameter', block, name, targets });
}
