/**
 * Sessions of torch_brain as a format, within HDF5.
 *
 * @module
 */

import type { H5File } from "../hdf5/file.ts";
import { Data } from "../temporal/data.ts";
import type { InnerFormat } from "./format.ts";
import { contentsOf } from "./hdf5.ts";
import { Opened } from "./opened.ts";

/** A recording that torch_brain, or temporaldata, saved. */
export const TORCH_BRAIN: InnerFormat<"torch_brain", Data> = {
  name: "torch_brain",
  description: "session of torch_brain",
  within: "hdf5",
  async adopt(outer, { signal, meter }) {
    const file = outer.handle as H5File;
    const { attributes } = file;
    if (!await attributes.has("object", { signal }) || await attributes.get("object", { signal }) !== "Data") {
      return null;
    }
    const data = await Data.load(file, { signal });
    return new Opened(contentsOf(TORCH_BRAIN, file, data, meter, () => file.close()));
  },
};
