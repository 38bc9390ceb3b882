/**
 * Samples at a fixed rate, in memory or not yet.
 *
 * @module
 */

import { checkOptions } from "../source/options.ts";
import { ARRAY_READ_OPTIONS, REGULAR_OPTIONS } from "./option_names.ts";
import type { ArrayReadOptions, Mask } from "../array/types.ts";
import type { Classes } from "./any_array_dict.ts";
import { AnyRegularTimeSeries, RATE } from "./any_regular.ts";
import type { ArrayValue } from "./column.ts";
import { windowOf } from "./domain.ts";
import type { Interval } from "./interval.ts";
import { DOMAIN } from "./any_irregular.ts";
import type { IrregularTimeSeries } from "./irregular.ts";
import { checkRate } from "./regular_grid.ts";
import { type Arrays, tableOf, type TableState } from "./table.ts";

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
    checkOptions(options, REGULAR_OPTIONS, "make a RegularTimeSeries");
    const { samplingRate, domainStart = 0 } = options;
    if (typeof domainStart !== "number" || !Number.isFinite(domainStart)) {
      throw new RangeError(`Cannot make a RegularTimeSeries that starts at ${domainStart}: expected seconds`);
    }
    this[RATE] = checkRate(samplingRate, "a RegularTimeSeries");
    this.adopt(tableOf(arrays, "RegularTimeSeries"));
    this[DOMAIN] = windowOf(domainStart, domainStart + super.length! / samplingRate);
  }

  /**
   * The classes that it can be of; for this room only.
   *
   * @internal
   */
  override get classes(): Classes {
    return CLASSES;
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
  override selectByMask(mask: Mask): IrregularTimeSeries {
    return super.selectByMask(mask) as unknown as IrregularTimeSeries;
  }

  /** Does nothing: all is in memory. */
  override async materialize(options?: ArrayReadOptions): Promise<this> {
    checkOptions(options, ARRAY_READ_OPTIONS, "materialize");
    return await super.materialize(options) as this;
  }
}

/** Samples at a fixed rate, whose arrays are read when they are first asked for. */
export class LazyRegularTimeSeries extends AnyRegularTimeSeries {
  /**
   * The classes that it can be of; for this room only.
   *
   * @internal
   */
  override get classes(): Classes {
    return CLASSES;
  }

  /** Number of samples: known without reading. */
  override get length(): number {
    return super.length!;
  }

  /** Reads everything; afterwards it is a {@linkcode RegularTimeSeries}. */
  override async materialize(options?: ArrayReadOptions): Promise<RegularTimeSeries> {
    checkOptions(options, ARRAY_READ_OPTIONS, "materialize");
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

const CLASSES: Classes = [RegularTimeSeries, LazyRegularTimeSeries];
