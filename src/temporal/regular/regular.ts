/**
 * Samples at a fixed rate, in memory or not yet.
 *
 * @module
 */

import { checkOptions, type OptionNames } from "../../source/options.ts";
import { isNDArray, ndarray } from "../../array/ndarray.ts";
import type { LazyArray, Mask, NDArray } from "../../array/types.ts";
import { ShapeError } from "../../source/errors.ts";
import type { Intervals } from "../../time/intervals.ts";
import { ArrayDict, objectOf, STATE } from "../columns/array_dict.ts";
import { type ArrayInput, toMask } from "../columns/column.ts";
import { FORMS, type Forms, type Masked } from "../columns/described.ts";
import { DOMAIN, moved, windowOf } from "../intervals/domain.ts";
import { EVENT_SEARCH } from "../frame/event_base.ts";
import { Frame, memoryBase } from "../frame/frame.ts";
import { bare, type Interval } from "../intervals/interval.ts";
import { irregularOf, type IrregularTimeSeries } from "../irregular.ts";
import { checkRate, type Grid, realRows, rowAt, snapped, timesAt } from "./regular_grid.ts";
import { allRows, composeRows, type Rows, rowsOfMask, rowsWithin, takeRows } from "../columns/rows.ts";
import { type Arrays, carried, type Column, tableOf, type TableState } from "../columns/table.ts";
import { checkWindow, type SliceOptions } from "../frame/window.ts";

/** Options of a {@linkcode RegularTimeSeries}. */
export interface RegularOptions {
  /** Samples per second. */
  readonly samplingRate: number;
  /**
   * When the first sample was taken, in seconds.
   *
   * @default {0}
   */
  readonly domainStart?: number | undefined;
}

/** Names of `RegularOptions`. */
const REGULAR_OPTIONS: OptionNames<RegularOptions> = { samplingRate: true, domainStart: true };

/** Options of slicing a regular series. */
export interface RegularSliceOptions extends SliceOptions {
  /**
   * How near to a sample, in samples, a bound is taken to be on it.
   *
   * @default {1e-9}
   */
  readonly eps?: number | undefined;
}

/** Names of `RegularSliceOptions`. */
const REGULAR_SLICE_OPTIONS: OptionNames<RegularSliceOptions> = { eps: true, resetOrigin: true };

/**
 * Where a regular series keeps its rate; for this room only.
 *
 * @internal
 */
export const RATE: unique symbol = /* @__PURE__ */ Symbol("rate");

/**
 * Samples at a fixed rate: row `i` was taken at `domain.start[0] + i / samplingRate`. A `RegularTimeSeries` has all arrays in
 * memory, a `RegularTimeSeries<LazyArray>` may have some that are yet to be read, see {@linkcode ArrayDict}.
 *
 * @example
 * ```ts
 * import { RegularTimeSeries } from "./regular.ts";
 * import assert from "node:assert/strict";
 *
 * const lfp = new RegularTimeSeries({ raw: new Float32Array(1000) }, { samplingRate: 250 });
 * const second = lfp.slice(1, 2);
 * assert.equal(second.length, 250);
 * assert.deepEqual([...second.domain], [[0, 1]]);
 * ```
 */
export class RegularTimeSeries<out L extends LazyArray = never> extends ArrayDict<L> {
  /** For the compiler only: what it is with all arrays in memory, and else. */
  declare readonly [FORMS]: Forms<RegularTimeSeries, RegularTimeSeries<LazyArray>, "domain">;
  /**
   * Its domain; for this room only.
   *
   * @internal
   */
  declare [DOMAIN]: Interval;
  /**
   * Its rate; for this room only.
   *
   * @internal
   */
  declare [RATE]: number;

  /**
   * Makes a series. Its domain is computed: `[domainStart, domainStart + N / samplingRate)`.
   *
   * @param arrays Arrays of shape (N, …); lazy ones among them stay lazy
   * @param options Rate and start
   * @throws {ShapeError} If lengths differ
   * @throws {RangeError} If the rate isn't above 0, or the start isn't finite
   */
  constructor(arrays: Arrays<L>, options: RegularOptions) {
    super();
    checkOptions(options, REGULAR_OPTIONS, "make a RegularTimeSeries");
    const { samplingRate, domainStart = 0 } = options;
    if (typeof domainStart !== "number" || !Number.isFinite(domainStart)) {
      throw new RangeError(`Cannot make a RegularTimeSeries that starts at ${domainStart}: expected seconds`);
    }
    this[RATE] = checkRate(samplingRate, "a RegularTimeSeries");
    this.adopt(tableOf(arrays, "RegularTimeSeries"));
    this[DOMAIN] = windowOf(domainStart, domainStart + this.length / samplingRate);
  }

  /** The class, as files have it. */
  override get objectType(): "RegularTimeSeries" {
    return "RegularTimeSeries";
  }

  /** Number of samples: known without reading. */
  override get length(): number {
    return super.length!;
  }

  /** Samples per second. */
  get samplingRate(): number {
    return this[RATE];
  }

  /** When samples were taken: `[start, start + length / samplingRate)`, with gaps where there are some. */
  get domain(): Interval {
    return this[DOMAIN];
  }

  /** When each sample was taken, in seconds, shape (N,): computed anew each time, from the start and the rate. */
  get timestamps(): Float64Array {
    return timesAt(this._grid(), allRows(this.length));
  }

  /** Which samples are real, shape (N,): those that don't stand in a gap. */
  indexMask(): boolean[] {
    return Array.from(realRows(this._grid()), Boolean);
  }

  /** Whether there are gaps. */
  isGappy(): boolean {
    return this.domain.length > 1;
  }

  /**
   * The samples in a window `[start, end)`. Bounds between samples go up to the next one. Reads nothing.
   *
   * Fill values at the ends of the result are cut off, so that it begins and ends with real samples; those of gaps within
   * stay. The domain says where the result's samples are: with the origin reset its start is above 0 where `start` lay
   * between samples.
   *
   * @param start First second of the window
   * @param end First second behind it
   * @param options Whether times count from `start` afterwards, which they do by default
   * @throws {RangeError} If the window ends before it starts, or `eps` is no number of samples
   */
  slice(start: number, end: number, options: RegularSliceOptions = {}): this {
    checkOptions(options, REGULAR_SLICE_OPTIONS, "slice");
    const origin = checkWindow(start, end, options);
    const { eps = 1e-9 } = options;
    if (typeof eps !== "number" || !(eps >= 0)) throw new RangeError(`Cannot slice with eps ${eps}: expected samples`);
    const grid = this._grid();
    const from = snapped(grid, start, eps);
    const to = snapped(grid, end, eps);
    const domain = this.domain.and(windowOf(from.time, to.time));
    const first = domain.start[0];
    const last = domain.end.at(-1);
    if (first === undefined || last === undefined || first === last) {
      return this._derived(allRows(0), origin === null ? windowOf(from.time, from.time) : windowOf(0, 0));
    }
    const rate = this[RATE];
    const rows: Rows = {
      kind: "range",
      start: from.row + Math.round((first - from.time) * rate),
      stop: to.row - Math.round((to.time - last) * rate),
    };
    return this._derived(rows, moved(domain, origin));
  }

  /**
   * The samples in any of some intervals `[start, end)`, without fill values: what is left is no longer regular. Reads
   * nothing.
   *
   * @param interval The intervals, sorted and disjoint; those that aren't in memory make a result of all samples first
   */
  selectByInterval<M extends LazyArray = never>(interval: Interval<M>): IrregularTimeSeries<L | M> {
    const known: Intervals | null = interval.known;
    if (known === null) {
      const events: IrregularTimeSeries<LazyArray> = this.toIrregular();
      return events.selectByInterval(interval as Interval<LazyArray>) as IrregularTimeSeries<L | M>;
    }
    const grid = this._grid();
    const picks = new Uint8Array(grid.count);
    const { start, end } = known;
    for (let i = 0; i < start.length; i++) picks.fill(1, rowAt(grid, start[i]!), rowAt(grid, end[i]!));
    return this._irregular(rowsOfMask(both(picks, realRows(grid))), this.domain.and(bare(known)));
  }

  /**
   * The samples that a mask picks, without fill values: what is left is no longer regular (the original refuses this).
   *
   * @param mask One boolean per row
   * @throws {ShapeError} If there aren't as many as rows
   * @throws {DTypeError} If they aren't booleans
   */
  override selectByMask(mask: Mask): Masked<this> {
    const picks = toMask(mask);
    const real = realRows(this._grid());
    if (picks.length !== real.length) {
      throw new ShapeError(
        `Cannot select by mask: mask length ${picks.length} does not match object length (${real.length})`,
      );
    }
    return this._irregular(rowsOfMask(both(picks, real)), this.domain) as Masked<this>;
  }

  /**
   * The same series, with times that count from another origin.
   *
   * @param origin What becomes 0, in seconds; by default where the domain starts
   */
  resetOrigin(origin: number | undefined = this.domain.start[0]): this {
    return this._derived(allRows(this.length), this.domain.resetOrigin(origin));
  }

  /** The samples with a timestamp each, without fill values. Reads nothing: lazy arrays stay lazy. */
  toIrregular(): IrregularTimeSeries<L> {
    return this._irregular(this.isGappy() ? rowsOfMask(realRows(this._grid())) : allRows(this.length), this.domain);
  }

  /** Sets an array: see {@linkcode ArrayDict.set}. The first one tells how long the domain is. */
  override set(key: string, value: ArrayInput<L>): void {
    const isFirst = this.keys().length === 0;
    super.set(key, value);
    if (!isFirst) return;
    const start = this.domain.start[0] ?? 0;
    this[DOMAIN] = windowOf(start, start + this.length / this[RATE]);
  }

  /** A series of its own with the same arrays: see {@linkcode ArrayDict.copy}. */
  override copy(): this {
    const out = super.copy();
    out[DOMAIN] = this[DOMAIN].copy();
    return out;
  }

  /** A series of other rows, with its domain. */
  private _derived(rows: Rows, domain: Interval): this {
    const out = this.derive(this[STATE].frame.after({ kind: "rows", rows }));
    out[DOMAIN] = domain;
    out[RATE] = this[RATE];
    return out;
  }

  /** Some of the rows, each with its timestamp. */
  private _irregular(picked: Rows, domain: Interval): IrregularTimeSeries<L> {
    const { columns, frame, warnings } = this[STATE];
    const times = timesAt(this._grid(), picked);
    // Rows count as before, so that what isn't in memory needn't know that it is looked at in another way.
    const rows = composeRows(frame.rows!, picked);
    const to = Frame.of(memoryBase(times.length, [times], EVENT_SEARCH, rows));
    const all = new Map<string, Column>([["timestamps", { source: ndarray(times), frame: to }]]);
    for (const [key, column] of columns) {
      const isHere = column.frame === frame && isNDArray(column.source);
      const source = isHere ? takeRows(column.source as NDArray, rowsWithin(frame.rows!, rows)) : null;
      all.set(key, source === null ? carried(column) : { source, frame: to });
    }
    const names = ["timestamps"];
    const state = { frame: to, columns: all, timekeys: names, timeNames: names, warnings: [...warnings] };
    return irregularOf(state, domain.copy()) as IrregularTimeSeries<L>;
  }

  /** Where its samples stand in time. */
  private _grid(): Grid {
    return { domain: this[DOMAIN], samplingRate: this[RATE], count: this.length };
  }
}

function both(a: Uint8Array, b: Uint8Array): Uint8Array {
  for (let i = 0; i < a.length; i++) a[i] = a[i]! & b[i]!;
  return a;
}

/**
 * A series of columns, with the domain that is known of it: for files and gappy series.
 *
 * @param table The columns
 * @param samplingRate Samples per second
 * @param domain When samples were taken
 * @param name What it is called, for messages
 */
export function makeRegular(
  table: TableState,
  samplingRate: number,
  domain: Interval,
  name: string,
): RegularTimeSeries<LazyArray> {
  const rate = checkRate(samplingRate, name);
  const out: RegularTimeSeries<LazyArray> = objectOf(RegularTimeSeries, table);
  out[RATE] = rate;
  out[DOMAIN] = domain;
  return out;
}
