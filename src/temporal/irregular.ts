/**
 * Events and samples at irregular times, in memory or not yet.
 *
 * @module
 */

import { checkOptions } from "../source/options.ts";
import { ARRAY_READ_OPTIONS, IRREGULAR_OPTIONS } from "./option_names.ts";
import { isNDArray } from "../array/ndarray.ts";
import type { ArrayReadOptions, LazyArray } from "../array/types.ts";
import { MicrotomeError } from "../source/errors.ts";
import { isSorted } from "../time/sorted.ts";
import { type Classes, STATE } from "./any_array_dict.ts";
import { AnyIrregularTimeSeries, DOMAIN } from "./any_irregular.ts";
import type { ArrayInput, ArrayValue } from "./column.ts";
import { checkDomain, windowOf } from "./domain.ts";
import { EVENT_SEARCH, eventBase, type SecondIndex } from "./event_base.ts";
import type { AnyInterval } from "./any_interval.ts";
import { Interval } from "./interval.ts";
import { anchored, type Arrays, tableOf, type TableState, withTimes } from "./table.ts";
import { checkTimekeys } from "./window.ts";

/** Options of an {@linkcode IrregularTimeSeries}. */
export interface IrregularOptions {
  /**
   * When there was something to observe; intervals that don't overlap. `"auto"` is from the first timestamp to the last.
   *
   * @default {"auto"}
   */
  readonly domain?: AnyInterval | "auto" | undefined;
  /** Names of arrays that hold times, which move with the origin; `timestamps` always does. */
  readonly timekeys?: readonly string[] | undefined;
}

/**
 * Events, or samples at irregular times, with arrays of as many rows.
 *
 * @example
 * ```ts
 * import { IrregularTimeSeries } from "./irregular.ts";
 * import assert from "node:assert/strict";
 *
 * const spikes = new IrregularTimeSeries({
 *   timestamps: [0.1, 0.2, 0.3, 2.1],
 *   unit_index: BigInt64Array.of(0n, 0n, 1n, 0n),
 * });
 * const later = spikes.slice(0.2, 2);
 * assert.deepEqual(later.timestamps, Float64Array.of(0, 0.3 - 0.2));
 * assert.deepEqual(later.get("unit_index"), BigInt64Array.of(0n, 1n));
 * ```
 */
export class IrregularTimeSeries extends AnyIrregularTimeSeries {
  /**
   * Makes a series.
   *
   * @param arrays `timestamps`, in seconds, shape (N,), and others of shape (N, …). With lazy ones among them it is a
   * {@linkcode LazyIrregularTimeSeries}; lazy timestamps are in order, and need a `domain`
   * @param options Domain, and which other arrays hold times
   * @throws {ShapeError} If lengths differ
   * @throws {RangeError} If a timestamp is NaN, or the domain overlaps itself
   */
  constructor(arrays: Arrays & { readonly timestamps: ArrayInput }, options: IrregularOptions = {}) {
    super();
    checkOptions(options, IRREGULAR_OPTIONS, "make a IrregularTimeSeries");
    const table = tableOf(arrays, "IrregularTimeSeries");
    this.adopt(eventState(table, options.timekeys ?? [], null, "IrregularTimeSeries"));
    const { domain = "auto" } = options;
    this[DOMAIN] = domain === "auto" ? spanned(this[STATE]) : checkDomain(domain);
  }

  /**
   * The classes that it can be of; for this room only.
   *
   * @internal
   */
  override get classes(): Classes {
    return CLASSES;
  }

  /** When things happened, in seconds. */
  get timestamps(): Float64Array {
    return this[STATE].frame.known!.times[0]!;
  }

  /** Sets all timestamps. */
  set timestamps(values: ArrayInput) {
    this.set("timestamps", values);
  }

  /** Number of rows. */
  override get length(): number {
    return super.length!;
  }

  /** An array. */
  override get(key: string): ArrayValue {
    return super.get(key) as ArrayValue;
  }

  /** Whether timestamps never go back. */
  isSorted(): boolean {
    return isSorted(this.timestamps);
  }

  /** Sorts the timestamps in place, and the other arrays with them; equal ones stay in their order. */
  sort(): this {
    const order = EVENT_SEARCH.order([this.timestamps]);
    if (order === null) return this;
    const sorted = this.derive(this[STATE].frame.after({ kind: "rows", rows: { kind: "list", list: order } }));
    this[STATE] = sorted[STATE];
    return this;
  }

  /** Does nothing but read a domain that isn't in memory. */
  override async materialize(options?: ArrayReadOptions): Promise<this> {
    checkOptions(options, ARRAY_READ_OPTIONS, "materialize");
    return await super.materialize(options) as this;
  }
}

/** Events whose arrays are read when they are first asked for. */
export class LazyIrregularTimeSeries extends AnyIrregularTimeSeries {
  /**
   * The classes that it can be of; for this room only.
   *
   * @internal
   */
  override get classes(): Classes {
    return CLASSES;
  }

  /** When things happened, in seconds; read where need be. */
  get timestamps(): Float64Array | Promise<Float64Array> {
    return super.get("timestamps") as Float64Array | Promise<Float64Array>;
  }

  /** Reads everything; afterwards it is an {@linkcode IrregularTimeSeries}. */
  override async materialize(options?: ArrayReadOptions): Promise<IrregularTimeSeries> {
    checkOptions(options, ARRAY_READ_OPTIONS, "materialize");
    return await super.materialize(options) as unknown as IrregularTimeSeries;
  }
}

const CLASSES: Classes = [IrregularTimeSeries, LazyIrregularTimeSeries];

/** What a file says of an irregular series. */
export interface StoredEvents {
  /** Its arrays. */
  readonly table: TableState;
  /** When there was something to observe. */
  readonly domain: AnyInterval;
  /** Which arrays hold times. */
  readonly timekeys: readonly string[];
  /** The index of its timestamps. */
  readonly index: SecondIndex | null;
}

/**
 * A series of columns; for files.
 *
 * @param stored What the file says
 * @param name What it is called, for messages
 */
export function makeIrregular(stored: StoredEvents, name: string): AnyIrregularTimeSeries {
  const out = Object.create(LazyIrregularTimeSeries.prototype) as LazyIrregularTimeSeries;
  out["adopt"](eventState(stored.table, stored.timekeys, stored.index, name));
  out[DOMAIN] = checkDomain(stored.domain, name);
  return out;
}

function eventState(
  table: TableState,
  given: readonly string[],
  index: SecondIndex | null,
  name: string,
): TableState {
  const timekeys = checkTimekeys(given, ["timestamps"], table.columns, name);
  const { source } = table.columns.get("timestamps")!;
  if (isNDArray(source)) return { ...withTimes(table, ["timestamps"], name, EVENT_SEARCH), timekeys };
  return { ...anchored(table, eventBase(source as LazyArray, index, `${name}.timestamps`)), timekeys };
}

/** From the first timestamp to the last; nothing where there is none. */
function spanned(state: TableState): Interval {
  const { known } = state.frame;
  if (known === null) {
    throw new MicrotomeError("Cannot find the domain of lazy timestamps without reading them: give a domain");
  }
  const [times] = known.times;
  if (times!.length === 0) return new Interval([], []);
  let [first, last] = [Infinity, -Infinity];
  for (const time of times!) {
    first = Math.min(first, time);
    last = Math.max(last, time);
  }
  return windowOf(first, last);
}
