/**
 * Which units an online sorter found: only the spikes themselves say so, so their files are scanned, or what a scan found before
 * is taken.
 *
 * @module
 */

import type { RecordingFiles } from "../../../files/recording_files.ts";
import type { FormatOptions } from "../../../format.ts";
import { CorruptFileError } from "../../../../source/errors.ts";
import { type LegacyElectrode, readSpikes } from "./spikes.ts";

/** An electrode in all experiments. */
export interface ElectrodeUnits {
  /** Its files. */
  readonly electrodes: readonly LegacyElectrode[];
  /** Its units; one `null` for all of them where they weren't told apart. */
  readonly ids: readonly (number | null)[];
}

/** Bytes of an electrode's files up to which they are scanned when a recording is opened. */
const MOST_SCANNED = 32 * 1024 * 1024;
const VERSION = 1;

interface UnitsIndex {
  readonly version: typeof VERSION;
  readonly units: Readonly<Record<string, readonly number[]>>;
}

/**
 * Units of electrodes.
 *
 * @param files Are told where units aren't told apart
 * @param groups Files of each electrode, by its name
 * @param options What was found before, and what aborts
 */
export async function electrodeUnits(
  files: RecordingFiles,
  groups: ReadonlyMap<string, readonly LegacyElectrode[]>,
  options: FormatOptions,
): Promise<ElectrodeUnits[]> {
  const known = options.index === undefined ? null : checkIndex(options.index, files.name);
  const all: ElectrodeUnits[] = [];
  for (const [name, electrodes] of groups) {
    const found = known?.units[name];
    const bytes = electrodes.reduce((sum, { count, recordBytes }) => sum + count * recordBytes, 0);
    if (found !== undefined) all.push({ electrodes, ids: found });
    else if (bytes <= MOST_SCANNED) all.push({ electrodes, ids: await scan(electrodes, options) });
    else {
      files.warn(
        `${electrodes[0]!.file.name}: its ${
          bytes.toLocaleString("en")
        } bytes of spikes aren't scanned for units: all spikes ` +
          "are one channel, whose annotation sortedId tells units; recording.index() scans",
      );
      all.push({ electrodes, ids: [null] });
    }
  }
  return all;
}

async function scan(
  electrodes: readonly LegacyElectrode[],
  { signal, onProgress }: Pick<FormatOptions, "signal" | "onProgress">,
): Promise<number[]> {
  const found = new Set<number>();
  for (const electrode of electrodes) {
    for (const unit of (await readSpikes(electrode, { signal, onProgress })).units) found.add(unit);
  }
  // An electrode without spikes is one all the same.
  return found.size === 0 ? [0] : [...found].sort((a, b) => a - b);
}

/** What a scan of all electrodes found, as plain data. */
export async function unitsIndex(
  channels: readonly { readonly units: ElectrodeUnits }[],
  signal: AbortSignal | undefined,
): Promise<UnitsIndex> {
  const units: Record<string, readonly number[]> = {};
  for (const { electrodes, ids } of new Set(channels.map((channel) => channel.units))) {
    const known = ids.filter((id) => id !== null);
    units[electrodes[0]!.name] = known.length === ids.length ? known : await scan(electrodes, { signal });
  }
  return { version: VERSION, units };
}

function checkIndex(given: unknown, file: string): UnitsIndex {
  const refuse = (why: string): never => {
    throw new CorruptFileError(`Cannot use the index of ${file}: ${why}`, { file, object: "index" });
  };
  if (typeof given !== "object" || given === null) refuse("it is no object");
  const { version, units } = given as { version?: unknown; units?: unknown };
  if (version !== VERSION) refuse(`its version is ${JSON.stringify(version)}, expected ${VERSION}`);
  if (typeof units !== "object" || units === null) refuse("it has no units");
  for (const [name, ids] of Object.entries(units as object)) {
    const isList = Array.isArray(ids) && ids.length > 0 && ids.length <= 65536 &&
      ids.every((id) => Number.isInteger(id) && id >= 0 && id < 65536);
    if (!isList) refuse(`units of ${JSON.stringify(name)} are no list of numbers below 65,536`);
  }
  return given as UnitsIndex;
}
