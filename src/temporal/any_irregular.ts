/**
 * What irregular time series have in common, in memory or not yet.
 *
 * @module
 */

import { checkOptions } from "../source/options.ts";
import { ARRAY_READ_OPTIONS, SLICE_OPTIONS } from "./option_names.ts";
import type { ArrayReadOptions, Mask } from "../array/types.ts";
import { MicrotomeError } from "../source/errors.ts";
import { AnyArrayDict, STATE } from "./any_array_dict.ts";
import { intervalsOf } from "./interval_results.ts";
import { checkDomain, moved, windowOf } from "./domain.ts";
import type { Frame } from "./frame.ts";
import type { AnyInterval } from "./any_interval.ts";
import type { Interval } from "./interval.ts";
import { waitForAll } from "./wait_for_all.ts";
import { addTimekey, checkOrigin, checkWindow, type SliceOptions } from "./window.ts";

/**
 * Where an object keeps its domain; for this room only.
 *
 * @internal
 */
export const DOMAIN: unique symbol = /* @__PURE__ */ Symbol("domain");

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
    checkOptions(options, SLICE_OPTIONS, "slice");
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
  override selectByMask(mask: Mask): this {
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
    checkOptions(options, ARRAY_READ_OPTIONS, "materialize");
    await waitForAll<unknown>([super.materialize(options), this.domain.materialize(options)]);
    return this;
  }

  /** A series of other rows, with its domain. */
  private _derived(frame: Frame, domain: AnyInterval): this {
    const out = this.derive(frame);
    out[DOMAIN] = domain;
    return out;
  }

  /** The step that moves the origin. */
  private _shift(by: number): { readonly kind: "shift"; readonly by: number; readonly timekeys: readonly string[] } {
    return { kind: "shift", by, timekeys: this[STATE].timekeys };
  }
}
