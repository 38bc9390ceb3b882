/**
 * What the tests of this folder use of the library.
 *
 * @module
 */
export { slice } from "../../src/array/select/slice.ts";
export { fromZarr, openZarr, toZarr, ZarrArray, ZarrGroup, zarrStore } from "../../src/zarr/mod.ts";

/** An error as tests look at it. */
export type MicrotomeErrorLike = Error & { readonly code?: string };
