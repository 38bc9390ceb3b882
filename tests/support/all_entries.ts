/**
 * All that the package exports, whichever entry it is of: for tests that go over everything.
 *
 * @module
 */
export * from "../../mod.ts";
export * from "../../src/source/mod.ts";
export * from "../../src/array/mod.ts";
export * from "../../src/hdf5/mod.ts";
export * from "../../src/npy/mod.ts";
export * from "../../src/raw/mod.ts";
export * from "../../src/zarr/mod.ts";
export * from "../../src/series/mod.ts";
export * from "../../src/temporal/mod.ts";
export * from "../../src/nwb/mod.ts";
export * from "../../src/recording/mod.ts";
export * from "../../src/signal/mod.ts";
export * from "../../src/references/mod.ts";
export * from "../../src/batch/mod.ts";
export * from "../../src/formats/mod.ts";
