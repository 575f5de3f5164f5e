import { expect, it } from 'vitest';
import { residualDocument, testGraph } from '../engine/compiler/testBlocks.ts';
import { readSafetensors, writeSafetensors } from '../engine/data/safetensors.ts';
import { BLOCK, BLOCK_INPUT, BLOCK_OUTPUT } from '../engine/graph/blocks.ts';
import { apply, type GraphChange } from '../engine/graph/changes.ts';
import { type BlockDefinition, blockId, edgeId, type GraphDocument, nodeId } from '../engine/graph/document.ts';
import { groups } from '../engine/training/testModels.ts';
import type { Command, Event, InspectQuery } from './protocol.ts';
import { TrainingService } from './trainingService.ts';

/** A Linear with a way around it; three of them follow one another in `document`. */
const around: BlockDefinition = {
  id: blockId('around'),
  name: 'Around',
  ...testGraph(
    {
      in: [BLOCK_INPUT],
      mix: ['Linear', { parameters: { outFeatures: 8 } }],
      relu: ['ReLU'],
      add: ['Add'],
      out: [BLOCK_OUTPUT],
    },
    ['in>mix', 'mix>relu', 'relu>add.inputs', 'in>add.inputs', 'add>out'],
  ),
  parameters: {},
};
const document: GraphDocument = {
  ...residualDocument({}, [around]),
  ...testGraph(
    {
      input: ['Input'],
      stem: ['Linear', { parameters: { outFeatures: 8 } }],
      body: [BLOCK, { block: around.id, parameters: { repeat: 3 } }],
      scores: ['Linear', { parameters: { outFeatures: 2 } }],
      loss: ['CrossEntropyLoss'],
    },
    ['input>stem', 'stem>body.in', 'body.out>scores', 'scores>loss'],
  ),
  training: { optimizer: { type: 'Adam', parameters: { lr: 0.01 } }, epochs: 2, batchSize: 16, seed: 1 },
};

type Part<Kind> = Event & { readonly kind: Kind };

/** A training service whose events can be waited for, one of a kind after the other. */
function service() {
  const seen: Event[] = [];
  let wake = () => {};
  const training = new TrainingService((event) => {
    seen.push(event);
    wake();
  });
  const until = async <Kind extends Event['kind']>(kind: Kind): Promise<Part<Kind>> => {
    for (;;) {
      const failed = kind === 'failed' ? undefined : seen.find((event) => event.kind === 'failed');
      if (failed) throw new Error(JSON.stringify(failed));
      const at = seen.findIndex((event) => event.kind === kind);
      if (at >= 0) return seen.splice(at, 1)[0] as Part<Kind>;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  };
  let request = 0;
  return {
    until,
    send: (command: Command) => training.receive(command),
    load: async (run: string, model: GraphDocument, more: Partial<Command & { kind: 'load' }> = {}) => {
      training.receive({ kind: 'data', dataset: groups(64, 20) });
      training.receive({ kind: 'load', run, document: model, device: 'wasm', ...more });
      for (;;) {
        const compiled = await until('compiled');
        if (compiled.run === run) return compiled;
      }
    },
    ask: async (run: string, query: InspectQuery) => {
      training.receive({ kind: 'inspect', run, request: ++request, query });
      return (await until('inspected')).result;
    },
  };
}

type Service = ReturnType<typeof service>;

async function weightsOf({ ask }: Service, run: string) {
  const result = await ask(run, { kind: 'weights' });
  if (result.kind !== 'weights') throw new Error(result.kind);
  return result.weights;
}

async function scoresOf({ ask }: Service, run: string) {
  const result = await ask(run, { kind: 'predictTest', indices: [0, 1, 2, 3] });
  if (result.kind !== 'predictions') throw new Error(result.kind);
  return [...result.outputs];
}

const names = (repeats: number) => [
  'stem.weight',
  'stem.bias',
  ...Array.from({ length: repeats }, (_, i) => [`body.${i}.mix.weight`, `body.${i}.mix.bias`]).flat(),
  'scores.weight',
  'scores.bias',
];

async function pausedAfterSteps(training: Service, steps: number): Promise<void> {
  await training.load('r1', document);
  for (let i = 0; i < steps; i++) {
    training.send({ kind: 'step', run: 'r1' });
    await training.until('metrics');
    while ((await training.until('state')).state !== 'paused');
  }
}

it('weights of a block that is repeated go to a file and come back to where they were', async () => {
  const training = service();
  await pausedAfterSteps(training, 3);
  const [trained, scores] = [await weightsOf(training, 'r1'), await scoresOf(training, 'r1')];
  expect(trained.map(({ name }) => name)).toEqual(names(3));
  // Each repetition has weights of its own.
  const [first, second] = trained.filter(({ name }) => /mix.weight/.test(name));
  expect(first?.data).not.toEqual(second?.data);
  const weights = readSafetensors(writeSafetensors(trained), 'weights.safetensors');
  const other = service();
  expect(await other.load('r2', document)).toMatchObject({ kept: undefined });
  expect(await scoresOf(other, 'r2')).not.toEqual(scores);
  expect(await other.load('r3', document, { weights })).toMatchObject({ kept: { weights: 10, of: 10 } });
  expect(await scoresOf(other, 'r3')).toEqual(scores);
});

const wire = (id: string, from: string, to: string, port: string): GraphChange => ({
  kind: 'addEdge',
  edge: { id: edgeId(id), source: { node: nodeId(from), port: 'output' }, target: { node: nodeId(to), port } },
  many: true,
});
const changed = (change: GraphChange) => apply(document, change);
const inside = (change: GraphChange) => changed({ kind: 'inBlock', block: around.id, change });

it.each([
  {
    what: 'is repeated once more',
    model: changed({ kind: 'setParameter', node: nodeId('body'), parameter: 'repeat', value: 4 }),
    present: names(4),
    fresh: ['body.3.mix.weight', 'body.3.mix.bias'],
  },
  {
    what: 'is repeated once less',
    model: changed({ kind: 'setParameter', node: nodeId('body'), parameter: 'repeat', value: 2 }),
    present: names(2),
    fresh: [],
  },
  {
    what: 'loses its biases',
    model: inside({ kind: 'setParameter', node: nodeId('mix'), parameter: 'bias', value: false }),
    present: names(3).filter((name) => !name.endsWith('mix.bias')),
    fresh: [],
  },
  {
    what: 'gets another activation',
    model: inside({
      kind: 'group',
      changes: [
        { kind: 'removeNode', node: nodeId('relu') },
        {
          kind: 'addNode',
          node: { id: nodeId('tanh'), type: 'Tanh', version: 1, parameters: {}, position: { x: 0, y: 0 } },
        },
        wire('w1', 'mix', 'tanh', 'input'),
        wire('w2', 'tanh', 'add', 'inputs'),
      ],
    }),
    present: names(3),
    fresh: [],
  },
])('a paused model whose block $what goes on with the weights that it has', async ({ model, present, fresh }) => {
  const training = service();
  await pausedAfterSteps(training, 3);
  const trained = new Map((await weightsOf(training, 'r1')).map(({ name, data }) => [name, data]));
  const { kept } = await training.load('r2', model, { keepWeights: true });
  expect(kept).toEqual({ weights: present.length - fresh.length, of: present.length });
  const now = await weightsOf(training, 'r2');
  expect(now.map(({ name }) => name).sort()).toEqual([...present].sort());
  for (const { name, data } of now) {
    if (fresh.includes(name)) expect(trained.get(name)).toBeUndefined();
    else expect(data).toEqual(trained.get(name));
  }
  training.send({ kind: 'resume', run: 'r2' });
  expect((await training.until('done')).evaluation.step).toBe(8);
});

it('a profile has each repetition as a layer, and the use as their sum', async () => {
  const training = service();
  await pausedAfterSteps(training, 1);
  const result = await training.ask('r1', { kind: 'profile' });
  if (result.kind !== 'profile') throw new Error(result.kind);
  const { layers } = result.profile;
  const nodes = layers.map(({ node }) => node);
  for (const i of [0, 1, 2]) expect(nodes).toContain(`body.${i}.mix`);
  expect(layers.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1);
});
