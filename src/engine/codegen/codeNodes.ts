import type { BlockUse } from '../compiler/expand.ts';
import type { GraphInference, NodeInference } from '../compiler/infer.ts';
import { EngineError } from '../errors.ts';
import { BLOCK_INPUT } from '../graph/blocks.ts';
import type { Graph, GraphEdge, GraphNode, NodeId } from '../graph/document.ts';
import { valuesOf } from '../graph/keys.ts';
import { wiresByTarget } from '../graph/topology.ts';
import { findInitializer, isInitialized } from '../initializers/registry.ts';
import type { Shape } from '../ir/types.ts';
import type { DataShapes, LayerDefinition } from '../layers/defineLayer.ts';
import { completeParameters } from '../layers/parameters.ts';
import type { CodeBlocks } from './codeBlocks.ts';
import type { CodeInitial, CodeNode, CodeValue } from './codeGraph.ts';
import { freeName, variableName } from './identifiers.ts';

/** A graph with what is known of its nodes: the document's own, or that of a block as one repetition of a use has it. */
export interface Level {
  readonly graph: Graph;
  readonly inference: GraphInference;
  readonly uses: ReadonlyMap<string, BlockUse>;
  readonly prefix: string;
}

/** Where the names that code has for layers are gathered: `prefix` is what those of this graph begin with. */
export interface GatheredNames {
  readonly names: Map<string, string>;
  readonly prefix: string;
}

/** The nodes of a graph as the generators see them, in the order given, in which each comes after those that it reads. */
export function codeNodes(
  level: Level,
  order: readonly NodeId[],
  data: DataShapes,
  blocks: CodeBlocks,
  gathered?: GatheredNames,
): CodeNode[] {
  const names = nodeNames(level, order, blocks.taken);
  const made = new Map<NodeId, CodeNode>();
  const starts = startNames(level, order);
  const incoming = wiresByTarget(level.graph, valuesOf(level.graph.edges));
  for (const id of order) {
    const name = names.get(id) as string;
    const path = `${level.prefix}${id}`;
    const record = level.graph.nodes[id] as GraphNode;
    const use = level.uses.get(path);
    const inputs = sourcesOf(level, id, incoming.get(id) ?? [], made);
    const label = record.name;
    if (use) {
      made.set(id, blocks.use(use, level, { id, name, label, inputs }));
      if (gathered) blocks.gather(use, level, { ...gathered, prefix: `${gathered.prefix}${name}` });
      continue;
    }
    const entry = level.inference.nodes[path];
    if (!entry?.layer || !entry.inference)
      throw new EngineError('bad-document', `no code can be made of "${path}"`, path);
    const start = starts.get(id);
    const node: Omit<CodeNode, 'layer'> = {
      id,
      name,
      label,
      ...(start !== undefined && { start }),
      definition: entry.layer,
      context: {
        parameters: entry.parameters,
        inputs: entry.inputs as readonly Shape[],
        ports: entry.ports,
        outputs: entry.inference.outputs,
        data,
      },
      hasWeights: entry.inference.weights.length > 0,
      shares: entry.shares,
      initial: initialOf(entry),
      frozen: entry.frozen && entry.inference.weights.length > 0,
      inputs,
    };
    made.set(id, { ...node, layer: blocks.writer.layer(node, entry.layer as LayerDefinition) });
    gathered?.names.set(path, `${gathered.prefix}${name}`);
  }
  return [...made.values()];
}

/** What a node reads, in the order of its ports. */
function sourcesOf(
  { graph, inference, uses, prefix }: Level,
  id: NodeId,
  wires: readonly GraphEdge[],
  made: ReadonlyMap<NodeId, CodeNode>,
): CodeValue[] {
  if (graph.nodes[id]?.type === BLOCK_INPUT) return [];
  const definition = uses.get(`${prefix}${id}`)?.face ?? inference.nodes[`${prefix}${id}`]?.definition;
  return (definition?.inputs ?? []).flatMap(({ name, many }) => {
    const here = wires.filter(({ target }) => target.port === name);
    return (many ? here : here.slice(0, 1)).map(({ source }): CodeValue => {
      const node = made.get(source.node);
      if (!node) throw new EngineError('unconnected', `node "${id}" reads a wire that carries nothing`, id);
      return { node, port: node.definition.outputs.findIndex((port) => port.name === source.port) };
    });
  });
}

/** The variables that hold a block's inputs. */
function startNames({ graph }: Level, order: readonly NodeId[]): Map<NodeId, string> {
  const inputs = order.filter((id) => graph.nodes[id]?.type === BLOCK_INPUT);
  const taken = new Set<string>();
  return new Map(
    inputs.map((id, i) => {
      const own = variableName(graph.nodes[id]?.name ?? '');
      return [id, freeName(own || (['x', 'y', 'z'][i] ?? 'x'), taken)];
    }),
  );
}

/** The user's own names first; the others are called after their layer, and numbered where there are several. */
function nodeNames(level: Level, order: readonly NodeId[], reserved: readonly string[]): Map<NodeId, string> {
  const names = new Map<NodeId, string>();
  // Variables of the forward pass: no layer may hide them.
  const taken = new Set(['x', 'y', 'z', ...reserved]);
  for (const id of order) {
    const own = variableName(level.graph.nodes[id]?.name ?? '');
    if (own !== '') names.set(id, freeName(own, taken));
  }
  const groups = new Map<string, NodeId[]>();
  for (const id of order) {
    if (names.has(id)) continue;
    const path = `${level.prefix}${id}`;
    const use = level.uses.get(path);
    const layer = level.inference.nodes[path]?.layer;
    const base = use
      ? variableName(use.block.name) || 'block'
      : (layer?.emit.name ?? variableName((layer?.type ?? '').replace(/\d[dD]$/, '')));
    const group = groups.get(base);
    if (group) group.push(id);
    else groups.set(base, [id]);
  }
  for (const [base, ids] of groups) {
    let number = 1;
    for (const id of ids) {
      let name = base;
      if (ids.length > 1 || taken.has(base)) {
        while (taken.has(`${base}${number}`)) number++;
        name = `${base}${number}`;
      }
      taken.add(name);
      names.set(id, name);
    }
  }
  return names;
}

function initialOf({ initial, inference }: NodeInference): CodeInitial | undefined {
  const weights = inference?.weights.filter(isInitialized).map(({ name }) => name) ?? [];
  if (!initial || weights.length === 0) return undefined;
  const definition = findInitializer(initial.type);
  if (!definition) {
    throw new EngineError('bad-document', `unknown initial values "${initial.type}": choose other ones`);
  }
  return { definition, parameters: completeParameters(definition.parameters, initial.parameters), weights };
}
