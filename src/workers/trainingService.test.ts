import { expect, it } from 'vitest';
import { chain, groups } from '../engine/training/testModels.ts';
import type { Command, Event } from './protocol.ts';
import { TrainingService } from './trainingService.ts';

const document = chain(
  [
    ['Input', {}],
    ['Linear', { outFeatures: 8 }],
    ['ReLU', {}],
    ['Linear', { outFeatures: 2 }],
    ['CrossEntropyLoss', {}],
  ],
  { epochs: 3 },
);

function service(): {
  send: (command: Command) => void;
  until: <Kind extends Event['kind']>(kind: Kind) => Promise<Event & { kind: Kind }>;
  seen: Event[];
} {
  const seen: Event[] = [];
  const waiting = new Set<() => void>();
  const training = new TrainingService((event) => {
    seen.push(event);
    for (const wake of waiting) wake();
  });
  training.receive({ kind: 'data', dataset: groups(64, 20) });
  return {
    seen,
    send: (command) => training.receive(command),
    until: async <Kind extends Event['kind']>(kind: Kind) => {
      for (;;) {
        const at = seen.findIndex((event) => event.kind === kind);
        if (at >= 0) return seen.splice(at, 1)[0] as Event & { kind: Kind };
        await new Promise<void>((resolve) => waiting.add(resolve));
      }
    },
  };
}

const load = (run: string, device: 'wasm' | 'reference' = 'wasm'): Command => ({
  kind: 'load',
  run,
  document,
  device,
});

it('loads, trains, evaluates after each epoch and is done', async () => {
  const { send, until, seen } = service();
  send(load('r1'));
  send({ kind: 'start', run: 'r1' });
  expect(await until('compiled')).toMatchObject({
    run: 'r1',
    device: 'wasm',
    stepsPerEpoch: 4,
    totalSteps: 12,
    parameters: 42,
  });
  const done = await until('done');
  expect(done.evaluation).toMatchObject({ step: 12, epoch: 3 });
  const steps = seen.flatMap((event) => (event.kind === 'metrics' ? event.steps : [])).map(({ step }) => step);
  expect(steps).toEqual(Array.from({ length: 12 }, (_, i) => i + 1));
  expect(seen.filter((event) => event.kind === 'evaluated')).toHaveLength(3);
});

it('trains what it has prepared to the same losses as what it has not', async () => {
  const losses = async (...before: Command[]) => {
    const { send, until, seen } = service();
    for (const command of before) send(command);
    send(load('r1'));
    send({ kind: 'start', run: 'r1' });
    await until('done');
    return seen.flatMap((event) => (event.kind === 'metrics' ? event.steps : [])).map(({ loss }) => loss);
  };
  const plain = await losses();
  const other = { ...document, training: { ...document.training, seed: 7 } };
  expect(await losses({ kind: 'prepare', document, device: 'wasm' })).toEqual(plain);
  expect(await losses({ kind: 'prepare', document: other, device: 'wasm' })).toEqual(plain);
});

it('says nothing of what it prepares, and leaves a run that is done as it was', async () => {
  const { send, until, seen } = service();
  send(load('r1'));
  send({ kind: 'start', run: 'r1' });
  await until('done');
  seen.splice(0);
  send({ kind: 'prepare', document: chain([['Linear', {}]]), device: 'wasm' });
  send({ kind: 'prepare', document, device: 'wasm' });
  send({ kind: 'inspect', run: 'r1', request: 1, query: { kind: 'confusion' } });
  await until('inspected');
  expect(seen).toEqual([]);
  send(load('r2'));
  expect(await until('compiled')).toMatchObject({ run: 'r2', totalSteps: 12 });
});

it('refuses to load a run before it was given samples', async () => {
  const seen: Event[] = [];
  const failed = new Promise<void>((resolve) => {
    const training = new TrainingService((event) => {
      seen.push(event);
      resolve();
    });
    training.receive(load('r1'));
  });
  await failed;
  expect(seen).toMatchObject([{ kind: 'failed', run: 'r1', id: 'bad-option' }]);
});

it('answers questions about the loaded run, and refuses others by request', async () => {
  const { send, until } = service();
  send(load('r1'));
  send({ kind: 'inspect', run: 'r1', request: 5, query: { kind: 'predictTest', indices: [0, 3] } });
  const { request, result } = await until('inspected');
  expect(request).toBe(5);
  expect(result).toMatchObject({ kind: 'predictions', width: 2 });
  send({ kind: 'inspect', run: 'r1', request: 6, query: { kind: 'predictTest', indices: [99] } });
  expect(await until('failed')).toMatchObject({ request: 6, id: 'bad-data' });
  send({ kind: 'inspect', run: 'old', request: 7, query: { kind: 'confusion' } });
  expect(await until('failed')).toMatchObject({ request: 7, message: 'run "old" is not loaded' });
});

it('refuses to tune a device that has one layout only', async () => {
  const { send, until } = service();
  send(load('r1'));
  send({ kind: 'inspect', run: 'r1', request: 5, query: { kind: 'tune' } });
  expect(await until('failed')).toMatchObject({ request: 5, id: 'unsupported' });
});

it('reports a document that can not be compiled with its node', async () => {
  const { send, until } = service();
  const broken = chain([
    ['Input', {}],
    ['Linear', { inFeatures: 9 }],
    ['CrossEntropyLoss', {}],
  ]);
  send({ kind: 'load', run: 'r1', document: broken, device: 'reference' });
  expect(await until('failed')).toMatchObject({ run: 'r1', id: 'bad-document', node: 'n1' });
});

it('pauses and goes on where it was', async () => {
  const { send, until } = service();
  send(load('r1'));
  send({ kind: 'step', run: 'r1' });
  expect(await until('metrics')).toMatchObject({ steps: [{ step: 1 }] });
  await until('state');
  expect(await until('state')).toMatchObject({ state: 'paused' });
  send({ kind: 'resume', run: 'r1' });
  expect((await until('done')).evaluation.step).toBe(12);
});

it('keeps the weights of layers that did not change, and says how many', async () => {
  const { send, until } = service();
  send(load('r1'));
  send({ kind: 'start', run: 'r1' });
  await until('done');
  send({ kind: 'inspect', run: 'r1', request: 1, query: { kind: 'weights' } });
  const weightsOf = async () => {
    const { result } = await until('inspected');
    if (result.kind !== 'weights') throw new Error(result.kind);
    return new Map(result.weights.map(({ name, data }) => [name, [...data]]));
  };
  const trained = await weightsOf();
  const changed = chain([
    ['Input', {}],
    ['Linear', { outFeatures: 8 }],
    ['ReLU', {}],
    ['Linear', { outFeatures: 2, bias: false }],
    ['CrossEntropyLoss', {}],
  ]);
  send({ kind: 'load', run: 'r2', document: changed, device: 'wasm', keepWeights: true });
  while ((await until('compiled')).run !== 'r2');
  send({ kind: 'inspect', run: 'r2', request: 2, query: { kind: 'weights' } });
  const kept = await weightsOf();
  expect([...kept.keys()]).toEqual(['n1.weight', 'n1.bias', 'n3.weight']);
  for (const [name, data] of kept) expect(data).toEqual(trained.get(name));
});

it('measures a step by layer without changing the training', async () => {
  const { send, until } = service();
  send(load('r1'));
  send({ kind: 'step', run: 'r1' });
  await until('metrics');
  await until('state');
  expect(await until('state')).toMatchObject({ state: 'paused' });
  send({ kind: 'inspect', run: 'r1', request: 1, query: { kind: 'profile' } });
  const { result } = await until('inspected');
  if (result.kind !== 'profile') throw new Error('expected a profile');
  const { layers, kernels, batchSize } = result.profile;
  expect(batchSize).toBe(16);
  expect(layers.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1);
  expect(layers.flatMap((layer) => layer.kernels).sort((a, b) => a - b)).toEqual([...kernels.keys()]);
  expect(layers.map(({ node }) => node)).toContain('n1');
  send({ kind: 'resume', run: 'r1' });
  expect((await until('done')).evaluation.step).toBe(12);
});
