/**
 * HDF5 as a format.
 *
 * @module
 */

import { datasetsBelow } from "./hdf5_datasets.ts";
import { type H5File, open } from "../hdf5/file.ts";
import type { SourceInput } from "../source/open_source.ts";
import type { CostMeter } from "../source/cost.ts";
import type { Format, SourceFormat } from "./format.ts";
import { type Contents, Opened } from "./opened.ts";

/**
 * An HDF5 file. Where the first bytes say nothing of it, it is looked for all the same: its signature may stand behind a
 * user block of any power of two.
 */
export const HDF5: SourceFormat<"hdf5", H5File> = {
  name: "hdf5",
  description: "HDF5 file",
  recognises: ({ kind }) => kind === "HDF5",
  mayBe: ({ isFolder }) => !isFolder,
  async open({ input, options, formatOptions: { external, missingSources, maxLinks } }) {
    const file = await open(input as SourceInput, { ...options, external, missingSources, maxLinks });
    return new Opened(contentsOf(HDF5, file, file, options.meter, () => file.close()));
  },
};

/**
 * What lies in an HDF5 file, for formats that are HDF5 within.
 *
 * @param format The format
 * @param file The file
 * @param handle What the format opens
 * @param meter Counts what reading costs
 * @param close Closes both
 */
export function contentsOf<N extends string, H>(
  format: Pick<Format<N, H>, "name" | "description">,
  file: H5File,
  handle: H,
  meter: CostMeter,
  close: () => Promise<void>,
): Contents<N, H> {
  return {
    format,
    name: file.name,
    byteLength: file.byteLength,
    meter,
    handle,
    keys: async (below, options) => (await datasetsBelow(file, below, options)).map(([key]) => key),
    get: (key, options) => file.dataset(key, options),
    entries: (below, options) => datasetsBelow(file, below, options),
    close,
  };
}
