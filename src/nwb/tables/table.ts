/**
 * Tables: HDMF's `DynamicTable` and what descends from it.
 *
 * @module
 */

import { printsAsText } from "../../source/inspect.ts";
import { countText, namesText, summary } from "../../array/text/summary.ts";
import { checkOptions, type OptionNames } from "../../source/options.ts";
import { elements } from "../../array/ndarray.ts";
import type { NDArray } from "../../array/types.ts";
import type { Dataset } from "../../hdf5/dataset.ts";
import type { Group, Member } from "../../hdf5/group.ts";
import { CorruptFileError, NotFoundError } from "../../source/errors.ts";
import { NwbColumn, type RaggedRow } from "./column.ts";
import { readLayout, type TableLayout } from "./table_layout.ts";
import { type Attributes, readRows, rowCount, textOf } from "../values.ts";

/** Options of a table. */
export interface TableOptions {
  /** Aborts. */
  readonly signal?: AbortSignal | undefined;
}

/** Names of `TableOptions`. */
export const TABLE_OPTIONS: OptionNames<TableOptions> = { signal: true };

/** A row: its id, and what each column has for it. */
export type TableRow = Readonly<Record<string, unknown>>;

/** Rows that are read at once while they are walked over. */
const BLOCK = 1024;

/** What is known of a table before it is opened. */
export interface KnownTable {
  /** Its attributes. */
  readonly attributes: Attributes;
  /** What lies in its group. */
  readonly members: ReadonlyMap<string, Member>;
  /** Its columns. */
  readonly layout: TableLayout;
  /** Told of what is odd, also later, when rows are read. */
  readonly warn: (message: string) => void;
}

/**
 * A table: columns of equal length, read where they are asked.
 *
 * What is a column follows from the table's `colnames`, where a ragged column's rows end from the `VectorIndex` that refers
 * to it. A table that is odd opens all the same: columns that are missing are left out, columns of another length than
 * the table keep theirs, and {@linkcode NwbTable.warnings} tell.
 */
export class NwbTable {
  /** Path in the file. */
  readonly path: string;
  /** What the file says of it. */
  readonly description: string;
  /** The columns, in the table's order; those of ragged indices aren't columns of their own. */
  readonly columns: ReadonlyMap<string, NwbColumn>;
  /** Number of rows. */
  readonly length: number;
  readonly #ids: Dataset | undefined;
  readonly #missing: ReadonlyMap<string, string>;
  readonly #warnings: string[];
  readonly #tell: ((message: string) => void) | undefined;

  private constructor(
    path: string,
    { attributes, members, layout, warn }: Omit<KnownTable, "warn"> & Partial<KnownTable>,
  ) {
    printsAsText(NwbTable.prototype);
    this.path = path;
    this.description = textOf(attributes, "description");
    this.#tell = warn;
    this.#warnings = [...layout.warnings];
    this.#missing = layout.missing;
    const ids = members.get("id")?.object;
    this.#ids = ids?.kind === "dataset" ? ids as Dataset : undefined;
    const told = (message: string) => this.#warn(message);
    const columns = layout.columns.map((column) => new NwbColumn({ ...column, table: path, warn: told }));
    this.columns = new Map(columns.map((column) => [column.name, column]));
    this.length = this.#ids === undefined ? columns[0]?.length ?? 0 : rowCount(this.#ids);
    for (const { name, length } of columns) {
      if (length === this.length) continue;
      this.#warn(`Its column ${JSON.stringify(name)} has ${length} rows, and the table ${this.length}`);
    }
    for (const warning of layout.warnings) warn?.(warning);
  }

  /** What it is, in one line. */
  toString(): string {
    return summary("NwbTable", this.path, countText(this.length, "row"), namesText([...this.columns.keys()], "column"));
  }

  /**
   * Opens a table. Reads no values.
   *
   * @param group Its group
   * @param options Abort signal
   * @param known What is known of it already
   */
  static async open(group: Group, options: TableOptions = {}, known?: KnownTable): Promise<NwbTable> {
    if (known !== undefined) return new NwbTable(group.path, known);
    const [attributes, list] = await Promise.all([group.attributes.all(options), group.members(options)]);
    const members = new Map(list.map((member) => [member.name, member]));
    return new NwbTable(group.path, { attributes, members, layout: await readLayout(attributes, members, options) });
  }

  /** What is odd, and how it was taken. More may come as rows are read. */
  get warnings(): readonly string[] {
    return this.#warnings;
  }

  #warn(message: string): void {
    if (this.#warnings.includes(message)) return;
    this.#warnings.push(message);
    this.#tell?.(message);
  }

  /**
   * Gives a column.
   *
   * @param name Its name
   * @throws {NotFoundError} If there is none of that name
   * @throws {CorruptFileError} If the table names it, and it can't be opened
   */
  column(name: string): NwbColumn {
    const column = this.columns.get(name);
    if (column !== undefined) return column;
    const why = this.#missing.get(name);
    if (why !== undefined) {
      throw new CorruptFileError(`Cannot read column ${JSON.stringify(name)} of table ${this.path}: ${why}`, {
        object: this.path,
      });
    }
    throw new NotFoundError(
      `Cannot find column ${JSON.stringify(name)} of table ${this.path}: it has ${[...this.columns.keys()].join(", ")}`,
      { object: this.path },
    );
  }

  /** Reads the rows' ids; their numbers where the table has no ids. */
  async ids(options: TableOptions = {}): Promise<number[]> {
    checkOptions(options, TABLE_OPTIONS, "read ids");
    if (this.#ids === undefined) return Array.from({ length: this.length }, (_, i) => i);
    const { data } = await readRows(this.#ids, { from: 0, to: this.length }, options);
    return Array.from(data as ArrayLike<number | bigint>, Number);
  }

  /**
   * Walks over rows, reading some thousand at once.
   *
   * @param options Which rows
   * @throws {SelectionError} If a column has fewer rows than the table
   */
  async *rows(options: TableOptions & { readonly from?: number; readonly to?: number } = {}): AsyncGenerator<TableRow> {
    const { from = 0, to = this.length, signal } = options;
    const ids = await this.ids(options);
    for (let start = from; start < to; start += BLOCK) {
      const stop = Math.min(start + BLOCK, to);
      const values = await Promise.all(
        [...this.columns.values()].map(async (column) => rowsOf(await column.read({ from: start, to: stop, signal }))),
      );
      const names = [...this.columns.keys()];
      for (let row = start; row < stop; row++) {
        yield Object.fromEntries([["id", ids[row]], ...names.map((name, i) => [name, values[i]![row - start]])]);
      }
    }
  }

  /** Walks over all rows. */
  [Symbol.asyncIterator](): AsyncGenerator<TableRow> {
    return this.rows();
  }
}

/** What each row has: a value, or an array where a row is one. */
function rowsOf(values: NDArray | RaggedRow[]): unknown[] {
  if (Array.isArray(values)) return values;
  if (values.shape.length === 1) return [...elements(values)];
  const stride = values.stride[0]!;
  return Array.from({ length: values.shape[0]! }, (_, row) => ({
    data: values.data.slice(row * stride, (row + 1) * stride),
    shape: values.shape.slice(1),
    stride: values.stride.slice(1),
    dtype: values.dtype,
  }));
}
