import type { BlockUse } from '../compiler/expand.ts';
import type { GraphInference } from '../compiler/infer.ts';
import { EngineError } from '../errors.ts';
import { BLOCK_INPUT, BLOCK_OUTPUT, blockPorts, blocksBehind, isPort } from '../graph/blocks.ts';
import type { BlockDefinition, GraphDocument, GraphNode, NodeId } from '../graph/document.ts';
import { edgesByTarget, topologicalOrder } from '../graph/topology.ts';
import type { DataShapes } from '../layers/defineLayer.ts';
import { type Instance, instancesOf, quantitiesOf, quantity, trials } from './blockInstances.ts';
import type { CodeBlock, CodeNode, CodeTargetWriter, CodeValue } from './codeGraph.ts';
import { codeNodes, type GatheredNames, type Level } from './codeNodes.ts';
import { freeName } from './identifiers.ts';
import {
  type Argument,
  argumentsOf,
  type Observation,
  textOf,
  textOfUse,
  withNames,
  written,
} from './numbersInCode.ts';

/** A use of a block in code: with what each repetition is made. */
interface Call {
  readonly code: CodeBlock;
  readonly parameters: readonly (readonly string[])[];
  readonly timeDistributed: boolean;
}

/** A class or function for those instances of a block whose code differs in numbers alone. */
interface Variant {
  readonly code: CodeBlock;
  readonly skeleton: string;
  readonly arguments: readonly Argument[];
  /** What the code calls the nodes inside. */
  readonly names: ReadonlyMap<NodeId, string>;
}

/** The blocks of a document as classes or functions of a target. */
export class CodeBlocks {
  readonly writer: CodeTargetWriter;
  readonly all: CodeBlock[] = [];
  /** Names that are taken in the code. */
  readonly taken: string[];
  readonly #document: GraphDocument;
  readonly #data: DataShapes;
  readonly #variants = new Map<string, Variant[]>();

  constructor(
    document: GraphDocument,
    data: DataShapes,
    {
      inference,
      uses,
      used,
    }: {
      readonly inference: GraphInference;
      readonly uses: ReadonlyMap<string, BlockUse>;
      readonly used: ReadonlySet<string>;
    },
    writer: CodeTargetWriter,
  ) {
    this.#document = document;
    this.#data = data;
    this.writer = writer;
    this.taken = [...writer.taken];
    for (const block of blocksBehind(document, document.blocks)) {
      const own = [...uses.values()].filter((use) => use.block === block && used.has(use.path));
      this.#add(
        block,
        own.flatMap((use) => instancesOf(use, { inference, uses })),
      );
    }
  }

  /** The use of a block as a node. */
  use(use: BlockUse, level: Level, node: Pick<CodeNode, 'id' | 'name' | 'label' | 'inputs'>): CodeNode {
    const { face, path, repeat } = use;
    const { inference } = level;
    const last = `${path}.${repeat - 1}.`;
    const call = this.#written(this.#callOf(use, level));
    const isWithin = (id: string) => id.startsWith(`${path}.`);
    return {
      ...node,
      definition: face,
      ...call,
      context: {
        parameters: use.parameters,
        inputs: [],
        ports: [],
        outputs: face.outputs.map(({ name }) => inference.nodes[`${last}${name}`]?.inference?.outputs[0] ?? []),
        data: this.#data,
      },
      hasWeights: Object.keys(inference.nodes).some(
        (id) => isWithin(id) && (inference.nodes[id]?.inference?.weights.length ?? 0) > 0,
      ),
      // Its layers are, where it is.
      frozen: false,
      shares: undefined,
      initial: undefined,
    };
  }

  /** Gathers what the code calls the layers inside of a use. */
  gather(use: BlockUse, level: Level, { names, prefix }: GatheredNames): void {
    instancesOf(use, level).forEach((instance, number) => {
      const { level: inner } = instance;
      const own = `${prefix}${use.repeat > 1 ? `.${number}` : ''}.`;
      for (const [id, name] of this.#variantOf(use.block, instance)?.names ?? []) {
        const nested = inner.uses.get(`${inner.prefix}${id}`);
        if (nested) this.gather(nested, inner, { names, prefix: `${own}${name}` });
        else names.set(`${inner.prefix}${id}`, `${own}${name}`);
      }
    });
  }

  /** The block of a use, and with what each repetition is made. @throws EngineError `unsupported` */
  #callOf(use: BlockUse, level: Level): Call {
    const { block } = use;
    const instances = instancesOf(use, level);
    const variants = instances.map((instance) => this.#variantOf(block, instance));
    const [variant] = variants;
    if (!variant || variants.some((other) => other !== variant)) {
      const message = `the repetitions of ${block.name} differ in more than numbers: use it several times instead`;
      throw new EngineError('unsupported', message, use.path);
    }
    const parameters = instances.map((instance) => this.#valuesFor(variant, block, instance));
    return { code: variant.code, parameters, timeDistributed: use.timeDistributed };
  }

  /** How the target writes a use; in a loop where that is its way. */
  #written({ code, parameters, timeDistributed }: Call): Pick<CodeNode, 'layer' | 'repeat'> {
    const alike = parameters.every((each) => each.join() === parameters[0]?.join());
    const loops = this.writer.loops && parameters.length > 1 && alike && code.results.length === 1;
    return loops
      ? { layer: this.writer.use(code, parameters.slice(0, 1), timeDistributed), repeat: parameters.length }
      : { layer: this.writer.use(code, parameters, timeDistributed) };
  }

  #valuesFor(variant: Variant, block: BlockDefinition, instance: Instance): string[] {
    const texts = this.#observe(block, instance).texts;
    return variant.arguments.map(({ of, at }) => {
      const number = of && quantity(instance, of);
      return number === undefined ? (texts.get(at.node)?.numbers[at.place] ?? '0') : String(number);
    });
  }

  #variantOf(block: BlockDefinition, instance: Instance): Variant | undefined {
    const { skeleton } = this.#observe(block, instance);
    return this.#variants.get(block.id)?.find((variant) => variant.skeleton === skeleton);
  }

  /** What the code of an instance says, node by node; nodes that have no shape in a trial are left out. */
  #observe(block: BlockDefinition, instance: Instance): Observation {
    const texts: Observation['texts'] = new Map();
    const { level } = instance;
    for (const id of this.#order(block)) {
      const node = level.graph.nodes[id] as GraphNode;
      if (isPort(node)) continue;
      const path = `${level.prefix}${id}`;
      const use = level.uses.get(path);
      const entry = level.inference.nodes[path];
      try {
        if (use) texts.set(id, textOfUse(this.#callOf(use, level)));
        else if (entry?.layer && entry.inference) {
          const own = { ...level, graph: { nodes: { [id]: node }, edges: {} } };
          const [made] = codeNodes(own, [id], this.#data, this);
          if (made) texts.set(id, textOf(made.layer, entry.inputs.length, entry.frozen));
        }
      } catch (error) {
        // A trial may ask for what the target can't express; the instances of the document may not.
        if (!(error instanceof EngineError) || instance.whole) throw error;
      }
    }
    return { texts, skeleton: [...texts].map(([id, { skeleton }]) => `${id}:${skeleton}`).join('\n') };
  }

  /** Nodes that lead to an output, and the inputs, in order of computation. */
  #order(block: BlockDefinition): readonly NodeId[] {
    const graph = { ...this.#document, nodes: block.nodes, edges: block.edges };
    const incoming = edgesByTarget(graph);
    const nodes = Object.values(block.nodes) as GraphNode[];
    const used = new Set(nodes.filter(({ type }) => type === BLOCK_OUTPUT).map(({ id }) => id));
    for (const id of used) for (const { source } of incoming.get(id) ?? []) used.add(source.node);
    return topologicalOrder(graph).order.filter((id) => used.has(id) || block.nodes[id]?.type === BLOCK_INPUT);
  }

  #add(block: BlockDefinition, instances: readonly Instance[]): void {
    const variants: Variant[] = [];
    this.#variants.set(block.id, variants);
    const bySkeleton = new Map<string, Instance[]>();
    for (const instance of instances) {
      const { skeleton } = this.#observe(block, instance);
      bySkeleton.set(skeleton, [...(bySkeleton.get(skeleton) ?? []), instance]);
    }
    for (const [skeleton, alike] of bySkeleton) variants.push(this.#variant(block, skeleton, alike));
  }

  #variant(block: BlockDefinition, skeleton: string, instances: readonly Instance[]): Variant {
    const [first] = instances as readonly [Instance, ...Instance[]];
    const order = this.#order(block);
    const nodes = codeNodes(first.level, order, this.#data, this);
    const tried = [...instances, ...trials(first, block, this.#document, this.#data)];
    const observed = tried.map((instance) => ({ instance, ...this.#observe(block, instance) }));
    const taken = new Set([...this.taken, 'x', 'y', 'z', ...nodes.flatMap(({ name, start }) => [name, start ?? name])]);
    const found = argumentsOf(observed, instances.length, quantitiesOf(first, block), (base) =>
      freeName(this.writer.parameterName(base), taken),
    );
    const inside = new Map<NodeId, CodeNode>();
    for (const node of nodes) {
      const inputs = node.inputs.map(
        ({ node: read, port }): CodeValue => ({ node: inside.get(read.id) as CodeNode, port }),
      );
      const text = observed[0]?.texts.get(node.id);
      const own = found.names.get(node.id) ?? new Map<number, string>();
      const use = first.level.uses.get(`${first.level.prefix}${node.id}`);
      if (use) {
        const { repeat: _repeat, layer: _layer, ...rest } = node;
        inside.set(node.id, { ...rest, inputs, ...this.#written(withNames(this.#callOf(use, first.level), own)) });
      } else inside.set(node.id, { ...node, inputs, layer: text ? written(node.layer, text, own) : node.layer });
    }
    const all = [...inside.values()];
    const name = freeName(this.writer.blockName(block.name), new Set([...this.taken, 'x', 'y', 'z']));
    this.taken.push(name);
    const code: CodeBlock = {
      name,
      parameters: found.arguments.map((argument) => argument.name),
      nodes: all.filter(({ definition }) => definition.type !== BLOCK_OUTPUT),
      results: blockPorts(block).outputs.flatMap((port) => inside.get(port)?.inputs ?? []),
    };
    this.all.push(code);
    const names = all.flatMap(({ id, name: own, definition }) =>
      definition.type === BLOCK_INPUT || definition.type === BLOCK_OUTPUT ? [] : [[id, own] as const],
    );
    return { code, skeleton, arguments: found.arguments, names: new Map(names) };
  }
}
