/**
 * The file beneath an array: open for reading, or for writing too.
 *
 * @module
 */

import { WriteError } from "../source/errors.ts";
import type { CostMeter } from "../source/cost.ts";
import type { ByteSink } from "../source/sink/sink.ts";

/** What {@linkcode RawFile} is made of. */
export interface RawFileParts {
  /** What messages call it. */
  readonly name: string;
  /** Bytes before the array. */
  readonly offset: number;
  /** Bytes of the array. */
  readonly byteLength: number;
  /** Counts what reading costs. */
  readonly meter: CostMeter;
  /** Where writes go, or `null` where it is open for reading only. */
  readonly sink: ByteSink | null;
  /** Closes what reads. */
  readonly closeSource: () => Promise<void>;
  /** Done once the file is in its place. */
  readonly finish?: (() => Promise<void>) | undefined;
}

/** The file of a `RawArray`. */
export class RawFile {
  /** What messages call it. */
  readonly name: string;
  /** Bytes before the array. */
  readonly offset: number;
  /** Bytes of the array. */
  readonly byteLength: number;
  /** Counts what reading costs. */
  readonly meter: CostMeter;
  /** Where writes go, or `null` where it is open for reading only. */
  readonly sink: ByteSink | null;
  readonly #parts: RawFileParts;
  #closed = false;
  #failure: unknown = null;

  /** Makes it; opens nothing by itself. */
  constructor(parts: RawFileParts) {
    this.#parts = parts;
    this.name = parts.name;
    this.offset = parts.offset;
    this.byteLength = parts.byteLength;
    this.meter = parts.meter;
    this.sink = parts.sink;
  }

  /** Whether it was closed. */
  get closed(): boolean {
    return this.#closed;
  }

  /** Runs what writes to the sink; should it fail half-way, the file doesn't come into its place any more. */
  write(run: (sink: ByteSink) => void): void {
    try {
      run(this.sink!);
    } catch (error) {
      this.#failure ??= error;
      throw error;
    }
  }

  /** Has the system store what was written. */
  flush(): void {
    this.write((sink) => sink.flushSync?.());
  }

  /** Closes it; see `RawArray.close`. */
  async close(): Promise<void> {
    if (this.#closed) return;
    if (this.#failure !== null) {
      await this.abandon();
      throw new WriteError(`Cannot finish ${this.name}: a write to it has failed before`, {
        file: this.name,
        cause: this.#failure,
      });
    }
    this.#closed = true;
    await this.#parts.closeSource();
    await this.sink?.commit();
    await this.#parts.finish?.();
  }

  /** Closes it without putting it into its place. */
  async abandon(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#parts.closeSource();
    await this.sink?.abandon();
  }
}
