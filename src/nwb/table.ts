/**
 * Tables: HDMF's `DynamicTable` and what descends from it.
 *
 * @module
 */

import { elements } from "../array/ndarray.ts";
import type { NDArray } from "../array/types.ts";
import type { Dataset } from "../hdf5/dataset.ts";
import type { Group, Member } from "../hdf5/group.ts";
import { CorruptFileError, NotFoundError } from "../source/errors.ts";
import { textsOf } from "./catalog.ts";
import { NwbColumn, type RaggedRow } from "./column.ts";

/** Options of a table. */
export interface TableOptions {
  /** Aborts. */
  readonly signal?: AbortSignal | undefined;
}

/** A row: its id, and what each column has for it. */
export type TableRow = Readonly<Record<string, unknown>>;

/** Rows that are read at once while they are walked over. */
const BLOCK = 1024;

/** A table: columns of equal length, read where they are asked. */
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

  private constructor(
    path: string,
    description: string,
    columns: ReadonlyMap<string, NwbColumn>,
    ids: Dataset | undefined,
  ) {
    this.path = path;
    this.description = description;
    this.columns = columns;
    this.#ids = ids;
    this.length = ids?.shape[0] ?? columns.values().next().value?.length ?? 0;
  }

  /**
   * Opens a table. Reads no values.
   *
   * @param group Its group
   * @param options Abort signal
   * @param members What lies in the group, where that is known already
   * @throws {CorruptFileError} If a column is missing, or columns differ in length
   */
  static async open(
    group: Group,
    options: TableOptions = {},
    members?: ReadonlyMap<string, Member>,
  ): Promise<NwbTable> {
    const [attributes, inside] = await Promise.all([
      group.attributes.all(options),
      members ?? group.members(options).then((list) => new Map(list.map((member) => [member.name, member]))),
    ]);
    const names = textsOf(attributes.colnames);
    const columns = await Promise.all(
      names.map(async (name): Promise<NwbColumn> => {
        const data = datasetOf(inside, name, group.path);
        const indices: Dataset[] = [];
        for (let at = `${name}_index`; inside.get(at)?.object?.kind === "dataset"; at += "_index") {
          indices.unshift(datasetOf(inside, at, group.path));
        }
        const { neurodata_type, description } = await data.attributes.all(options);
        const [type, about] = [neurodata_type, description].map((value) => typeof value === "string" ? value : "");
        return new NwbColumn({ name, table: group.path, type: type!, description: about!, data, indices });
      }),
    );
    const ids = inside.get("id")?.object;
    const table = new NwbTable(
      group.path,
      typeof attributes.description === "string" ? attributes.description : "",
      new Map(columns.map((column) => [column.name, column])),
      ids?.kind === "dataset" ? ids as Dataset : undefined,
    );
    const uneven = columns.find(({ length }) => length !== table.length);
    if (uneven === undefined) return table;
    throw new CorruptFileError(
      `Cannot read table ${group.path}: its column ${JSON.stringify(uneven.name)} has ${uneven.length} rows, and the ` +
        `table ${table.length}`,
      { object: group.path },
    );
  }

  /**
   * Gives a column.
   *
   * @param name Its name
   * @throws {NotFoundError} If there is none of that name
   */
  column(name: string): NwbColumn {
    const column = this.columns.get(name);
    if (column !== undefined) return column;
    throw new NotFoundError(
      `Cannot find column ${JSON.stringify(name)} of table ${this.path}: it has ${[...this.columns.keys()].join(", ")}`,
      { object: this.path },
    );
  }

  /** Reads the rows' ids; their numbers where the table has no ids. */
  async ids(options: TableOptions = {}): Promise<number[]> {
    if (this.#ids === undefined) return Array.from({ length: this.length }, (_, i) => i);
    const { data } = await this.#ids.read(null, options);
    return Array.from(data as ArrayLike<number | bigint>, Number);
  }

  /**
   * Walks over rows, reading some thousand at once.
   *
   * @param options Which rows
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

function datasetOf(members: ReadonlyMap<string, Member>, name: string, table: string): Dataset {
  const member = members.get(name);
  if (member?.object?.kind === "dataset") return member.object as Dataset;
  const why = member === undefined
    ? "there is none of that name"
    : member.error === undefined
    ? `it is a ${member.object?.kind}`
    : "it can't be opened";
  throw new CorruptFileError(`Cannot read column ${JSON.stringify(name)} of table ${table}: ${why}`, {
    object: table,
    cause: member?.error,
  });
}
