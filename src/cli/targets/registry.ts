/**
 * The kinds of targets of `convert`: one file and one line each.
 *
 * @module
 */

import type { Target } from "./target.ts";
import { CSV } from "./target_csv.ts";
import { HDF5 } from "./target_hdf5.ts";
import { NPY } from "./target_npy.ts";
import { NPZ } from "./target_npz.ts";
import { RAW } from "./target_raw.ts";
import { ZARR } from "./target_zarr.ts";

/** By the names that `convert --json` gives them; in this order messages name their endings. */
export const TARGETS: Readonly<Record<string, Target>> = {
  npy: NPY,
  npz: NPZ,
  csv: CSV,
  raw: RAW,
  h5: HDF5,
  zarr: ZARR,
};
