/**
 * Rows of other tables that a column names: `DynamicTableRegion`.
 *
 * @module
 */

import { elements } from "../array/ndarray.ts";
import type { Dataset } from "../hdf5/dataset.ts";
import { Group } from "../hdf5/group.ts";
import type { Reference } from "../hdf5/reference.ts";
import { CorruptFileError } from "../source/errors.ts";
import type { NwbTable } from "./tables/table.ts";
import type { NwbReadOptions } from "./series/read_members.ts";
import { attribute, toReference } from "./values.ts";

/** Opens what a reference leads to, and tables, each once. */
export interface Resolver {
  /** The object that a reference leads to. */
  dereference(reference: Reference, options: NwbReadOptions): Promise<unknown>;
  /** The table that a group holds. */
  table(group: Group, options: NwbReadOptions): Promise<NwbTable>;
}

/** Rows of a table, by what they have in each of its plain columns. */
export interface RegionRows {
  /** The rows' ids. */
  readonly ids: number[];
  /** Columns of numbers, text and truth values, by name: an entry per row of the region. */
  readonly columns: Record<string, unknown[]>;
}

/**
 * Reads the rows of another table that a dataset names.
 *
 * @param region The dataset: numbers of rows, and an attribute that refers to the table
 * @param resolver Follows references
 * @param options Abort signal
 * @throws {CorruptFileError} If it refers to no table, or to rows that the table hasn't
 */
export async function readRegion(region: Dataset, resolver: Resolver, options: NwbReadOptions): Promise<RegionRows> {
  const [attributes, { data }] = await Promise.all([region.attributes.all(options), region.read(null, options)]);
  const reference = toReference(attribute(attributes, "table"));
  if (reference === undefined) throw fault(region, "it has no attribute table that refers to one");
  const target = await resolver.dereference(reference, options);
  if (!(target instanceof Group)) throw fault(region, "its attribute table doesn't refer to a table");
  const table = await resolver.table(target, options);
  const rows = Array.from(data as ArrayLike<number | bigint>, Number);
  const wrong = rows.find((row) => !(row >= 0 && row < table.length));
  if (wrong !== undefined) throw fault(region, `it names row ${wrong} of ${table.path}, which has ${table.length}`);
  const [ids, columns] = await Promise.all([table.ids(options), plainColumns(table, options)]);
  return {
    ids: rows.map((row) => ids[row]!),
    columns: Object.fromEntries(columns.map(([name, values]) => [name, rows.map((row) => values[row])])),
  };
}

/**
 * The columns of a table that have a number, a text or a truth value in each row.
 *
 * @param table The table
 * @param options Abort signal
 * @param skipped Names of columns that aren't wanted
 */
export async function plainColumns(
  table: NwbTable,
  options: NwbReadOptions,
  skipped: readonly string[] = [],
): Promise<[name: string, values: unknown[]][]> {
  const plain = [...table.columns.values()].filter(({ name, isRegion, depth, data, length }) =>
    depth === 0 && data.shape.length <= 1 && length === table.length && !skipped.includes(name) && !isRegion &&
    ["int", "uint", "float", "bool", "string", "enum"].includes(data.dtype.kind)
  );
  return await Promise.all(plain.map(async (column): Promise<[string, unknown[]]> => {
    const values = [...elements(await column.data.read(null, options))];
    return [column.name, values.map((value) => typeof value === "bigint" ? Number(value) : value)];
  }));
}

function fault(region: Dataset, why: string): CorruptFileError {
  return new CorruptFileError(`Cannot read ${region.path}: ${why}`, { object: region.path });
}
