/**
 * Entries of NWB files: finding them, and what their values are.
 *
 * @module
 */

import type { H5File } from "../hdf5/file.ts";
import type { NWBFile, NwbSeries, NwbValue } from "../nwb/nwb_file.ts";
import { NwbTimeSeries } from "../nwb/series/time_series.ts";
import { IntervalSet } from "../series/intervals/interval_set.ts";
import { Ts } from "../series/ts.ts";
import { TsGroup } from "../series/ts_group.ts";
import { ValueSeries } from "../series/value_series.ts";
import { NotFoundError, UnsupportedError } from "../source/errors.ts";
import type { SeriesEntry } from "./window.ts";

/** An entry, and what its values are. */
export interface OpenEntry {
  /** The entry; values stay in the file. */
  readonly entry: SeriesEntry;
  /** Unit of the values; `null` where they have none, or it isn't known. */
  readonly unit: string | null;
}

/**
 * Opens an entry.
 *
 * @param nwb The file
 * @param key Key or path
 * @param options Whether values are as stored, which have no unit; `signal` aborts
 * @throws {NotFoundError} If there is none of that key; it says which there are
 * @throws {UnsupportedError} If it makes no series; it says why
 */
export async function openEntry(
  nwb: NWBFile,
  key: string,
  { raw, signal }: { readonly raw: boolean; readonly signal: AbortSignal },
): Promise<OpenEntry> {
  if (!nwb.has(key)) {
    throw new NotFoundError(`Cannot find ${JSON.stringify(key)} in the NWB file: its keys are ${keysText(nwb)}`);
  }
  const entry = await nwb.get(key, { signal });
  if (!isSeries(entry)) {
    const lines = nwb.warnings.get(keyOf(nwb, key))?.split("\n") ?? [];
    throw new UnsupportedError(
      lines.find((line) => line.startsWith("Cannot read")) ?? `Cannot read ${JSON.stringify(key)} as a series`,
    );
  }
  const view = entry instanceof ValueSeries && !raw ? await nwb.at(key, { signal }) : null;
  return { entry, unit: view instanceof NwbTimeSeries && view.unit !== "" ? view.unit : null };
}

function isSeries(entry: NwbValue): entry is NwbSeries {
  return entry instanceof Ts || entry instanceof ValueSeries || entry instanceof TsGroup ||
    entry instanceof IntervalSet || entry instanceof Map;
}

// Warnings are by key; an entry may be asked for by its paths too.
function keyOf(nwb: NWBFile, asked: string): string {
  return nwb.entries().find(([key, { path, fullPath }]) => [key, path, fullPath].includes(asked))?.[0] ?? asked;
}

/** The keys of a file, as many as fit a line. */
export function keysText(nwb: NWBFile): string {
  const keys = nwb.keys();
  return keys.length === 0 ? "none" : keys.slice(0, 12).join(", ") + (keys.length > 12 ? ", …" : "");
}

/**
 * Whether a file says that it is NWB; looking for its keys takes a look at each of its groups.
 *
 * @param file An HDF5 file
 * @param signal Aborts
 */
export async function saysNwb(file: H5File, signal: AbortSignal): Promise<boolean> {
  const [version, links] = await Promise.all([
    file.attributes.has("nwb_version", { signal }),
    file.links({ signal }),
  ]);
  return version || links.some(({ name }) => name === "nwb_version");
}

/** Number of samples or intervals of an entry, of all members together. */
export function countOf(entry: SeriesEntry): number {
  if (!(Symbol.iterator in entry) || "timeSpan" in entry) return (entry as { readonly length: number }).length;
  let count = 0;
  for (const [, { length }] of entry as Iterable<[unknown, { readonly length: number }]>) count += length;
  return count;
}
