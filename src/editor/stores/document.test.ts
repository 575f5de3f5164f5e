import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { type GraphInference, inferAgain, inferGraph } from '../../engine/compiler/infer.ts';
import { graphInside } from '../../engine/compiler/inside.ts';
import { UNKNOWN_DATA } from '../../engine/data/dataset.ts';
import { EngineError } from '../../engine/errors.ts';
import { blockOf } from '../../engine/graph/blocks.ts';
import type { GraphChange } from '../../engine/graph/changes.ts';
import {
  type BlockId,
  type EdgeId,
  edgeId,
  frameId,
  type GraphDocument,
  type NodeId,
  nodeId,
  noteId,
  type ParameterValue,
} from '../../engine/graph/document.ts';
import { dissolve, groupIntoBlock } from '../../engine/graph/grouping.ts';
import { isExposedName } from '../../engine/graph/parseBlocks.ts';
import { parseDocument, serializeDocument } from '../../engine/graph/schema.ts';
import type { DataShapes } from '../../engine/layers/defineLayer.ts';
import { allLayers, findLayer } from '../../engine/layers/registry.ts';
import { findTemplate } from '../../engine/templates/registry.ts';
import { createDocumentStore } from './document.ts';

/** What a person might do next; numbers choose among what is there when it happens. */
type Gesture =
  | { readonly kind: 'add'; readonly layer: number; readonly x: number }
  | { readonly kind: 'connect'; readonly from: number; readonly to: number; readonly port: number }
  | { readonly kind: 'remove'; readonly node: number }
  | { readonly kind: 'cut'; readonly edge: number }
  | { readonly kind: 'set'; readonly node: number; readonly parameter: number; readonly value: ParameterValue }
  | { readonly kind: 'move'; readonly node: number; readonly x: number }
  | { readonly kind: 'data'; readonly dataset: string }
  | { readonly kind: 'frame'; readonly node: number; readonly more: number }
  | { readonly kind: 'constant'; readonly name: string; readonly formula: string }
  | { readonly kind: 'formula'; readonly node: number; readonly parameter: number; readonly formula: string }
  | { readonly kind: 'note'; readonly node: number; readonly x: number }
  | { readonly kind: 'group'; readonly node: number; readonly count: number }
  | { readonly kind: 'use'; readonly block: number; readonly into: number; readonly repeat: number }
  | { readonly kind: 'inside'; readonly block: number; readonly edit: Gesture }
  | { readonly kind: 'expose'; readonly block: number; readonly node: number; readonly parameter: number }
  | { readonly kind: 'dissolve'; readonly node: number }
  | { readonly kind: 'undo' }
  | { readonly kind: 'redo' };

const pick = fc.nat({ max: 1000 });
/** The canvas ends there. */
const place = fc.integer({ min: -1_000_000, max: 1_000_000 });
const value: fc.Arbitrary<ParameterValue> = fc.oneof(
  fc.integer({ min: -3, max: 5000 }),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.boolean(),
  fc.constant(null),
  fc.constantFrom('mean', 'input', 'none', 'same'),
  fc.array(fc.integer({ min: -1, max: 9 }), { maxLength: 4 }),
);
const flatGesture: fc.Arbitrary<Gesture> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('add' as const), layer: pick, x: place }) },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('connect' as const), from: pick, to: pick, port: pick }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('remove' as const), node: pick }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('cut' as const), edge: pick }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('set' as const), node: pick, parameter: pick, value }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('move' as const), node: pick, x: place }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('data' as const), dataset: fc.constantFrom('mnist', 'moons', '?') }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('frame' as const), node: pick, more: pick }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('note' as const), node: pick, x: place }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('constant' as const),
      name: fc.constantFrom('a', 'b'),
      formula: fc.constantFrom('8', '2 * a', 'b + 1', '1 /'),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('formula' as const),
      node: pick,
      parameter: pick,
      formula: fc.constantFrom('a', '3 * b', '0 * a', 'c'),
    }),
  },
  { weight: 2, arbitrary: fc.constantFrom({ kind: 'undo' as const }, { kind: 'redo' as const }) },
);
const gesture: fc.Arbitrary<Gesture> = fc.oneof(
  { weight: 20, arbitrary: flatGesture },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('group' as const), node: pick, count: fc.nat({ max: 4 }) }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('use' as const), block: pick, into: pick, repeat: fc.nat({ max: 4 }) }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('inside' as const),
      block: pick,
      edit: flatGesture.filter(({ kind }) => kind !== 'frame' && kind !== 'note'),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('expose' as const), block: pick, node: pick, parameter: pick }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('dissolve' as const), node: pick }) },
);

function among<Item>(items: readonly Item[], choice: number): Item | undefined {
  return items[choice % Math.max(1, items.length)];
}

/** The change that a gesture is in this document; undefined where there is nothing to do it to. */
function changeOf(document: GraphDocument, act: Gesture, number: number): GraphChange | undefined {
  const nodes = Object.values(document.nodes);
  switch (act.kind) {
    case 'add': {
      const { type, version } = among(allLayers(), act.layer)!;
      const id = nodeId(`made${number}`);
      return { kind: 'addNode', node: { id, type, version, parameters: {}, position: { x: act.x, y: 0 } } };
    }
    case 'connect': {
      const [from, to] = [among(nodes, act.from), among(nodes, act.to)];
      const output = from && findLayer(from.type)?.outputs[0];
      const input = to && among(findLayer(to.type)?.inputs ?? [], act.port);
      if (!output || !input) return undefined;
      const edge = {
        id: edgeId(`wire${number}`),
        source: { node: from.id, port: output.name },
        target: { node: to.id, port: input.name },
      };
      return { kind: 'addEdge', edge, ...(input.many ? { many: true } : {}) };
    }
    case 'remove': {
      const node = among(nodes, act.node);
      return node && { kind: 'removeNode', node: node.id };
    }
    case 'cut': {
      const edge = among(Object.keys(document.edges) as EdgeId[], act.edge);
      return edge === undefined ? undefined : { kind: 'removeEdge', edge };
    }
    case 'set': {
      const node = among(nodes, act.node);
      const names = Object.keys((node && findLayer(node.type)?.parameters) ?? {}).filter(isExposedName);
      const parameter = among(names, act.parameter);
      return parameter === undefined
        ? undefined
        : { kind: 'setParameter', node: node!.id, parameter, value: act.value };
    }
    case 'move': {
      const node = among(nodes, act.node);
      return node && { kind: 'moveNode', node: node.id, position: { x: act.x, y: act.x } };
    }
    case 'group': {
      const start = nodes.findIndex(({ id }) => id === among(nodes, act.node)?.id);
      const chosen = nodes.slice(start, start + 1 + act.count).map(({ id }) => id);
      const { nodes: facts } = inferGraph(document, { sample: [1, 28, 28], classes: 10 });
      try {
        return groupIntoBlock(document, chosen, `Block ${number}`, ({ id }) => facts[id]?.definition).change;
      } catch (error) {
        // A person is told that these can't be a block.
        expect(error).toBeInstanceOf(EngineError);
        return undefined;
      }
    }
    case 'use': {
      const block = among(Object.keys(document.blocks) as BlockId[], act.block);
      const outer = among(['', ...Object.keys(document.blocks)] as BlockId[], act.into);
      if (block === undefined) return undefined;
      const id = nodeId(`use${number}`);
      const parameters = { repeat: act.repeat };
      const node = { id, type: 'Block', version: 1, block, parameters, position: { x: 0, y: number } };
      const change: GraphChange = { kind: 'addNode', node };
      return outer ? { kind: 'inBlock', block: outer, change } : change;
    }
    case 'inside': {
      const block = among(Object.values(document.blocks), act.block);
      const change = block && changeOf({ ...document, ...block }, act.edit, number);
      return change && { kind: 'inBlock', block: block.id, change };
    }
    case 'expose': {
      const block = among(Object.values(document.blocks), act.block);
      const node = block && among(Object.values(block.nodes), act.node);
      const names = Object.keys((node && findLayer(node.type)?.parameters) ?? {}).filter(isExposedName);
      const parameter = among(names, act.parameter);
      if (!block || parameter === undefined) return undefined;
      return { kind: 'exposeParameter', block: block.id, name: parameter, targets: [{ node: node!.id, parameter }] };
    }
    case 'dissolve': {
      const use = among(
        nodes.filter(({ type }) => type === 'Block'),
        act.node,
      );
      const block = use && blockOf(use, document.blocks);
      return block && dissolve(document, use.id, { nodes: block.nodes, repeat: 2 }).change;
    }
    case 'data':
      return { kind: 'setData', data: { dataset: act.dataset } };
    case 'frame': {
      const [node, more] = [among(nodes, act.node), among(nodes, act.more)];
      if (!node || !more) return undefined;
      const around = { nodes: [node.id, more.id], notes: [] };
      return { kind: 'setFrame', frame: { id: frameId(`frame${number}`), name: 'Part' }, around };
    }
    case 'note': {
      const frame = among(nodes, act.node)?.frame;
      const size = { width: 200, height: 100 };
      const note = { id: noteId(`note${number}`), text: 'why', position: { x: act.x, y: 0 }, size };
      return { kind: 'setNote', note: frame ? { ...note, frame } : note };
    }
    case 'constant':
      return { kind: 'setConstant', name: act.name, formula: act.formula };
    case 'formula': {
      const node = among(nodes, act.node);
      const names = Object.keys((node && findLayer(node.type)?.parameters) ?? {}).filter(isExposedName);
      const parameter = among(names, act.parameter);
      return parameter === undefined
        ? undefined
        : { kind: 'setFormula', node: node!.id, parameter, formula: act.formula };
    }
    case 'undo':
    case 'redo':
      return undefined;
  }
}

const DATA = {
  mnist: { sample: [1, 28, 28], classes: 10 },
  moons: { sample: [2], classes: 2 },
} as const;
const dataOf = ({ data: { dataset } }: GraphDocument): DataShapes =>
  dataset === 'mnist' || dataset === 'moons' ? DATA[dataset] : UNKNOWN_DATA;

/** A store that infers as the page does: each time only what an edit touched. */
function storeOf(document: GraphDocument) {
  const again = inferAgain();
  return createDocumentStore(document, (edited) => again(edited, dataOf(edited)));
}

/** All that was inferred, as text; entries in their order. */
function written({ nodes, edges, ...rest }: GraphInference): string {
  const entries = Object.entries(nodes).map(([id, { definition, layer, ...known }]) => {
    const { type, role, inputs, outputs, parameters = {} } = definition ?? {};
    return [
      id,
      { ...known, placed: { type, role, inputs, outputs, names: Object.keys(parameters) }, layer: layer?.type },
    ];
  });
  return JSON.stringify({ ...rest, entries, edges: Object.entries(edges).map(([id, shape]) => [id, shape ?? null]) });
}

describe('a document under any sequence of edits', () => {
  // 2,000 sequences of up to 40 edits; FC_RUNS=10000 takes a minute.
  const numRuns = Number(process.env.FC_RUNS ?? 2000);

  it('undoes and redoes to the same, is read back as it was saved, and is inferred as if from nothing', () => {
    fc.assert(
      fc.property(fc.array(gesture, { maxLength: 40 }), (gestures) => {
        const store = storeOf(findTemplate('mlp')!.build());
        const first = store.getState().document;
        for (const [number, act] of gestures.entries()) {
          const before = store.getState();
          if (act.kind === 'undo') before.undo();
          else if (act.kind === 'redo') before.redo();
          else {
            const change = changeOf(before.document, act, number);
            if (!change) continue;
            try {
              before.dispatch(change);
            } catch (error) {
              // A block that would contain itself is refused, and nothing has changed.
              expect(error).toBeInstanceOf(EngineError);
              expect(store.getState()).toBe(before);
              continue;
            }
            const after = store.getState();
            if (after.document === before.document) continue;
            after.undo();
            expect(store.getState().document).toBe(before.document);
            store.getState().redo();
            expect(store.getState().document).toBe(after.document);
          }
          const { document, inference } = store.getState();
          // What was inferred edit by edit is what is inferred from nothing, of objects that nothing is kept for.
          expect(written(inference)).toBe(written(inferGraph(structuredClone(document), dataOf(document))));
          // Every wire ends at nodes that are there, and every node has been looked at.
          for (const { source, target } of Object.values(document.edges)) {
            expect(document.nodes[source.node] && document.nodes[target.node]).toBeDefined();
          }
          const looked = Object.keys(inference.nodes).filter((id) => !id.includes('.'));
          expect(looked.sort()).toEqual(Object.keys(document.nodes).sort());
          // What is inside of the first use can be shown too.
          const use = Object.values(document.nodes).find((node) => blockOf(node, document.blocks));
          if (use) {
            const inner = graphInside(document, inference, [use.id]);
            expect(Object.keys(inner.inference.nodes).sort()).toEqual(Object.keys(inner.document.nodes).sort());
          }
        }
        const { document } = store.getState();
        expect(parseDocument(serializeDocument(document)).document).toEqual(document);
        while (store.getState().history.past.length > 0) store.getState().undo();
        expect(store.getState().document).toBe(first);
      }),
      {
        numRuns,
        examples: [
          [[{ kind: 'set', node: 2, parameter: 0, value: -0 }]],
          // A constant that is set inside of a block counts outside, too.
          [
            [
              { kind: 'group', node: 1, count: 0 },
              { kind: 'formula', node: 207, parameter: 33, formula: 'a' },
              { kind: 'inside', block: 0, edit: { kind: 'constant', name: 'a', formula: '8' } },
            ],
          ],
        ],
      },
    );
  }, 300_000);

  it('changes nothing where it is read only, and says so', () => {
    const store = storeOf(findTemplate('mlp')!.build());
    const { document } = store.getState();
    store.getState().open(document, { readOnly: true });
    store.getState().dispatch({ kind: 'rename', name: 'other' });
    expect(store.getState().document).toBe(document);
    expect(store.getState().refusals).toBe(1);
  });

  it('takes quick edits with one key as one step', () => {
    const store = storeOf(findTemplate('mlp')!.build());
    const node = Object.keys(store.getState().document.nodes)[2] as NodeId;
    for (const out of [1, 12, 128]) {
      store
        .getState()
        .dispatch({ kind: 'setParameter', node, parameter: 'outFeatures', value: out }, { key: 'typing' });
    }
    expect(store.getState().history.past).toHaveLength(1);
    expect(store.getState().history.past[0]?.label).toBe('Set outFeatures to 128');
  });

  it('takes what is held as one step, however long that takes, and the next as another', () => {
    const store = storeOf(findTemplate('mlp')!.build());
    const first = store.getState().document;
    const now = vi.spyOn(performance, 'now');
    const drag = (number: number, values: readonly number[]) => {
      for (const emaDecay of values) {
        now.mockReturnValue(10_000 * emaDecay + 1e6 * number);
        store
          .getState()
          .dispatch(
            { kind: 'setTraining', training: { options: { emaDecay } } },
            { key: `emaDecay drag ${number}`, held: true },
          );
      }
    };
    drag(1, [0.1, 0.5, 0.9]);
    drag(2, [0.8, 0.3]);
    now.mockRestore();
    const labels = store.getState().history.past.map(({ label }) => label);
    expect(labels).toEqual(['Set emaDecay to 0.9', 'Set emaDecay to 0.3']);
    store.getState().undo();
    expect(store.getState().document.training.options).toEqual({ emaDecay: 0.9 });
    store.getState().undo();
    expect(store.getState().document).toBe(first);
  });
});
