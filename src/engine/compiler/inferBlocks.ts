import { BLOCK, nodeLabel } from '../graph/blocks.ts';
import type { Diagnostic } from '../graph/diagnostic.ts';
import {
  type BlockDefinition,
  DOCUMENT_VERSION,
  type EdgeId,
  type GraphDocument,
  type GraphEdge,
  type GraphNode,
  type NodeId,
  nodeId,
} from '../graph/document.ts';
import type { Shape } from '../ir/types.ts';
import { type DataShapes, type Inference, LayerError, type PlacedDefinition } from '../layers/defineLayer.ts';
import { type BlockFace, blockFace } from './blockFace.ts';
import { type BlockUse, type ExpandedDocument, expandBlocks, MOST_EXPANDED, portOf } from './expand.ts';
import type { GraphInference, NodeInference } from './infer.ts';
import { inferGiven } from './inferLayers.ts';
import { localFix, pathOfUse, splitPath } from './localFixes.ts';
import { nodeDiagnostics, wireDiagnostic } from './validateNode.ts';

/** Adds to what is known of the expanded document what its uses of blocks are: as if each were a layer. */
export function withUses(document: GraphDocument, expanded: ExpandedDocument, flat: GraphInference): GraphInference {
  const { uses } = expanded;
  const nodes: Record<string, NodeInference> = Object.assign(Object.create(null), flat.nodes);
  const beneath = new Map<string, string[]>([...uses.keys()].map((path) => [path, []]));
  for (const id of Object.keys(flat.nodes)) for (const path of usesAround(id)) beneath.get(path)?.push(id);
  for (const use of uses.values()) nodes[use.path] = entryOf(document, use, uses, flat, beneath.get(use.path) ?? []);

  const edges: Record<string, Shape | undefined> = Object.assign(Object.create(null), flat.edges);
  for (const id of Object.keys(document.edges)) edges[id] ??= undefined;

  const used = new Set<string>(flat.order.flatMap((id) => usesAround(id)));
  const told = new Set<string>();
  const found = [
    ...flat.diagnostics.filter(
      ({ id, node }) => id !== 'unused-node' || usesAround(node ?? '').every((use) => used.has(use)),
    ),
    ...[...uses.values()].flatMap((use) => diagnosticsOfUse(document, use, nodes, used)),
    ...wireDiagnostics(document, uses, nodes),
    ...(expanded.tooLarge ? [tooLarge(uses)] : []),
  ];
  const diagnostics = found.flatMap((diagnostic) => {
    const own = located(document, expanded, diagnostic);
    // Each repetition has the same mistake: it is told once.
    const key = `${withoutNumbers(own.node ?? own.edge ?? '')} ${own.message}`;
    if (told.has(key)) return [];
    told.add(key);
    return [own];
  });
  const totals = {
    ...flat.totals,
    multiplyAdds: flat.order.reduce((sum, id) => sum + multiplyAddsOf(id, flat, uses), 0),
  };
  return { ...flat, nodes, edges, diagnostics, totals };
}

/** Paths that were taken apart: each edit asks for all of them again. */
const around = new Map<string, readonly string[]>();
const MOST_KNOWN = 5 * MOST_EXPANDED;

/** Paths of the uses around a node or wire, from the outside in: `a` and `a.0.b` of `a.0.b.2.conv1`. */
export function usesAround(path: string): readonly string[] {
  if (!path.includes('.')) return NOWHERE;
  const known = around.get(path);
  if (known) return known;
  const parts = path.split('.');
  const found = Array.from({ length: Math.floor(parts.length / 2) }, (_, i) => parts.slice(0, 2 * i + 1).join('.'));
  if (around.size >= MOST_KNOWN) around.clear();
  around.set(path, found);
  return found;
}

const NOWHERE: readonly string[] = [];

/** A path without the numbers of repetitions: `a.b.conv1`. */
export function withoutNumbers(path: string): string {
  return path
    .split('.')
    .filter((_, i) => i % 2 === 0)
    .join('.');
}

function entryOf(
  document: GraphDocument,
  use: BlockUse,
  uses: ReadonlyMap<string, BlockUse>,
  flat: GraphInference,
  beneath: readonly string[],
): NodeInference {
  const { face, node, prefix, parameters } = use;
  const wires = (Object.values(use.graph.edges) as GraphEdge[]).filter(({ target }) => target.node === node.id);
  const sources = face.inputs.flatMap(({ name }) => {
    const wire = wires.find(({ target }) => target.port === name);
    if (!wire) return [];
    const source = `${prefix}${wire.source.node}`;
    const outputs = uses.get(source)?.face.outputs ?? flat.nodes[source]?.definition?.outputs ?? [];
    const output = outputs.findIndex((port) => port.name === wire.source.port);
    return [{ node: source as NodeId, output, edge: `${prefix}${wire.id}` as EdgeId, port: name }];
  });
  return {
    definition: placedBlock(use.block, document.blocks),
    layer: undefined,
    frozen: node.frozen === true,
    shares: undefined,
    initial: undefined,
    parameters,
    sources,
    ports: sources.map(({ port }) => port),
    inputs: sources.map(({ node: source, output }) => {
      const inner = uses.get(source);
      const port =
        inner && portOf(inner, { node: inner.path, port: inner.face.outputs[output]?.name ?? '' }, 'outputs');
      return port ? flat.nodes[port.node]?.inference?.outputs[0] : flat.nodes[source]?.inference?.outputs[output];
    }),
    inference: inferenceOf(use, flat, beneath, uses),
    totalParameters: beneath.reduce((sum, id) => sum + (flat.nodes[id]?.totalParameters ?? 0), 0),
  };
}

/** The sum of what is inside; undefined as long as some of it can't be inferred. */
function inferenceOf(
  use: BlockUse,
  flat: GraphInference,
  beneath: readonly string[],
  uses: ReadonlyMap<string, BlockUse>,
): Inference | undefined {
  const outputs = use.face.outputs.map(
    ({ name }) => flat.nodes[portOf(use, { node: use.path, port: name }, 'outputs')?.node ?? '']?.inference?.outputs[0],
  );
  const parts = beneath.map((id) => [id.slice(use.path.length + 1), flat.nodes[id]?.inference] as const);
  if (beneath.length === 0 || outputs.some((shape) => !shape)) return undefined;
  return {
    outputs: outputs as Shape[],
    weights: parts.flatMap(([id, part]) =>
      (part?.weights ?? []).map((weight) => ({ ...weight, name: `${id}.${weight.name}` })),
    ),
    multiplyAdds: beneath.reduce((sum, id) => sum + multiplyAddsOf(id, flat, uses, use), 0),
  };
}

/** Those of a node for one sample of what comes into a use around it, or into the document: for all steps, where it works on each. */
function multiplyAddsOf(
  id: string,
  { nodes }: GraphInference,
  uses: ReadonlyMap<string, BlockUse>,
  from?: BlockUse,
): number {
  let product = nodes[id]?.inference?.multiplyAdds ?? 0;
  for (const path of usesAround(id)) {
    const use = uses.get(path);
    if (!use?.timeDistributed || (from && !`${path}.`.startsWith(`${from.path}.`))) continue;
    const [input] = use.face.inputs;
    product *= nodes[`${path}.0.${input?.name}`]?.inference?.outputs[1]?.[0] ?? 1;
  }
  return product;
}

const definitions = new WeakMap<BlockFace, PlacedDefinition>();

/** A block as what stands at a node: its shapes are found by expanding it. */
export function placedBlock(block: BlockDefinition, blocks: GraphDocument['blocks']): PlacedDefinition {
  const face = blockFace(block, blocks);
  const known = definitions.get(face);
  if (known) return known;
  const definition: PlacedDefinition = {
    ...face,
    infer: (inputs, parameters, data) => inferBlock(block, blocks, inputs, parameters, data),
  };
  definitions.set(face, definition);
  return definition;
}

/** A block by itself with these shapes at its inputs, expanded under the path `use`. */
export function inferAlone(
  block: BlockDefinition,
  blocks: GraphDocument['blocks'],
  inputs: readonly Shape[],
  parameters: GraphNode['parameters'],
  data: DataShapes,
): { readonly use: BlockUse; readonly uses: ReadonlyMap<string, BlockUse>; readonly inference: GraphInference } {
  const id = nodeId('use');
  const node: GraphNode = { id, type: BLOCK, version: 1, block: block.id, parameters, position: { x: 0, y: 0 } };
  const expanded = expandBlocks({ ...NO_DOCUMENT, blocks, nodes: { [id]: node } });
  const given = new Map(blockFace(block, blocks).inputs.map(({ name }, i) => [`use.0.${name}`, inputs[i] as Shape]));
  const use = expanded.uses.get(id) as BlockUse;
  return { use, uses: expanded.uses, inference: inferGiven(expanded.document, data, given) };
}

/** What a block gives for these shapes. @throws LayerError saying what in it does not fit. */
function inferBlock(
  block: BlockDefinition,
  blocks: GraphDocument['blocks'],
  inputs: readonly Shape[],
  parameters: GraphNode['parameters'],
  data: DataShapes,
): Inference {
  const { use, uses, inference: flat } = inferAlone(block, blocks, inputs, parameters, data);
  const inference = inferenceOf(use, flat, Object.keys(flat.nodes), uses);
  const problem = flat.diagnostics.find(({ id, severity }) => id === 'shape-mismatch' && severity === 'error');
  if (problem) throw new LayerError(`Inside ${block.name}: ${problem.message}`);
  if (!inference) throw new LayerError(`The block ${block.name} can't be computed: see inside of it.`);
  return inference;
}

const NO_DOCUMENT: Omit<GraphDocument, 'nodes' | 'blocks'> = {
  format: 'gradloom',
  version: DOCUMENT_VERSION,
  name: '',
  edges: {},
  training: { optimizer: { type: 'Adam', parameters: {} }, epochs: 1, batchSize: 1, seed: 0 },
  data: { dataset: '' },
};

/** What is wrong with a use as such: its parameters, wires that are missing, or that nothing needs it. */
function diagnosticsOfUse(
  document: GraphDocument,
  use: BlockUse,
  nodes: Readonly<Record<string, NodeInference>>,
  used: ReadonlySet<string>,
): Diagnostic[] {
  const { path, node, face, prefix } = use;
  const label = nodeLabel(node, document.blocks);
  const remove = { label: `Remove ${label}`, change: { kind: 'removeNode', node: path } as const };
  const fixes = [{ ...remove, change: { kind: 'group', changes: [remove.change] } as const }];
  const severity = used.has(path) ? 'error' : 'warning';
  const wires = Object.values(use.graph.edges) as GraphEdge[];
  const open = face.inputs.filter(
    ({ name }) => !wires.some(({ target }) => target.node === node.id && target.port === name),
  );
  const found = nodeDiagnostics({ ...node, id: path }, nodes[path]?.definition, document.blocks);
  if (open.length > 0) {
    const ports = face.inputs.length === 1 ? 'its input' : open.map(({ name }) => `"${name}"`).join(' and ');
    const message = `${label} is not connected: draw a wire to ${ports}.`;
    return [...found, { id: 'unconnected-input', severity, message, node: path, fixes }];
  }
  // Inside of a block that is not needed, that block is told of alone.
  const around = pathOfUse(prefix);
  if (!used.has(path) && (around === undefined || used.has(around))) {
    const message = `${label} does not lead to a loss, so it is left out of training.`;
    return [...found, { id: 'unused-node', severity: 'warning', message, node: path, fixes }];
  }
  return found;
}

/** Wires at ports that a block has not, in the document and in each block that is used. */
function wireDiagnostics(
  document: GraphDocument,
  uses: ReadonlyMap<string, BlockUse>,
  nodes: Readonly<Record<string, NodeInference>>,
): Diagnostic[] {
  const atUse = (graph: GraphDocument, prefix: string, wire: GraphEdge): Diagnostic | undefined => {
    const ends = [uses.get(`${prefix}${wire.source.node}`), uses.get(`${prefix}${wire.target.node}`)];
    return ends.some((use) => use !== undefined) ? wireDiagnostic(graph, wire, nodes, prefix) : undefined;
  };
  const graphs: [GraphDocument, string][] = [[document, '']];
  for (const { path, block } of uses.values()) {
    if (nodes[`${path}.0.${Object.keys(block.nodes)[0]}`]) {
      graphs.push([{ ...document, nodes: block.nodes, edges: block.edges }, `${path}.0.`]);
    }
  }
  return graphs.flatMap(([graph, prefix]) =>
    (Object.values(graph.edges) as GraphEdge[]).flatMap((wire) => atUse(graph, prefix, wire) ?? []),
  );
}

function tooLarge(uses: ReadonlyMap<string, BlockUse>): Diagnostic {
  const [first] = uses.keys();
  return {
    id: 'too-large',
    severity: 'error',
    message: `The blocks of this model stand for more than ${MOST_EXPANDED.toLocaleString('en')} layers: repeat them less often.`,
    ...(first !== undefined && { node: first as NodeId }),
    fixes: [],
  };
}

/** Says in which block something is, and makes its quick fixes changes of the document. */
function located(document: GraphDocument, expanded: ExpandedDocument, diagnostic: Diagnostic): Diagnostic {
  const place = diagnostic.node ?? diagnostic.edge ?? '';
  const use = expanded.uses.get(pathOfUse(splitPath(place)[0]) ?? '');
  const fixes = diagnostic.fixes.flatMap(({ label, change }) => {
    const local = localFix(document, expanded, change);
    return local ? [{ label, change: local }] : [];
  });
  return {
    ...diagnostic,
    message: use ? `Inside ${nodeLabel(use.node, document.blocks)}: ${diagnostic.message}` : diagnostic.message,
    fixes,
  };
}
