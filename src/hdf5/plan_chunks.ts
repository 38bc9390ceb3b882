/**
 * The plan of chunks, which Zarr's arrays share.
 *
 * @module
 */

export * from "../array/plan_chunks.ts";
