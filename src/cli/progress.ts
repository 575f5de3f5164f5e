/** A progress bar on one line of a terminal; where there is no terminal, nothing. */
export class ProgressBar {
  readonly #width = 28;
  #shown = false;

  show(share: number, text: string): void {
    if (!process.stderr.isTTY) return;
    const done = Math.round(share * this.#width);
    const bar = '█'.repeat(done) + '░'.repeat(this.#width - done);
    process.stderr.write(`\r\x1b[2K${bar} ${text}`);
    this.#shown = true;
  }

  clear(): void {
    if (this.#shown) process.stderr.write('\r\x1b[2K');
    this.#shown = false;
  }
}
