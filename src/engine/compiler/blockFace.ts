import { BLOCK, blockOf, blockPorts, MOST_REPEATS, REPEAT, TIME_DISTRIBUTED } from '../graph/blocks.ts';
import type { BlockDefinition, GraphDocument, GraphNode, ParameterTarget, ParameterValue } from '../graph/document.ts';
import type { PlacedDefinition } from '../layers/defineLayer.ts';
import { type ParameterSchema, type ParameterSpec, parameterProblem } from '../layers/parameters.ts';
import { findLayer } from '../layers/registry.ts';

type Blocks = GraphDocument['blocks'];

/** What a use of a block shows: the ports, and as parameters what the block exposes. Shapes are found by expanding it. */
export type BlockFace = Omit<PlacedDefinition, 'infer'>;

const faces = new WeakMap<BlockDefinition, { readonly blocks: Blocks; readonly face: BlockFace }>();

/** The face of a block; the same object as long as no block of the document changes. */
export function blockFace(block: BlockDefinition, blocks: Blocks): BlockFace {
  const known = faces.get(block);
  if (known?.blocks === blocks) return known.face;
  const face = makeFace(block, blocks);
  faces.set(block, { blocks, face });
  return face;
}

function makeFace(block: BlockDefinition, blocks: Blocks): BlockFace {
  const { inputs, outputs } = blockPorts(block);
  const layers = Object.values(block.nodes).length - inputs.length - outputs.length;
  const repeats = inputs.length > 0 && inputs.length === outputs.length;
  return {
    type: BLOCK,
    title: block.name,
    category: 'Block',
    icon: 'blocks',
    help: {
      summary: `A block of ${layers} ${layers === 1 ? 'layer' : 'layers'}. Editing it inside changes all of its uses.`,
      shapes: `${inputs.length} ${inputs.length === 1 ? 'input' : 'inputs'} → ${outputs.length} ${outputs.length === 1 ? 'output' : 'outputs'}`,
      reference: 'https://docs.pytorch.org/docs/stable/generated/torch.nn.Module.html',
    },
    role: 'layer',
    inputs: inputs.map((name) => ({ name })),
    outputs: outputs.map((name) => ({ name })),
    parameters: {
      ...exposedSchema(block, blocks),
      ...(repeats && { [REPEAT]: REPEAT_SPEC }),
      ...(inputs.length > 0 && outputs.length > 0 && { [TIME_DISTRIBUTED]: TIME_DISTRIBUTED_SPEC }),
    },
    version: 1,
  };
}

const REPEAT_SPEC: ParameterSpec = {
  kind: 'integer',
  default: 1,
  min: 1,
  max: MOST_REPEATS,
  help: 'How often the block follows upon itself, each time with weights of its own.',
};

const TIME_DISTRIBUTED_SPEC: ParameterSpec = {
  kind: 'boolean',
  default: false,
  help: 'Works on each step of a sequence by itself, with the same weights: [N, T, …] → [N, T, …], as TimeDistributed in Keras.',
};

/** What a block exposes: each parameter is as its first target has it, with the value inside as its default. */
function exposedSchema(block: BlockDefinition, blocks: Blocks): ParameterSchema {
  return Object.fromEntries(
    Object.entries(block.parameters).flatMap(([name, targets]) => {
      const [first] = targets;
      const spec = first && specOf(block, first, blocks);
      return spec ? [[name, spec] as const] : [];
    }),
  );
}

/** A parameter of a node in a block, with the node's own value as its default; undefined if there is none. */
function specOf(
  block: BlockDefinition,
  { node: id, parameter }: ParameterTarget,
  blocks: Blocks,
): ParameterSpec | undefined {
  const node = block.nodes[id];
  const spec = node && schemaOf(node, blocks)?.[parameter];
  if (!spec) return undefined;
  const own = Object.hasOwn(node.parameters, parameter) ? node.parameters[parameter] : undefined;
  return own === undefined || parameterProblem(spec, own) ? spec : ({ ...spec, default: own } as ParameterSpec);
}

/** The parameters that a node has; undefined for a layer that this program does not know. */
export function schemaOf(node: GraphNode, blocks: Blocks): ParameterSchema | undefined {
  const block = blockOf(node, blocks);
  if (block) return blockFace(block, blocks).parameters;
  const definition = findLayer(node.type);
  return definition?.version === node.version ? definition.parameters : undefined;
}

/** A block's nodes as a use has them: with its values for what is exposed. */
export function nodesOfUse(
  block: BlockDefinition,
  values: Readonly<Record<string, ParameterValue>>,
): BlockDefinition['nodes'] {
  const nodes: Record<string, GraphNode> = { ...block.nodes };
  for (const [name, targets] of Object.entries(block.parameters)) {
    const value = values[name];
    if (value === undefined) continue;
    for (const { node: id, parameter } of targets) {
      const node = nodes[id];
      if (node) nodes[id] = { ...node, parameters: { ...node.parameters, [parameter]: value } };
    }
  }
  return nodes as BlockDefinition['nodes'];
}
