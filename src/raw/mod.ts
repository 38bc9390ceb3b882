/**
 * Flat binary files as lazy arrays, in place of `np.memmap`.
 *
 * @module
 */
export { openRaw, type RawMode, type RawOptions } from "./open_raw.ts";
export { RawArray } from "./raw_array.ts";
export type { RawWriteData } from "./write_data.ts";
export type { AxisOrder } from "./extent.ts";
export { decodeSidecar, encodeSidecar, type RawSidecar, sidecarPath } from "./sidecar.ts";
