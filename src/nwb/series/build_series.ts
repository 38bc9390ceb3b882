/**
 * Time series as `Ts`, `Tsd`, `TsdFrame` and `TsdTensor`.
 *
 * @module
 */

import { makeSeries } from "../../series/make_series.ts";
import { Ts } from "../../series/ts.ts";
import type { Tsd } from "../../series/tsd.ts";
import { TsdFrame, type TsdFrameOptions } from "../../series/tsd_frame.ts";
import type { TsdTensor } from "../../series/tsd_tensor.ts";
import { takeRows } from "../../series/values/values.ts";
import type { TypedObject } from "../catalog.ts";
import { readRegion, type RegionRows, type Resolver } from "../region.ts";
import { datasetOf, type NwbReadOptions, type ReadTimes, readTimestamps } from "./read_members.ts";
import { NwbTimeSeries } from "./time_series.ts";

/** What builders need of their file. */
export interface BuildContext extends Resolver {
  /** Whether values are wanted as they are stored, rather than in physical units. */
  readonly raw: boolean;
  /** Reads timestamps and brings them into order, each dataset's once. */
  readonly readTimes: ReadTimes;
  /** What a type descends from. */
  descent(object: TypedObject): ReadonlySet<string>;
  /** Whether a type is, or descends from, another. */
  isA(type: string, ancestor: string): boolean;
  /** Tells what was odd about an object. */
  warn(object: { readonly path: string }, message: string): void;
}

/** The times of annotations, whose text is left out. */
export async function buildTs(object: TypedObject, context: BuildContext, options: NwbReadOptions): Promise<Ts> {
  const { index } = await readTimestamps(object, context.readTimes, options);
  for (const warning of index.warnings) context.warn(object, warning);
  return new Ts(index);
}

/**
 * A time series with lazy values. Of its times those of a rate are computed where they are needed.
 *
 * @param object The time series
 * @param context The file
 * @param options Abort signal
 */
export async function buildValues(
  object: TypedObject,
  context: BuildContext,
  options: NwbReadOptions,
): Promise<Tsd | TsdFrame | TsdTensor> {
  const series = await NwbTimeSeries.open(object, context.readTimes, options);
  const values = context.raw ? series.raw : series.data;
  const columns = values.shape.length === 2 ? columnsOf(object, values.shape[1]!, context, options) : {};
  const [{ index, rows }, names] = await Promise.all([series.index(options), columns]);
  for (const warning of series.warnings) context.warn(object, warning);
  for (const warning of index.warnings) context.warn(object, warning);
  const taken = takeRows(values, rows);
  return values.shape.length === 2 ? new TsdFrame(index, taken, names) : makeSeries(index, taken);
}

/** Options by which a series tells its warnings to the file. */
export function warnsOf(
  object: { readonly path: string },
  context: BuildContext,
): { onWarning: (message: string) => void } {
  return { onWarning: (message) => context.warn(object, message) };
}

// Names of columns: axes of space, or the ids of electrodes or of regions of interest, with what their table says.
async function columnsOf(
  object: TypedObject,
  count: number,
  context: BuildContext,
  options: NwbReadOptions,
): Promise<TsdFrameOptions> {
  const line = context.descent(object);
  if (line.has("SpatialSeries")) {
    return count === 2 || count === 3 ? { columns: ["x", "y", "z"].slice(0, count) } : {};
  }
  const name = line.has("ElectricalSeries") ? "electrodes" : line.has("RoiResponseSeries") ? "rois" : null;
  if (name === null || !object.members.has(name)) return {};
  let region: RegionRows;
  try {
    const dataset = datasetOf(object, name)!;
    // Before NWB 2.0 electrodes were numbers and regions texts: they name nothing.
    if (!await dataset.attributes.has("table", options)) return {};
    region = await readRegion(dataset, context, options);
  } catch (error) {
    options.signal?.throwIfAborted();
    context.warn(object, `Its columns have numbers for names: ${(error as Error).message}`);
    return {};
  }
  const columns = region.ids.slice(0, count);
  if (columns.length < count || new Set(columns).size < count) {
    context.warn(object, `Its columns have numbers for names: its ${name} tell ${columns.length} of ${count} apart`);
    return {};
  }
  const taken = Object.entries(region.columns).map(([key, values]) => [key, values.slice(0, count)]);
  return { columns, metadata: Object.fromEntries(taken) };
}
