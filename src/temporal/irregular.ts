/**
 * Events and samples at irregular times, in memory or not yet.
 *
 * @module
 */

import { checkOptions, type OptionNames } from "../source/options.ts";
import { isNDArray } from "../array/ndarray.ts";
import type { ArrayReadOptions, LazyArray, Mask } from "../array/types.ts";
import { MicrotomeError } from "../source/errors.ts";
import { isSorted } from "../time/sorted.ts";
import { ArrayDict, objectOf, STATE } from "./columns/array_dict.ts";
import type { ArrayInput } from "./columns/column.ts";
import { FORMS, type Forms, type Held, type InMemory, type Masked, type OnDemand } from "./columns/described.ts";
import { checkDomain, DOMAIN, moved, windowOf } from "./intervals/domain.ts";
import { EVENT_SEARCH, eventBase, type SecondIndex } from "./frame/event_base.ts";
import type { Frame } from "./frame/frame.ts";
import { Interval } from "./intervals/interval.ts";
import { intervalsOf } from "./intervals/interval_results.ts";
import { anchored, type Arrays, tableOf, type TableState, withTimes } from "./columns/table.ts";
import { waitForAll } from "./wait_for_all.ts";
import {
  addTimekey,
  checkOrigin,
  checkTimekeys,
  checkWindow,
  shiftOf,
  SLICE_OPTIONS,
  type SliceOptions,
} from "./frame/window.ts";

/** Options of an {@linkcode IrregularTimeSeries}. */
export interface IrregularOptions<L extends LazyArray = LazyArray> {
  /**
   * When there was something to observe; intervals that don't overlap. `"auto"` is from the first timestamp to the last.
   *
   * @default {"auto"}
   */
  readonly domain?: Interval<L> | "auto" | undefined;
  /** Names of arrays that hold times, which move with the origin; `timestamps` always does. */
  readonly timekeys?: readonly string[] | undefined;
}

/** Names of `IrregularOptions`. */
const IRREGULAR_OPTIONS: OptionNames<IrregularOptions> = { domain: true, timekeys: true };

/**
 * Events, or samples at irregular times, with arrays of as many rows. An `IrregularTimeSeries` has all arrays in memory, an
 * `IrregularTimeSeries<LazyArray>` may have some that are yet to be read, see {@linkcode ArrayDict}.
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
export class IrregularTimeSeries<out L extends LazyArray = never> extends ArrayDict<L> {
  /** For the compiler only: what it is with all arrays in memory, and else. */
  declare readonly [FORMS]: Forms<IrregularTimeSeries, IrregularTimeSeries<LazyArray>, "timestamps" | "domain">;
  /**
   * Its domain; for this room only.
   *
   * @internal
   */
  declare [DOMAIN]: Interval<LazyArray>;

  /**
   * Makes a series.
   *
   * @param arrays `timestamps`, in seconds, shape (N,), and others of shape (N, …). Lazy ones among them stay lazy; lazy
   * timestamps are in order, and need a `domain`
   * @param options Domain, and which other arrays hold times
   * @throws {ShapeError} If lengths differ
   * @throws {RangeError} If a timestamp is NaN, or the domain overlaps itself
   */
  constructor(arrays: Arrays<L> & { readonly timestamps: ArrayInput<L> }, options: IrregularOptions<L> = {}) {
    super();
    checkOptions(options, IRREGULAR_OPTIONS, "make an IrregularTimeSeries");
    const table = tableOf(arrays, "IrregularTimeSeries");
    this.adopt(eventState(table, options.timekeys ?? [], null, "IrregularTimeSeries"));
    const { domain = "auto" } = options;
    this[DOMAIN] = domain === "auto" ? spanned(this[STATE]) : checkDomain(domain);
  }

  /** The class, as files have it. */
  override get objectType(): "IrregularTimeSeries" {
    return "IrregularTimeSeries";
  }

  /** When things happened, in seconds; a promise of that where it isn't in memory. */
  get timestamps(): Held<Float64Array, L> {
    return this.get("timestamps") as Held<Float64Array, L>;
  }

  /** Sets all timestamps. */
  set timestamps(values: ArrayInput) {
    this.set("timestamps", values as ArrayInput<L>);
  }

  /** When there was something to observe. It isn't in memory after selecting by intervals that weren't. */
  get domain(): Interval<L> {
    return this[DOMAIN] as Interval<L>;
  }

  /** Sets the domain. @throws {TypeError} If it is no Interval @throws {RangeError} If its intervals overlap */
  set domain(domain: Interval<L>) {
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
    checkOptions(options, SLICE_OPTIONS, "slice");
    const origin = checkWindow(start, end, options);
    const frame = this[STATE].frame.after({ kind: "slice", start, end });
    const domain = this[DOMAIN].and(windowOf(start, end));
    return this._derived(origin === null ? frame : frame.after(shiftOf(this[STATE], origin)), moved(domain, origin));
  }

  /**
   * What happened in any of some intervals `[start, end)`, without moving the origin.
   *
   * @param interval The intervals, sorted and disjoint; where they are lazy the result is, and so is its domain
   */
  selectByInterval(interval: Interval): this;
  /** The same by intervals that may have to be read. */
  selectByInterval(interval: Interval<LazyArray>): OnDemand<this>;
  selectByInterval(interval: Interval<LazyArray>): unknown {
    const domain = this[DOMAIN].and(interval);
    const frame = this[STATE].frame.after({ kind: "within", intervals: intervalsOf(interval[STATE]) });
    return this._derived(frame, domain);
  }

  /**
   * The same series, with times that count from another origin.
   *
   * @param origin What becomes 0, in seconds; by default where the domain starts
   * @throws {MicrotomeError} If that isn't in memory
   */
  resetOrigin(origin: number | undefined = this[DOMAIN].known?.start[0]): this {
    if (origin === undefined && this[DOMAIN].known === null) {
      throw new MicrotomeError("Cannot reset the origin: the domain isn't in memory; await domain.materialize() first");
    }
    checkOrigin(origin);
    return this._derived(this[STATE].frame.after(shiftOf(this[STATE], origin)), moved(this[DOMAIN], origin));
  }

  /** The rows that a mask picks: see {@linkcode ArrayDict.selectByMask}. The domain stays as it is. */
  override selectByMask(mask: Mask): Masked<this> {
    const out = super.selectByMask(mask);
    (out as IrregularTimeSeries<L>)[DOMAIN] = this[DOMAIN].copy();
    return out;
  }

  /**
   * Sorts the timestamps in place, and the other arrays with them; equal ones stay in their order.
   *
   * @throws {MicrotomeError} If they aren't in memory
   */
  sort(): this {
    const order = EVENT_SEARCH.order([this._here("sort it")]);
    if (order === null) return this;
    const sorted = this.derive(this[STATE].frame.after({ kind: "rows", rows: { kind: "list", list: order } }));
    this[STATE] = sorted[STATE];
    return this;
  }

  /** Whether timestamps never go back. @throws {MicrotomeError} If they aren't in memory */
  isSorted(): boolean {
    return isSorted(this._here("tell whether it is sorted"));
  }

  /** An object of its own with the same arrays: see {@linkcode ArrayDict.copy}. */
  override copy(): this {
    const out = super.copy();
    out[DOMAIN] = this[DOMAIN].copy();
    return out;
  }

  /** Reads everything that isn't in memory, the domain too: see {@linkcode ArrayDict.materialize}. */
  override async materialize(options?: ArrayReadOptions): Promise<InMemory<this>> {
    await waitForAll<unknown>([super.materialize(options), this[DOMAIN].materialize(options)]);
    return this as unknown as InMemory<this>;
  }

  /** A series of other rows, with its domain. */
  private _derived(frame: Frame, domain: Interval<LazyArray>): this {
    const out = this.derive(frame);
    out[DOMAIN] = domain;
    return out;
  }

  /** The timestamps, which must be in memory. */
  private _here(what: string): Float64Array {
    const { known } = this[STATE].frame;
    if (known !== null) return known.times[0]!;
    throw new MicrotomeError(`Cannot ${what}: its timestamps aren't in memory; await materialize() first`);
  }
}

/** What a file says of an irregular series. */
export interface StoredEvents {
  /** Its arrays. */
  readonly table: TableState;
  /** When there was something to observe. */
  readonly domain: Interval;
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
export function makeIrregular(stored: StoredEvents, name: string): IrregularTimeSeries<LazyArray> {
  return irregularOf(eventState(stored.table, stored.timekeys, stored.index, name), checkDomain(stored.domain, name));
}

/** A series of what it holds, and its domain; for this room only. */
export function irregularOf(state: TableState, domain: Interval<LazyArray>): IrregularTimeSeries<LazyArray> {
  const out: IrregularTimeSeries<LazyArray> = objectOf(IrregularTimeSeries, state);
  out[DOMAIN] = domain;
  return out;
}

function eventState(
  table: TableState,
  given: readonly string[],
  index: SecondIndex | null,
  name: string,
): TableState {
  const timekeys = checkTimekeys(given, TIMES, table.columns, name);
  const { source } = table.columns.get("timestamps")!;
  if (isNDArray(source)) return { ...withTimes(table, TIMES, name, EVENT_SEARCH), timekeys };
  return { ...anchored(table, TIMES, eventBase(source as LazyArray, index, `${name}.timestamps`)), timekeys };
}

/** The array that times are looked up in. */
const TIMES = ["timestamps"];

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
