/**
 * References to files that stay where they are: kerchunk's, by which Zarr's readers (zarrita, zarr-python with fsspec, xarray) read
 * raw recordings in place.
 *
 * @module
 */
export { type KerchunkOptions, type KerchunkReferences, toKerchunk } from "./kerchunk.ts";
