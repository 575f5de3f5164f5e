import { makeThread } from './thread.ts';

/** What a worker needs to be a thread of a backend. */
export interface ThreadStart {
  readonly memory: WebAssembly.Memory;
  readonly control: number;
  readonly number: number;
  readonly count: number;
}

export interface StartedWorker {
  /** Resolves when it is gone. */
  end(): Promise<void>;
}

/** Most threads that are taken without being asked for: more share too little work of a step. */
const MOST_BY_DEFAULT = 8;

/**
 * How many threads a backend has by itself. More than one only where memory can be shared and the calling thread may
 * wait: in a worker of a cross-origin isolated page. All processors if there are two, else one is left to the page.
 */
export function defaultThreads(): number {
  const { crossOriginIsolated, document, navigator } = globalThis as Partial<typeof globalThis>;
  if (!crossOriginIsolated || document) return 1;
  const processors = navigator?.hardwareConcurrency ?? 1;
  return Math.min(MOST_BY_DEFAULT, processors <= 2 ? processors : processors - 1);
}

/** Whether this thread may share memory with others and wait for them. A page's own thread may not wait. */
export function canHaveThreads(): boolean {
  const { crossOriginIsolated, document } = globalThis as Partial<typeof globalThis>;
  return nodeThreads() !== undefined || (crossOriginIsolated === true && document === undefined);
}

/** Starts a worker that waits for work; `died` hears why, if it ends by itself. Rejects with the reason if it does not start. */
export function startWorker(start: ThreadStart, died: (reason: string) => void): Promise<StartedWorker> {
  const node = nodeThreads();
  return node ? startInNode(node, start, died) : startInBrowser(start, died);
}

function startInBrowser(start: ThreadStart, died: (reason: string) => void): Promise<StartedWorker> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./thread.worker.ts', import.meta.url), {
      type: 'module',
      name: `thread ${start.number}`,
    });
    worker.onmessage = () => resolve({ end: async () => worker.terminate() });
    // Once it has started, a rejection has no effect, and the other way round.
    worker.onerror = ({ message }) => {
      const reason = message || 'the browser did not load the script of a worker';
      reject(new Error(reason));
      died(reason);
    };
    worker.postMessage(start);
  });
}

/** From the source of the one function that it needs: a module of ours is not there by itself in every bundle. */
function startInNode(
  node: typeof import('node:worker_threads'),
  start: ThreadStart,
  died: (reason: string) => void,
): Promise<StartedWorker> {
  const source = `const { parentPort, workerData } = require('node:worker_threads');
    const thread = (${makeThread.toString()})(workerData.memory, workerData.control, workerData.number, workerData.count);
    parentPort.postMessage('ready');
    thread.serve();`;
  return new Promise((resolve, reject) => {
    const worker = new node.Worker(source, { eval: true, workerData: start });
    worker.once('error', (error: Error) => {
      reject(error);
      died(error.message);
    });
    worker.once('message', () => {
      // A process that has nothing else to do may end.
      worker.unref();
      resolve({
        end: async () => {
          await worker.terminate();
        },
      });
    });
  });
}

function nodeThreads(): typeof import('node:worker_threads') | undefined {
  const { process } = globalThis as Partial<typeof globalThis>;
  return process?.getBuiltinModule?.('node:worker_threads');
}
