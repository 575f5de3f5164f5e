import type { Command } from './protocol.ts';
import { TrainingService } from './trainingService.ts';

const scope = self as unknown as DedicatedWorkerGlobalScope;
const service = new TrainingService((event, transfer) => scope.postMessage(event, transfer ?? []));
scope.addEventListener('message', ({ data }: MessageEvent<Command>) => service.receive(data));
scope.addEventListener('unhandledrejection', (event) => {
  event.preventDefault();
  service.fail(event.reason);
});
void service.announce();
