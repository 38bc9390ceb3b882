/**
 * Cutting up work that never waits: timers, aborts and other reads get their turn.
 *
 * @module
 */

import { detectRuntime } from "./limits.ts";

/** What may be done between two turns of the event loop. */
export interface PaceBounds {
  /** Calls into wasm: each opens an object, lists a group, decodes a chunk. */
  readonly calls: number;
  /** Bytes that are decoded or copied. */
  readonly bytes: number;
}

/** Some milliseconds of work: what an abort, a timer or another request waits at most. */
const BOUNDS: PaceBounds = { calls: 64, bytes: 8_000_000 };

interface Waiting {
  readonly calls: number;
  readonly bytes: number;
  readonly start: () => void;
}

/**
 * Counts work between two turns of the event loop. Work within the bounds costs two comparisons; what is beyond them
 * waits for the next turn, first come, first served. A single piece of work that is larger than the bounds has a turn for
 * itself.
 */
export class Pace {
  readonly #turn: (then: () => void) => void;
  readonly #bounds: PaceBounds;
  readonly #shared: boolean;
  #calls = 0;
  #bytes = 0;
  #queue: Waiting[] = [];
  #head = 0;

  /**
   * Begins a pace.
   *
   * @param turn Calls back in another turn of the event loop
   * @param bounds What may be done in between
   * @param shared Whether all who wait are let go on by one turn, first come, first served. Not in Workers: what one
   * request started, a timer or a promise, ends with it, and must not be what another waits for
   */
  constructor(
    turn: (then: () => void) => void = nextTurn,
    bounds: PaceBounds = BOUNDS,
    shared: boolean = detectRuntime() !== "workerd",
  ) {
    this.#turn = turn;
    this.#bounds = bounds;
    this.#shared = shared;
  }

  /**
   * Called before a piece of work.
   *
   * @param calls Calls into wasm that it makes
   * @param bytes Bytes that it decodes
   * @param signal Ends the waiting
   * @returns What is to be waited for first; `undefined` where the work may start at once. It rejects with the signal's
   * reason
   */
  start(calls: number, bytes: number, signal?: AbortSignal): Promise<void> | undefined {
    if (this.#head === this.#queue.length && this.#fits(calls, bytes)) {
      this.#calls += calls;
      this.#bytes += bytes;
      return undefined;
    }
    return new Promise((resolve, reject) => {
      const abort = () => reject(signal!.reason);
      signal?.addEventListener("abort", abort, { once: true });
      const start = () => {
        signal?.removeEventListener("abort", abort);
        if (signal?.aborted) reject(signal.reason);
        else resolve();
      };
      if (!this.#shared) {
        [this.#calls, this.#bytes] = [calls, bytes];
        this.#turn(start);
        return;
      }
      this.#queue.push({ calls, bytes, start });
      if (this.#queue.length - this.#head === 1) this.#turn(() => this.#release());
    });
  }

  #fits(calls: number, bytes: number): boolean {
    const { calls: mostCalls, bytes: mostBytes } = this.#bounds;
    if (this.#calls === 0 && this.#bytes === 0) return true;
    return this.#calls + calls <= mostCalls && this.#bytes + bytes <= mostBytes;
  }

  /** A turn has passed: lets as much of what waits go on as fits. */
  #release(): void {
    this.#calls = this.#bytes = 0;
    for (; this.#head < this.#queue.length; this.#head++) {
      const { calls, bytes, start } = this.#queue[this.#head]!;
      if (!this.#fits(calls, bytes)) {
        this.#turn(() => this.#release());
        // A long queue isn't moved for each turn.
        if (this.#head > 1024 && 2 * this.#head > this.#queue.length) {
          this.#queue = this.#queue.slice(this.#head);
          this.#head = 0;
        }
        return;
      }
      this.#calls += calls;
      this.#bytes += bytes;
      start();
    }
    this.#queue = [];
    this.#head = 0;
  }
}

/** The pace of this thread: the event loop is one for all files, so what they do together is counted. */
export const pace: Pace = new Pace();

/** Where each runtime has what comes soonest. */
interface Scheduling {
  setImmediate?: (then: () => void) => unknown;
  MessageChannel?: typeof MessageChannel;
}

let channel: MessageChannel | undefined;
let resumed: (() => void)[] = [];

/**
 * Calls back in another turn of the event loop, behind timers and messages that are due.
 *
 * Node, Deno, Bun and Workers with `nodejs_compat` have `setImmediate`; a browser's timers are held back for 4 ms where
 * they follow on each other, its messages aren't. A `MessageChannel` elsewhere would keep the process from ending.
 */
function nextTurn(then: () => void): void {
  const { setImmediate, MessageChannel } = globalThis as Scheduling;
  if (typeof setImmediate === "function") setImmediate(then);
  else if (MessageChannel !== undefined && typeof (globalThis as { document?: unknown }).document === "object") {
    if (channel === undefined) {
      channel = new MessageChannel();
      channel.port1.onmessage = () => {
        const due = resumed;
        resumed = [];
        for (const run of due) run();
      };
    }
    resumed.push(then);
    channel.port2.postMessage(null);
  } else setTimeout(then, 0);
}
