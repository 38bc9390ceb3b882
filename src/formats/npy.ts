/**
 * `.npy` files as a format.
 *
 * @module
 */

import { openNpy } from "../npy/open_npy.ts";
import type { NpyArray } from "../npy/npy_array.ts";
import type { SourceInput } from "../source/open_source.ts";
import type { SourceFormat } from "./format.ts";
import { openedArray } from "./one_array.ts";

/** NumPy's format of one array. */
export const NPY: SourceFormat<"npy", NpyArray> = {
  name: "npy",
  description: "NumPy array",
  recognises: ({ kind }) => kind === "NPY",
  async open({ input, byteLength, options }) {
    const array = await openNpy(input as SourceInput, options);
    return openedArray(NPY, array, { byteLength, meter: options.meter });
  },
};
