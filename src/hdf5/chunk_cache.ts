/**
 * Stored chunks of which only a part was wanted: the next slice most likely wants the rest.
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
   * Keeps a copy of a chunk. One that is larger than a quarter of the budget isn't worth the others.
   *
   * @param slot Slot of its file.
   * @param offset First byte in the file.
   * @param bytes Its stored bytes.
   */
  keep(slot: number, offset: number, bytes: Uint8Array): void {
    if (bytes.length > this.#budget / 4) return;
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
