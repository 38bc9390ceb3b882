/**
 * What the commands see of formats: one file and one line each. Of a format that has no line here, they see its arrays.
 *
 * @module
 */

import type { Opened } from "../../formats/mod.ts";
import type { ArraySource } from "./sources.ts";

/** By a format's name, what loads its view. */
export type SourceViews = Readonly<Record<string, () => Promise<(opened: Opened) => ArraySource>>>;

/** The views. */
export const SOURCES: SourceViews = {
  hdf5: async () => (await import("./source_hdf5.ts")).hdf5Source,
  npy: async () => (await import("./source_npy.ts")).npySource,
  npz: async () => (await import("./source_npy.ts")).npzSource,
  recording: async () => (await import("./source_recording.ts")).recordingSource,
  raw: async () => (await import("./source_raw.ts")).rawSource,
  zarr: async () => (await import("./source_zarr.ts")).zarrSource,
};
