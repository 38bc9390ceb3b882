/**
 * Ranges of a source: merged, in parallel, bounded, counted.
 *
 * @module
 */

import { CostMeter } from "../cost.ts";
import { LimitError } from "../errors.ts";
import { type LimitOptions, type Limits, resolveLimits } from "../limits.ts";
import { type MergedRange, mergeRanges } from "./plan.ts";
import { checkRange, checkResult, describeRange, nameOf } from "../range.ts";
import { RequestGroup } from "./request_group.ts";
import { closedError, RequestPool } from "./request_pool.ts";
import { StreamWindow } from "./stream_window.ts";
import type { ByteRange, ByteSource } from "../types.ts";

/** Options of a {@linkcode RangeFetcher}: limits, and the meter that counts. */
export interface FetcherOptions
  extends Pick<LimitOptions, "maxParallel" | "gap" | "maxRequestBytes" | "maxBytesInFlight" | "maxReadBytes"> {
  /** Counts the cost; by default one of its own. */
  readonly meter?: CostMeter | undefined;
}

/** Options of reading many ranges. */
export interface FetchOptions {
  /** Aborts the reads. */
  readonly signal?: AbortSignal | undefined;
  /** Instead of the fetcher's own: see {@linkcode Limits}. */
  readonly gap?: number | undefined;
  /** Instead of the fetcher's own: see {@linkcode Limits}. */
  readonly maxRequestBytes?: number | undefined;
}

/** Options of streaming ranges. */
export interface StreamOptions extends FetchOptions {
  /** Instead of the fetcher's own: see {@linkcode Limits}. */
  readonly maxBytesInFlight?: number | undefined;
}

/** A range that was streamed, with its bytes. */
export interface Delivery<R extends ByteRange> {
  /** The range, the same object that was given. */
  readonly range: R;
  /** Its bytes, only for reading: a view of a longer answer, most often. */
  readonly bytes: Uint8Array;
}

/** Requests of one `readMany` that wait for their turn where others can see and share them; finding one costs time. */
const LANES = 256;

/** Reads ranges of one source and counts what that costs. */
export class RangeFetcher {
  /** What is read. */
  readonly source: ByteSource;
  /** Counts the cost. */
  readonly meter: CostMeter;
  /** The limits that it keeps to. */
  readonly limits: Limits;
  readonly #pool: RequestPool;
  #closed = false;

  /** Makes a fetcher; it sends nothing by itself. */
  constructor(source: ByteSource, options: FetcherOptions = {}) {
    this.source = source;
    this.meter = options.meter ?? new CostMeter();
    this.limits = resolveLimits(options);
    this.#pool = new RequestPool(source, this.meter, this.limits.maxParallel);
  }

  /** Size of the source, in bytes. */
  get byteLength(): number {
    return this.source.byteLength;
  }

  /** Whether the bytes are at hand, so that `readSync` and `readIntoSync` work. */
  get isSync(): boolean {
    return this.source.readSync !== undefined || this.source.readIntoSync !== undefined;
  }

  /** Whether a request that is under way will bring a range. */
  isInFlight(range: ByteRange): boolean {
    return this.#pool.covers(range);
  }

  /**
   * Reads one range.
   *
   * @param range The bytes
   * @param options `signal` aborts
   * @returns The bytes, only for reading
   * @throws {TruncatedError} If the range ends behind the source
   * @throws {LimitError} If it is longer than `maxReadBytes`
   * @throws {SourceError} What the source says
   */
  async read(range: ByteRange, options: FetchOptions = {}): Promise<Uint8Array> {
    options.signal?.throwIfAborted();
    this.#check(range);
    if (range.length === 0) return new Uint8Array(0);
    if (this.isSync) return this.readSync(range);
    const group = new RequestGroup(this.#pool, options.signal);
    try {
      return await group.request(range);
    } finally {
      group.close();
    }
  }

  /**
   * Reads many ranges, neighbours by one request, in parallel. All of it is in memory at the end.
   *
   * @param ranges Any order
   * @param options Signal and merging
   * @returns The bytes of each range, in the order given
   * @throws As `read`; the first failure aborts the rest
   */
  async readMany(ranges: readonly ByteRange[], options: FetchOptions = {}): Promise<Uint8Array[]> {
    options.signal?.throwIfAborted();
    for (const range of ranges) this.#check(range);
    if (this.isSync) return ranges.map((range) => this.readSync(range));
    const results: Uint8Array[] = ranges.map(() => new Uint8Array(0));
    const wanted = ranges.map(({ offset, length }, index) => ({ offset, length, index }));
    const shared: typeof wanted = [];
    const fresh: typeof wanted = [];
    for (const range of wanted) (range.length > 0 && this.isInFlight(range) ? shared : fresh).push(range);
    const merged = mergeRanges(fresh, this.#merging(options));
    const jobs: { request: ByteRange; members: readonly (ByteRange & { index: number })[] }[] = [
      ...shared.map((range) => ({ request: range, members: [range] })),
      ...merged.map((request) => ({ request, members: request.ranges })),
    ];
    const group = new RequestGroup(this.#pool, options.signal);
    let next = 0;
    const lane = async () => {
      for (let job = jobs[next++]; job !== undefined; job = jobs[next++]) {
        const bytes = await group.request(job.request);
        for (const member of job.members) results[member.index] = part(bytes, job.request, member);
      }
    };
    try {
      await Promise.all(Array.from({ length: Math.min(jobs.length, LANES) }, lane));
      return results;
    } finally {
      group.close();
    }
  }

  /**
   * Reads ranges as they are asked for and hands each on as soon as its request has answered, so that decoding goes
   * on while the next ones are fetched. Ranges are pulled at most `maxBytesInFlight` ahead of what has been used.
   *
   * @param ranges In file order where possible: neighbours share a request
   * @param options Signal, merging, and how far ahead
   * @returns Ranges with their bytes, in order of arrival. Leaving the loop aborts what is under way
   * @throws As `read`
   */
  async *stream<R extends ByteRange>(
    ranges: Iterable<R>,
    options: StreamOptions = {},
  ): AsyncGenerator<Delivery<R>, void, undefined> {
    const { signal } = options;
    signal?.throwIfAborted();
    if (this.isSync) {
      for (const range of ranges) {
        signal?.throwIfAborted();
        yield { range, bytes: this.readSync(range) };
      }
      return;
    }
    const group = new RequestGroup(this.#pool, signal);
    const window = new StreamWindow(ranges, {
      ...this.#merging(options),
      budget: options.maxBytesInFlight ?? this.limits.maxBytesInFlight,
      check: (range) => this.#check(range),
    });
    const active = new Set<Promise<Answer<R>>>();
    const send = (request: MergedRange<R>) => {
      const answer = group.request(request).then((bytes): Answer<R> => ({ answer, request, bytes }));
      answer.catch(() => {}); // seen by the race below, or aborted because the loop was left
      active.add(answer);
    };
    try {
      for (;;) {
        window.pull();
        for (const range of window.takeEmpty()) yield { range, bytes: new Uint8Array(0) };
        while (active.size < this.limits.maxParallel) {
          const request = window.takeRequest(active.size === 0);
          if (request === undefined) break;
          send(request);
        }
        if (active.size === 0) {
          if (window.exhausted) return;
          continue;
        }
        const { answer, request, bytes } = await Promise.race(active);
        active.delete(answer);
        for (const range of request.ranges) {
          signal?.throwIfAborted();
          yield { range, bytes: part(bytes, request, range) };
          window.used(range.length);
        }
      }
    } finally {
      group.close();
      window.close();
    }
  }

  /**
   * Reads one range at once, from a source whose bytes are at hand.
   *
   * @param range The bytes
   * @returns The bytes, only for reading: they may be a view
   */
  readSync(range: ByteRange): Uint8Array {
    this.#check(range);
    const { source } = this;
    if (source.readSync === undefined) {
      const target = new Uint8Array(range.length);
      this.readIntoSync(range.offset, target);
      return target;
    }
    const started = performance.now();
    const bytes = checkResult(source, range, source.readSync(range));
    this.#recordSync(range, started);
    return bytes;
  }

  /**
   * Reads at once into memory that is there already, from a source whose bytes are at hand.
   *
   * @param offset First byte
   * @param target Where to; its length says how much
   */
  readIntoSync(offset: number, target: Uint8Array): void {
    const range = { offset, length: target.length };
    const { source } = this;
    if (source.readIntoSync === undefined) {
      if (source.readSync === undefined) {
        throw new TypeError(`Cannot read ${nameOf(source)} at once: its bytes are not at hand`);
      }
      target.set(this.readSync(range));
      return;
    }
    this.#check(range);
    const started = performance.now();
    source.readIntoSync(offset, target);
    this.#recordSync(range, started);
  }

  /** Aborts what is under way and closes the source. Reading after it is a {@linkcode ClosedError}. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#pool.close();
    await this.source.close?.();
  }

  #merging(options: FetchOptions): { gap: number; maxLength: number } {
    return {
      gap: options.gap ?? this.limits.gap,
      maxLength: options.maxRequestBytes ?? this.limits.maxRequestBytes,
    };
  }

  #check(range: ByteRange): void {
    if (this.#closed) throw closedError(this.source);
    checkRange(this.source, range);
    if (range.length > this.limits.maxReadBytes) {
      throw new LimitError(
        `Cannot read ${describeRange(range)} of ${
          nameOf(this.source)
        }: ${range.length} bytes are more than maxReadBytes, ${this.limits.maxReadBytes}`,
        { file: this.source.name },
      );
    }
  }

  #recordSync(range: ByteRange, started: number): void {
    if (this.source.reportsAttempts) return; // the bytes were paid for when they came
    const { offset, length } = range;
    const milliseconds = performance.now() - started;
    const attempt = { offset, length, received: length, milliseconds, attempt: 0 };
    this.meter.record(nameOf(this.source), attempt, this.meter.depth + 1);
  }
}

/** A request of a stream that has answered. */
interface Answer<R extends ByteRange> {
  readonly answer: Promise<Answer<R>>;
  readonly request: MergedRange<R>;
  readonly bytes: Uint8Array;
}

function part(bytes: Uint8Array, whole: ByteRange, range: ByteRange): Uint8Array {
  const start = range.offset - whole.offset;
  return bytes.subarray(start, start + range.length);
}
