import { EngineError } from '../../errors.ts';

const PAGE = 65536;
/** WebAssembly addresses have 32 bits; the last page is left alone, so that addresses past an end stay below 2³². */
const MOST_BYTES = 65535 * PAGE;
const ALIGNMENT = 256;

interface Gap {
  start: number;
  bytes: number;
}

/**
 * The one memory of a backend, and who has which part of it. This is the place where it would be made shared for threads:
 * kernels already take the range of their first loop.
 */
export class WasmMemory {
  readonly memory = new WebAssembly.Memory({ initial: 1, maximum: 65536 });
  /** Free parts in order of address, never two that touch. */
  readonly #gaps: Gap[] = [];
  readonly #sizes = new Map<number, number>();
  /** Everything below is handed out or a gap. Address 0 stays unused. */
  #top = ALIGNMENT;
  #scratch = { address: 0, bytes: 0 };

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
    if (bytes > gaps + MOST_BYTES - this.#top) throw tooMuch(this.#top - gaps + bytes);
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

  /** Makes sure that the memory kernels share for their own intermediate results has so many bytes. */
  reserveScratch(bytes: number): void {
    if (bytes <= this.#scratch.bytes) return;
    if (this.#scratch.bytes > 0) this.free(this.#scratch.address);
    this.#scratch = { address: this.allocate(bytes), bytes };
  }

  get scratch(): number {
    return this.#scratch.address;
  }

  #grow(end: number): void {
    if (end > MOST_BYTES) throw tooMuch(end);
    const missing = end - this.memory.buffer.byteLength;
    if (missing <= 0) return;
    // By at least an eighth: growing copies nothing in most engines, but detaches all views.
    const pages = Math.ceil(Math.max(missing, Math.min(this.memory.buffer.byteLength / 8, MOST_BYTES - end)) / PAGE);
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

function tooMuch(bytes: number): EngineError {
  const needed = `${Math.round(bytes / 2 ** 20)} MiB would be needed`;
  return new EngineError(
    'out-of-memory',
    `WebAssembly has 4 GiB of memory and ${needed}: use smaller layers or a smaller batch`,
  );
}
