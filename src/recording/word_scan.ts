/**
 * A scan of digital words that is made when it is first asked for, and kept; and the events of their lines.
 *
 * @module
 */

import type { LazyArray } from "../array/types.ts";
import {
  type LineChanges,
  lineChanges,
  scanWords,
  type ScanWordsOptions,
  type WordChanges,
  wordChangesFrom,
  type WordChangesIndex,
  wordChangesIndex,
} from "./bit_changes.ts";

/** Where words change: found once, however many lines and callers ask. */
export class WordScan {
  readonly #array: LazyArray;
  readonly #options: Omit<ScanWordsOptions, "signal">;
  #found: WordChanges | undefined;
  #pending: { readonly changes: Promise<WordChanges>; readonly signal: AbortSignal | undefined } | undefined;

  /**
   * Scans nothing by itself.
   *
   * @param array Where the words are
   * @param options Which of them
   * @param index What a scan before gave, instead of a new one
   * @throws {CorruptFileError} If the index isn't one of so many samples
   */
  constructor(array: LazyArray, options: Omit<ScanWordsOptions, "signal">, index?: unknown) {
    this.#array = array;
    this.#options = options;
    if (index !== undefined) this.#found = wordChangesFrom(index, array.shape[0]!, options.name);
  }

  /** Where the words change. */
  async changes(signal?: AbortSignal): Promise<WordChanges> {
    while (this.#found === undefined) {
      signal?.throwIfAborted();
      const pending = this.#pending ??= { changes: scanWords(this.#array, { ...this.#options, signal }), signal };
      try {
        this.#found = await pending.changes;
      } catch (error) {
        if (this.#pending === pending) this.#pending = undefined;
        // Whoever began the scan gave it up; that is no reason for others who wait for it.
        if (pending.signal === signal || !pending.signal?.aborted) throw error;
      }
    }
    this.#pending = undefined;
    return this.#found;
  }

  /** Where a line changes. */
  async line(bit: number, signal?: AbortSignal): Promise<LineChanges> {
    return lineChanges(await this.changes(signal), bit);
  }

  /** What was found, as plain data. */
  async index(signal?: AbortSignal): Promise<WordChangesIndex> {
    return wordChangesIndex(await this.changes(signal));
  }
}
