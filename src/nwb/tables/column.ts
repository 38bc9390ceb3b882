/**
 * Columns of tables: plain ones, ragged ones, and those whose rows are rows of other tables.
 *
 * @module
 */

import { printsAsText } from "../../source/inspect.ts";
import { describeDType } from "../../array/dtype/dtype.ts";
import { countText, summary } from "../../array/text/summary.ts";
import { checkOptions, type OptionNames } from "../../source/options.ts";
import { takeResolved } from "../../array/ndarray.ts";
import type { NDArray } from "../../array/types.ts";
import type { Dataset } from "../../hdf5/dataset.ts";
import { CorruptFileError, SelectionError } from "../../source/errors.ts";
import type { LaidColumn } from "./table_layout.ts";
import { readRows, rowCount } from "../values.ts";

/** Options of reading a column. */
export interface ColumnReadOptions {
  /** First row; the first of all by default. */
  readonly from?: number | undefined;
  /** First row left out; the number of rows by default. */
  readonly to?: number | undefined;
  /** Aborts. */
  readonly signal?: AbortSignal | undefined;
}

/** Names of `ColumnReadOptions`. */
export const COLUMN_READ_OPTIONS: OptionNames<ColumnReadOptions> = { from: true, to: true, signal: true };

/** What a row of a ragged column holds: an array, or for a doubly ragged one a list of them. */
export type RaggedRow = NDArray | RaggedRow[];

/** What a column is made of. */
export interface ColumnParts extends LaidColumn {
  /** Path of its table, for messages. */
  readonly table: string;
  /** Told of what is odd about its rows, once they are read. */
  readonly warn: (message: string) => void;
}

/** A column, whose values are read where they are asked. */
export class NwbColumn {
  /** Its name. */
  readonly name: string;
  /** Its `neurodata_type`, such as `VectorData`. */
  readonly type: string;
  /** Whether its values are numbers of rows of another table: `DynamicTableRegion`. */
  readonly isRegion: boolean;
  /** What the file says of it. */
  readonly description: string;
  /** Its values: for a ragged column all rows' one behind the other. */
  readonly data: Dataset;
  /** How often it is ragged: 0 for a plain column, 1 where a row is a list, 2 where it is a list of lists. */
  readonly depth: number;
  /** Number of rows. */
  readonly length: number;
  readonly #indices: readonly Dataset[];
  readonly #table: string;
  readonly #warn: (message: string) => void;

  /** Made by its table; not for users. */
  constructor(parts: ColumnParts) {
    printsAsText(NwbColumn.prototype);
    this.name = parts.name;
    this.type = parts.type;
    this.isRegion = parts.isRegion;
    this.description = parts.description;
    this.data = parts.data;
    this.depth = parts.indices.length;
    this.#indices = parts.indices;
    this.#table = parts.table;
    this.#warn = parts.warn;
    this.length = rowCount(parts.indices[0] ?? parts.data);
  }

  /** What it is, in one line. */
  toString(): string {
    const ragged = this.depth === 0 ? null : "ragged";
    return summary(
      "NwbColumn",
      this.name,
      this.type,
      describeDType(this.data.dtype),
      countText(this.length, "row"),
      ragged,
    );
  }

  /**
   * Reads a plain column's rows as one array, a ragged one's as they lie, one behind the other.
   *
   * @param options Which rows
   * @returns The values, and where each row ends in them (`null` for a plain column)
   * @throws {CorruptFileError} If an index runs backwards, or past what it points into
   * @throws {SelectionError} If there are no such rows
   */
  async readFlat(options: ColumnReadOptions = {}): Promise<{ values: NDArray; ends: Float64Array | null }> {
    checkOptions(options, COLUMN_READ_OPTIONS, "read a column");
    const [from, to] = this.#rows(options);
    if (this.depth > 1) throw new SelectionError(`Cannot read ${this.#label} flat: its rows are lists of lists`);
    const index = this.#indices[0];
    if (index === undefined) return { values: await readRows(this.data, { from, to }, options), ends: null };
    const [first, ends] = await this.#ends(index, from, to, rowCount(this.data), options);
    const values = await readRows(this.data, { from: first, to: ends.at(-1) ?? first }, options);
    return { values, ends: ends.map((end) => end - first) };
  }

  /**
   * Reads rows: of a plain column as one array, of a ragged one an array for each row.
   *
   * @param options Which rows
   * @throws {CorruptFileError} If an index runs backwards, or past what it points into
   * @throws {SelectionError} If there are no such rows
   */
  async read(options: ColumnReadOptions = {}): Promise<NDArray | RaggedRow[]> {
    checkOptions(options, COLUMN_READ_OPTIONS, "read a column");
    const [from, to] = this.#rows(options);
    return await this.#level(0, from, to, options);
  }

  async #level(depth: number, from: number, to: number, options: ColumnReadOptions): Promise<NDArray | RaggedRow[]> {
    const index = this.#indices[depth];
    if (index === undefined) return await readRows(this.data, { from, to }, options);
    const target = this.#indices[depth + 1] ?? this.data;
    const [first, ends] = await this.#ends(index, from, to, rowCount(target), options);
    const inner = await this.#level(depth + 1, first, ends.at(-1) ?? first, options);
    return Array.from(ends, (end, i) => part(inner, (i === 0 ? first : ends[i - 1]!) - first, end - first));
  }

  /** Where the first row begins, and where each ends. */
  async #ends(
    index: Dataset,
    from: number,
    to: number,
    targetLength: number,
    options: ColumnReadOptions,
  ): Promise<[number, Float64Array]> {
    const before = from === 0 ? 0 : 1;
    if (!["int", "uint", "float"].includes(index.dtype.kind)) {
      throw this.#fault(`its index holds values of kind ${index.dtype.kind}, expected numbers`);
    }
    const { data } = await readRows(index, { from: from - before, to }, options);
    const all = Float64Array.from(data as ArrayLike<number | bigint>, Number);
    const first = before === 0 ? 0 : all[0]!;
    for (let i = 0; i < all.length; i++) {
      if (all[i]! >= (all[i - 1] ?? 0) && all[i]! <= targetLength && Number.isInteger(all[i])) continue;
      const row = from - before + i;
      throw this.#fault(
        all[i]! > targetLength
          ? `row ${row} ends at ${all[i]}, and there are ${targetLength} values`
          : Number.isInteger(all[i])
          ? `row ${row} ends at ${all[i]}, before it begins at ${all[i - 1] ?? 0}`
          : `row ${row} ends at ${all[i]}, expected a whole number`,
      );
    }
    const end = all.at(-1) ?? 0;
    if (to === rowCount(index) && end < targetLength) {
      this.#warn(
        `Its column ${JSON.stringify(this.name)} has ${targetLength} values, and its last row ends at ${end}: ` +
          "those behind it belong to none",
      );
    }
    return [first, all.subarray(before)];
  }

  #rows({ from = 0, to = this.length }: ColumnReadOptions): [number, number] {
    if (Number.isSafeInteger(from) && Number.isSafeInteger(to) && 0 <= from && from <= to && to <= this.length) {
      return [from, to];
    }
    throw new SelectionError(`Cannot read rows ${from} to ${to} of ${this.#label}: it has ${this.length}`);
  }

  get #label(): string {
    return `column ${JSON.stringify(this.name)} of table ${this.#table}`;
  }

  #fault(why: string): CorruptFileError {
    return new CorruptFileError(`Cannot read ${this.#label}: ${why}`, { object: `${this.#table}/${this.name}` });
  }
}

/** Rows `from` to `to` of what was read. */
function part(rows: NDArray | RaggedRow[], from: number, to: number): RaggedRow {
  if (Array.isArray(rows)) return rows.slice(from, to);
  return takeResolved(rows, [
    { kind: "range", start: from, step: 1, count: to - from, drop: false },
    ...rows.shape.slice(1).map((count) => ({ kind: "range", start: 0, step: 1, count, drop: false }) as const),
  ]);
}
