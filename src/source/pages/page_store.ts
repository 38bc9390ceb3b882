/**
 * Pages by number: the least recently used go first, those that are held stay.
 *
 * @module
 */

import { pagesOf } from "../fetch/plan.ts";
import type { ByteRange } from "../types.ts";

interface Page {
  readonly bytes: Uint8Array;
  /** Fetched ahead, and not used yet. */
  ahead: boolean;
}

/** What a look-up found, in pages. */
export interface Look {
  /** Pages that are there. */
  readonly hits: number;
  /** Pages that aren't. */
  readonly misses: number;
  /** Pages among the hits that had been fetched ahead and are used for the first time. */
  readonly ahead: number;
}

/** Holds pages of one file, up to a budget, and the head of the file. */
export class PageStore {
  readonly #byteLength: number;
  readonly #budget: number;
  readonly #head: Uint8Array;
  /** In order of use: a page that is used moves to the end. */
  readonly #pages = new Map<number, Page>();
  readonly #holds = new Map<number, number>();
  #blockSize: number;
  #bytes = 0;
  #generation = 0;
  #newest = -1;

  /** Makes a store that holds the head. */
  constructor(byteLength: number, blockSize: number, budget: number, head: Uint8Array = new Uint8Array(0)) {
    this.#byteLength = byteLength;
    this.#blockSize = blockSize;
    this.#budget = budget;
    this.#head = head;
  }

  /** Bytes per page. */
  get blockSize(): number {
    return this.#blockSize;
  }

  /** Bytes held, the head included. */
  get heldBytes(): number {
    return this.#bytes + this.#head.length;
  }

  /** Grows when page numbers get another meaning. */
  get generation(): number {
    return this.#generation;
  }

  /** Drops all pages and holds. */
  reset(blockSize: number): void {
    this.#blockSize = blockSize;
    this.#pages.clear();
    this.#holds.clear();
    this.#bytes = 0;
    this.#newest = -1;
    this.#generation++;
  }

  /** Which bytes of the file a page has; the last one is short. */
  pageRange(page: number): ByteRange {
    const offset = page * this.#blockSize;
    return { offset, length: Math.min(this.#blockSize, this.#byteLength - offset) };
  }

  /** Which bytes of a page would have to be fetched: all but those of the head. */
  missingOf(page: number): ByteRange {
    const { offset, length } = this.pageRange(page);
    const known = Math.max(0, Math.min(this.#head.length - offset, length));
    return { offset: offset + known, length: length - known };
  }

  /** Whether a page is there, or lies in the head. */
  hasPage(page: number): boolean {
    return this.#pages.has(page) || this.missingOf(page).length === 0;
  }

  /** Whether all bytes of a range are there. */
  has(range: ByteRange): boolean {
    if (range.offset + range.length <= this.#head.length) return true;
    const { first, last } = pagesOf(range, this.#blockSize);
    for (let page = first; page <= last; page++) if (!this.hasPage(page)) return false;
    return true;
  }

  /** Looks up the pages of a range and makes them the most recently used. */
  touch(range: ByteRange, hold: (page: number) => void): Look {
    const { first, last } = pagesOf(range, this.#blockSize);
    const count = last - first + 1;
    if (range.offset + range.length <= this.#head.length) return { hits: count, misses: 0, ahead: 0 };
    let hits = 0;
    let ahead = 0;
    for (let number = first; number <= last; number++) {
      const page = this.#pages.get(number);
      if (page === undefined) {
        if (this.hasPage(number)) hits++;
        continue;
      }
      hits++;
      if (page.ahead) {
        page.ahead = false;
        ahead++;
      }
      if (number !== this.#newest) {
        this.#pages.delete(number);
        this.#pages.set(number, page);
        this.#newest = number;
      }
      hold(number);
    }
    return { hits, misses: count - hits, ahead };
  }

  /** Copies a range, all of which is there. */
  copy(range: ByteRange, target: Uint8Array): void {
    const end = range.offset + range.length;
    for (let offset = range.offset; offset < end;) {
      const piece = this.#piece(offset, end);
      target.set(piece, offset - range.offset);
      offset += piece.length;
    }
  }

  /** Gives a range, all of which is there: a view, or a copy where it lies in several pages. */
  view(range: ByteRange): Uint8Array {
    const piece = this.#piece(range.offset, range.offset + range.length);
    if (piece.length === range.length) return piece;
    const bytes = new Uint8Array(range.length);
    this.copy(range, bytes);
    return bytes;
  }

  /**
   * Takes the pages of an answer.
   *
   * @param range What was fetched: whole pages, but for the head's part of the first
   * @param bytes The answer
   * @param needed Pages that were asked for; the others were fetched ahead
   */
  add(range: ByteRange, bytes: Uint8Array, needed: ReadonlySet<number>): void {
    const { first, last } = pagesOf(range, this.#blockSize);
    for (let number = first; number <= last; number++) {
      const missing = this.missingOf(number);
      const start = missing.offset - range.offset;
      const piece = bytes.subarray(start, start + missing.length);
      const { offset, length } = this.pageRange(number);
      let page = piece;
      // A view of a longer answer would keep all of it in memory.
      if (missing.length < length || piece.length < piece.buffer.byteLength) {
        page = new Uint8Array(length);
        page.set(this.#head.subarray(offset, missing.offset));
        page.set(piece, length - missing.length);
      }
      this.addPage(number, page, !needed.has(number));
    }
  }

  /** Takes one whole page. */
  addPage(number: number, bytes: Uint8Array, ahead = false): void {
    if (this.#pages.has(number)) return;
    this.#pages.set(number, { bytes, ahead });
    this.#newest = number;
    this.#bytes += bytes.length;
  }

  /** Keeps a page until as many releases. */
  hold(number: number): void {
    this.#holds.set(number, (this.#holds.get(number) ?? 0) + 1);
  }

  /** Undoes one hold. */
  release(number: number): void {
    const holds = (this.#holds.get(number) ?? 0) - 1;
    if (holds > 0) this.#holds.set(number, holds);
    else this.#holds.delete(number);
  }

  /** Drops pages, the least recently used first, until the budget holds or only held ones are left. */
  evict(): void {
    if (this.heldBytes <= this.#budget) return;
    for (const [number, page] of this.#pages) {
      if (this.#holds.has(number)) continue;
      this.#pages.delete(number);
      this.#bytes -= page.bytes.length;
      if (this.heldBytes <= this.#budget) return;
    }
  }

  /** What one page, or the head, has from an offset on. */
  #piece(offset: number, end: number): Uint8Array {
    if (offset < this.#head.length) return this.#head.subarray(offset, Math.min(end, this.#head.length));
    const number = Math.floor(offset / this.#blockSize);
    const start = number * this.#blockSize;
    return (this.#pages.get(number)?.bytes ?? new Uint8Array(0)).subarray(offset - start, end - start);
  }
}
