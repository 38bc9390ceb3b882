/**
 * The units of a dataset of recordings with spikes.
 *
 * @module
 */

import { checkOptions, type OptionNames } from "../../source/options.ts";
import { elements } from "../../array/ndarray.ts";
import { totalLength } from "../../time/intervals.ts";
import { NotFoundError, WrongKindError } from "../../source/errors.ts";
import { ArrayDict } from "../columns/array_dict.ts";
import { checkUnits } from "../tools/bin_spikes.ts";
import type { Data } from "../data.ts";
import type { Recordings } from "./dataset.ts";
import { IrregularTimeSeries } from "../irregular.ts";

/** Options of reading the units of a dataset. */
export interface DatasetUnitsOptions {
  /** Aborts. */
  readonly signal?: AbortSignal | undefined;
}

/** Names of `DatasetUnitsOptions`. */
const DATASET_UNITS_OPTIONS: OptionNames<DatasetUnitsOptions> = { signal: true };

/** Units of all recordings, one row each. */
export interface FiringRates {
  /** Ids of the units, recording by recording. */
  readonly unitIds: readonly string[];
  /** Spikes per second of the recording's spike domain, in Hz; NaN where that has no length. */
  readonly firingRates: Float64Array;
}

/**
 * The ids of all units, `units.id`, of all recordings.
 *
 * @param dataset The recordings
 * @param options Abort signal
 * @returns The ids, sorted; one that several recordings have comes as often
 * @throws {NotFoundError} If a recording has no `units.id`
 */
export async function unitIdsOf(
  dataset: Recordings<unknown>,
  options: DatasetUnitsOptions = {},
): Promise<string[]> {
  checkOptions(options, DATASET_UNITS_OPTIONS, "unit ids of");
  const ids = dataset.recordingIds.map(async (recordingId) =>
    await unitIds(await dataset.getRecording(recordingId, options), recordingId, options)
  );
  return (await Promise.all(ids)).flat().sort();
}

/**
 * How often each unit of each recording fires: counts of `spikes.unit_index` by the length of the spikes' domain. One
 * recording after the other is read.
 *
 * @param dataset The recordings
 * @param options Abort signal
 * @throws {NotFoundError} If a recording has no `units.id`, or no `spikes.unit_index`
 * @throws {WrongKindError} If its spikes are no events, or its units no table
 * @throws {RangeError} If a spike is of a unit that there isn't
 * @throws {DTypeError} If `spikes.unit_index` isn't of integers
 *
 * @example
 * ```ts
 * import { averageFiringRates } from "./dataset_units.ts";
 * import { ArrayDict } from "../columns/array_dict.ts";
 * import { Data } from "../data.ts";
 * import { RecordingDataset } from "./dataset.ts";
 * import { Interval } from "../intervals/interval.ts";
 * import { IrregularTimeSeries } from "../irregular.ts";
 * import assert from "node:assert/strict";
 *
 * const spikes = new IrregularTimeSeries(
 *   { timestamps: [0.5, 1, 1.5], unit_index: Int32Array.of(0, 1, 0) },
 *   { domain: new Interval(0, 4) },
 * );
 * const session = new Data({ spikes, units: new ArrayDict({ id: ["a", "b"] }) }, { domain: "auto" });
 * await using dataset = await RecordingDataset.open({ session: await session.toBytes() });
 * const { unitIds, firingRates } = await averageFiringRates(dataset);
 * assert.deepEqual(unitIds, ["a", "b"]);
 * assert.deepEqual(firingRates, Float64Array.of(0.5, 0.25));
 * ```
 */
export async function averageFiringRates(
  dataset: Recordings<unknown>,
  options: DatasetUnitsOptions = {},
): Promise<FiringRates> {
  checkOptions(options, DATASET_UNITS_OPTIONS, "average firing rates");
  const ids: string[] = [];
  const rates: number[] = [];
  for (const recordingId of dataset.recordingIds) {
    const recording = await dataset.getRecording(recordingId, options);
    const units = await unitIds(recording, recordingId, options);
    const spikes = recording.has("spikes") ? recording.get("spikes") : null;
    if (!(spikes instanceof IrregularTimeSeries)) {
      throw new WrongKindError(`Cannot count spikes of ${JSON.stringify(recordingId)}: its spikes are no events`);
    }
    const counts = new Float64Array(units.length);
    for (const unit of checkUnits(await spikes.array("unit_index", options), units.length)) counts[Number(unit)]!++;
    const seconds = totalLength(await spikes.domain.intervals(options));
    for (const [unit, id] of units.entries()) {
      ids.push(id);
      rates.push(seconds > 0 ? counts[unit]! / seconds : NaN);
    }
  }
  return { unitIds: ids, firingRates: Float64Array.from(rates) };
}

async function unitIds(recording: Data, recordingId: string, options: DatasetUnitsOptions): Promise<string[]> {
  const what = `Cannot get the units of ${JSON.stringify(recordingId)}`;
  if (!recording.has("units.id")) throw new NotFoundError(`${what}: it has no units.id`);
  const units = recording.get("units");
  if (!(units instanceof ArrayDict)) throw new WrongKindError(`${what}: its units are no table`);
  return Array.from(elements(await units.array("id", options)), String);
}
