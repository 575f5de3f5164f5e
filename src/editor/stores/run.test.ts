import { describe, expect, it } from 'vitest';
import { DOCUMENT_VERSION } from '../../engine/graph/document.ts';
import type { Event } from '../../workers/protocol.ts';
import { afterEvents, begunRun, canInspect, createRunStore, isActive } from './run.ts';

const document = {
  format: 'gradloom',
  version: DOCUMENT_VERSION,
  blocks: {},
  name: 'test',
  nodes: {},
  edges: {},
  training: { optimizer: { type: 'Adam', parameters: {} }, epochs: 1, batchSize: 2, seed: 1 },
  data: { dataset: 'points' },
} as const;

const begun = (id = 'a') => begunRun(createRunStore().getState(), id, document);
const failed: Event = {
  kind: 'failed',
  run: 'a',
  request: undefined,
  id: 'device-lost',
  message: 'The device was lost.',
  node: undefined,
};

describe('the run state', () => {
  it('keeps what training paused for, with step and layer', () => {
    const diagnostic: Event = {
      kind: 'diagnostic',
      run: 'a',
      id: 'not-finite',
      message: 'The loss is not a finite number.',
      node: 'linear3',
      step: 7,
    };
    const paused: Event = { kind: 'state', run: 'a', state: 'paused' };
    const { diagnostics, status } = afterEvents(begun(), [diagnostic, paused]);
    expect(diagnostics).toEqual([
      { id: 'not-finite', message: 'The loss is not a finite number.', node: 'linear3', step: 7 },
    ]);
    expect(status).toBe('paused');
  });

  it('goes on saying why a run failed when it is stopped after that', () => {
    const state = afterEvents(begun(), [failed, { kind: 'state', run: 'a', state: 'stopped' }]);
    expect(state.status).toBe('failed');
    expect(state.failure?.message).toBe('The device was lost.');
    expect(canInspect(state)).toBe(false);
  });

  it('keeps the cause of a failure, not what failed because of it', () => {
    const after: Event = { ...failed, id: 'bad-option', message: 'run "a" is not loaded' };
    expect(afterEvents(begun(), [failed, after]).failure?.id).toBe('device-lost');
  });

  it('forgets the run before, and keeps devices and the choice among them', () => {
    const devices = [{ name: 'wasm', description: 'WebAssembly SIMD' }] as const;
    const first = afterEvents(begun('a'), [{ kind: 'ready', devices }, failed]);
    const second = begunRun({ ...first, wantedDevice: 'wasm' }, 'b', document);
    expect(second).toMatchObject({ status: 'preparing', failure: undefined, wantedDevice: 'wasm', devices });
    expect(second.metrics).not.toBe(first.metrics);
    expect(isActive(second.status)).toBe(true);
  });
});
