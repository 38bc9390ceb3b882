/**
 * `deno run -A examples/nwb_to_data.ts [file.nwb] [session.h5]`: an NWB file as a session of torch_brain.
 *
 * Values stay in the NWB file until they are asked for: slices of the session read their part of it, and saving copies it
 * block by block. What is read at once is small, but for the spikes, which an NWB file has by unit and a session by time.
 *
 * @module
 */

import { ArrayDict, type Arrays, Interval, IrregularTimeSeries, RegularTimeSeries } from "../src/temporal/mod.ts";
import { Data, type LazyArray, NWBFile } from "../mod.ts";
import { NwbTable, NwbTimeSeries } from "../src/nwb/mod.ts";

/**
 * Makes a session of an NWB file.
 *
 * @param nwb The file, which must stay open as long as the session is read from it
 * @returns Time series, intervals, `units` and their `spikes`, by the file's own keys
 */
export async function nwbToData(nwb: NWBFile): Promise<Data> {
  const members: Record<string, unknown> = { session_id: nwb.name };
  for (const key of nwb.keys()) {
    const view = await nwb.at(key);
    const name = key.replaceAll("/", "_");
    if (view instanceof NwbTimeSeries) members[name] = await seriesOf(view);
    else if (view instanceof NwbTable && view.columns.has("spike_times")) {
      members[name] = new ArrayDict(await columnsOf(view, ["spike_times"]));
      members.spikes = await spikesOf(view);
    } else if (view instanceof NwbTable && view.columns.has("start_time")) {
      const { start_time: start, stop_time: end, ...others } = await columnsOf(view, []);
      // In memory, so that the session's domain is known.
      members[name] = await new Interval(start!, end!, others).materialize();
    }
  }
  return new Data(members, { domain: "auto" });
}

/** Values at a rate, or with a timestamp each. */
async function seriesOf(
  series: NwbTimeSeries,
): Promise<RegularTimeSeries<LazyArray> | IrregularTimeSeries<LazyArray>> {
  const { data, rate, startingTime, timestamps } = series;
  if (rate !== null) return new RegularTimeSeries({ data }, { samplingRate: rate, domainStart: startingTime ?? 0 });
  if (timestamps === null) throw new Error(`Cannot take ${series.path}: it has neither a rate nor timestamps`);
  // Of timestamps that stay in the file only the first and the last are read, for the domain.
  const ends = await timestamps.read([[0, timestamps.shape[0]! - 1]]);
  const [first, last] = ends.data as Float64Array;
  return new IrregularTimeSeries({ timestamps, data }, { domain: new Interval(first!, last!) });
}

/** All units' spikes, in order of time, each with the row of its unit. */
async function spikesOf(units: NwbTable): Promise<IrregularTimeSeries> {
  const { values, ends } = await units.columns.get("spike_times")!.readFlat();
  const unit_index = new BigInt64Array(values.shape[0]!);
  for (let row = 0, from = 0; row < units.length; from = ends![row]!, row++) {
    unit_index.fill(BigInt(row), from, ends![row]!);
  }
  return new IrregularTimeSeries({ timestamps: values, unit_index }).sort();
}

/** A table's columns, without those of lists and references. */
async function columnsOf(table: NwbTable, without: readonly string[]): Promise<Arrays> {
  const columns: Record<string, LazyArray | number[] | string[]> = { id: await table.ids() };
  for (const [name, { data, depth }] of table.columns) {
    if (depth > 0 || without.includes(name) || data.dtype.kind === "reference") continue;
    columns[name] = data.dtype.kind === "string" ? (await data.read()).data as string[] : data;
  }
  return columns;
}

if (import.meta.main) {
  const [path = "tests/data/session.nwb", target] = Deno.args;
  await using nwb = await NWBFile.open(path);
  const session = await nwbToData(nwb);
  console.log(String(session));
  console.log(String(session.slice(session.start! + 10, session.start! + 20)));
  if (target !== undefined) await session.save(target);
}
