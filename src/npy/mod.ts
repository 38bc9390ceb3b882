/**
 * NPY and NPZ: read lazily, written as NumPy writes them.
 *
 * @module
 */
export { encodeNpy, npyParts, writeNpy, type WriteNpyOptions } from "./write.ts";
export type { NpyEncodeOptions } from "./encode.ts";
export { encodeNpz, type NpzEncodeOptions, writeNpz, type WriteNpzOptions } from "./write_npz.ts";
export { type NpyOptions, openNpy } from "./open_npy.ts";
export { NpyArray } from "./npy_array.ts";
export { Npz, type NpzOptions, openNpz } from "./npz.ts";
export { unpickle } from "./pickle/pickle.ts";
