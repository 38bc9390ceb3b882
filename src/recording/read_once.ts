/**
 * What is read once, whoever asks for it, and kept.
 *
 * @module
 */

import { abortable } from "../source/abort.ts";

/** Something that is read when it is first asked for. What failed is read again when it is asked for again. */
export class ReadOnce<T> {
  #reading: { readonly value: Promise<T>; readonly signal: AbortSignal | undefined } | undefined;

  /**
   * Gives it. Who asks while it is being read waits for that; where the one who began it has aborted, it is begun anew.
   *
   * @param read Reads it
   * @param signal Aborts: the reading, or the waiting for another's
   */
  async get(read: (signal: AbortSignal | undefined) => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
    while (true) {
      signal?.throwIfAborted();
      const known = this.#reading;
      if (known === undefined) {
        const mine = { value: read(signal), signal };
        this.#reading = mine;
        try {
          return await mine.value;
        } catch (error) {
          if (this.#reading === mine) this.#reading = undefined;
          throw error;
        }
      }
      try {
        return await abortable(known.value, signal);
      } catch (error) {
        signal?.throwIfAborted();
        if (known.signal?.aborted !== true) throw error;
        if (this.#reading === known) this.#reading = undefined;
      }
    }
  }
}
