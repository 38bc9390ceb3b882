/**
 * Samples at a fixed rate, in memory or not yet.
 *
 * @module
 */

import { isNDArray, ndarray } from "../array/ndarray.ts";
import { slice as sliceOf } from "../array/slice.ts";
import type { ArrayReadOptions, NDArray } from "../array/types.ts";
import { ShapeError } from "../source/errors.ts";
import { AnyArrayDict, type Arrays, type Column, STATE, tableOf, type TableState } from "./array_dict.ts";
import { type ArrayValue, isLazyArray, toMask } from "./column.ts";
import { EVENT_SEARCH } from "./event_base.ts";
import { Frame, memoryBase } from "./frame.ts";
import { AnyInterval, bare, Interval } from "./interval.ts";
import { AnyIrregularTimeSeries, DOMAIN, IrregularTimeSeries, LazyIrregularTimeSeries, moved } from "./irregular.ts";
import { allRows, composeRows, countRows, type Rows, rowsOfMask, rowsWithin, takeRows } from "./rows.ts";
import { checkWindow, type SliceOptions } from "./window.ts";

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

/** Options of slicing a regular series. */
export interface RegularSliceOptions extends SliceOptions {
  /**
   * How near to a sample, in samples, a bound is taken to be on it.
   *
   * @default {1e-9}
   */
  readonly eps?: number | undefined;
}

/**
 * Where a regular series keeps its rate; for this room only.
 *
 * @internal
 */
export const RATE: unique symbol = Symbol("rate");

/** What regular time series have in common, lazy or not. Row `i` was taken at `domain.start[0] + i / samplingRate`. */
export abstract class AnyRegularTimeSeries extends AnyArrayDict {
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

  /** The class, as files have it. */
  override get objectType(): "RegularTimeSeries" {
    return "RegularTimeSeries";
  }

  /**
   * The classes that it can be of; for this room only.
   *
   * @internal
   */
  override get classes(): readonly [eager: object, lazy: object] {
    return [RegularTimeSeries.prototype, LazyRegularTimeSeries.prototype];
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
    const start = this.domain.start[0] ?? 0;
    return new Float64Array(this.length!).map((_, i) => start + i / this[RATE]);
  }

  /** Which samples are real, shape (N,): those that don't stand in a gap. */
  indexMask(): boolean[] {
    return Array.from(realRows(this), Boolean);
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
   * @throws {RangeError} If the window ends before it starts
   */
  slice(start: number, end: number, options: RegularSliceOptions = {}): this {
    const origin = checkWindow(start, end, options);
    const { eps = 1e-9 } = options;
    if (typeof eps !== "number" || !(eps >= 0)) throw new RangeError(`Cannot slice with eps ${eps}: expected samples`);
    const from = snapped(this, start, eps);
    const to = snapped(this, end, eps);
    const domain = this.domain.and(new Interval(from.time, to.time));
    const first = domain.start[0];
    const last = domain.end.at(-1);
    if (first === undefined || last === undefined || first === last) {
      return this._derived(allRows(0), origin === null ? new Interval(from.time, from.time) : new Interval(0, 0));
    }
    const rate = this[RATE];
    const rows: Rows = {
      kind: "range",
      start: from.row + Math.round((first - from.time) * rate),
      stop: to.row - Math.round((to.time - last) * rate),
    };
    return this._derived(rows, moved(domain, origin) as Interval);
  }

  /**
   * The samples in any of some intervals `[start, end)`, without fill values: what is left is no longer regular. Reads
   * nothing.
   *
   * @param interval The intervals, sorted and disjoint; those that aren't in memory make a result of all samples first
   */
  selectByInterval(interval: AnyInterval): AnyIrregularTimeSeries {
    if (interval.known === null) return this.toIrregular().selectByInterval(interval);
    const domain = this.domain.and(interval) as Interval;
    const real = realRows(this);
    const list: number[] = [];
    const { start, end } = interval.known;
    for (let i = 0; i < start.length; i++) {
      const stop = rowAt(this, end[i]!);
      for (let row = rowAt(this, start[i]!); row < stop; row++) if (real[row] === 1) list.push(row);
    }
    return this._irregular(compact(list), domain);
  }

  /**
   * The samples that a mask picks, without fill values: what is left is no longer regular (the original refuses this).
   *
   * @param mask One boolean per row
   * @throws {ShapeError} If there aren't as many as rows
   * @throws {DTypeError} If they aren't booleans
   */
  override selectByMask(mask: readonly boolean[] | NDArray): AnyIrregularTimeSeries {
    const picks = toMask(mask);
    const real = realRows(this);
    if (picks.length !== real.length) {
      throw new ShapeError(
        `Cannot select by mask: mask length ${picks.length} does not match object length (${real.length})`,
      );
    }
    return this._irregular(rowsOfMask(picks.map((pick, row) => pick & real[row]!)), this.domain);
  }

  /**
   * The same series, with times that count from another origin.
   *
   * @param origin What becomes 0, in seconds; by default where the domain starts
   */
  resetOrigin(origin: number | undefined = this.domain.start[0]): this {
    return this._derived(allRows(this.length!), this.domain.resetOrigin(origin));
  }

  /** The samples with a timestamp each, without fill values. Reads nothing: lazy arrays stay lazy. */
  toIrregular(): AnyIrregularTimeSeries {
    return this._irregular(this.isGappy() ? rowsOfMask(realRows(this)) : allRows(this.length!), this.domain);
  }

  private _derived(rows: Rows, domain: Interval): this {
    const out = this.derive(this[STATE].frame.after({ kind: "rows", rows }));
    out[DOMAIN] = domain;
    out[RATE] = this[RATE];
    return out;
  }

  private _irregular(rows: Rows, domain: Interval): AnyIrregularTimeSeries {
    const { columns, frame, warnings } = this[STATE];
    const start = this.domain.start[0] ?? 0;
    const rowsOf = rows.kind === "range" ? (i: number) => rows.start + i : (i: number) => rows.list[i]!;
    const times = new Float64Array(countRows(rows)).map((_, i) => start + rowsOf(i) / this[RATE]);
    const base = Frame.of(memoryBase(times.length, [times], EVENT_SEARCH));
    const taken = [...columns].map(([key, column]): [string, Column] => [
      key,
      { ...takenColumn(column, composeRows(frame.known!.rows, rows)), frame: base },
    ]);
    const all = new Map<string, Column>([["timestamps", { source: ndarray(times), frame: base }], ...taken]);
    const out = Object.create(LazyIrregularTimeSeries.prototype) as AnyIrregularTimeSeries;
    out["adopt"]({ frame: base, columns: all, timekeys: ["timestamps"], warnings: [...warnings] });
    out[DOMAIN] = bare({ start: domain.start.slice(), end: domain.end.slice() });
    return out;
  }
}

/**
 * Samples at a fixed rate.
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
export class RegularTimeSeries extends AnyRegularTimeSeries {
  /**
   * Makes a series. Its domain is computed: `[domainStart, domainStart + N / samplingRate)`.
   *
   * @param arrays Arrays of shape (N, …); with lazy ones among them it is a {@linkcode LazyRegularTimeSeries}
   * @param options Rate and start
   * @throws {ShapeError} If lengths differ
   * @throws {RangeError} If the rate isn't above 0, or the start isn't finite
   */
  constructor(arrays: Arrays, options: RegularOptions) {
    super();
    const { samplingRate, domainStart = 0 } = options;
    if (typeof domainStart !== "number" || !Number.isFinite(domainStart)) {
      throw new RangeError(`Cannot make a RegularTimeSeries that starts at ${domainStart}: expected seconds`);
    }
    this[RATE] = checkRate(samplingRate, "a RegularTimeSeries");
    this.adopt(tableOf(arrays, "RegularTimeSeries"));
    this[DOMAIN] = new Interval(domainStart, domainStart + super.length! / samplingRate);
  }

  /** Number of samples. */
  override get length(): number {
    return super.length!;
  }

  /** An array. */
  override get(key: string): ArrayValue {
    return super.get(key) as ArrayValue;
  }

  /** The samples with a timestamp each, without fill values. */
  override toIrregular(): IrregularTimeSeries {
    return super.toIrregular() as unknown as IrregularTimeSeries;
  }

  /** The samples that a mask picks: see {@linkcode AnyRegularTimeSeries.selectByMask}. */
  override selectByMask(mask: readonly boolean[] | NDArray): IrregularTimeSeries {
    return super.selectByMask(mask) as unknown as IrregularTimeSeries;
  }

  /** Does nothing: all is in memory. */
  override async materialize(options?: ArrayReadOptions): Promise<this> {
    return await super.materialize(options) as this;
  }
}

/** Samples at a fixed rate, whose arrays are read when they are first asked for. */
export class LazyRegularTimeSeries extends AnyRegularTimeSeries {
  /** Number of samples: known without reading. */
  override get length(): number {
    return super.length!;
  }

  /** Reads everything; afterwards it is a {@linkcode RegularTimeSeries}. */
  override async materialize(options?: ArrayReadOptions): Promise<RegularTimeSeries> {
    return await super.materialize(options) as unknown as RegularTimeSeries;
  }
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
): AnyRegularTimeSeries {
  const out = Object.create(LazyRegularTimeSeries.prototype) as LazyRegularTimeSeries;
  out[RATE] = checkRate(samplingRate, name);
  out["adopt"](table);
  out[DOMAIN] = domain;
  return out;
}

function checkRate(rate: unknown, name: string): number {
  if (typeof rate === "number" && Number.isFinite(rate) && rate > 0) return rate;
  throw new RangeError(`Cannot make ${name} with a sampling rate of ${String(rate)}: expected samples per second`);
}

/** The first sample at or after a time, and when it was taken; the ends of the domain beyond it. */
function snapped(series: AnyRegularTimeSeries, time: number, eps: number): { row: number; time: number } {
  const { domain } = series;
  const start = domain.start[0] ?? 0;
  const end = domain.end.at(-1) ?? start;
  if (time <= start) return { row: 0, time: start };
  if (time > end) return { row: series.length!, time: end };
  const exact = (time - start) * series.samplingRate;
  const near = Math.round(exact);
  const row = Math.min(series.length!, Math.ceil(Math.abs(exact - near) < eps ? near : exact));
  return { row, time: start + row / series.samplingRate };
}

/** The first row whose timestamp isn't before a time, by the timestamps as they are computed. */
function rowAt(series: AnyRegularTimeSeries, time: number): number {
  const start = series.domain.start[0] ?? 0;
  const rate = series.samplingRate;
  const count = series.length!;
  let row = Math.min(count, Math.max(0, Math.ceil((time - start) * rate)));
  while (row > 0 && start + (row - 1) / rate >= time) row--;
  while (row < count && start + row / rate < time) row++;
  return row;
}

/** 1 for each row in the domain, 0 for those in a gap. */
function realRows(series: AnyRegularTimeSeries): Uint8Array {
  const { domain, samplingRate } = series;
  const count = series.length!;
  if (domain.length <= 1) return new Uint8Array(count).fill(1);
  const mask = new Uint8Array(count);
  const first = domain.start[0]!;
  for (let i = 0; i < domain.length; i++) {
    mask.fill(
      1,
      Math.round((domain.start[i]! - first) * samplingRate),
      Math.round((domain.end[i]! - first) * samplingRate),
    );
  }
  return mask;
}

/** Rows as a run, where they are one. */
function compact(list: readonly number[]): Rows {
  const [first] = list;
  if (first === undefined) return allRows(0);
  if (list.at(-1)! - first + 1 === list.length) return { kind: "range", start: first, stop: list.at(-1)! + 1 };
  return { kind: "list", list: Float64Array.from(list) };
}

/** Rows of a base, of a column: in memory where it is, else as lazily as before. */
function takenColumn({ source, frame, isText }: Column, rows: Rows): Omit<Column, "frame"> {
  const own = (): Rows => frame.isOrigin ? rows : rowsWithin(frame.known!.rows, rows);
  if (isNDArray(source)) return { source: takeRows(source, own()) };
  if (!isLazyArray(source)) return { source: async () => takeRows(await source(), own()) };
  const taken = own();
  return { source: source.view([taken.kind === "range" ? sliceOf(taken.start, taken.stop) : taken.list]), isText };
}
