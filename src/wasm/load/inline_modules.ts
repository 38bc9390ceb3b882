/**
 * The wasm modules as text, for bundlers that leave files behind. The npm package's build puts them here
 * (`.ci/npm.ts`); in the repository and on JSR there are none, and the modules come from their files as ever.
 *
 * @module
 */

/** By the file's name: its bytes, compressed by gzip, in base64. */
export const INLINE_MODULES: Readonly<Record<"hdf5.wasm" | "reader.wasm", string>> | undefined = undefined;
