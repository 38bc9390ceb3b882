/**
 * Which arrays were read in part before.
 *
 * @module
 */

import type { LazyArray } from "../../array/types.ts";

/**
 * Remembers arrays of which a part was read. Who reads a second window of a recording will read more, often one beside the
 * other: from then on whole pages are fetched and kept. A single window costs no more than its own bytes.
 */
export class ReadHistory {
  readonly #arrays = new WeakSet<LazyArray>();

  /** Whether a part of the array was read before; notes that one is read now. */
  again(array: LazyArray): boolean {
    if (this.#arrays.has(array)) return true;
    this.#arrays.add(array);
    return false;
  }
}
