import { allBlocks } from '../../engine/blocks/registry.ts';
import { repeatedNodes } from '../../engine/compiler/expand.ts';
import { placedBlock } from '../../engine/compiler/inferBlocks.ts';
import { EngineError } from '../../engine/errors.ts';
import { adoptBlocks, type BlockBundle, bundleOf } from '../../engine/graph/blockBundle.ts';
import { blockOf, blocksBehind, TIME_DISTRIBUTED } from '../../engine/graph/blocks.ts';
import type { GraphChange } from '../../engine/graph/changes.ts';
import type { BlockDefinition, BlockId, GraphDocument, GraphNode, NodeId } from '../../engine/graph/document.ts';
import { dissolve, groupIntoBlock } from '../../engine/graph/grouping.ts';
import type { PlacedDefinition } from '../../engine/layers/defineLayer.ts';
import { messages, translate } from '../i18n/language.ts';
import { notify } from '../ui/notify.ts';
import { libraryStore } from './blockLibrary.ts';
import { documentStore } from './document.ts';
import type { Placeable } from './edits.ts';
import { enterBlock, graphStore } from './graph.ts';
import { sessionStore } from './session.ts';

/** A block that can be put on the canvas: one of this document, of the library, or built in. */
export interface OfferedBlock {
  /** `block:document:ID`, `block:library:NAME`, `block:built-in:ID`. */
  readonly key: string;
  readonly from: 'document' | 'library' | 'built-in';
  readonly definition: PlacedDefinition;
  readonly bundle: BlockBundle;
  /** What its use starts with, where not with the defaults. */
  readonly values?: GraphNode['parameters'] | undefined;
}

const builtIn: readonly OfferedBlock[] = allBlocks().map(({ id, title, summary, icon, build, parameters: values }) => {
  const bundle = build();
  const definition = placedBlock(bundle.blocks[bundle.root] as BlockDefinition, bundle.blocks);
  const help = { ...definition.help, summary };
  const own = { ...definition, title, icon, help };
  return { key: `block:built-in:${id}`, from: 'built-in', definition: own, bundle, values };
});

/** All blocks that are offered: those of the document, those of the library that it has not, and the built-in ones. */
export function offeredBlocks(
  blocks: GraphDocument['blocks'] = documentStore.getState().document.blocks,
  library: readonly BlockBundle[] = libraryStore.getState().blocks,
): readonly OfferedBlock[] {
  const offer = (bundle: BlockBundle, from: 'document' | 'library', name: string): OfferedBlock => {
    const definition = placedBlock(bundle.blocks[bundle.root] as BlockDefinition, bundle.blocks);
    return { key: `block:${from}:${name}`, from, definition, bundle };
  };
  const own = Object.values(blocks) as BlockDefinition[];
  const names = new Set(own.map(({ name }) => name));
  return [
    ...own.map(({ id }) => offer({ root: id, blocks }, 'document', id)),
    ...library.flatMap((bundle) => {
      const name = bundle.blocks[bundle.root]?.name ?? '';
      return names.has(name) ? [] : [offer(bundle, 'library', name)];
    }),
    ...builtIn,
  ];
}

/** The block of that key, to be placed. */
export function placeableOf(key: string): Placeable | undefined {
  const offered = offeredBlocks().find((block) => block.key === key);
  return offered && placeableBlock(offered);
}

/** A block with what brings it into the document, where it is not there yet. */
export function placeableBlock({ definition, bundle, values }: OfferedBlock): Placeable {
  const { document } = documentStore.getState();
  const root = bundle.blocks[bundle.root] as BlockDefinition;
  const { changes, ids } = adoptBlocks(document, [...blocksBehind(root, bundle.blocks), root]);
  const { type, version, inputs, outputs } = definition;
  return { type, version, inputs, outputs, block: ids.get(root.id) as BlockId, before: changes, values };
}

/** Whether something is selected that can be tried to be grouped. */
export const canGroup = (): boolean => sessionStore.getState().nodes.length > 0;

/** Makes a block of the selected layers. What stands in the way is told in a notice. */
export const groupSelection = (): void => group({});

/** The same, for a block that works on each step of a sequence by itself. */
export const groupForEachStep = (): void => group({ [TIME_DISTRIBUTED]: true });

function group(parameters: GraphNode['parameters']): void {
  const { document, inference, dispatch } = graphStore.getState();
  const names = new Set((Object.values(document.blocks) as BlockDefinition[]).map(({ name }) => name));
  let name = messages().blocks.newName(1);
  for (let number = 2; names.has(name); number++) name = messages().blocks.newName(number);
  try {
    const chosen = sessionStore.getState().nodes;
    const { change, use } = groupIntoBlock(document, chosen, name, ({ id }) => inference.nodes[id]?.definition);
    const settings = Object.entries(parameters).map(([parameter, value]): GraphChange => {
      return { kind: 'setParameter', node: use, parameter, value };
    });
    dispatch({ kind: 'group', changes: [change, ...settings] });
    sessionStore.getState().select([use]);
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    notify.warning(messages().blocks.cannotGroup, { description: translate(error.message) });
  }
}

/** The one node that is selected, if it uses a block. */
export function selectedUse(): NodeId | undefined {
  const { document } = graphStore.getState();
  const { nodes } = sessionStore.getState();
  const node = nodes.length === 1 ? document.nodes[nodes[0] as NodeId] : undefined;
  return node && blockOf(node, document.blocks) ? node.id : undefined;
}

/** The block that the selected node uses, or else the one that is shown while nothing is selected. */
export function currentBlock(): BlockId | undefined {
  const use = selectedUse();
  const { document, block } = graphStore.getState();
  if (use) return document.nodes[use]?.block;
  return sessionStore.getState().nodes.length === 0 ? block?.id : undefined;
}

export function enterSelected(): void {
  const use = selectedUse();
  if (use) enterBlock(use);
}

/** Puts the layers of the selected block in its place. */
export function dissolveSelection(): void {
  const { document, inference, dispatch } = graphStore.getState();
  const use = selectedUse();
  const block = use && blockOf(document.nodes[use]!, document.blocks);
  if (!block) return;
  if (inference.nodes[use]?.parameters[TIME_DISTRIBUTED] === true) {
    notify.warning(messages().blocks.cannotDissolve, { description: messages().blocks.cannotDissolveEachStep });
    return;
  }
  const { change, nodes } = dissolve(document, use, repeatedNodes(block, inference.nodes[use]?.parameters ?? {}));
  dispatch(change);
  sessionStore.getState().select(nodes);
}

/** How many nodes, in the document and inside of blocks, use a block. */
export function usesOf(document: GraphDocument, block: BlockId): number {
  const graphs = [documentStore.getState().document, ...(Object.values(document.blocks) as BlockDefinition[])];
  return graphs.flatMap(({ nodes }) => Object.values(nodes)).filter((node) => node.block === block).length;
}

/** Keeps a block of the document for other projects. */
export function saveToLibrary(id: BlockId): void {
  const { blocks } = documentStore.getState().document;
  if (!libraryStore.getState().save(bundleOf(blocks, id))) return;
  notify.success(messages().blocks.saved(blocks[id]?.name ?? ''), { description: messages().blocks.savedHint });
}
