import { BLOCK } from '../graph/blocks.ts';
import type { GraphDocument, ParameterValue } from '../graph/document.ts';
import type { ParameterSchema } from '../layers/parameters.ts';
import { resolveTraining } from '../optimizers/resolveTraining.ts';
import { trainingOptions } from '../optimizers/trainingOptions.ts';
import type { CodeBlock, CodeGraph, CodeNode, CodeTargetWriter, DatasetInfo } from './codeGraph.ts';
import { stringLiteral, variableName } from './identifiers.ts';
import { headComment } from './python.ts';
import { type ForwardPass, forwardPass, networkOf } from './statements.ts';

const REPORT_LOSS = `\
  onEpoch: ({ epoch, loss, testLoss }) =>
    console.log(\`epoch \${epoch}: loss \${loss.toFixed(4)}, test loss \${testLoss.toFixed(4)}\`),`;

const REPORT_ACCURACY = `\
  onEpoch: ({ epoch, loss, testLoss, testAccuracy = 0 }) => {
    const accuracy = \`\${(100 * testAccuracy).toFixed(2)}%\`;
    console.log(\`epoch \${epoch}: loss \${loss.toFixed(4)}, test loss \${testLoss.toFixed(4)}, test accuracy \${accuracy}\`);
  },`;

const REPORT_TARGET = `\

// Predictions are in the units of the table, as its target was there.
const { test, target } = dataset;
const { outputs } = await result.predict(Float32Array.from(test.inputs), test.count);
const errors = outputs.map((output, i) => Math.abs(output - (target!.mean + target!.deviation * test.labels[i]!)));
const meanError = errors.reduce((sum, error) => sum + error, 0) / test.count;
console.log(\`\${target!.name}: mean absolute error \${meanError.toPrecision(4)} on the test set\`);`;

/** A block is a function; its repetitions are a loop. */
export const typescriptWriter = (): CodeTargetWriter => ({
  layer: (node) => ({ apply: (_layer, inputs) => call(node, inputs, new Map()) }),
  use: ({ name, results }, parameters, timeDistributed) => {
    const call = (inputs: readonly string[]) =>
      parameters
        .slice(1)
        .reduce(
          (code, values) => `${name}(${[results.length > 1 ? `...${code}` : code, ...values].join(', ')})`,
          `${name}(${[...inputs, ...(parameters[0] ?? [])].join(', ')})`,
        );
    if (!timeDistributed) return { apply: (_layer, inputs) => call(inputs) };
    return {
      apply: (_layer, inputs) => {
        const steps = inputs.map((_, i) => STEP_NAMES[i] ?? `step${i + 1}`);
        const given = inputs.length === 1 ? inputs[0] : `[${inputs.join(', ')}]`;
        const outputs = results.length > 1 ? '.outputs' : '';
        return `timeDistributed(${given}, (${steps.join(', ')}) => ${call(steps)})${outputs}`;
      },
    };
  },
  loops: true,
  blockName: camelCase,
  parameterName: camelCase,
  taken: STEP_NAMES,
  arithmetic: { whole: undefined },
});

/** What a function for each step calls them. */
const STEP_NAMES = ['step', 'step2', 'step3', 'step4'];

function camelCase(name: string): string {
  return (variableName(name) || 'block').replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

function blockLines(block: CodeBlock): string[] {
  const starts = block.nodes.flatMap(({ start }) => start ?? []);
  const forward = forwardPass(block, {
    start: 'x',
    declaresInputs: false,
    reserved: new Set(block.parameters),
    express,
  });
  const { results } = forward;
  const given = [
    ...starts.map((name) => `${name}: SymbolicTensor`),
    ...block.parameters.map((name) => `${name}: number`),
  ];
  const type = results.length === 1 ? 'SymbolicTensor' : `[${results.map(() => 'SymbolicTensor').join(', ')}]`;
  const last = forward.statements.at(-1);
  const returned = last && !last.times && last.variables.join() === results.join() ? last.expression : undefined;
  const statements = returned === undefined ? forward.statements : forward.statements.slice(0, -1);
  const lines = [
    ...declarations({ ...forward, statements }, starts),
    `return ${returned ?? (results.length === 1 ? results[0] : `[${results.join(', ')}]`)};`,
  ];
  return [`function ${block.name}(${given.join(', ')}): ${type} {`, ...lines.map((line) => `  ${line}`), '}'];
}

/** The TypeScript program: the model by the engine's own API, and its training in Node. */
export function typescriptProgram(document: GraphDocument, graph: CodeGraph, data: DatasetInfo): string {
  const { training } = document;
  const predictsTarget = data.target !== undefined && graph.losses.some(({ target }) => target === 'label');
  const classifies = graph.losses.some((loss) => loss.classifies);
  const body = [
    ...graph.constants.map(({ name, source }) => `const ${name} = ${source};`),
    ...(graph.constants.length > 0 ? [''] : []),
    ...graph.blocks.flatMap((block) => [...blockLines(block), '']),
    ...modelLines(document, graph),
  ];
  const imported = [
    'input',
    'layers',
    'model',
    ...(graph.blocks.length > 0 ? ['type SymbolicTensor'] : []),
    ...(body.some((line) => line.includes('timeDistributed(')) ? ['timeDistributed'] : []),
    'train',
  ];
  return `${[
    ...headComment('//', document.name, data.id, 'the engine of Gradloom'),
    `import { parseArgs } from 'node:util';`,
    `import { ${imported.join(', ')} } from 'gradloom';`,
    `import { loadData } from './data.js';`,
    '',
    ...body,
    '',
    'const { values: args } = parseArgs({',
    '  options: {',
    `    epochs: { type: 'string', default: '${training.epochs}' },`,
    `    'batch-size': { type: 'string', default: '${training.batchSize}' },`,
    `    seed: { type: 'string', default: '${training.seed}' },`,
    '  },',
    '});',
    '',
    ...(predictsTarget ? ['const dataset = await loadData();'] : []),
    'const result = await train(network, {',
    predictsTarget ? '  dataset,' : '  dataset: await loadData(),',
    '  epochs: Number(args.epochs),',
    `  batchSize: Number(args['batch-size']),`,
    '  seed: Number(args.seed),',
    classifies ? REPORT_ACCURACY : REPORT_LOSS,
    '});',
    ...(predictsTarget ? [REPORT_TARGET] : []),
    'result.dispose();',
  ].join('\n')}\n`;
}

function modelLines(document: GraphDocument, graph: CodeGraph): string[] {
  const named = referredNames(graph);
  const expressNamed = (node: CodeNode, inputs: readonly string[]) =>
    node.definition.type === BLOCK || (node.constants && !named.has(node.id) && node.shares === undefined)
      ? express(node, inputs)
      : call(node, inputs, named);
  const forward = forwardPass(networkOf(graph), {
    start: 'x',
    declaresInputs: true,
    reserved: new Set(),
    express: expressNamed,
  });
  const results = [...forward.results];
  const losses = graph.losses.map(({ node, inputs }) => expressNamed(node, results.splice(0, inputs.length)));
  const { optimizer, schedule, options } = resolveTraining(document.training);
  const choice = ({ definition, parameters }: typeof optimizer | typeof schedule) =>
    `{ ${[`type: ${quoted(definition.type)}`, ...differences(definition.parameters, parameters)].join(', ')} }`;
  const settings = Object.entries(trainingOptions).flatMap(([name, spec]) => {
    const value = options[name as keyof typeof options];
    return value === spec.default ? [] : [`${name}: ${literal(value)}`];
  });
  return [
    ...declarations(forward),
    '',
    'const network = model({',
    `  name: ${quoted(document.name)},`,
    `  loss: ${losses.length === 1 ? losses[0] : `[${losses.join(', ')}]`},`,
    `  optimizer: ${choice(optimizer)},`,
    ...(schedule.definition.type === 'Constant' ? [] : [`  schedule: ${choice(schedule)},`]),
    ...(settings.length === 0 ? [] : [`  options: { ${settings.join(', ')} },`]),
    ...groupLines(graph),
    '});',
  ];
}

/** Names of the nodes that others or groups refer to, by id. */
function referredNames(graph: CodeGraph): ReadonlyMap<string, string> {
  const groups = graph.groups.filter(({ prefix }) => prefix !== '');
  const ids = new Set<string>([
    ...graph.nodes.flatMap(({ shares }) => shares ?? []),
    ...groups.flatMap(({ nodes, losses }) => [...nodes, ...losses]),
  ]);
  return new Map(graph.nodes.filter(({ id }) => ids.has(id)).map(({ id, label, name }) => [id, label ?? name]));
}

/** `groups: [{ name: 'generator', layers: ['fc1'], losses: ['loss'], optimizer: … }]` */
function groupLines(graph: CodeGraph): string[] {
  const groups = graph.groups.filter(({ prefix }) => prefix !== '');
  if (groups.length === 0) return [];
  const named = referredNames(graph);
  const list = (ids: readonly string[]) => `[${ids.map((id) => quoted(named.get(id) ?? id)).join(', ')}]`;
  return [
    '  groups: [',
    ...groups.flatMap(({ name, nodes, losses, optimizer: { definition, parameters } }) => [
      '    {',
      `      name: ${quoted(name)},`,
      `      layers: ${list(nodes)},`,
      `      losses: ${list(losses)},`,
      `      optimizer: { ${[`type: ${quoted(definition.type)}`, ...differences(definition.parameters, parameters)].join(', ')} },`,
      '    },',
    ]),
    '  ],',
  ];
}

/** Assignments as declarations: `const` where a variable keeps its value, `let` where it goes along a chain. */
function declarations({ statements }: ForwardPass, given: readonly string[] = []): string[] {
  const times = new Map<string, number>();
  for (const { variables } of statements) for (const name of variables) times.set(name, (times.get(name) ?? 0) + 1);
  const known = new Set<string>(given);
  return statements.map(({ variables, expression, times: loops }) => {
    if (loops) return `for (let i = 0; i < ${loops}; i++) ${variables[0]} = ${expression};`;
    const [first] = variables;
    if (variables.length === 1 && first !== undefined) {
      const word = known.has(first) ? '' : times.get(first) === 1 ? 'const ' : 'let ';
      known.add(first);
      return `${word}${first} = ${expression};`;
    }
    const fresh = variables.filter((name) => name !== '_' && !known.has(name));
    for (const name of fresh) known.add(name);
    // A pattern either declares or assigns; what is new is declared before a pattern that assigns.
    const pattern = `[${variables.map((name) => (name === '_' ? '' : name)).join(', ')}]`;
    if (fresh.length === variables.filter((name) => name !== '_').length) {
      return `${fresh.every((name) => times.get(name) === 1) ? 'const' : 'let'} ${pattern} = ${expression};`;
    }
    const declared = fresh.map((name) => `let ${name};\n`).join('');
    return `${declared}${pattern} = ${expression};`;
  });
}

const express = (node: CodeNode, inputs: readonly string[]): string => node.layer.apply('', inputs);

/** `layers.Conv2d(x, { outChannels: 32, kernelSize: [3, 3] })` */
function call(node: Omit<CodeNode, 'layer'>, inputs: readonly string[], named: ReadonlyMap<string, string>): string {
  const { definition, context } = node;
  const settings = differences(definition.parameters, context.parameters);
  if (node.label !== undefined) settings.push(`name: ${quoted(node.label)}`);
  else if (named.has(node.id)) settings.push(`name: ${quoted(node.name)}`);
  if (node.shares !== undefined) settings.push(`shares: ${quoted(named.get(node.shares) ?? node.shares)}`);
  if (node.initial) {
    const { definition: initial, parameters } = node.initial;
    settings.push(
      `initial: { ${[`type: ${quoted(initial.type)}`, ...differences(initial.parameters, parameters)].join(', ')} }`,
    );
  }
  if (node.frozen) settings.push('frozen: true');
  const isOptional = (port: string) => definition.inputs.some(({ name, optional }) => name === port && optional);
  const given = inputs.filter((input, i) => {
    const port = context.ports[i] ?? '';
    if (isOptional(port)) settings.push(port === input ? port : `${port}: ${input}`);
    return !isOptional(port);
  });
  const options = settings.length > 0 ? [`{ ${settings.join(', ')} }`] : [];
  const outputs = definition.outputs.length > 1 ? '.outputs' : '';
  if (definition.role === 'input') return `input(${options.join('')})${outputs}`;
  const several = given.length !== 1 || definition.inputs.some(({ many }) => many);
  const read = several ? `[${given.join(', ')}]` : given[0];
  return `layers.${definition.type}(${[read, ...options].join(', ')})${outputs}`;
}

/** `name: value` of each parameter that is not its default. A first one that is a size or a rate is always worth reading. */
function differences(schema: ParameterSchema, values: Readonly<Record<string, ParameterValue>>): string[] {
  return Object.entries(schema).flatMap(([name, spec], place) => {
    const value = values[name];
    const tells = spec.kind === 'integer' || spec.kind === 'integers' || spec.kind === 'shape' || name === 'lr';
    const isDefault = JSON.stringify(value) === JSON.stringify(spec.default);
    if (value === undefined || (isDefault && !(place === 0 && tells))) return [];
    return [`${name}: ${literal(value)}`];
  });
}

function literal(value: ParameterValue): string {
  if (typeof value === 'string') return quoted(value);
  if (Array.isArray(value)) return `[${value.join(', ')}]`;
  return String(value);
}

function quoted(text: string): string {
  const literalText = stringLiteral(text);
  return /['\\]/.test(literalText) ? literalText : `'${literalText.slice(1, -1)}'`;
}
