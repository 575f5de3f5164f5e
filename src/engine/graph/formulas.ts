import { FormulaError } from '../layers/core/expression/formulaError.ts';
import { evaluateFormula, parseFormula } from '../layers/core/expression/parseFormula.ts';
import { type ParameterSpec, parameterProblem } from '../layers/parameters.ts';
import { findLayer } from '../layers/registry.ts';
import type { BlockDefinition, BlockId, Graph, GraphDocument, GraphNode, NodeId, ParameterValue } from './document.ts';

type Constants = NonNullable<GraphDocument['constants']>;

/**
 * The number that a formula comes to: arithmetic over the document's constants, which may use one another.
 * @throws FormulaError with what is wrong and the character
 */
export function evaluate(formula: string, constants: Constants): number {
  return evaluateWithin(formula, constants, [], new Map());
}

/** `found` keeps what constants came to: one that others use often is evaluated once. */
function evaluateWithin(
  formula: string,
  constants: Constants,
  within: readonly string[],
  found: Map<string, number>,
): number {
  return evaluateFormula(parseFormula(formula), (name, column) => {
    const before = found.get(name);
    if (before !== undefined) return before;
    const own = Object.hasOwn(constants, name) ? constants[name] : undefined;
    if (own === undefined) {
      const known = Object.keys(constants);
      const hint = known.length > 0 ? `the constants are ${known.join(', ')}` : 'add one in the inspector of the model';
      throw new FormulaError(`there is no constant "${name}": ${hint}`, column);
    }
    if (within.includes(name)) throw new FormulaError(`the constant "${name}" is made of itself`, column);
    try {
      const value = evaluateWithin(own, constants, [...within, name], found);
      found.set(name, value);
      return value;
    } catch (error) {
      if (!(error instanceof FormulaError)) throw error;
      throw new FormulaError(within.length > 0 ? error.message : `in the constant "${name}": ${error.message}`, column);
    }
  });
}

/** What a parameter's formula comes to: its value, or what is wrong. */
export type FormulaResult =
  | { readonly value: ParameterValue }
  | { readonly problem: string; readonly column: number | undefined };

/** The value of a parameter by formula, of the kind that its layer asks for: a tuple has the number in each place. */
export function formulaValue(node: GraphNode, parameter: string, formula: string, constants: Constants): FormulaResult {
  const schema = findLayer(node.type)?.parameters;
  const spec = schema && Object.hasOwn(schema, parameter) ? schema[parameter] : undefined;
  try {
    const value = asValue(spec, evaluate(formula, constants));
    const problem = spec && parameterProblem(spec, value);
    return problem ? { problem: `${problem}: "${formula}" is ${value}`, column: undefined } : { value };
  } catch (error) {
    if (!(error instanceof FormulaError)) throw error;
    return { problem: error.message, column: error.column };
  }
}

function asValue(spec: ParameterSpec | undefined, number: number): ParameterValue {
  // 0.1 * 30 is meant to be 3: rounding errors make no fractions.
  const near = Math.round(number);
  const value = Math.abs(number - near) < 1e-9 * Math.max(1, Math.abs(number)) ? near + 0 : number;
  return spec?.kind === 'integers' ? spec.default.map(() => value) : value;
}

/** The node with what its formulas come to among its parameters; a formula that comes to nothing leaves what was there. */
export function withFormulas(node: GraphNode, constants: Constants): GraphNode {
  if (!node.formulas) return node;
  let parameters = node.parameters;
  for (const [name, formula] of Object.entries(node.formulas)) {
    const result = formulaValue(node, name, formula, constants);
    if ('value' in result && JSON.stringify(parameters[name]) !== JSON.stringify(result.value)) {
      parameters = { ...parameters, [name]: result.value };
    }
  }
  return parameters === node.parameters ? node : { ...node, parameters };
}

/** The document with every formula evaluated anew, those inside of blocks included. */
export function refreshFormulas(document: GraphDocument): GraphDocument {
  const { constants = {} } = document;
  const after = refreshGraph(document, constants);
  const blocks = Object.entries(document.blocks) as [BlockId, BlockDefinition][];
  const fresh = blocks.map(([id, block]) => [id, refreshGraph(block, constants)] as const);
  if (fresh.every(([, block], i) => block === blocks[i]?.[1])) return after;
  return { ...after, blocks: Object.fromEntries(fresh) as GraphDocument['blocks'] };
}

function refreshGraph<Part extends Graph>(graph: Part, constants: Constants): Part {
  const changed = (Object.values(graph.nodes) as GraphNode[]).flatMap((node) => {
    const fresh = withFormulas(node, constants);
    return fresh === node ? [] : [[node.id, fresh] as [NodeId, GraphNode]];
  });
  return changed.length === 0 ? graph : { ...graph, nodes: { ...graph.nodes, ...Object.fromEntries(changed) } };
}
