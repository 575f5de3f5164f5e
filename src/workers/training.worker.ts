import type { Command, Event } from './protocol.ts';
import { TrainingService } from './trainingService.ts';
import { browserTuning } from './tuningStore.ts';

/** What this file uses of a worker's global scope; the page's types, which the project is checked with, lack it. */
interface WorkerScope extends EventTarget {
  postMessage(event: Event, transfer: Transferable[]): void;
}

const scope = globalThis as unknown as WorkerScope;
const service = new TrainingService((event, transfer) => scope.postMessage(event, transfer ?? []), browserTuning());
scope.addEventListener('message', (message) => service.receive((message as MessageEvent<Command>).data));
scope.addEventListener('unhandledrejection', (rejection) => {
  rejection.preventDefault();
  service.fail((rejection as PromiseRejectionEvent).reason);
});
void service.announce();
