/**
 * Tables as `TsGroup`, `IntervalSet` and `Ts`.
 *
 * @module
 */

import { elements, isNDArray } from "../../array/ndarray.ts";
import { Group } from "../../hdf5/group.ts";
import { Reference } from "../../hdf5/reference.ts";
import { IntervalSet } from "../../series/intervals/interval_set.ts";
import { indexTimes } from "../../series/time_index.ts";
import { Ts } from "../../series/ts.ts";
import { TsGroup } from "../../series/ts_group.ts";
import { FormatError } from "../../source/errors.ts";
import { type BuildContext, warnsOf } from "../series/build_series.ts";
import type { TypedObject } from "../catalog.ts";
import type { NwbColumn, RaggedRow } from "./column.ts";
import { plainColumns, readRegion } from "../region.ts";
import type { NwbTable } from "./table.ts";
import { fault, type NwbReadOptions } from "../series/read_members.ts";
import { attribute, single, textOf } from "../values.ts";

/** What electrode groups say of the units that were recorded with them. */
const ELECTRODE_FIELDS = ["location", "x", "y", "z", "imp", "filtering", "rel_x", "rel_y", "rel_z", "reference"];

/**
 * Units as a group: the times of each, and what the table says of them.
 *
 * All times of all units are read at once, since they lie in one dataset.
 *
 * @param object The table
 * @param context The file
 * @param options Abort signal
 */
export async function buildGroup(
  object: TypedObject,
  context: BuildContext,
  options: NwbReadOptions,
): Promise<TsGroup> {
  const table = await context.table(object.group, options);
  const ragged = [...table.columns.values()].filter(({ name, depth }) => name.endsWith("_times") && depth === 1);
  const column = ragged.find(({ name }) => name === "spike_times") ?? ragged[0];
  if (column === undefined) throw fault(object, "it has no ragged column of times");
  checkNumbers(object, column, table);
  const [ids, { values, ends }, metadata] = await Promise.all([
    table.ids(options),
    column.readFlat(options),
    unitMetadata(object, table, column.name, context, options),
  ]);
  const times = asNumbers(values.data as ArrayLike<number | bigint>);
  const members = new Map<number, Ts>();
  ids.forEach((id, i) => {
    if (members.has(id)) throw fault(object, `two of its rows have the id ${id}`);
    const { index } = indexTimes(times.subarray(i === 0 ? 0 : ends![i - 1]!, ends![i]!), {
      onWarning: (message) => context.warn(object, `Unit ${id}: ${message}`),
    });
    members.set(id, new Ts(index));
  });
  if ("rate" in metadata) {
    delete metadata.rate;
    context.warn(object, "Its column rate is left out: a group computes the rate of its members");
  }
  // A group of units that never fired has no time of its own.
  const isEmpty = times.length === 0;
  return new TsGroup(members, { metadata, ...(isEmpty ? { timeSupport: new IntervalSet([], []) } : {}) });
}

/**
 * Intervals, and what the table says of each.
 *
 * @param object The table
 * @param context The file
 * @param options Abort signal
 */
export async function buildIntervals(
  object: TypedObject,
  context: BuildContext,
  options: NwbReadOptions,
): Promise<IntervalSet> {
  const table = await context.table(object.group, options);
  const edges = ["start_time", "stop_time"].map((name) => {
    const column = table.columns.get(name);
    if (column === undefined) throw fault(object, `it has no column ${name}`);
    checkNumbers(object, column, table);
    return column.data.read(null, options);
  });
  const [start, end, plain, lists] = await Promise.all([
    edges[0]!,
    edges[1]!,
    plainColumns(table, options, ["start_time", "stop_time"]),
    readLists(object, table, context, options),
  ]);
  const byName = new Map<string, readonly unknown[]>([...plain, ...lists]);
  // Names that intervals have themselves.
  for (const name of ["start", "end"]) byName.delete(name);
  const metadata = Object.fromEntries(
    [...table.columns.keys()].flatMap((name) => byName.has(name) ? [[name, byName.get(name)!]] : []),
  );
  return new IntervalSet(
    asNumbers(start.data as ArrayLike<number | bigint>),
    asNumbers(end.data as ArrayLike<number | bigint>),
    { metadata, ...warnsOf(object, context) },
  );
}

// Columns of lists. Those that can't be read are left out: the intervals may still be sound.
async function readLists(
  object: TypedObject,
  table: NwbTable,
  context: BuildContext,
  options: NwbReadOptions,
): Promise<(readonly [string, unknown[]])[]> {
  const columns = [...table.columns.values()].filter((column) => isList(column) && column.length === table.length);
  const lists = await Promise.all(columns.map(async (column) => {
    try {
      const rows = await column.read(options) as RaggedRow[];
      return [[column.name, rows.map((row) => Array.isArray(row) ? row : [...elements(row)])] as const];
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      context.warn(object, `Its column ${column.name} is left out: ${error.message}`);
      return [];
    }
  }));
  return lists.flat();
}

/**
 * The columns of times of a table that aren't ragged: one series, or several by the columns' names.
 *
 * @param object The table
 * @param context The file
 * @param options Abort signal
 */
export async function buildTimes(
  object: TypedObject,
  context: BuildContext,
  options: NwbReadOptions,
): Promise<Ts | Map<string, Ts>> {
  const table = await context.table(object.group, options);
  const columns = [...table.columns.values()].filter(({ name, depth }) => name.endsWith("_times") && depth === 0);
  const series = await Promise.all(columns.map(async (column): Promise<[string, Ts]> => {
    checkNumbers(object, column, table);
    const { data } = await column.data.read(null, options);
    return [column.name, new Ts(asNumbers(data as ArrayLike<number | bigint>), warnsOf(object, context))];
  }));
  return series.length === 1 ? series[0]![1] : new Map(series);
}

async function unitMetadata(
  object: TypedObject,
  table: NwbTable,
  timesColumn: string,
  context: BuildContext,
  options: NwbReadOptions,
): Promise<Record<string, readonly unknown[]>> {
  const plain = new Map(await plainColumns(table, options, [timesColumn]));
  const metadata: Record<string, readonly unknown[]> = {};
  for (const column of table.columns.values()) {
    try {
      const found: [string, readonly unknown[]][] = plain.has(column.name)
        ? [[column.name, plain.get(column.name)!]]
        : await expanded(column, table, context, options);
      for (const [name, values] of found) if (!Object.hasOwn(metadata, name)) metadata[name] = values;
    } catch (error) {
      // What is said of units may be broken, and their times still be sound.
      options.signal?.throwIfAborted();
      context.warn(object, `Its column ${column.name} is left out: ${(error as Error).message}`);
    }
  }
  return metadata;
}

/** What the objects say that a column refers to: one per row. */
async function expanded(
  column: NwbColumn,
  table: NwbTable,
  context: BuildContext,
  options: NwbReadOptions,
): Promise<[string, readonly unknown[]][]> {
  if (column.depth > 0 || column.data.shape.length !== 1 || column.length !== table.length) return [];
  if (column.isRegion) {
    return Object.entries((await readRegion(column.data, context, options)).columns);
  }
  if (column.data.dtype.kind !== "reference") return [];
  const references = [...elements(await column.data.read(null, options))] as Reference[];
  const known = new Map<string, Promise<Record<string, unknown> | null>>();
  const groups = await Promise.all(references.map((reference) => {
    if (!(reference instanceof Reference)) throw fault(column.data, "it holds something else than references");
    const key = reference.bytes.join();
    if (!known.has(key)) known.set(key, fieldsOf(reference, context, options));
    return known.get(key)!;
  }));
  // What refers to something else says nothing of where units were recorded, whatever the column is called.
  if (groups.some((group) => group === null)) return [];
  return ELECTRODE_FIELDS.filter((name) => groups.every((group) => group![name] !== undefined))
    .map((name) => [name, groups.map((group) => group![name])]);
}

// What an electrode group says of itself; `null` for what is none.
async function fieldsOf(
  reference: Reference,
  context: BuildContext,
  options: NwbReadOptions,
): Promise<Record<string, unknown> | null> {
  const group = await context.dereference(reference, options);
  if (!(group instanceof Group)) return null;
  const [attributes, members] = await Promise.all([group.attributes.all(options), group.members(options)]);
  if (!context.isA(textOf(attributes, "neurodata_type").trim(), "ElectrodeGroup")) return null;
  const fields = await Promise.all(ELECTRODE_FIELDS.map(async (name): Promise<[string, unknown]> => {
    const object = members.find((member) => member.name === name)?.object;
    if (object?.kind !== "dataset") return [name, attribute(attributes, name)];
    return [name, single(await object.read(null, options))];
  }));
  return Object.fromEntries(fields.filter(([, value]) => !isNDArray(value)));
}

function isList({ depth, data }: NwbColumn): boolean {
  return depth === 1 && data.shape.length === 1 && ["int", "uint", "float", "bool", "string"].includes(data.dtype.kind);
}

function checkNumbers(object: TypedObject, { name, data, length }: NwbColumn, table: NwbTable): void {
  if (length !== table.length) {
    throw fault(object, `its column ${JSON.stringify(name)} has ${length} rows, and the table ${table.length}`);
  }
  // What has no rows may be of any type.
  if (data.size === 0 || (["int", "uint", "float"].includes(data.dtype.kind) && data.shape.length <= 1)) return;
  throw fault(object, `its column ${name} holds no numbers`);
}

function asNumbers(data: ArrayLike<number | bigint>): Float64Array {
  return data instanceof Float64Array ? data : Float64Array.from(data, Number);
}
