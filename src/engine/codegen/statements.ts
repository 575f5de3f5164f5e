import type { CodeGraph, CodeNode, CodeValue } from './codeGraph.ts';

/** One line of a forward pass: `variables = expression`. */
export interface Statement {
  readonly variables: readonly string[];
  readonly expression: string;
  /** Done so often, one after the other, each time with what the time before gave. */
  readonly times?: number;
}

export interface ForwardPass {
  readonly statements: readonly Statement[];
  /** The variables that the losses read, in order; those of a loss with several inputs follow one another. */
  readonly results: readonly string[];
}

export interface Dialect {
  /** The variable that holds the samples. */
  readonly start: string;
  /** Whether each Input node is a statement of its own; else they all are `start`. */
  readonly declaresInputs: boolean;
  /** Names that may not be assigned. */
  readonly reserved: ReadonlySet<string>;
  express(node: CodeNode, inputs: readonly string[]): string;
  /** Whether `express` of this node may hold the expression of its only input instead of a variable. */
  nests?(node: CodeNode, input: CodeNode): boolean;
}

/** Longest line that nesting may make. */
const NESTING_WIDTH = 72;

/** A network, or a block: nodes in order of computation, and the values that are wanted of them. */
export interface ForwardGraph {
  readonly nodes: readonly CodeNode[];
  readonly results: readonly CodeValue[];
}

/** What the losses of a network read. */
export function networkOf({ nodes, losses }: CodeGraph): ForwardGraph {
  return { nodes, results: losses.flatMap(({ inputs }) => inputs) };
}

/**
 * The network, losses left out, as assignments a person would write: one variable is used again and again along a
 * chain, and a second one begins where the graph branches.
 */
export function forwardPass(graph: ForwardGraph, dialect: Dialect): ForwardPass {
  const body = graph.nodes.filter(({ definition }) => definition.role !== 'loss');
  const isStart = (node: CodeNode) =>
    node.start !== undefined || (node.definition.role === 'input' && !dialect.declaresInputs);
  const key = ({ node, port }: CodeValue) =>
    isStart(node) ? `start:${node.start ?? dialect.start}` : `${node.id}:${port}`;

  const uses = new Map<string, number>();
  const use = (value: CodeValue) => uses.set(key(value), (uses.get(key(value)) ?? 0) + 1);
  for (const node of body) node.inputs.forEach(use);
  graph.results.forEach(use);

  const starts = new Set(body.filter(isStart).map(({ start }) => start ?? dialect.start));
  const variables = new Map<string, string>([...starts].map((start) => [`start:${start}`, start]));
  /** How many values that are still wanted each variable holds. */
  const live = new Map<string, number>([...starts].map((start) => [start, uses.get(`start:${start}`) ?? 0]));
  const taken = new Set([...dialect.reserved, ...graph.nodes.map(({ name }) => name)]);
  const statements: Statement[] = [];
  /** The last statement's node: the only one whose expression may move into the next. */
  let last: CodeNode | undefined;

  const isLive = (name: string) => (live.get(name) ?? 0) > 0;
  const freshName = (node: CodeNode, port: number): string => {
    if (node.label !== undefined) return port === 0 ? node.name : `${node.name}_${port}`;
    const free = ['x', 'y', 'z'].find((name) => !isLive(name));
    if (free) return free;
    let n = 1;
    while (taken.has(`branch${n}`) || isLive(`branch${n}`)) n++;
    return `branch${n}`;
  };

  for (const node of body) {
    if (isStart(node)) continue;
    const read = node.inputs.map((value) => variables.get(key(value)) as string);
    for (const name of read) live.set(name, (live.get(name) ?? 0) - 1);
    let expression = dialect.express(node, read);
    const only = node.inputs.length === 1 ? (node.inputs[0] as CodeValue) : undefined;
    if (only && node.definition.outputs.length === 1 && expression === read[0]) {
      // Nothing to do here, an activation that the layer before took over: no statement, the variable goes on.
      const wanted = uses.get(`${node.id}:0`) ?? 0;
      variables.set(`${node.id}:0`, expression);
      live.set(expression, (live.get(expression) ?? 0) + wanted);
      last = undefined;
      continue;
    }
    const before = statements.at(-1);
    if (
      before &&
      !before.times &&
      !node.repeat &&
      only &&
      last &&
      only.node === last &&
      uses.get(key(only)) === 1 &&
      dialect.nests?.(node, last)
    ) {
      const nested = dialect.express(node, [before.expression]);
      if (nested.length <= NESTING_WIDTH) {
        expression = nested;
        statements.pop();
        last = undefined;
      } else last = node;
    } else last = node;

    const dead = read.filter((name) => !isLive(name) && !dialect.reserved.has(name));
    const names = node.definition.outputs.map((_, port) => {
      const wanted = uses.get(`${node.id}:${port}`) ?? 0;
      if (wanted === 0) return '_';
      const reused = port === 0 ? (dead.find((name) => name === 'x') ?? dead[0]) : undefined;
      const name = reused ?? freshName(node, port);
      variables.set(`${node.id}:${port}`, name);
      live.set(name, (live.get(name) ?? 0) + wanted);
      return name;
    });
    if (node.repeat) {
      // A loop works on one variable; where that is another than what goes in, the first time stands before it.
      const inPlace = names[0] === read[0];
      if (!inPlace) statements.push({ variables: names, expression });
      const times = inPlace ? node.repeat : node.repeat - 1;
      statements.push({ variables: names, expression: dialect.express(node, names), times });
      last = undefined;
      continue;
    }
    statements.push({ variables: names, expression: withoutParentheses(expression) });
  }
  return {
    statements,
    results: graph.results.map((value) => variables.get(key(value)) as string),
  };
}

/** A layer puts a sum into parentheses, since it may stand inside of something; a whole line needs none. */
function withoutParentheses(expression: string): string {
  if (!expression.startsWith('(') || !expression.endsWith(')')) return expression;
  let depth = 0;
  for (let i = 0; i < expression.length; i++) {
    if (expression[i] === '(') depth++;
    else if (expression[i] === ')') depth--;
    if (depth === 0 && i < expression.length - 1) return expression;
  }
  const inner = expression.slice(1, -1);
  return inner.includes(',') ? expression : inner;
}
