/**
 * NWB as a format, within HDF5.
 *
 * @module
 */

import type { H5File } from "../hdf5/file.ts";
import { NWBFile } from "../nwb/nwb_file.ts";
import type { InnerFormat } from "./format.ts";
import { contentsOf } from "./hdf5.ts";
import { Opened } from "./opened.ts";

/** A file of Neurodata Without Borders. */
export const NWB: InnerFormat<"nwb", NWBFile> = {
  name: "nwb",
  description: "Neurodata Without Borders",
  within: "hdf5",
  async adopt(outer, { signal, meter }) {
    const file = outer.handle as H5File;
    // Version 2 has an attribute, version 1 a dataset.
    const says = await file.attributes.has("nwb_version", { signal }) ||
      await file.has("nwb_version", { signal });
    if (!says) return null;
    const nwb = await NWBFile.open(file, { signal });
    return new Opened(contentsOf(NWB, file, nwb, meter, () => file.close()));
  },
};
