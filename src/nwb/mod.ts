/**
 * NWB files, lazily, under pynapple's keys.
 *
 * @module
 */
export { NWBFile, type NwbOptions, type NwbSeries, type NwbValue, type NwbView } from "./nwb_file.ts";
export { loadFile } from "./load_file.ts";
export type { TypedObject } from "./catalog.ts";
export type { NwbEntry } from "./listing.ts";
export type { NwbObject } from "./object.ts";
export { type ColumnReadOptions, NwbColumn, type RaggedRow } from "./tables/column.ts";
export { NwbTable, type TableOptions, type TableRow } from "./tables/table.ts";
export type { NwbReadOptions } from "./series/read_members.ts";
export { NwbTimeSeries } from "./series/time_series.ts";
