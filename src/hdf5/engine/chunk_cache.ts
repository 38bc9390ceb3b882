/**
 * Stored chunks of the slices read last: the next slice often overlaps them, or wants the rest of a chunk.
 *
 * @module
 */

/** Keeps chunks as they are stored, those used last, up to a number of bytes. */
export class ChunkCache {
  readonly #chunks = new Map<string, Uint8Array>();
  readonly #budget: number;
  #bytes = 0;

  /** @param budget Bytes that may be kept; 0 keeps nothing. */
  constructor(budget: number) {
    this.#budget = budget;
  }

  /**
   * Looks a chunk up.
   *
   * @param slot Slot of its file.
   * @param offset First byte in the file.
   * @returns Its stored bytes, where they are kept.
   */
  get(slot: number, offset: number): Uint8Array | undefined {
    const key = `${slot}:${offset}`;
    const bytes = this.#chunks.get(key);
    if (bytes !== undefined) {
      this.#chunks.delete(key);
      this.#chunks.set(key, bytes);
    }
    return bytes;
  }

  /**
   * Whether the chunks of one read should be kept: where they would take more than a quarter of the budget, they would
   * only push out what is worth more.
   *
   * @param bytes Bytes of all of them.
   */
  fits(bytes: number): boolean {
    return bytes <= this.#budget / 4;
  }

  /**
   * Keeps a copy of a chunk.
   *
   * @param slot Slot of its file.
   * @param offset First byte in the file.
   * @param bytes Its stored bytes.
   */
  keep(slot: number, offset: number, bytes: Uint8Array): void {
    const key = `${slot}:${offset}`;
    if (this.#chunks.has(key)) return;
    this.#chunks.set(key, bytes.slice());
    this.#bytes += bytes.length;
    for (const [oldest, { length }] of this.#chunks) {
      if (this.#bytes <= this.#budget) break;
      this.#chunks.delete(oldest);
      this.#bytes -= length;
    }
  }
}
