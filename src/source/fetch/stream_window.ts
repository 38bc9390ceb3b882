/**
 * How far a streamed read looks ahead.
 *
 * @module
 */

import { type MergedRange, type MergeOptions, mergeRanges } from "./plan.ts";
import type { ByteRange } from "../types.ts";

/** What a window must know. */
export interface WindowOptions extends MergeOptions {
  /** Bytes that may be pulled ahead of those that have been used. */
  readonly budget: number;
  /** Throws on a range that can't be read. */
  readonly check: (range: ByteRange) => void;
}

/** Ranges that may wait to be sent: enough to plan well. New ones are pulled when half of them are gone. */
const LOOK_AHEAD = 1024;

/** Pulls ranges, so many bytes ahead of what has been used, and merges them into requests. */
export class StreamWindow<R extends ByteRange> {
  readonly #iterator: Iterator<R>;
  readonly #options: WindowOptions;
  /** Pulled but not yet let into the window; undefined at the end. */
  #next: R | undefined;
  #done = false;
  /** Not sent yet, the first one last. */
  #requests: MergedRange<R>[] = [];
  #waiting = 0;
  #empty: R[] = [];
  #ahead = 0;

  /** Makes an empty window. */
  constructor(ranges: Iterable<R>, options: WindowOptions) {
    this.#iterator = ranges[Symbol.iterator]();
    this.#options = options;
  }

  /** Whether all ranges have been taken. */
  get exhausted(): boolean {
    return this.#done && this.#next === undefined && this.#waiting === 0 && this.#empty.length === 0;
  }

  /** Pulls until the budget is used up, and at least one where the window is empty. */
  pull(): void {
    if (this.#waiting > LOOK_AHEAD / 2) return;
    if (this.#next === undefined && !this.#done) this.#advance();
    const pulled: R[] = [];
    for (let next = this.#next; next !== undefined; next = this.#next) {
      if (this.#waiting + pulled.length + this.#empty.length >= LOOK_AHEAD) break;
      // One range must be let through whatever its size.
      if (this.#ahead > 0 && this.#ahead + next.length > this.#options.budget) break;
      (next.length === 0 ? this.#empty : pulled).push(next);
      this.#ahead += next.length;
      this.#advance();
    }
    if (pulled.length === 0) return;
    this.#waiting += pulled.length;
    const unsent = this.#requests.flatMap(({ ranges }) => ranges);
    this.#requests = mergeRanges([...unsent, ...pulled], this.#options).reverse();
  }

  /** Takes the ranges without bytes, which need no request. */
  takeEmpty(): R[] {
    return this.#empty.splice(0);
  }

  /**
   * Takes the next request to send.
   *
   * @param idle Whether nothing is under way: then even one that could still grow is sent
   * @returns The request; undefined where there is none, or it waits for the range that comes next
   */
  takeRequest(idle: boolean): MergedRange<R> | undefined {
    const request = this.#requests.at(-1);
    if (request === undefined || (!idle && this.#requests.length === 1 && this.#mayGrow(request))) return undefined;
    this.#requests.pop();
    this.#waiting -= request.ranges.length;
    return request;
  }

  /** Says that so many bytes are done with. */
  used(bytes: number): void {
    this.#ahead -= bytes;
  }

  /** Pulls no more. */
  close(): void {
    if (!this.#done) this.#iterator.return?.();
    this.#done = true;
    this.#next = undefined;
  }

  #advance(): void {
    const { done, value } = this.#iterator.next();
    this.#done = done === true;
    this.#next = done ? undefined : value;
    if (!done) this.#options.check(value);
  }

  /** Whether the range that comes next would join a request. */
  #mayGrow({ offset, length }: ByteRange): boolean {
    const next = this.#next;
    if (next === undefined) return false;
    return mergeRanges([{ offset, length }, next], this.#options).length === 1;
  }
}
