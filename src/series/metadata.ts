/**
 * Named columns of equal length that describe the intervals of a set, the columns of a frame or the members of a group.
 *
 * @module
 */

import { printsAsText } from "../source/inspect.ts";
import { countText, namesText, summary } from "../array/text/summary.ts";
import type { NumericData } from "../array/types.ts";
import { NotFoundError, ShapeError } from "../source/errors.ts";

/** One column: numbers in a typed array or a plain one, or anything else in a plain one. */
export type MetadataColumn = NumericData | readonly unknown[];

/** Columns by name. */
export type MetadataColumns = Readonly<Record<string, MetadataColumn>>;

/** What metadata can be given as. A value that isn't a list is taken for a column of one entry. */
export type MetadataInput = Metadata | Readonly<Record<string, MetadataColumn | string | number | boolean | bigint>>;

/**
 * Immutable named columns of equal length. Every change gives a new object.
 *
 * @example Usage
 * ```ts
 * import { Metadata } from "./metadata.ts";
 * import assert from "node:assert/strict";
 *
 * const metadata = new Metadata({ area: ["pfc", "hpc"], depth: [120, 80] });
 * assert.deepEqual(metadata.row(1), { area: "hpc", depth: 80 });
 * assert.deepEqual([...metadata.groupBy("area")], [["hpc", [1]], ["pfc", [0]]]);
 * ```
 */
export class Metadata {
  readonly #columns: ReadonlyMap<string, MetadataColumn>;
  /** Number of rows. */
  readonly length: number;

  /**
   * Makes metadata; the columns are copied.
   *
   * @param columns The columns
   * @param length Number of rows; by default as many as the first column has
   * @throws {ShapeError} If columns differ in length
   * @throws {TypeError} If a column isn't one
   */
  constructor(columns: MetadataInput = {}, length?: number) {
    printsAsText(Metadata.prototype);
    const given: [string, unknown][] = columns instanceof Metadata ? [...columns.#columns] : Object.entries(columns);
    let rows = length;
    const kept = new Map<string, MetadataColumn>();
    for (const [name, value] of given) {
      const column = columnOf(name, value, rows);
      rows ??= column.length;
      if (column.length !== rows) {
        throw new ShapeError(
          `Cannot add metadata ${JSON.stringify(name)}: input array length ${column.length} does not match ` +
            `metadata length ${rows}`,
        );
      }
      kept.set(name, column);
    }
    this.#columns = kept;
    this.length = rows ?? (columns instanceof Metadata ? columns.length : 0);
  }

  /** What it is, in one line. */
  toString(): string {
    return summary("Metadata", undefined, countText(this.length, "row"), namesText(this.keys(), "column"));
  }

  /** Names of the columns, in order. */
  keys(): string[] {
    return [...this.#columns.keys()];
  }

  /** The names with the columns, one by one. */
  [Symbol.iterator](): IterableIterator<[string, MetadataColumn]> {
    return this.#columns.entries();
  }

  /** Whether there is a column of that name. */
  has(name: string): boolean {
    return this.#columns.has(name);
  }

  /**
   * One column. It is shared, and not to be written to.
   *
   * @throws {NotFoundError} If there is none of that name
   */
  get(name: string): MetadataColumn {
    const column = this.#columns.get(name);
    if (column === undefined) {
      throw new NotFoundError(
        `Cannot get metadata ${JSON.stringify(name)}: metadata columns are ${JSON.stringify(this.keys())}`,
      );
    }
    return column;
  }

  /** One row as a record. */
  row(index: number): Record<string, unknown> {
    if (!Number.isInteger(index) || index < 0 || index >= this.length) {
      throw new RangeError(`Cannot get metadata row ${index}: there are ${this.length}`);
    }
    return Object.fromEntries([...this.#columns].map(([name, column]) => [name, column[index]]));
  }

  /** The rows as records, one by one. */
  *rows(): Generator<Record<string, unknown>, void> {
    for (let i = 0; i < this.length; i++) yield this.row(i);
  }

  /** All columns as a record; they are shared, and not to be written to. */
  toRecord(): Record<string, MetadataColumn> {
    return Object.fromEntries(this.#columns);
  }

  /**
   * With more columns; those of a name that there is already are replaced.
   *
   * @throws {ShapeError} If one has another length
   */
  set(columns: MetadataInput): Metadata {
    const more = columns instanceof Metadata ? columns.toRecord() : columns;
    return new Metadata({ ...this.toRecord(), ...more }, this.length);
  }

  /** Without some columns. @throws {NotFoundError} If there is none of a name. */
  drop(names: string | readonly string[]): Metadata {
    const out = new Set(this.#checked(names));
    return this.#only(this.keys().filter((name) => !out.has(name)));
  }

  /** With some columns alone, in their old order. @throws {NotFoundError} If there is none of a name. */
  pick(names: string | readonly string[]): Metadata {
    const kept = new Set(this.#checked(names));
    return this.#only(this.keys().filter((name) => kept.has(name)));
  }

  /** Some rows, in the order given. */
  take(indices: ArrayLike<number>): Metadata {
    return new Metadata(
      Object.fromEntries([...this.#columns].map(([name, column]) => [name, takeColumn(column, indices)])),
      indices.length,
    );
  }

  /** The rows of this and of another, one after the other; columns that one of them lacks are left out. */
  concat(other: Metadata): Metadata {
    const shared = this.keys().filter((name) => other.has(name));
    const columns = shared.map((name) => [name, concatColumns(this.get(name), other.get(name))] as const);
    return new Metadata(Object.fromEntries(columns), this.length + other.length);
  }

  /**
   * Which rows have which value.
   *
   * @param by A column, or several
   * @returns Rows by value, ascending by value; for several columns the key is the list of their values
   * @throws {NotFoundError} If there is no such column
   */
  groupBy(by: string): Map<unknown, number[]>;
  /** Which rows have which values of several columns. */
  groupBy(by: readonly string[]): Map<unknown[], number[]>;
  /** Which rows have which value of a column, or of several. */
  groupBy(by: string | readonly string[]): Map<unknown, number[]>;
  groupBy(by: string | readonly string[]): Map<unknown, number[]> {
    const names = this.#checked(by);
    const columns = names.map((name) => this.get(name));
    const groups = new Map<string, { values: unknown[]; rows: number[] }>();
    for (let row = 0; row < this.length; row++) {
      const values = columns.map((column) => column[row]);
      const id = values.map((value) => `${typeof value}:${String(value)}`).join("\0");
      const group = groups.get(id);
      if (group === undefined) groups.set(id, { values, rows: [row] });
      else group.rows.push(row);
    }
    const sorted = [...groups.values()].sort((a, b) => compareLists(a.values, b.values));
    return new Map(sorted.map(({ values, rows }) => [typeof by === "string" ? values[0] : values, rows]));
  }

  #checked(names: string | readonly string[]): readonly string[] {
    const list = typeof names === "string" ? [names] : names;
    if (!Array.isArray(list) || list.some((name) => typeof name !== "string")) {
      throw new TypeError(`Cannot find metadata by ${String(names)}: expected a name or a list of names`);
    }
    const missing = list.filter((name) => !this.has(name));
    if (missing.length > 0) {
      throw new NotFoundError(
        `Cannot find metadata ${JSON.stringify(missing)}: metadata columns are ${JSON.stringify(this.keys())}`,
      );
    }
    return list;
  }

  #only(names: readonly string[]): Metadata {
    return new Metadata(Object.fromEntries(names.map((name) => [name, this.get(name)])), this.length);
  }
}

/** Some entries of a column, in the order given. */
export function takeColumn(column: MetadataColumn, indices: ArrayLike<number>): MetadataColumn {
  if (Array.isArray(column)) return Array.from(indices, (i) => column[i]);
  const taken = new (column.constructor as new (length: number) => NumericData)(indices.length);
  for (let i = 0; i < indices.length; i++) taken[i] = (column as NumericData)[indices[i]!]!;
  return taken;
}

/** A column as numbers. @throws {TypeError} If an entry isn't a number. */
export function numericColumn(name: string, column: MetadataColumn): Float64Array {
  return Float64Array.from({ length: column.length }, (_, i) => {
    const value = column[i];
    if (typeof value === "number" || typeof value === "bigint" || typeof value === "boolean") return Number(value);
    throw new TypeError(`Cannot compare metadata ${JSON.stringify(name)} with numbers: entry ${i} is ${typeof value}`);
  });
}

function columnOf(name: string, value: unknown, rows: number | undefined): MetadataColumn {
  if (Array.isArray(value)) return rows === 1 && value.length !== 1 ? [value] : value.slice();
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) {
    const typed = value as NumericData;
    return rows === 1 && typed.length !== 1 ? [typed.slice()] : typed.slice();
  }
  if ((rows ?? 1) === 1 && ["string", "number", "boolean", "bigint"].includes(typeof value)) return [value];
  throw new TypeError(
    `Cannot set the metadata ${JSON.stringify(name)}: expected a list with one entry per row, not ${typeof value}`,
  );
}

function concatColumns(a: MetadataColumn, b: MetadataColumn): MetadataColumn {
  if (Array.isArray(a) || Array.isArray(b) || a.constructor !== b.constructor) return [...a, ...b];
  const joined = new (a.constructor as new (length: number) => NumericData)(a.length + b.length);
  (joined as Float64Array).set(a as Float64Array);
  (joined as Float64Array).set(b as Float64Array, a.length);
  return joined;
}

function compareLists(a: readonly unknown[], b: readonly unknown[]): number {
  for (let i = 0; i < a.length; i++) {
    const order = compare(a[i], b[i]);
    if (order !== 0) return order;
  }
  return 0;
}

// Numbers as numbers, all else as text by code points, as NumPy's `unique` orders them.
function compare(a: unknown, b: unknown): number {
  const isNumber = (value: unknown) => typeof value === "number" || typeof value === "bigint";
  const [x, y] = isNumber(a) && isNumber(b) ? [a as number, b as number] : [String(a), String(b)];
  return x < y ? -1 : x > y ? 1 : 0;
}
