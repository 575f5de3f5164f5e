import { describe, expect, it } from 'vitest';
import type { Dataset } from '../../engine/data/dataset.ts';
import { EngineError } from '../../engine/errors.ts';
import type { GraphDocument } from '../../engine/graph/document.ts';
import { DOCUMENT_VERSION } from '../../engine/graph/document.ts';
import type { Command, Event } from '../../workers/protocol.ts';
import { createRunStore } from './run.ts';
import { RunController } from './runController.ts';

const dataset: Dataset = {
  id: 'points',
  title: 'Points',
  sample: [2],
  classes: ['a', 'b'],
  train: { count: 2, inputs: Float32Array.of(0, 1, 2, 3), labels: Int32Array.of(0, 1) },
  test: { count: 1, inputs: Float32Array.of(4, 5), labels: Int32Array.of(1) },
};

const document: GraphDocument = {
  format: 'gradloom',
  version: DOCUMENT_VERSION,
  blocks: {},
  name: 'test',
  nodes: {},
  edges: {},
  training: { optimizer: { type: 'Adam', parameters: {} }, epochs: 1, batchSize: 2, seed: 1 },
  data: { dataset: 'points' },
};

function setUp(loadDataset: (id: string) => Promise<Dataset> = () => Promise.resolve(dataset)) {
  const store = createRunStore();
  const commands: Command[] = [];
  const transfers: Transferable[] = [];
  let hear: (event: Event) => void = () => {};
  let frames: (() => void)[] = [];
  let restarts = 0;
  const controller = new RunController({
    store,
    client: {
      send: (command, transfer = []) => {
        commands.push(command);
        transfers.push(...transfer);
      },
      subscribe: (listener) => {
        hear = listener;
        return () => {};
      },
      inspect: () => Promise.reject(new Error('not asked for here')),
      restart: () => restarts++,
    },
    document: () => document,
    loadDataset,
    nextFrame: (callback) => frames.push(callback),
  });
  return {
    store,
    controller,
    commands,
    transfers,
    restarts: () => restarts,
    emit: (...events: Event[]) => {
      for (const event of events) hear(event);
    },
    frame: () => {
      const due = frames;
      frames = [];
      for (const callback of due) callback();
      return due.length;
    },
    run: () => store.getState().id!,
  };
}

const compiled = (run: string): Event => ({
  kind: 'compiled',
  kept: undefined,
  run,
  device: 'wasm',
  description: 'WebAssembly SIMD',
  kernels: 3,
  milliseconds: 12,
  stepsPerEpoch: 1,
  totalSteps: 1,
  parameters: 6,
});

const metrics = (run: string, ...steps: number[]): Event => ({
  kind: 'metrics',
  run,
  steps: steps.map((step) => ({ step, loss: 1 / step, accuracy: 0.5 })),
  samplesPerSecond: 100,
});

describe('RunController', () => {
  it('loads a copy of the data, so that the page keeps its own, and starts', async () => {
    const { controller, commands, transfers, store, run } = setUp();
    await controller.train();
    expect(commands.slice(1)).toEqual([
      { kind: 'load', run: run(), document, device: 'auto' },
      { kind: 'start', run: run() },
    ]);
    const data = commands[0] as Command & { kind: 'data' };
    expect(data.dataset).toEqual(dataset);
    expect(data.dataset.train.inputs.buffer).not.toBe(dataset.train.inputs.buffer);
    expect(transfers).toContain(data.dataset.train.inputs.buffer);
    expect(store.getState().document).toBe(document);
  });

  it('prepares what training would begin, once the data is there, and gives the worker the same data once', async () => {
    const { controller, commands } = setUp();
    await controller.prepare();
    expect(commands.map(({ kind }) => kind)).toEqual(['data', 'prepare']);
    expect(commands[1]).toEqual({ kind: 'prepare', document, device: 'auto' });
    await controller.train();
    expect(commands.map(({ kind }) => kind)).toEqual(['data', 'prepare', 'load', 'start']);
    await controller.prepare();
    expect(commands).toHaveLength(4);
  });

  it('prepares nothing without data: that is told when training is asked for', async () => {
    const { controller, commands, store } = setUp(() => Promise.reject(new EngineError('bad-data', 'gone')));
    await expect(controller.prepare()).rejects.toThrow('gone');
    expect(commands).toEqual([]);
    expect(store.getState().status).toBe('idle');
  });

  it('changes the state once a frame, however many events there are', async () => {
    const { controller, store, emit, frame, run } = setUp();
    await controller.train();
    let changes = 0;
    store.subscribe(() => changes++);
    emit(compiled(run()), { kind: 'state', run: run(), state: 'running' }, metrics(run(), 1, 2), metrics(run(), 3));
    expect(changes).toBe(0);
    expect(frame()).toBe(1);
    expect(changes).toBe(1);
    expect(store.getState()).toMatchObject({ status: 'running', metricsLength: 3, samplesPerSecond: 100 });
  });

  it('passes over events of a run that was replaced', async () => {
    const { controller, store, emit, frame, run } = setUp();
    await controller.train();
    const first = run();
    await controller.train();
    emit(metrics(first, 1));
    frame();
    expect(run()).not.toBe(first);
    expect(store.getState().metricsLength).toBe(0);
  });

  it('says why the data can not be loaded, and sends nothing', async () => {
    const { controller, store, commands } = setUp(() =>
      Promise.reject(new EngineError('bad-data', 'train-labels.gz: expected 2 labels, got 1')),
    );
    await controller.train();
    expect(commands).toEqual([]);
    expect(store.getState().status).toBe('failed');
    expect(store.getState().failure).toMatchObject({
      id: 'bad-data',
      message: expect.stringContaining('train-labels'),
    });
  });

  it('keeps one evaluation a step', async () => {
    const { controller, store, emit, frame, run } = setUp();
    await controller.train();
    const evaluation = { step: 1, epoch: 1, loss: 0.5, accuracy: 1 };
    emit({ kind: 'evaluated', run: run(), evaluation });
    emit({ kind: 'done', run: run(), evaluation, secondsTraining: 2 });
    frame();
    expect(store.getState().evaluations).toEqual([evaluation]);
    expect(store.getState()).toMatchObject({ status: 'done', secondsTraining: 2 });
  });

  it('ends the worker to stop a run that is still being prepared, tells it otherwise', async () => {
    const { controller, store, emit, frame, run, commands, restarts } = setUp();
    await controller.train();
    controller.stop();
    expect(restarts()).toBe(1);
    expect(store.getState().status).toBe('stopped');
    await controller.train();
    // The new worker has no samples yet.
    expect(commands.map(({ kind }) => kind)).toEqual(['data', 'load', 'start', 'data', 'load', 'start']);
    emit(compiled(run()), { kind: 'state', run: run(), state: 'running' });
    frame();
    controller.stop();
    expect(restarts()).toBe(1);
    expect(commands.at(-1)).toEqual({ kind: 'stop', run: run() });
  });

  it('takes one step of a paused run and begins one where there is none', async () => {
    const { controller, emit, frame, run, commands } = setUp();
    controller.step();
    await Promise.resolve();
    await Promise.resolve();
    expect(commands.map(({ kind }) => kind)).toEqual(['data', 'load', 'step']);
    emit({ kind: 'state', run: run(), state: 'paused' });
    frame();
    controller.step();
    expect(commands.map(({ kind }) => kind)).toEqual(['data', 'load', 'step', 'step']);
  });
});
