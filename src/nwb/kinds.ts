/**
 * As what series an object of a file is read.
 *
 * @module
 */

import type { Dataset } from "../hdf5/dataset.ts";
import type { SeriesKind } from "../series/npz/kind.ts";
import type { TypedObject } from "./catalog.ts";
import type { TableLayout } from "./tables/table_layout.ts";
import type { TypeTree } from "./types.ts";

/**
 * Tells as what an object is read, by pynapple's rules: a table with a ragged column of times is a group of units,
 * `TimeIntervals` are intervals, a table with a column of times is times, annotations are times, any other time series
 * is one by the number of its axes. Types that descend from these count as they do.
 *
 * @param object A typed object
 * @param types What descends from what
 * @param layout Of a table what its columns are
 * @returns The kind; `null` for what is no series; `"unknown"` for a time series whose data can't be opened
 */
export function seriesKind(object: TypedObject, types: TypeTree, layout?: TableLayout): SeriesKind | "unknown" | null {
  const line = descent(object, types);
  if (line.has("DynamicTable")) {
    const columns = layout?.columns.filter(({ name }) => name.endsWith("_times")) ?? [];
    if (columns.some(({ indices }) => indices.length > 0)) return "TsGroup";
    if (line.has("TimeIntervals")) return "IntervalSet";
    return columns.length > 0 ? "Ts" : null;
  }
  if (line.has("EpochsBefore2")) return "IntervalSet";
  if (line.has("UnitTimesBefore2")) return "TsGroup";
  if (!line.has("TimeSeries")) return null;
  if (line.has("AnnotationSeries")) return "Ts";
  const data = object.members.get("data")?.object;
  // Pictures that lie in files of their own have no data here.
  if (data === undefined && object.members.has("external_file")) return "TsdTensor";
  const rank = data?.kind === "dataset" ? (data as Dataset).shape.length : 0;
  return rank === 1 ? "Tsd" : rank === 2 ? "TsdFrame" : rank >= 3 ? "TsdTensor" : "unknown";
}

/** A type and all that it descends from. */
export function descent(object: TypedObject, types: TypeTree): Set<string> {
  return new Set([...object.ancestry, ...types.ancestry(object.type)]);
}
