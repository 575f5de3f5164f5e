import { nestingProblem, REPEAT, TIME_DISTRIBUTED } from './blocks.ts';
import { type BlockDefinition, type BlockId, blockId, nodeId, type ParameterTarget } from './document.ts';
import { parseGraph } from './parseGraph.ts';
import { cleanText, entriesOf, identifier, items, record, refuse, text } from './validate.ts';

const MOST_BLOCKS = 1000;
const MOST_EXPOSED = 100;
const MOST_TARGETS = 200;

/**
 * Blocks from outside, by their ids. Blocks that contain themselves or are nested too deep are refused by name; how
 * large they become is the compiler's affair, since that depends on how often they are repeated.
 * @throws EngineError `bad-document`
 */
export function parseBlocks(
  value: unknown,
  where: string,
  problems: string[],
): Readonly<Record<BlockId, BlockDefinition>> {
  const blocks = entriesOf(value, where, MOST_BLOCKS).map(([key, given]) =>
    parseBlock(key, given, `${where}.${key}`, problems),
  );
  const byId = Object.fromEntries(blocks.map((block) => [block.id, block])) as Record<BlockId, BlockDefinition>;
  const problem = nestingProblem(byId);
  if (problem) refuse(where, `can't be used: ${problem}`);
  return byId;
}

function parseBlock(key: string, value: unknown, where: string, problems: string[]): BlockDefinition {
  const raw = record(value, where);
  const id = blockId(identifier(raw.id, `${where}.id`));
  if (id !== key) refuse(`${where}.id`, `is "${id}", but the block is filed under "${key}"`);
  const graph = parseGraph(raw, `${where}.`, problems);
  const parameters = entriesOf(raw.parameters, `${where}.parameters`, MOST_EXPOSED).map(([name, targets]) => {
    const place = `${where}.parameters.${name}`;
    if (!isExposedName(name))
      refuse(place, 'is no name for a parameter: letters, digits and "_", not "repeat" or "timeDistributed"');
    const parsed = items(targets, place, MOST_TARGETS).map((target, i) => parseTarget(target, `${place}[${i}]`));
    return [name, parsed.filter(({ node }) => Object.hasOwn(graph.nodes, node))] as const;
  });
  return {
    id,
    name: cleanText(raw.name, `${where}.name`, problems),
    ...graph,
    parameters: Object.fromEntries(parameters.filter(([, targets]) => targets.length > 0)),
  };
}

/** Whether an exposed parameter can have this name: it is also an argument's in code. */
export function isExposedName(name: string): boolean {
  const taken = name === REPEAT || name === TIME_DISTRIBUTED || name in Object.prototype;
  return /^[A-Za-z]\w{0,39}$/.test(name) && !taken;
}

function parseTarget(value: unknown, where: string): ParameterTarget {
  const raw = record(value, where);
  return { node: nodeId(identifier(raw.node, `${where}.node`)), parameter: text(raw.parameter, `${where}.parameter`) };
}
