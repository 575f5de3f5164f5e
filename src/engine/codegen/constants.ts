import { EngineError } from '../errors.ts';
import type { BlockDefinition, GraphDocument, GraphNode, NodeId } from '../graph/document.ts';
import { evaluate, refreshFormulas } from '../graph/formulas.ts';
import { FormulaError } from '../layers/core/expression/formulaError.ts';
import { type Formula, parseFormula } from '../layers/core/expression/parseFormula.ts';
import { findLayer } from '../layers/registry.ts';
import type { CodeBlock, CodeNode, CodeTargetWriter, CodeValue } from './codeGraph.ts';
import { freeName } from './identifiers.ts';
import { textOf, written } from './numbersInCode.ts';
import { type ArithmeticSyntax, isArithmetic, namesOf, printArithmetic } from './printArithmetic.ts';

/** A constant of the document as a variable of the code. */
export interface CodeConstant {
  readonly name: string;
  /** Its formula in the target's language. */
  readonly source: string;
}

/** A formula of the document, and what it comes to in the document and in each trial. */
interface Followed {
  readonly formula: Formula;
  readonly values: readonly number[];
  /** Whether only whole numbers are of use where it stands. */
  readonly whole: boolean;
}

/** Trials change a constant by these factors: what follows a formula through all of them is made from it. */
const FACTORS = [2, 3, 4, 6, 9];

/**
 * The nodes with formulas over the document's constants in the place of the numbers that these come to, and the constants
 * that are then needed, each after those that it uses. Layers write numbers; which of them follow from a formula, sizes of
 * what comes in included, is found by trial: the code is made again with other constants, and a number that changes as a
 * formula does, or as a multiple of it, is that formula. Formulas that the target can't write stay numbers.
 * @param nodesOf the nodes of a document with other numbers; undefined where these do not fit
 */
export function withConstants(
  document: GraphDocument,
  { nodes, blocks }: Written,
  writer: CodeTargetWriter,
  writtenOf: (document: GraphDocument) => Written | undefined,
): Written & { readonly constants: readonly CodeConstant[] } {
  const { constants = {} } = document;
  const hasFormulas = allNodes(document).some(({ formulas }) => formulas !== undefined);
  if (!hasFormulas || Object.keys(constants).length === 0) return { nodes, blocks, constants: [] };
  const trials = Object.keys(constants).flatMap((name) =>
    FACTORS.flatMap((factor) => trial(document, name, factor, writtenOf)),
  );
  const followed = followedFormulas(document, trials);
  // Blocks are functions and classes beside the constants: what is in them has no other name of a constant.
  const within = blocks.flatMap((block) => [block.name, ...block.parameters, ...block.nodes.map(({ name }) => name)]);
  const names = constantNames(constants, writer, [...within, ...nodes.map(({ name }) => name)]);
  const used = new Set<string>();
  const replace = (own: readonly CodeNode[], block?: string): ReadonlyMap<NodeId, CodeNode> => {
    const others = trials.map((each) => each.nodes.get(block ?? ''));
    const replaced = new Map<NodeId, CodeNode>();
    for (const node of own) {
      const inputs = node.inputs.map(
        ({ node: read, port }): CodeValue => ({ node: replaced.get(read.id) ?? read, port }),
      );
      replaced.set(node.id, { ...node, inputs, ...inPlace(node, others, followed, names, writer.arithmetic, used) });
    }
    return replaced;
  };
  const inBlocks = blocks.map((block): CodeBlock => {
    const replaced = replace(block.nodes, block.name);
    const results = block.results.map(({ node, port }): CodeValue => ({ node: replaced.get(node.id) ?? node, port }));
    return { ...block, nodes: [...replaced.values()], results };
  });
  const replaced = replace(nodes);
  return {
    nodes: [...replaced.values()],
    blocks: inBlocks,
    constants: declared(constants, names, writer.arithmetic, used),
  };
}

/** What the code is made of: the layers of the model, and the blocks that some of these use. */
interface Written {
  readonly nodes: readonly CodeNode[];
  readonly blocks: readonly CodeBlock[];
}

interface Trial {
  readonly constants: Readonly<Record<string, string>>;
  /** By the name of the block that they are in; those of the model under the empty name. */
  readonly nodes: ReadonlyMap<string, ReadonlyMap<NodeId, CodeNode>>;
}

/** Of the document, and inside of its blocks. */
const allNodes = ({ nodes, blocks }: GraphDocument): GraphNode[] =>
  [nodes, ...Object.values<BlockDefinition>(blocks).map((block) => block.nodes)].flatMap((each) =>
    Object.values<GraphNode>(each),
  );

function trial(
  document: GraphDocument,
  name: string,
  factor: number,
  writtenOf: (document: GraphDocument) => Written | undefined,
): Trial[] {
  const { constants = {} } = document;
  try {
    const changed = { ...constants, [name]: String(factor * evaluate(constants[name] ?? '', constants)) };
    const found = writtenOf(refreshFormulas({ ...document, constants: changed }));
    const byId = (nodes: readonly CodeNode[]) => new Map(nodes.map((node) => [node.id, node]));
    if (!found) return [];
    const inBlocks = found.blocks.map((block) => [block.name, byId(block.nodes)] as const);
    return [{ constants: changed, nodes: new Map([['', byId(found.nodes)], ...inBlocks]) }];
  } catch (error) {
    // Numbers that do not fit say nothing.
    if (error instanceof EngineError || error instanceof FormulaError) return [];
    throw error;
  }
}

function followedFormulas(document: GraphDocument, trials: readonly Trial[]): Followed[] {
  const { constants = {} } = document;
  return allNodes(document).flatMap((node) =>
    Object.entries(node.formulas ?? {}).flatMap(([parameter, text]): Followed[] => {
      const formula = parsed(text);
      const spec = findLayer(node.type)?.parameters[parameter];
      // What a use of a block sets is a parameter of a layer in it; sizes are whole.
      if (!formula || (!spec && node.block === undefined) || !isExpressible(formula, constants)) return [];
      const values = [constants, ...trials.map((each) => each.constants)].map((each) =>
        nearWhole(evaluate(text, each)),
      );
      return [{ formula, values, whole: spec ? spec.kind !== 'number' : values.every(Number.isInteger) }];
    }),
  );
}

/** Whether the formula, and all constants that it uses, are arithmetic alone. */
function isExpressible(formula: Formula, constants: Readonly<Record<string, string>>): boolean {
  return (
    isArithmetic(formula) &&
    namesOf(formula).every((name) => {
      const own = parsed(constants[name] ?? '');
      return own !== undefined && isExpressible(own, constants);
    })
  );
}

function parsed(text: string): Formula | undefined {
  try {
    return parseFormula(text);
  } catch (error) {
    if (error instanceof FormulaError) return undefined;
    throw error;
  }
}

// As parameters are made of formulas: 0.1 * 30 is meant to be 3.
function nearWhole(value: number): number {
  const near = Math.round(value);
  return Math.abs(value - near) < 1e-9 * Math.max(1, Math.abs(value)) ? near : value;
}

function constantNames(
  constants: Readonly<Record<string, string>>,
  writer: CodeTargetWriter,
  reserved: readonly string[],
): ReadonlyMap<string, string> {
  const taken = new Set([...writer.taken, 'x', 'y', 'z', ...reserved]);
  return new Map(
    Object.keys(constants).map((name) => [name, freeName(writer.parameterName(name) || 'constant', taken)]),
  );
}

/** The layer's code with formulas in it, where it has any. */
function inPlace(
  node: CodeNode,
  trials: readonly (ReadonlyMap<NodeId, CodeNode> | undefined)[],
  followed: readonly Followed[],
  names: ReadonlyMap<string, string>,
  syntax: ArithmeticSyntax,
  used: Set<string>,
): Pick<CodeNode, 'layer' | 'constants'> | undefined {
  const text = textOf(node.layer, node.inputs.length, node.frozen);
  const others = trials.map((nodes) => {
    const other = nodes?.get(node.id);
    const own = other && textOf(other.layer, other.inputs.length, other.frozen);
    return own?.skeleton === text.skeleton ? own.numbers : undefined;
  });
  const found = new Map<number, string>();
  text.numbers.forEach((number, place) => {
    const seen = [Number(number), ...others.map((numbers) => numbers && Number(numbers[place]))];
    for (const { formula, values, whole } of followed) {
      const times = multiple(seen, values);
      if (times === undefined) continue;
      const product: Formula =
        times === 1
          ? formula
          : { kind: 'binary', operator: '*', left: formula, right: { kind: 'number', value: times } };
      const source = printArithmetic(product, names, { syntax, whole });
      found.set(place, standsAlone(text.between, place) ? source : `(${source})`);
      for (const name of namesOf(formula)) used.add(name);
      return;
    }
  });
  return found.size === 0 ? undefined : { layer: written(node.layer, text, found), constants: found };
}

/** By how many times a number is a formula's value wherever both are known, if it has been seen to change with it. */
function multiple(seen: readonly (number | undefined)[], values: readonly number[]): number | undefined {
  const times = (seen[0] as number) / (values[0] as number);
  if (!Number.isInteger(times) || times < 1) return undefined;
  const known = seen.flatMap((number, i) => (number === undefined ? [] : [[number, values[i] as number] as const]));
  const follows = known.every(([number, value]) => number === times * value);
  return follows && new Set(known.map(([number]) => number)).size > 1 ? times : undefined;
}

/** Whether the number is an argument, or an entry of a tuple, by itself. */
function standsAlone(between: readonly string[], place: number): boolean {
  return /[([,=:]\s*$/.test(between[place] ?? '') && /^\s*[)\]},]/.test(between[place + 1] ?? '');
}

/** Those of the constants that are used, and what these use, each after those that it uses. */
function declared(
  constants: Readonly<Record<string, string>>,
  names: ReadonlyMap<string, string>,
  syntax: ArithmeticSyntax,
  used: ReadonlySet<string>,
): CodeConstant[] {
  const done = new Map<string, CodeConstant>();
  const declare = (name: string): void => {
    const formula = parsed(constants[name] ?? '');
    if (done.has(name) || !formula) return;
    for (const other of namesOf(formula)) declare(other);
    done.set(name, {
      name: names.get(name) as string,
      source: printArithmetic(formula, names, { syntax, whole: false }),
    });
  };
  for (const name of Object.keys(constants)) if (used.has(name)) declare(name);
  return [...done.values()];
}
