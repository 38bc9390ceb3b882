/**
 * Rows of a walk that are needed more than once.
 *
 * @module
 */

import type { NumericData } from "../../array/types.ts";
import type { Block } from "./transform.ts";

type Constructor = new (length: number) => NumericData;

/** Blocks that come in order, kept as long as windows that move forwards need them. */
export class SlidingRows {
  readonly #blocks: AsyncIterator<Block>;
  readonly #channels: number;
  #kept: { readonly from: number; readonly block: Block }[] = [];
  #next = 0;

  /**
   * Takes the blocks.
   *
   * @param blocks From the first row on
   * @param channels How many channels they have
   */
  constructor(blocks: AsyncIterable<Block>, channels: number) {
    this.#blocks = blocks[Symbol.asyncIterator]();
    this.#channels = channels;
  }

  /** Rows as one block. Those before `from` are never asked for again. */
  async take(from: number, to: number): Promise<Block> {
    while (this.#next < to) {
      const { value, done } = await this.#blocks.next() as IteratorResult<Block>;
      if (done === true) break;
      this.#kept.push({ from: this.#next, block: value });
      this.#next += value.rows;
    }
    this.#kept = this.#kept.filter(({ from: first, block }) => first + block.rows > from);
    const parts = this.#kept.filter(({ from: first }) => first < to);
    const channels = this.#channels;
    const [only] = parts;
    if (only === undefined || to <= from) return { data: new Float64Array(0), rows: 0, channels };
    const cut = (part: { readonly from: number; readonly block: Block }) => {
      const [start, stop] = [Math.max(from, part.from), Math.min(to, part.from + part.block.rows)];
      return part.block.data.subarray((start - part.from) * channels, (stop - part.from) * channels);
    };
    const rows = Math.min(to, this.#next) - from;
    if (parts.length === 1) return { data: cut(only), rows, channels };
    const data = new (only.block.data.constructor as Constructor)(rows * channels) as Float64Array;
    for (const part of parts) {
      data.set(cut(part) as Float64Array, (Math.max(from, part.from) - from) * channels);
    }
    return { data, rows, channels };
  }

  /** Ends the walk. */
  async close(): Promise<void> {
    await this.#blocks.return?.();
  }
}

/** A block as blocks of so many rows. */
export function* cutUp({ data, rows, channels }: Block, size: number): Generator<Block> {
  if (rows <= size) {
    yield { data, rows, channels };
    return;
  }
  for (let from = 0; from < rows; from += size) {
    const to = Math.min(rows, from + size);
    yield { data: data.slice(from * channels, to * channels), rows: to - from, channels };
  }
}
