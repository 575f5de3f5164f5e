import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { inferGraph } from '../../engine/compiler/infer.ts';
import { nodeId } from '../../engine/graph/document.ts';
import { chain } from '../../engine/training/testModels.ts';
import { createDocumentStore } from './document.ts';
import { prepareAhead } from './prepareAhead.ts';
import { begunRun, createRunStore } from './run.ts';

const model = chain([
  ['Input', {}],
  ['Linear', { outFeatures: 4 }],
  ['Linear', { outFeatures: 2 }],
  ['CrossEntropyLoss', {}],
]);

function setUp() {
  const documents = createDocumentStore(model, (document) => inferGraph(document, { sample: [2], classes: 2 }));
  const runs = createRunStore();
  const prepare = vi.fn(() => Promise.resolve());
  const page = { hidden: false };
  const end = prepareAhead({
    documents,
    runs,
    prepare,
    whenIdle: (callback) => callback(),
    isHidden: () => page.hidden,
  });
  const set = (parameter: string, value: number, node = 'n1') =>
    documents.getState().dispatch({ kind: 'setParameter', node: nodeId(node), parameter, value });
  const rest = () => vi.advanceTimersByTimeAsync(1000);
  return { documents, runs, prepare, page, end, set, rest };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('prepareAhead', () => {
  it('prepares what is open at once, and what is edited when edits have come to rest', async () => {
    const { prepare, set, rest } = setUp();
    expect(prepare).toHaveBeenCalledTimes(1);
    for (const units of [3, 5, 6, 7]) {
      set('outFeatures', units);
      await vi.advanceTimersByTimeAsync(100);
    }
    expect(prepare).toHaveBeenCalledTimes(1);
    set('outFeatures', 8);
    await rest();
    expect(prepare).toHaveBeenCalledTimes(2);
    await rest();
    expect(prepare).toHaveBeenCalledTimes(2);
  });

  it('prepares nothing for edits that change nothing that is computed, nor for ones that were taken back', async () => {
    const { documents, prepare, set, rest } = setUp();
    documents.getState().dispatch({ kind: 'moveNode', node: nodeId('n1'), position: { x: 9, y: 9 } });
    await rest();
    set('outFeatures', 7);
    documents.getState().undo();
    await rest();
    expect(prepare).toHaveBeenCalledTimes(1);
  });

  it('prepares no document with errors, and nothing in a page that nobody sees', async () => {
    const { prepare, page, set, rest } = setUp();
    set('inFeatures', 9);
    await rest();
    expect(prepare).toHaveBeenCalledTimes(1);
    page.hidden = true;
    set('inFeatures', 2);
    await rest();
    expect(prepare).toHaveBeenCalledTimes(1);
  });

  it('prepares no model that takes much memory: by its weights, or by what it gives for a batch', async () => {
    const { documents, prepare, set, rest } = setUp();
    set('outFeatures', 5_000_000);
    await rest();
    expect(prepare).toHaveBeenCalledTimes(1);
    set('outFeatures', 1000);
    await rest();
    expect(prepare).toHaveBeenCalledTimes(2);
    documents.getState().dispatch({ kind: 'setTraining', training: { batchSize: 100_000 } });
    await rest();
    expect(prepare).toHaveBeenCalledTimes(2);
  });

  it('waits while a run is under way, and prepares what has changed since it began', async () => {
    const { documents, runs, prepare, set, rest } = setUp();
    runs.setState((state) => begunRun(state, 'r1', documents.getState().document), true);
    set('outFeatures', 5);
    await rest();
    expect(prepare).toHaveBeenCalledTimes(1);
    runs.setState({ status: 'done' });
    await rest();
    expect(prepare).toHaveBeenCalledTimes(2);
    runs.setState((state) => begunRun(state, 'r2', documents.getState().document), true);
    runs.setState({ status: 'stopped' });
    await rest();
    expect(prepare).toHaveBeenCalledTimes(2);
  });

  it('prepares for the device that is chosen', async () => {
    const { runs, prepare, rest } = setUp();
    runs.setState({ wantedDevice: 'wasm' });
    await rest();
    expect(prepare).toHaveBeenCalledTimes(2);
  });

  it('tries again where the data could not be read, and stops when it is ended', async () => {
    const { prepare, end, set, rest } = setUp();
    prepare.mockRejectedValueOnce(new Error('no network'));
    set('outFeatures', 8);
    await rest();
    set('outFeatures', 9);
    set('outFeatures', 8);
    await rest();
    expect(prepare).toHaveBeenCalledTimes(3);
    end();
    set('outFeatures', 9);
    await rest();
    expect(prepare).toHaveBeenCalledTimes(3);
  });
});
