/**
 * Requests in flight for one source: a bounded number of them, shared by all who wait for the same bytes, each counted.
 *
 * @module
 */

import { abortable } from "../abort.ts";
import type { CostMeter } from "../cost.ts";
import { ClosedError, MicrotomeError, SourceError } from "../errors.ts";
import { checkResult, describeRange, nameOf } from "../range.ts";
import type { Attempt, ByteRange, ByteSource } from "../types.ts";

/** One request, queued or sent, and who waits for it. */
interface Flight {
  readonly range: ByteRange;
  readonly controller: AbortController;
  readonly bytes: Promise<Uint8Array>;
  readonly resolve: (bytes: Uint8Array) => void;
  readonly reject: (error: unknown) => void;
  waiters: number;
  /** Depth of what it had to wait for. */
  after: number;
  /** Its own depth, that of its last try. */
  depth: number;
  /** Whether its outcome is known; then leaving it no longer cancels it. */
  ended: boolean;
}

/** A place among those who wait for a request. */
export interface Ticket {
  /** The bytes, once they are there. */
  readonly bytes: Promise<Uint8Array>;
  /** Waits no longer: `bytes` rejects with the reason. Does nothing once they are there. */
  readonly leave: (reason: unknown) => void;
}

/**
 * Sends requests to a source. All state is that of one open file: in Workers, promises must not be shared between
 * the requests that a Worker serves.
 */
export class RequestPool {
  readonly #source: ByteSource;
  readonly #meter: CostMeter;
  readonly #maxParallel: number;
  readonly #flights = new Set<Flight>();
  readonly #queue: Flight[] = [];
  #active = 0;
  #closed = false;

  /** Makes an idle pool. */
  constructor(source: ByteSource, meter: CostMeter, maxParallel: number) {
    this.#source = source;
    this.#meter = meter;
    this.#maxParallel = maxParallel;
  }

  /** Whether a request that is queued or sent will bring all bytes of a range. */
  covers(range: ByteRange): boolean {
    return this.#find(range) !== undefined;
  }

  /**
   * Requests a range, or joins a request that will bring it.
   *
   * @param range The bytes, inside the source, at least one
   * @returns The bytes to come (a view where the request is longer), and how to stop waiting for them: the request
   * itself is aborted when nobody waits for it any more
   */
  join(range: ByteRange): Ticket {
    if (this.#closed) throw closedError(this.#source);
    const flight = this.#find(range) ?? this.#add(range);
    flight.waiters++;
    const start = range.offset - flight.range.offset;
    let leave!: Ticket["leave"];
    const bytes = new Promise<Uint8Array>((resolve, reject) => {
      let waiting = true;
      leave = (reason) => {
        if (!waiting) return;
        waiting = false;
        reject(reason);
        if (--flight.waiters === 0) this.#cancel(flight, reason);
      };
      const settled = () => waiting = false;
      flight.bytes.then((all) => resolve(all.subarray(start, start + range.length)), reject).finally(settled);
    });
    return { bytes, leave };
  }

  /** Aborts everything; requests after it are refused. */
  close(): void {
    this.#closed = true;
    for (const flight of [...this.#flights]) this.#cancel(flight, closedError(this.#source));
  }

  #find({ offset, length }: ByteRange): Flight | undefined {
    for (const flight of this.#flights) {
      if (flight.range.offset <= offset && offset + length <= flight.range.offset + flight.range.length) return flight;
    }
    return undefined;
  }

  #add(range: ByteRange): Flight {
    let resolve!: Flight["resolve"];
    let reject!: Flight["reject"];
    const bytes = new Promise<Uint8Array>((yes, no) => {
      resolve = yes;
      reject = no;
    });
    // Those who wait see a failure; where nobody is left to wait, it is nobody's.
    bytes.catch(() => {});
    const flight: Flight = {
      range: { offset: range.offset, length: range.length },
      controller: new AbortController(),
      bytes,
      resolve,
      reject,
      waiters: 0,
      after: this.#meter.depth,
      depth: 0,
      ended: false,
    };
    this.#flights.add(flight);
    if (this.#active < this.#maxParallel) this.#send(flight);
    else this.#queue.push(flight);
    return flight;
  }

  #cancel(flight: Flight, reason: unknown): void {
    if (flight.ended) return;
    flight.ended = true;
    this.#flights.delete(flight);
    const queued = this.#queue.indexOf(flight);
    if (queued >= 0) this.#queue.splice(queued, 1);
    flight.reject(reason);
    flight.controller.abort(reason);
  }

  async #send(flight: Flight): Promise<void> {
    this.#active++;
    try {
      const bytes = await this.#read(flight);
      if (!flight.ended) flight.resolve(bytes);
    } catch (error) {
      if (!flight.ended) flight.reject(error);
    } finally {
      flight.ended = true;
      this.#flights.delete(flight);
      this.#active--;
      const next = this.#queue.shift();
      if (next !== undefined) {
        // It had to wait for this one, whatever it was asked for after.
        next.after = Math.max(next.after, flight.depth);
        this.#send(next);
      }
    }
  }

  async #read(flight: Flight): Promise<Uint8Array> {
    const source = this.#source;
    const { range } = flight;
    const record = (attempt: Attempt) => {
      flight.depth = flight.after + 1 + attempt.attempt;
      this.#meter.record(nameOf(source), attempt, flight.depth);
    };
    const started = performance.now();
    let received = 0;
    let failure: { error: unknown } | undefined;
    try {
      // A source that doesn't listen to the signal must not keep its place in the pool.
      const { signal } = flight.controller;
      const bytes = checkResult(
        source,
        range,
        await abortable(source.read(range, { signal, onAttempt: record }), signal),
      );
      received = bytes.length;
      return bytes;
    } catch (error) {
      failure = { error };
      if (error instanceof MicrotomeError || flight.controller.signal.aborted) throw error;
      const what = error instanceof Error ? error.message : String(error);
      throw new SourceError(`Cannot read ${describeRange(range)} of ${nameOf(source)}: ${what}`, {
        file: source.name,
        cause: error,
      });
    } finally {
      if (!source.reportsAttempts) {
        record({ ...range, received, milliseconds: performance.now() - started, attempt: 0, ...failure });
      }
    }
  }
}

/** The error of reading a source that was closed. */
export function closedError(source: Pick<ByteSource, "name">): ClosedError {
  return new ClosedError(`Cannot read ${nameOf(source)}: it was closed`, { file: source.name });
}
