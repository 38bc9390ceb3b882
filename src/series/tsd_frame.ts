/**
 * Times with a row of named values each.
 *
 * @module
 */

import { checkOptions, type OptionNames } from "../source/options.ts";
import { NotFoundError, ShapeError } from "../source/errors.ts";
import { type Picked, pickIndices } from "./values/picked.ts";
import { makeSeries } from "./make_series.ts";
import { Metadata, type MetadataColumn, type MetadataInput } from "./metadata.ts";
import { describe, type Numbers, wrapIndex } from "./values/numbers.ts";
import { followsPynapple } from "./options.ts";
import type { SeriesOptions, TimeIndex } from "./time_index.ts";
import { Tsd } from "./tsd.ts";
import type { TsdTensor } from "./tsd_tensor.ts";
import { indexValues } from "./indexed_values.ts";
import { ValueSeries } from "./value_series.ts";
import { takeAxes, toValues, type Values, type ValuesInput } from "./values/values.ts";
import { isLazy } from "./values/values.ts";

/** Name of a column. */
export type ColumnName = string | number;

/** Options of a `TsdFrame`. */
export interface TsdFrameOptions extends SeriesOptions {
  /**
   * Names of the columns.
   *
   * By default 0, 1, 2…
   */
  readonly columns?: readonly ColumnName[] | ArrayLike<ColumnName | bigint> | undefined;
  /** What describes the columns: lists with one entry each. */
  readonly metadata?: MetadataInput | undefined;
}

/** Names of `TsdFrameOptions`. */
export const TSD_FRAME_OPTIONS: OptionNames<TsdFrameOptions> = {
  columns: true,
  metadata: true,
  unit: true,
  timeSupport: true,
  compatible: true,
  onWarning: true,
};

/**
 * A series with a row of values per sample, in named columns: channels of a recording, x and y of a position.
 *
 * @example Usage
 * ```ts
 * import { TsdFrame } from "./tsd_frame.ts";
 * import assert from "node:assert/strict";
 *
 * const position = new TsdFrame([0, 1, 2], [[1, 10], [2, 20], [3, 30]], { columns: ["x", "y"] });
 * assert.deepEqual((await position.column("y").get(1, 2).read()).data, Float64Array.of(20, 30));
 * ```
 */
export class TsdFrame extends ValueSeries {
  /** Names of the columns. */
  readonly columns: readonly ColumnName[];
  /** What describes the columns: one row each. */
  readonly metadata: Metadata;

  /**
   * Makes a frame. Times are brought into order, and rows with them; a lazy array stays lazy, and nothing of it is read.
   * Values of one axis become one column.
   *
   * @param times The times
   * @param values A row of values for each
   * @param options Options
   * @throws {ShapeError} If there are not as many rows as times, or names as columns (`"pynapple"` takes numbers then),
   * or values have more than two axes
   * @throws {TypeError} If metadata has the name of a column
   */
  constructor(times: Numbers | TimeIndex, values: ValuesInput, options: TsdFrameOptions = {}) {
    checkOptions(options, TSD_FRAME_OPTIONS, "make a TsdFrame");
    const indexed = indexValues(times, asColumns(toValues(values)), options);
    super(indexed);
    const count = this.values.shape[1]!;
    this.columns = columnNames(options, count);
    this.metadata = new Metadata(options.metadata ?? {}, count);
    checkNames(this.columns, this.metadata);
  }

  /** One column by its name (the first of that name); reads nothing. @throws {NotFoundError} If there is none of that name. */
  column(name: ColumnName): Tsd {
    return this.columnAt(this.#position(name));
  }

  /** One column by where it stands; reads nothing. @throws {RangeError} If there is none. */
  columnAt(index: number): Tsd {
    return new Tsd(this.index(), takeAxes(this.values, [wrapIndex(index, this.columns.length, "column")]));
  }

  /** Some columns by their names, in the order given; reads nothing. @throws {NotFoundError} If one isn't there. */
  pickColumns(names: readonly ColumnName[]): TsdFrame {
    return this.#take(names.map((name) => this.#position(name)));
  }

  /** Some columns by where they stand, ascending, or by a mask; reads nothing. */
  pickColumnsAt(which: Picked): TsdFrame {
    return this.#take([...pickIndices(which, this.columns.length, "column")]);
  }

  /** With more metadata. @throws {ShapeError} If a column has another length. */
  setInfo(metadata: MetadataInput): TsdFrame {
    return this.#with(this.metadata.set(metadata));
  }

  /** One column of metadata. @throws {NotFoundError} If there is none of that name. */
  getInfo(name: string): MetadataColumn {
    return this.metadata.get(name);
  }

  /** Without some columns of metadata. @throws {NotFoundError} If there is none of a name. */
  dropInfo(names: string | readonly string[]): TsdFrame {
    return this.#with(this.metadata.drop(names));
  }

  /** With some columns of metadata alone. @throws {NotFoundError} If there is none of a name. */
  restrictInfo(names: string | readonly string[]): TsdFrame {
    return this.#with(this.metadata.pick(names));
  }

  /** The frames of columns that have the same metadata, by what they have. */
  groupBy(by: string | readonly string[]): Map<unknown, TsdFrame> {
    return new Map([...this.metadata.groupBy(by)].map(([key, columns]) => [key, this.#take(columns)]));
  }

  /** A frame of other times and values; with as many columns it keeps their names and metadata. */
  override like(index: TimeIndex, values: Values): this {
    const kept = values.shape[1] === this.columns.length ? { columns: this.columns, metadata: this.metadata } : {};
    return new TsdFrame(index, values, kept) as this;
  }

  /** A series of the class that values ask for; a frame with as many columns keeps their names and metadata. */
  protected override make(index: TimeIndex, values: Values): Tsd | TsdFrame | TsdTensor {
    return values.shape.length === 2 ? this.like(index, values) : makeSeries(index, values);
  }

  #take(indices: readonly number[]): TsdFrame {
    return new TsdFrame(this.index(), takeAxes(this.values, [indices]), {
      columns: indices.map((i) => this.columns[i]!),
      metadata: this.metadata.take(indices),
    });
  }

  #with(metadata: Metadata): TsdFrame {
    return new TsdFrame(this.index(), this.values, { columns: this.columns, metadata });
  }

  #position(name: ColumnName): number {
    const index = this.columns.indexOf(name);
    if (index < 0) {
      throw new NotFoundError(`Cannot get column ${describe(name)}: columns are ${JSON.stringify(this.columns)}`);
    }
    return index;
  }
}

function asColumns(values: Values): Values {
  if (values.shape.length === 2) return values;
  if (values.shape.length === 1 && !isLazy(values)) return { ...values, shape: [values.shape[0]!, 1], stride: [1, 1] };
  throw new ShapeError(
    `Cannot make a TsdFrame of ${isLazy(values) ? "lazy values of " : ""}${values.shape.length} axes: ` +
      "data should be 2 dimensional",
  );
}

function columnNames(options: TsdFrameOptions, count: number): readonly ColumnName[] {
  const given = options.columns;
  if (given === undefined || (given.length !== count && followsPynapple(options))) {
    return Array.from({ length: count }, (_, i) => i);
  }
  if (given.length !== count) {
    throw new ShapeError(`Cannot name ${count} columns by ${given.length} names`);
  }
  return Array.from(given, (name) => {
    if (typeof name === "string" || typeof name === "number") return name;
    if (typeof name === "bigint") return Number(name);
    throw new TypeError(`Cannot name a column ${describe(name)}: expected text or a number`);
  });
}

function checkNames(columns: readonly ColumnName[], metadata: Metadata): void {
  const names = new Set<ColumnName>(columns);
  const taken = metadata.keys().find((name) => names.has(name));
  if (taken !== undefined) {
    throw new TypeError(
      `Cannot add metadata ${JSON.stringify(taken)}: its name must differ from those of the columns`,
    );
  }
}
