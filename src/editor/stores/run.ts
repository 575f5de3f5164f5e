import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Dataset } from '../../engine/data/dataset.ts';
import type { GraphDocument } from '../../engine/graph/document.ts';
import type { Command, Evaluation, Event } from '../../workers/protocol.ts';
import { MetricsLog } from './metricsLog.ts';

export type DeviceName = Extract<Event, { kind: 'compiled' }>['device'];
export type WantedDevice = Extract<Command, { kind: 'load' }>['device'];

export type RunStatus =
  /** No run yet. */
  | 'idle'
  /** The data set is being fetched or the step compiled. */
  | 'preparing'
  | 'running'
  | 'paused'
  | 'stopped'
  | 'done'
  | 'failed';

export type CompiledRun = Omit<Extract<Event, { kind: 'compiled' }>, 'kind' | 'run'>;

/** Something that the run wants a person to know; `node` is a node of the run's document. */
export interface RunNotice {
  /** Stable id of what is wrong: `not-finite`, `device-lost`, `bad-data`, … */
  readonly id: string;
  readonly message: string;
  readonly node: string | undefined;
  readonly step: number | undefined;
}

/** The one run that panels look at: its document as it was when Train was pressed, and what came of it. */
export interface RunState {
  /** Devices that the worker can use, best first; undefined until it has said so. */
  readonly devices: readonly { readonly name: DeviceName; readonly description: string }[] | undefined;
  readonly wantedDevice: WantedDevice;
  readonly status: RunStatus;
  readonly id: string | undefined;
  readonly document: GraphDocument | undefined;
  readonly dataset: Dataset | undefined;
  readonly compiled: CompiledRun | undefined;
  /** Append-only. `metricsLength` changes with it, so that readers hear of it. */
  readonly metrics: MetricsLog;
  readonly metricsLength: number;
  readonly samplesPerSecond: number;
  readonly evaluations: readonly Evaluation[];
  /** What training paused for, newest last. */
  readonly diagnostics: readonly RunNotice[];
  /** Why the run failed. */
  readonly failure: RunNotice | undefined;
  readonly secondsTraining: number | undefined;
}

export type RunStore = StoreApi<RunState>;

const WITHOUT_RUN = {
  status: 'idle',
  id: undefined,
  document: undefined,
  dataset: undefined,
  compiled: undefined,
  metricsLength: 0,
  samplesPerSecond: 0,
  evaluations: [],
  diagnostics: [],
  failure: undefined,
  secondsTraining: undefined,
} as const satisfies Partial<RunState>;

export function createRunStore(): RunStore {
  return createStore<RunState>(() => ({
    ...WITHOUT_RUN,
    devices: undefined,
    wantedDevice: 'auto',
    metrics: new MetricsLog(),
  }));
}

/** The state of a run that has just begun; forgets the one before. */
export function begunRun(state: RunState, id: string, document: GraphDocument): RunState {
  return { ...state, ...WITHOUT_RUN, metrics: new MetricsLog(), status: 'preparing', id, document };
}

/**
 * The state after events of the worker. Events of other runs are passed over; metrics are appended to the log in place,
 * so a batch of events is one change for those who listen.
 */
export function afterEvents(state: RunState, events: readonly Event[]): RunState {
  return events.reduce(afterEvent, state);
}

function afterEvent(state: RunState, event: Event): RunState {
  if (event.kind === 'ready') return { ...state, devices: event.devices };
  if (event.run !== state.id) return state;
  switch (event.kind) {
    case 'compiled': {
      const { kind: _kind, run: _run, ...compiled } = event;
      return { ...state, compiled };
    }
    case 'metrics':
      state.metrics.append(event.steps);
      return { ...state, metricsLength: state.metrics.length, samplesPerSecond: event.samplesPerSecond };
    case 'evaluated':
      return withEvaluation(state, event.evaluation);
    case 'state':
      // Whoever stops a run that failed still wants to see why.
      return state.status === 'failed' && event.state === 'stopped' ? state : { ...state, status: event.state };
    case 'diagnostic':
      return { ...state, diagnostics: [...state.diagnostics, noticeOf(event, event.step)] };
    case 'failed':
      // The first failure is the cause: commands sent before it was known fail after it.
      return { ...state, status: 'failed', failure: state.failure ?? noticeOf(event, undefined) };
    case 'done':
      return {
        ...withEvaluation(state, event.evaluation),
        status: 'done',
        secondsTraining: event.secondsTraining,
      };
    case 'inspected':
    case 'tuning':
      return state;
  }
}

function noticeOf(event: Pick<RunNotice, 'id' | 'message' | 'node'>, step: number | undefined): RunNotice {
  return { id: event.id, message: event.message, node: event.node, step };
}

// The last evaluation comes twice: when it is made, and with `done`.
function withEvaluation(state: RunState, evaluation: Evaluation): RunState {
  const before = state.evaluations.filter(({ step }) => step < evaluation.step);
  return { ...state, evaluations: [...before, evaluation] };
}

/** Whether the worker holds this run's weights, so that it can be asked for predictions. */
export function canInspect(state: RunState): boolean {
  return state.compiled !== undefined && state.status !== 'failed';
}

/** Whether a run is under way: loading, training or paused. */
export function isActive(status: RunStatus): boolean {
  return status === 'preparing' || status === 'running' || status === 'paused';
}

/** What training reads of a document, as text, found once for each. */
const contents = new WeakMap<GraphDocument, string>();

function contentOf(document: GraphDocument): string {
  const known = contents.get(document);
  if (known !== undefined) return known;
  const { nodes, edges, blocks, training, data } = document;
  // Where layers lie, and how they are called and coloured, is nothing to train on.
  const text = JSON.stringify([nodes, edges, blocks, training, data], (key, value) =>
    key === 'position' || key === 'color' || key === 'name' ? undefined : value,
  );
  contents.set(document, text);
  return text;
}

/** Whether two documents differ in nothing that training reads. */
export const trainsAlike = (a: GraphDocument, b: GraphDocument): boolean => a === b || contentOf(a) === contentOf(b);
