import type { Backend, BackendName } from '../engine/backends/backend.ts';
import type { Dataset } from '../engine/data/dataset.ts';
import type { GraphDocument } from '../engine/graph/document.ts';
import { TrainingRun } from '../engine/training/trainingRun.ts';
import { preparationKey } from './preparationKey.ts';

/** What a run is made from. */
interface Wanted {
  readonly document: GraphDocument;
  readonly dataset: Dataset;
  readonly device: BackendName | 'auto';
}

/** At most one run that nobody has asked for yet: as it would be made when asked for, before its first step. */
export class Preparation {
  #made: { readonly key: string; readonly wanted: Wanted; readonly run: TrainingRun } | undefined;

  has({ document, dataset, device }: Wanted): boolean {
    const made = this.#made;
    if (made?.wanted.dataset !== dataset || made.wanted.device !== device) return false;
    return made.key === preparationKey(document);
  }

  /** In place of what was made before. Its device code may still be being built. @throws EngineError as `TrainingRun` does. */
  make(wanted: Wanted, backend: Backend): void {
    this.drop();
    const run = new TrainingRun(wanted.document, wanted.dataset, backend, []);
    this.#made = { key: preparationKey(wanted.document), wanted, run };
    // Whoever takes the run waits for it, and hears of its failure.
    run.ready.catch(() => undefined);
  }

  /** The run, if it is the wanted one: it is the caller's from now on. Any other is gone. */
  take(wanted: Wanted): TrainingRun | undefined {
    const run = this.has(wanted) ? this.#made?.run : undefined;
    if (run) this.#made = undefined;
    else this.drop();
    return run;
  }

  drop(): void {
    this.#made?.run.dispose();
    this.#made = undefined;
  }

  dropFrom(backend: Backend): void {
    if (this.#made?.run.backend === backend) this.drop();
  }
}
