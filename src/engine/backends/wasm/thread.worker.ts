import { makeThread } from './thread.ts';
import type { ThreadStart } from './threadWorkers.ts';

/** What this file uses of a worker's global scope; the page's types, which the project is checked with, lack it. */
interface WorkerScope extends EventTarget {
  postMessage(message: string): void;
  close(): void;
}

const scope = globalThis as unknown as WorkerScope;
scope.addEventListener('message', (event) => {
  const { memory, control, number, count } = (event as MessageEvent<ThreadStart>).data;
  const thread = makeThread(memory, control, number, count);
  scope.postMessage('ready');
  thread.serve();
  scope.close();
});
