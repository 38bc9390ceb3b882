/**
 * Opening whatever the commands can work on.
 *
 * @module
 */

import { FORMATS, openAny, type Opened } from "../../formats/mod.ts";
import { CostMeter } from "../../source/cost.ts";
import type { Call } from "../call.ts";
import type { CliIo } from "../io.ts";
import { type ArraySource, plainSource } from "./sources.ts";

/** What a command sees of a format; of one that has no line here, its arrays. */
const VIEWS: Readonly<Record<string, () => Promise<(opened: Opened) => ArraySource>>> = {
  hdf5: async () => (await import("./source_hdf5.ts")).hdf5Source,
  npy: async () => (await import("./source_npy.ts")).npySource,
  npz: async () => (await import("./source_npy.ts")).npzSource,
  raw: async () => (await import("./source_raw.ts")).rawSource,
  zarr: async () => (await import("./source_zarr.ts")).zarrSource,
};

/** Commands work on arrays: what lies within HDF5 is a matter of the command `nwb`, and of what `info` says. */
const ARRAY_FORMATS = FORMATS.filter((format) => !("within" in format));

/**
 * Opens a source by what its first bytes say, and by its name where these say nothing.
 *
 * @param call What was asked for
 * @param io The world
 * @param meter Counts the cost of all that is tried
 * @returns The source; dispose of it
 * @throws {UnknownFormatError} If it is of no kind that can be read
 */
export async function openArrays(call: Call, io: CliIo, meter: CostMeter = new CostMeter()): Promise<ArraySource> {
  const { options, raw, source } = call;
  const opened: Opened = await openAny(source, { ...options, raw, formats: ARRAY_FORMATS, signal: io.signal, meter });
  try {
    const view = await VIEWS[opened.format]?.() ?? plainSource;
    return view(opened);
  } catch (error) {
    await opened.close();
    throw error;
  }
}
