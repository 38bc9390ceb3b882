/**
 * One call that works on pages: attempt, load what was missing, attempt again.
 *
 * @module
 */

import type { PageStore } from "./page_store.ts";
import type { ByteRange, ReadOptions } from "../types.ts";

/** What a call reads through: the cache that began it. */
export interface Pages {
  /** Reads at once, if all bytes are at hand, and has the call hold their pages. @returns Whether they were. */
  tryRead(offset: number, target: Uint8Array, call: PageCall): boolean;
  /** Loads what lacks of ranges, and has the call hold their pages. */
  load(ranges: Iterable<ByteRange>, options: ReadOptions, call: PageCall): Promise<void>;
}

/** Holds the pages that a call touches until it ends, and notes what it misses. Made by `PageCache.begin`. */
export class PageCall {
  readonly #cache: Pages;
  readonly #store: PageStore;
  readonly #held = new Set<number>();
  #missing: ByteRange[] = [];
  #generation: number;

  /** Begins a call. */
  constructor(cache: Pages, store: PageStore) {
    this.#cache = cache;
    this.#store = store;
    this.#generation = store.generation;
  }

  /** What was noted since the last load. */
  get missing(): readonly ByteRange[] {
    return this.#missing;
  }

  /**
   * Reads at once, if all bytes are at hand; notes the range otherwise.
   *
   * @param offset First byte
   * @param target Where to; its length says how much
   * @returns Whether the bytes were at hand
   * @throws {TruncatedError} If the range ends behind the source
   */
  tryRead(offset: number, target: Uint8Array): boolean {
    if (this.#cache.tryRead(offset, target, this)) return true;
    this.#missing.push({ offset, length: target.length });
    return false;
  }

  /** Notes a range that will be needed. */
  note(range: ByteRange): void {
    this.#missing.push({ offset: range.offset, length: range.length });
  }

  /**
   * Loads what was noted and forgets the notes.
   *
   * @param options `signal` aborts
   * @throws What the source throws
   */
  async load(options: ReadOptions = {}): Promise<void> {
    const missing = this.#missing;
    this.#missing = [];
    if (missing.length > 0) await this.#cache.load(missing, options, this);
  }

  /** Keeps a page until the call ends. */
  hold(page: number): void {
    if (this.#generation !== this.#store.generation) {
      this.#generation = this.#store.generation;
      this.#held.clear();
    }
    if (this.#held.has(page)) return;
    this.#held.add(page);
    this.#store.hold(page);
  }

  /** Lets go of the pages. */
  end(): void {
    if (this.#generation === this.#store.generation) {
      for (const page of this.#held) this.#store.release(page);
    }
    this.#held.clear();
    this.#missing = [];
    this.#store.evict();
  }
}
