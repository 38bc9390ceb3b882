/**
 * Zarr, read through zarrita: an entry of its own, so that the library has no dependency otherwise.
 *
 * ```ts
 * import { openZarr } from "./mod.ts";
 *
 * try {
 *   await using root = await openZarr("/data/recording.zarr");
 *   if (root.kind === "group") console.log((await root.members()).map(({ name }) => name));
 * } catch {
 *   // There is no such folder here.
 * }
 * ```
 *
 * @module
 */

export { ZarrArray } from "./read/array.ts";
export { fromZarr, type FromZarrOptions } from "./from_zarr.ts";
export { ZarrGroup, type ZarrLookupOptions, type ZarrMember } from "./group.ts";
export { openZarr, type OpenZarrOptions, type ZarrSource } from "./open_zarr.ts";
export { toZarr } from "./write/to_zarr.ts";
export type { ZarrBufferView, ZarrChunk, ZarrChunkedArray, ZarrGetOptions, ZarrRange, ZarrStore } from "./types.ts";
export { zarrStore, type ZarrStoreOptions } from "./store/zarr_store.ts";
export type { JsonObject } from "./json.ts";
export type * from "../array/types.ts";
export type { ArrayView, ResolvedReader } from "../array/select/view.ts";
export type { CostMeter } from "../source/cost.ts";
export type { HttpOptions } from "../source/http/http_source.ts";
export type { LimitOptions } from "../source/limits.ts";
export type { R2Location } from "../source/local/r2.ts";
export type { ByteSource, Cost, RequestEvent } from "../source/types.ts";
export type { AsyncBuffer, SourceInput, SourceOptions } from "../source/open_source.ts";
