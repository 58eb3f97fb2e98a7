import { closeSync, openSync, readSync, rmSync, writeSync } from 'node:fs';

/** A taken row between the two steps of an import: which document and which name, by number, and its figures. */
export interface SpilledRow {
  document: number;
  name: number;
  quantity: number;
  unitPriceMinor: number;
  netMinor: number;
  /** Undefined where nobody says. */
  costMinor: number | undefined;
}

const FIGURES = 6;
const BLOCK_ROWS = 4096;

/** Rows set down in a file beside the report, so that a file of any length is parsed once and held never. */
export class RowSpill {
  readonly #fd: number;
  readonly #block = new Float64Array(BLOCK_ROWS * FIGURES);
  #used = 0;

  constructor(path: string) {
    this.#fd = openSync(path, 'w+', 0o600);
    // Without a name it is gone when this process ends, however it ends.
    rmSync(path);
  }

  add({ document, name, quantity, unitPriceMinor, netMinor, costMinor }: SpilledRow): void {
    const at = this.#used;
    this.#block[at] = document;
    this.#block[at + 1] = name;
    this.#block[at + 2] = quantity;
    this.#block[at + 3] = unitPriceMinor;
    this.#block[at + 4] = netMinor;
    this.#block[at + 5] = costMinor ?? Number.NaN;
    this.#used = at + FIGURES;
    if (this.#used === this.#block.length) this.#flush();
  }

  /** All rows in the order in which they were added. */
  *rows(): Generator<SpilledRow> {
    this.#flush();
    const bytes = new Uint8Array(this.#block.buffer);
    for (let position = 0; ; position += bytes.length) {
      const read = readSync(this.#fd, bytes, 0, bytes.length, position);
      const block = new Float64Array(bytes.slice(0, read).buffer);
      for (let at = 0; at < block.length; at += FIGURES) {
        const figure = (n: number) => block[at + n] ?? 0;
        yield {
          document: figure(0),
          name: figure(1),
          quantity: figure(2),
          unitPriceMinor: figure(3),
          netMinor: figure(4),
          costMinor: Number.isNaN(figure(5)) ? undefined : figure(5),
        };
      }
      if (read < bytes.length) return;
    }
  }

  [Symbol.dispose](): void {
    closeSync(this.#fd);
  }

  #flush(): void {
    if (this.#used > 0) writeSync(this.#fd, new Uint8Array(this.#block.buffer, 0, this.#used * 8));
    this.#used = 0;
  }
}
