/**
 * Pages of a source in memory, for metadata: small reads, many of them near each other, that must be answered at once.
 *
 * @module
 */

import type { Delivery, FetchOptions, RangeFetcher, StreamOptions } from "../fetch/fetcher.ts";
import { type LimitOptions, type Limits, resolveLimits } from "../limits.ts";
import { PageCall } from "./page_call.ts";
import { PageStore } from "./page_store.ts";
import { pageRuns, pagesOf } from "../fetch/plan.ts";
import { checkRange } from "../range.ts";
import { ReadAhead } from "../fetch/read_ahead.ts";
import type { ByteRange, ReadOptions } from "../types.ts";

/** Options of a {@linkcode PageCache}: limits, and bytes that are there already. */
export interface PageCacheOptions
  extends Pick<LimitOptions, "blockSize" | "cacheBytes" | "readAheadBytes" | "smallFileBytes" | "gap"> {
  /** The first bytes of the source, which are never fetched again. */
  readonly head?: Uint8Array | undefined;
}

/** Page size where the bytes lie in a local file: a system call costs about what copying so much does. */
const LOCAL_BLOCK = 16_384;

/** Caches pages of one source. */
export class PageCache {
  readonly #fetcher: RangeFetcher;
  readonly #limits: Limits;
  readonly #store: PageStore;
  readonly #readAhead: ReadAhead;
  #loads = 0;

  /** Makes a cache that holds only `options.head`. */
  constructor(fetcher: RangeFetcher, options: PageCacheOptions = {}) {
    this.#fetcher = fetcher;
    this.#limits = resolveLimits(options);
    const blockSize = fetcher.source.readIntoSync === undefined ? this.#limits.blockSize : LOCAL_BLOCK;
    this.#store = new PageStore(fetcher.byteLength, blockSize, this.#limits.cacheBytes, options.head);
    this.#readAhead = new ReadAhead(this.#limits.readAheadBytes);
  }

  /** Size of the source, in bytes. */
  get byteLength(): number {
    return this.#fetcher.byteLength;
  }

  /** Bytes per page. */
  get blockSize(): number {
    return this.#store.blockSize;
  }

  /**
   * Setting it drops all pages (the head stays): best done before the first load. Where the bytes are at hand it stays
   * as it is: pages only save system calls there.
   */
  set blockSize(bytes: number) {
    if (!Number.isSafeInteger(bytes) || bytes < 512) {
      throw new RangeError(`Cannot use pages of ${bytes} bytes: expected a whole number of at least 512`);
    }
    if (bytes === this.#store.blockSize || this.#fetcher.isSync) return;
    this.#store.reset(bytes);
    this.#readAhead.reset();
  }

  /** Bytes held now, the head included. */
  get heldBytes(): number {
    return this.#store.heldBytes;
  }

  /** Begins a call: an attempt that reads what there is, loads what is missing, and is made again. */
  begin(): PageCall {
    return new PageCall(this, this.#store);
  }

  /**
   * Reads at once, if all bytes are at hand.
   *
   * @param offset First byte
   * @param target Where to; its length says how much
   * @param call Holds the pages that are touched
   * @returns Whether the bytes were at hand; `target` is unchanged where they weren't
   * @throws {TruncatedError} If the range ends behind the source
   */
  tryRead(offset: number, target: Uint8Array, call?: PageCall): boolean {
    const range = { offset, length: target.length };
    checkRange(this.#fetcher.source, range);
    if (this.#fetcher.isSync) {
      this.#readLocal(range, target, call);
      return true;
    }
    if (!this.#look(range, call)) return false;
    this.#store.copy(range, target);
    return true;
  }

  /**
   * Takes bytes that are at hand.
   *
   * @param range The bytes
   * @returns The bytes, only for reading (a view where one page has them all); undefined where some are missing
   */
  peek(range: ByteRange): Uint8Array | undefined {
    checkRange(this.#fetcher.source, range);
    if (this.#fetcher.isSync) return this.#fetcher.readSync(range);
    if (!this.#store.has(range)) return undefined;
    this.#look(range, undefined);
    return this.#store.view(range);
  }

  /**
   * Loads the pages of some ranges: what is missing of them, in parallel, and more around it where earlier loads show
   * that this saves requests.
   *
   * @param ranges What is needed
   * @param options `signal` aborts
   * @param call Holds the pages
   */
  async load(ranges: Iterable<ByteRange>, options: ReadOptions = {}, call?: PageCall): Promise<void> {
    options.signal?.throwIfAborted();
    if (this.#fetcher.isSync) return;
    const { blockSize } = this.#store;
    const needed = new Set<number>();
    for (const range of ranges) {
      checkRange(this.#fetcher.source, range);
      const { first, last } = pagesOf(range, blockSize);
      for (let page = first; page <= last; page++) {
        if (this.#store.hasPage(page)) call?.hold(page);
        else needed.add(page);
      }
    }
    if (needed.size === 0) return;
    const wanted = this.#plan([...needed].sort((a, b) => a - b));
    const runs: ByteRange[] = pageRuns(wanted).flatMap((run) => this.#split(run.first, run.last));
    const answers = await this.#fetcher.readMany(runs, { signal: options.signal, gap: 0 });
    if (this.#store.blockSize !== blockSize) return; // set meanwhile: these are no pages any more
    runs.forEach((run, index) => this.#store.add(run, answers[index] as Uint8Array, needed));
    for (const page of needed) call?.hold(page);
    this.#store.evict();
  }

  /**
   * Reads ranges, from pages where these have them, and otherwise by the fetcher, past the cache.
   *
   * @param ranges Any order
   * @param options Signal and merging
   * @returns The bytes of each range, in the order given
   */
  async readMany(ranges: readonly ByteRange[], options: FetchOptions = {}): Promise<Uint8Array[]> {
    if (this.#fetcher.isSync) return await this.#fetcher.readMany(ranges, options);
    const results = ranges.map((range) => this.peek(range));
    const missing = ranges.filter((_, index) => results[index] === undefined);
    const fetched = await this.#fetcher.readMany(missing, options);
    let next = 0;
    return results.map((bytes) => bytes ?? fetched[next++] as Uint8Array);
  }

  /**
   * Streams ranges, from pages where these have them, and otherwise by the fetcher, past the cache.
   *
   * @param ranges As {@linkcode RangeFetcher.stream} takes them
   * @param options Signal, merging, and how far ahead
   * @returns Ranges with their bytes, in order of arrival
   */
  async *stream<R extends ByteRange>(
    ranges: Iterable<R>,
    options: StreamOptions = {},
  ): AsyncGenerator<Delivery<R>, void, undefined> {
    if (this.#fetcher.isSync) {
      yield* this.#fetcher.stream(ranges, options);
      return;
    }
    const ready: Delivery<R>[] = [];
    const peek = (range: R) => this.peek(range);
    const missing = function* () {
      for (const range of ranges) {
        const bytes = peek(range);
        if (bytes === undefined) yield range;
        else ready.push({ range, bytes });
      }
    };
    for await (const delivery of this.#fetcher.stream(missing(), options)) {
      yield* ready.splice(0);
      yield delivery;
    }
    yield* ready.splice(0);
  }

  /** Drops all pages; the head stays. */
  clear(): void {
    this.#store.reset(this.#store.blockSize);
  }

  /** Counts a look-up, and says whether all pages are there. */
  #look(range: ByteRange, call: PageCall | undefined): boolean {
    const { hits, misses, ahead } = this.#store.touch(range, (page) => call?.hold(page));
    this.#fetcher.meter.countPages(hits, misses);
    this.#readAhead.used(ahead);
    return misses === 0;
  }

  /** Reads where the bytes are at hand: small reads of a file by pages, since a system call costs more than they do. */
  #readLocal(range: ByteRange, target: Uint8Array, call: PageCall | undefined): void {
    const { blockSize } = this.#store;
    if (this.#fetcher.source.readIntoSync === undefined || range.length >= blockSize) {
      this.#fetcher.readIntoSync(range.offset, target);
      return;
    }
    if (!this.#look(range, call)) {
      const { first, last } = pagesOf(range, blockSize);
      for (let page = first; page <= last; page++) {
        if (this.#store.hasPage(page)) continue;
        const bytes = new Uint8Array(this.#store.pageRange(page).length);
        this.#fetcher.readIntoSync(page * blockSize, bytes);
        this.#store.addPage(page, bytes);
      }
    }
    this.#store.copy(range, target);
    this.#store.evict();
  }

  /** Which pages to fetch where these are needed: ascending. */
  #plan(needed: readonly number[]): number[] {
    const { blockSize } = this.#store;
    this.#loads++;
    if (this.byteLength <= Math.min(this.#limits.smallFileBytes, this.#limits.cacheBytes)) {
      const all = pagesOf({ offset: 0, length: this.byteLength }, blockSize).last + 1;
      return Array.from({ length: all }, (_, page) => page).filter((page) => !this.#store.hasPage(page));
    }
    const bridge = Math.floor(this.#limits.gap / blockSize);
    const runs = pageRuns(needed, bridge, (page) => !this.#store.hasPage(page));
    const pages = this.#readAhead.extend(runs, {
      load: this.#loads,
      blockSize,
      pages: Math.ceil(this.byteLength / blockSize),
      // Never so much that it pushes out what it is meant to stand beside.
      most: Math.floor(this.#limits.cacheBytes / 4 / blockSize),
      has: (page) => this.#store.hasPage(page),
    });
    return pages;
  }

  /**
   * The requests for a run of pages: without the head, apart where another request brings a part already, and none
   * longer than a request should be.
   */
  #split(first: number, last: number): ByteRange[] {
    const ranges: { offset: number; length: number }[] = [];
    let joins = false;
    for (let page = first; page <= last; page++) {
      const range = this.#store.missingOf(page);
      const shared = this.#fetcher.isInFlight(range);
      const run = ranges.at(-1);
      const fits = run !== undefined && run.length + range.length <= this.#fetcher.limits.maxRequestBytes;
      if (run !== undefined && joins && !shared && fits) run.length += range.length;
      else ranges.push({ ...range });
      joins = !shared;
    }
    return ranges;
  }
}
