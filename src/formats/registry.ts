/**
 * The formats that `openAny` knows: one file and one line each. docs/extending.md shows how one is added.
 *
 * @module
 */

import { HDF5 } from "./hdf5.ts";
import { NPY } from "./npy.ts";
import { NPZ } from "./npz.ts";
import { NWB } from "./nwb.ts";
import { RAW } from "./raw.ts";
import { RECORDING } from "./recording.ts";
import { TORCH_BRAIN } from "./torch_brain.ts";
import { ZARR } from "./zarr.ts";

/**
 * The formats, in the order in which they are asked: recordings before Zarr, which takes every folder. To add one for a single call, without touching this list:
 * `openAny(source, { formats: [...FORMATS, MINE] })`.
 */
export const FORMATS: readonly [
  typeof NPY,
  typeof NPZ,
  typeof RECORDING,
  typeof ZARR,
  typeof HDF5,
  typeof NWB,
  typeof TORCH_BRAIN,
  typeof RAW,
] = [NPY, NPZ, RECORDING, ZARR, HDF5, NWB, TORCH_BRAIN, RAW];
