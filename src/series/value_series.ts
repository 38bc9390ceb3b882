/**
 * What series with values share.
 *
 * @module
 */

import type { ArrayReadOptions, DType, LazyArray, NDArray, Selection } from "../array/types.ts";
import { ShapeError } from "../source/errors.ts";
import type { PrintOptions } from "./print_options.ts";
import { formatSeries, printedRows } from "./print_series.ts";
import type { Rows } from "./rows.ts";
import { Series } from "./series.ts";
import { indexTimes, type SeriesOptions, TimeIndex } from "./time_index.ts";
import { isLazy, loadValues, readValues, takeRows, toValues, type Values, type ValuesInput } from "./values.ts";
import type { Numbers } from "./numbers.ts";

/**
 * A series with values: the parent of `Tsd`, `TsdFrame` and `TsdTensor`.
 *
 * Values may be lazy: an array that is read only where it is asked. Methods that need no values (`get`, `slice`,
 * `restrict`) give series that are lazy too, over a view, and read nothing. Methods that need values are asynchronous,
 * whether values are lazy or not, and read only the rows they need.
 */
export abstract class ValueSeries extends Series {
  /** The values, one row per sample; an array in memory lies in C order and is not to be written to. */
  readonly values: NDArray | LazyArray;

  /** Takes times in order, and a row for each. */
  constructor(indexed: IndexedValues) {
    super(indexed.index);
    this.values = indexed.values;
  }

  /**
   * A series of the same kind with other times and values: what methods and analyses make their results with. Names and
   * metadata of columns stay where there are as many columns.
   *
   * @param index Times in order
   * @param values As many rows
   */
  abstract like(index: TimeIndex, values: Values): this;

  /** Whether values are still to be read. */
  get isLazy(): boolean {
    return isLazy(this.values);
  }

  /** Length of each axis. */
  override get shape(): readonly number[] {
    return this.values.shape;
  }

  /** Type of the values. */
  get dtype(): DType {
    return this.values.dtype;
  }

  /** The series with its values in memory. */
  async load(options?: ArrayReadOptions): Promise<this> {
    return this.isLazy ? this.like(this.index(), await loadValues(this.values, options)) : this;
  }

  /**
   * Reads values.
   *
   * @param selection Which; by default all
   * @param options Options
   * @returns An array of its own
   * @throws {SelectionError} If the selection doesn't fit the shape
   */
  read(selection?: Selection, options?: ArrayReadOptions): Promise<NDArray> {
    return readValues(this.values, selection, options);
  }

  /** The series as a table of text; of lazy values the times alone. */
  override toString(options?: PrintOptions): string {
    return formatSeries(this, isLazy(this.values) ? null : this.values, options);
  }

  /** The series as a table of text. Of lazy values only the rows that are shown are read. */
  override async format(options?: PrintOptions & ArrayReadOptions): Promise<string> {
    const rows = printedRows(this.length, options);
    return formatSeries(this, await loadValues(takeRows(this.values, rows), options), options);
  }

  /** The times and time support, without warnings. */
  protected index(): TimeIndex {
    return new TimeIndex(this.times, this.timeSupport);
  }

  /** Some of the samples. */
  protected override withRows(index: TimeIndex, rows: Rows | null): this {
    return this.like(index, takeRows(this.values, rows));
  }
}

/** Times in order, and a row of values for each. */
export interface IndexedValues {
  /** The times. */
  readonly index: TimeIndex;
  /** The rows. */
  readonly values: Values;
}

/**
 * Brings times into order, and values with them. Nothing is read.
 *
 * @param times The times
 * @param input A row of values for each
 * @param options Options
 * @throws {ShapeError} If there are not as many rows as times
 */
export function indexValues(times: Numbers | TimeIndex, input: ValuesInput, options: SeriesOptions): IndexedValues {
  const values = toValues(input);
  const given = times instanceof TimeIndex ? times.times.length : typeof times === "number" ? 1 : lengthOf(times);
  if (given !== undefined && values.shape[0] !== given) {
    throw new ShapeError(
      `Cannot make a series: length of values ${values.shape[0]} does not match length of index ${given}`,
    );
  }
  const { index, rows } = indexTimes(times, options);
  return { index, values: takeRows(values, rows) };
}

function lengthOf(times: Exclude<Numbers, number>): number | undefined {
  return "shape" in times ? times.shape[0] : times.length;
}
