/**
 * What reading has cost.
 *
 * @module
 */

import { printsAsText } from "./inspect.ts";
import type { Attempt, Cost, RequestEvent } from "./types.ts";
import { checkOptions, type OptionNames } from "./options.ts";

/** Options of a {@linkcode CostMeter}. */
export interface CostMeterOptions {
  /** Told of each request when it has ended. What it throws is ignored. */
  readonly onRequest?: ((event: RequestEvent) => void) | undefined;
}

/** Counts requests, bytes, round trips and page look-ups of one open file. */
export class CostMeter {
  #requests = 0;
  #bytes = 0;
  #roundTrips = 0;
  #retries = 0;
  #cacheHits = 0;
  #cacheMisses = 0;
  #onRequest: ((event: RequestEvent) => void) | undefined;

  /** Makes a meter at zero. */
  constructor(options: CostMeterOptions = {}) {
    checkOptions(options, COST_METER_OPTIONS, "count costs");
    printsAsText(CostMeter.prototype);
    this.#onRequest = options.onRequest;
  }

  /** What it is, in one line. */
  toString(): string {
    return `CostMeter ${this.#requests} requests, ${formatBytes(this.#bytes)}`;
  }

  /** All counts, as they are now: a copy that doesn't change. */
  get cost(): Cost {
    return {
      requests: this.#requests,
      bytes: this.#bytes,
      roundTrips: this.#roundTrips,
      cacheHits: this.#cacheHits,
      cacheMisses: this.#cacheMisses,
      retries: this.#retries,
    };
  }

  /** Depth of the deepest request that has ended: one that is asked for now had to wait for it. */
  get depth(): number {
    return this.#roundTrips;
  }

  /**
   * Counts a request that has ended.
   *
   * @param source Name of the source
   * @param attempt The request
   * @param roundTrip Its depth: 1 where it waited for none
   */
  record(source: string, attempt: Attempt, roundTrip: number): void {
    this.#requests++;
    this.#bytes += attempt.received;
    if (attempt.attempt > 0) this.#retries++;
    this.#roundTrips = Math.max(this.#roundTrips, roundTrip);
    try {
      this.#onRequest?.({ source, roundTrip, ...attempt });
    } catch {
      // A hook that only watches must not be able to break a read.
    }
  }

  /** Counts page look-ups. */
  countPages(hits: number, misses: number): void {
    this.#cacheHits += hits;
    this.#cacheMisses += misses;
  }
}

/**
 * What was paid between two readings of a meter.
 *
 * @param after The later reading
 * @param before The earlier one
 * @returns Their difference
 *
 * @example
 * ```ts
 * import { CostMeter, subtractCost } from "./cost.ts";
 * const meter = new CostMeter();
 * const before = meter.cost;
 * meter.countPages(1, 0);
 * console.log(subtractCost(meter.cost, before).cacheHits); // 1
 * ```
 */
export function subtractCost(after: Cost, before: Cost): Cost {
  return {
    requests: after.requests - before.requests,
    bytes: after.bytes - before.bytes,
    roundTrips: after.roundTrips - before.roundTrips,
    cacheHits: after.cacheHits - before.cacheHits,
    cacheMisses: after.cacheMisses - before.cacheMisses,
    retries: after.retries - before.retries,
  };
}

/**
 * Puts a number of bytes in words: three digits that count, decimal units.
 *
 * @param bytes How many
 * @returns For example `412 KB`, `42.2 MB`
 *
 * @example
 * ```ts
 * import { formatBytes } from "./cost.ts";
 * console.log(formatBytes(412_345)); // 412 KB
 * ```
 */
export function formatBytes(bytes: number): string {
  const units = ["B", "KB", "MB", "GB", "TB", "PB"];
  let value = bytes;
  let unit = 0;
  // 999.5 KB would be printed as 1000 KB.
  while (unit < units.length - 1 && value >= (unit === 0 ? 1000 : 999.5)) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 ? value : Number(value.toPrecision(3))} ${units[unit]}`;
}

/**
 * Puts a cost in words, in the form that the command line prints.
 *
 * @param cost The cost
 * @param byteLength Size of the whole file, in bytes
 * @returns For example `3 requests, 412 KB of 42.2 MB, 2 round trips`
 *
 * @example
 * ```ts
 * import { CostMeter, formatCost } from "./cost.ts";
 * const meter = new CostMeter();
 * console.log(formatCost(meter.cost, 96)); // 0 requests, 0 B of 96 B, 0 round trips
 * ```
 */
export function formatCost(cost: Cost, byteLength: number): string {
  const count = (n: number, what: string) => `${n} ${what}${n === 1 ? "" : "s"}`;
  return `${count(cost.requests, "request")}, ${formatBytes(cost.bytes)} of ${formatBytes(byteLength)}, ` +
    count(cost.roundTrips, "round trip");
}

const COST_METER_OPTIONS: OptionNames<CostMeterOptions> = { onRequest: true };
