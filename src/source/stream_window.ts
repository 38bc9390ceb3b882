/**
 * How far a streamed read looks ahead.
 *
 * @module
 */

import type { ByteRange } from "./types.ts";

/** Ranges that may wait to be merged: enough to plan well, few enough to plan again after every answer. */
const LOOK_AHEAD = 1024;

/** Pulls ranges, but only so many bytes ahead of what has been used. */
export class StreamWindow<R extends ByteRange> {
  /** Ranges that were pulled and not yet requested. */
  pending: readonly R[] = [];
  /** Whether all ranges have been pulled. */
  exhausted = false;
  readonly #iterator: Iterator<R>;
  readonly #budget: number;
  #next: R | undefined;
  #empty: R[] = [];
  #ahead = 0;

  /** Makes a window; it pulls nothing by itself. */
  constructor(ranges: Iterable<R>, budget: number) {
    this.#iterator = ranges[Symbol.iterator]();
    this.#budget = budget;
  }

  /** Pulls until the budget is used up, and at least one; `check` throws on a range that can't be read. */
  pull(check: (range: R) => void): void {
    const pulled: R[] = [];
    while (!this.exhausted && this.pending.length + pulled.length < LOOK_AHEAD && this.#empty.length < LOOK_AHEAD) {
      if (this.#next === undefined) {
        const { done, value } = this.#iterator.next();
        if (done) {
          this.exhausted = true;
          break;
        }
        check(value);
        this.#next = value;
      }
      // One range must be let through whatever its size.
      if (this.#ahead > 0 && this.#ahead + this.#next.length > this.#budget) break;
      if (this.#next.length === 0) this.#empty.push(this.#next);
      else pulled.push(this.#next);
      this.#ahead += this.#next.length;
      this.#next = undefined;
    }
    if (pulled.length > 0) this.pending = [...this.pending, ...pulled];
  }

  /** Takes the ranges without bytes, which need no request. */
  takeEmpty(): R[] {
    return this.#empty.splice(0);
  }

  /** Says that so many bytes are done with. */
  used(bytes: number): void {
    this.#ahead -= bytes;
  }

  /** Pulls no more. */
  close(): void {
    if (!this.exhausted) this.#iterator.return?.();
    this.exhausted = true;
  }
}
