/**
 * Events and samples at irregular times, in memory or not yet.
 *
 * @module
 */

import { isNDArray } from "../array/ndarray.ts";
import type { ArrayReadOptions, LazyArray, NDArray } from "../array/types.ts";
import { MicrotomeError } from "../source/errors.ts";
import { isSorted } from "../time/sorted.ts";
import { AnyArrayDict, STATE } from "./any_array_dict.ts";
import { intervalsOf } from "./any_interval.ts";
import type { ArrayInput, ArrayValue } from "./column.ts";
import { EVENT_SEARCH, eventBase, type SecondIndex } from "./event_base.ts";
import type { Frame } from "./frame.ts";
import { AnyInterval, bare, Interval } from "./interval.ts";
import { anchored, type Arrays, tableOf, type TableState, withTimes } from "./table.ts";
import { addTimekey, checkOrigin, checkTimekeys, checkWindow, type SliceOptions } from "./window.ts";
import { waitForAll } from "./wait_for_all.ts";

/**
 * Where an object keeps its domain; for this room only.
 *
 * @internal
 */
export const DOMAIN: unique symbol = Symbol("domain");

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

/** What irregular time series have in common, lazy or not. */
export abstract class AnyIrregularTimeSeries extends AnyArrayDict {
  /**
   * Its domain; for this room only.
   *
   * @internal
   */
  declare [DOMAIN]: AnyInterval;

  /** The class, as files have it. */
  override get objectType(): "IrregularTimeSeries" {
    return "IrregularTimeSeries";
  }

  /**
   * The arrays that times are looked up in; for this room only.
   *
   * @internal
   */
  override get timeNames(): readonly string[] {
    return ["timestamps"];
  }

  /** When things happened, in seconds; a promise of that where it isn't in memory. */
  abstract get timestamps(): Float64Array | Promise<Float64Array>;

  /** When there was something to observe. Only after selecting by intervals that weren't in memory it isn't either. */
  get domain(): Interval {
    return this[DOMAIN] as Interval;
  }

  /** Sets the domain. @throws {TypeError} If it is no Interval @throws {RangeError} If its intervals overlap */
  set domain(domain: AnyInterval) {
    this[DOMAIN] = checkDomain(domain);
  }

  /** Names of the arrays that hold times. */
  timekeys(): string[] {
    return [...this[STATE].timekeys];
  }

  /**
   * Makes an array one of times, which moves with the origin from now on.
   *
   * @param key Its name
   * @throws {NotFoundError} If there is no such array
   * @throws {TypeError} If it holds no numbers
   */
  registerTimekey(key: string): void {
    addTimekey(this[STATE], key, this.describe(key).dtype, this.objectType);
  }

  /**
   * What happened in a window `[start, end)`. Reads nothing where timestamps aren't in memory. Unsorted timestamps are
   * sorted in the result.
   *
   * @param start First second of the window
   * @param end First second behind it
   * @param options Whether times count from `start` afterwards, which they do by default
   * @throws {RangeError} If the window ends before it starts
   */
  slice(start: number, end: number, options: SliceOptions = {}): this {
    const origin = checkWindow(start, end, options);
    const frame = this[STATE].frame.after({ kind: "slice", start, end });
    const domain = this[DOMAIN].and(windowOf(start, end));
    return this._derived(origin === null ? frame : frame.after(this._shift(origin)), moved(domain, origin));
  }

  /**
   * What happened in any of some intervals `[start, end)`, without moving the origin.
   *
   * @param interval The intervals, sorted and disjoint; they may be lazy
   */
  selectByInterval(interval: AnyInterval): this {
    const domain = this[DOMAIN].and(interval);
    const frame = this[STATE].frame.after({ kind: "within", intervals: intervalsOf(interval) });
    return this._derived(frame, domain);
  }

  /**
   * The same series, with times that count from another origin.
   *
   * @param origin What becomes 0, in seconds; by default where the domain starts
   */
  resetOrigin(origin: number | undefined = this.domain.known?.start[0]): this {
    if (origin === undefined && this[DOMAIN].known === null) {
      throw new MicrotomeError("Cannot reset the origin: the domain isn't in memory; await domain.materialize() first");
    }
    checkOrigin(origin);
    return this._derived(this[STATE].frame.after(this._shift(origin)), moved(this.domain, origin));
  }

  /** The rows that a mask picks: see {@linkcode AnyArrayDict.selectByMask}. The domain stays as it is. */
  override selectByMask(mask: readonly boolean[] | NDArray): this {
    const out = super.selectByMask(mask) as this;
    out[DOMAIN] = this[DOMAIN].copy();
    return out;
  }

  /** An object of its own with the same arrays: see {@linkcode AnyArrayDict.copy}. */
  override copy(): this {
    const out = super.copy();
    out[DOMAIN] = this[DOMAIN].copy();
    return out;
  }

  /** Reads everything that isn't in memory: see {@linkcode AnyArrayDict.materialize}. */
  override async materialize(options?: ArrayReadOptions): Promise<AnyIrregularTimeSeries> {
    await waitForAll<unknown>([super.materialize(options), this.domain.materialize(options)]);
    return this;
  }

  private _derived(frame: Frame, domain: AnyInterval): this {
    const out = this.derive(frame);
    out[DOMAIN] = domain;
    return out;
  }

  private _shift(by: number): { readonly kind: "shift"; readonly by: number; readonly timekeys: readonly string[] } {
    return { kind: "shift", by, timekeys: this[STATE].timekeys };
  }
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
  override get classes(): readonly [eager: object, lazy: object] {
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
  override get classes(): readonly [eager: object, lazy: object] {
    return CLASSES;
  }

  /** When things happened, in seconds; read where need be. */
  get timestamps(): Float64Array | Promise<Float64Array> {
    return super.get("timestamps") as Float64Array | Promise<Float64Array>;
  }

  /** Reads everything; afterwards it is an {@linkcode IrregularTimeSeries}. */
  override async materialize(options?: ArrayReadOptions): Promise<IrregularTimeSeries> {
    return await super.materialize(options) as unknown as IrregularTimeSeries;
  }
}

const CLASSES: readonly [object, object] = [IrregularTimeSeries.prototype, LazyIrregularTimeSeries.prototype];

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

/** A window as an interval. */
export function windowOf(start: number, end: number): Interval {
  return bare({ start: Float64Array.of(start), end: Float64Array.of(end) });
}

/**
 * Moves a domain to another origin.
 *
 * @param domain The domain
 * @param origin In seconds; `null` for none
 */
export function moved(domain: AnyInterval, origin: number | null): AnyInterval {
  return origin === null ? domain : domain.resetOrigin(origin);
}

/**
 * A domain that is one: intervals in order that don't overlap.
 *
 * @throws {TypeError} If it is no Interval
 * @throws {RangeError} If its intervals overlap
 */
export function checkDomain(domain: unknown, name: string = "the series"): AnyInterval {
  if (!(domain instanceof AnyInterval)) {
    throw new TypeError(`Cannot set the domain of ${name}: expected an Interval or "auto"`);
  }
  if (domain.known === null) return domain;
  if (!domain.isDisjoint()) {
    throw new RangeError(`Cannot set the domain of ${name}: the domain intervals must not be overlapping`);
  }
  return domain instanceof Interval && !domain.isSorted() ? domain.sort() : domain;
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
  return new Interval(first, last);
}
