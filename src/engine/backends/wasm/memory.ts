import { EngineError } from '../../errors.ts';

const PAGE = 65536;
/** Most pages, best first: all that 32 bits can address, or less where the system does not set aside that much. */
const LIMITS = [65536, 32768, 16384];
const ALIGNMENT = 256;

/** Memory for what kernels keep to themselves: one part for all threads, and one for each, side by side. */
export interface Scratch {
  readonly shared: number;
  readonly sharedBytes: number;
  readonly own: number;
  /** Of one thread. */
  readonly ownBytes: number;
}

interface Gap {
  start: number;
  bytes: number;
}

/** The one memory of a backend, which all its threads share, and who has which part of it. */
export class WasmMemory {
  readonly memory: WebAssembly.Memory;
  readonly #most: number;
  /** Free parts in order of address, never two that touch. */
  readonly #gaps: Gap[] = [];
  readonly #sizes = new Map<number, number>();
  /** Everything below is handed out or a gap. Address 0 stays unused. */
  #top = ALIGNMENT;
  readonly #threads: number;
  #scratch: Scratch = { shared: 0, sharedBytes: 0, own: 0, ownBytes: 0 };

  constructor(threads = 1) {
    const { memory, pages } = largestMemory(threads > 1);
    this.memory = memory;
    this.#threads = threads;
    // The last page is left alone, so that addresses past an end stay below 2³².
    this.#most = (pages - 1) * PAGE;
  }

  /**
   * Address of new memory, a multiple of 256, filled with zeros.
   * @throws EngineError `out-of-memory` if there is not that much.
   */
  allocate(bytes: number): number {
    const size = Math.max(ALIGNMENT, Math.ceil(bytes / ALIGNMENT) * ALIGNMENT);
    const at = this.#gaps.findIndex((gap) => gap.bytes >= size);
    let address: number;
    if (at >= 0) {
      const gap = this.#gaps[at] as Gap;
      address = gap.start;
      if (gap.bytes === size) this.#gaps.splice(at, 1);
      else Object.assign(gap, { start: gap.start + size, bytes: gap.bytes - size });
      new Uint8Array(this.memory.buffer, address, size).fill(0);
    } else {
      address = this.#top;
      this.#grow(address + size);
      this.#top = address + size;
    }
    this.#sizes.set(address, size);
    return address;
  }

  /** @throws EngineError `out-of-memory` if there is no room for so many bytes, in one piece or in several. */
  demand(bytes: number): void {
    const gaps = this.#gaps.reduce((sum, gap) => sum + gap.bytes, 0);
    if (bytes > gaps + this.#most - this.#top) throw tooMuch(this.#top - gaps + bytes, this.#most);
  }

  free(address: number): void {
    const bytes = this.#sizes.get(address);
    if (bytes === undefined) return;
    this.#sizes.delete(address);
    const at = this.#gaps.findIndex((gap) => gap.start > address);
    const where = at < 0 ? this.#gaps.length : at;
    this.#gaps.splice(where, 0, { start: address, bytes });
    for (const i of [where, where - 1]) {
      const [gap, next] = [this.#gaps[i], this.#gaps[i + 1]];
      if (gap && next && gap.start + gap.bytes === next.start) {
        gap.bytes += next.bytes;
        this.#gaps.splice(i + 1, 1);
      }
    }
  }

  /**
   * Makes sure that kernels have so many bytes for intermediate results: some that all threads share, some for each.
   * @throws EngineError `out-of-memory` if there is not that much.
   */
  reserveScratch(wanted: { readonly sharedBytes: number; readonly ownBytes: number }): void {
    const before = this.#scratch;
    if (wanted.sharedBytes <= before.sharedBytes && wanted.ownBytes <= before.ownBytes) return;
    const larger = (name: 'sharedBytes' | 'ownBytes'): number => Math.max(before[name], wanted[name]);
    if (before.shared > 0) this.free(before.shared);
    try {
      this.#scratch = this.#placeScratch(larger('sharedBytes'), larger('ownBytes'));
    } catch (error) {
      this.#scratch = this.#placeScratch(before.sharedBytes, before.ownBytes);
      throw error;
    }
  }

  get scratch(): Scratch {
    return this.#scratch;
  }

  #placeScratch(sharedBytes: number, ownBytes: number): Scratch {
    const shared = this.allocate(sharedBytes + this.#threads * ownBytes);
    return { shared, sharedBytes, own: shared + sharedBytes, ownBytes };
  }

  #grow(end: number): void {
    if (end > this.#most) throw tooMuch(end, this.#most);
    const missing = end - this.memory.buffer.byteLength;
    if (missing <= 0) return;
    // By at least an eighth: growing copies nothing in most engines, but detaches all views.
    const pages = Math.ceil(Math.max(missing, Math.min(this.memory.buffer.byteLength / 8, this.#most - end)) / PAGE);
    try {
      this.memory.grow(pages);
    } catch {
      throw new EngineError(
        'out-of-memory',
        `the browser gave no more memory (${Math.round(end / 2 ** 20)} MiB wanted)`,
      );
    }
  }
}

function largestMemory(shared: boolean): { memory: WebAssembly.Memory; pages: number } {
  for (const pages of LIMITS) {
    try {
      return { memory: new WebAssembly.Memory({ initial: 1, maximum: pages, shared }), pages };
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
    }
  }
  throw new EngineError('out-of-memory', 'the browser sets aside no memory for WebAssembly: close other tabs');
}

function tooMuch(bytes: number, most: number): EngineError {
  const [has, needs] = [most, bytes].map((each) => `${Math.round(each / 2 ** 20)} MiB`);
  return new EngineError(
    'out-of-memory',
    `WebAssembly has ${has} of memory and ${needs} would be needed: use smaller layers or a smaller batch`,
  );
}
