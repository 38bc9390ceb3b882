/**
 * Opening whatever the commands can work on.
 *
 * @module
 */

import { type H5File, open } from "../hdf5/file.ts";
import { CostMeter } from "../source/cost.ts";
import { NotFoundError, NotHdf5Error, TruncatedError, WrongKindError } from "../source/errors.ts";
import { openSource } from "../source/open_source.ts";
import { HEAD_BYTES, kindOf } from "../source/signatures.ts";
import type { Call } from "./arguments.ts";
import type { CliIo } from "./io.ts";
import { pathOf } from "./paths.ts";
import type { ArraySource, Opening } from "./sources.ts";
import { hdf5Source } from "./source_hdf5.ts";

/** Thrown where a file is of no kind that can be read: what HDF5 says of it, with its first bytes. */
export class UnknownKind extends Error {
  /** Makes it. */
  constructor(
    /** What HDF5 says. */
    override readonly cause: Error,
    /** The first bytes. */
    readonly head: Uint8Array,
    /** Size of the file. */
    readonly byteLength: number,
    /** What was opened, and what that cost. */
    readonly opening: Opening,
  ) {
    super(cause.message);
  }
}

/**
 * Opens a source. What a name says of the kind is believed; other files are tried as HDF5, and by their first bytes.
 *
 * @param call What was asked for
 * @param io The world
 * @returns The source; dispose of it
 * @throws {UnknownKind} If it is of no kind that can be read
 */
export async function openArrays(call: Call, io: CliIo): Promise<ArraySource> {
  const opening: Opening = { source: call.source, meter: new CostMeter(), signal: io.signal };
  const { external: _, ...options } = call.options;
  const openRaw = async () => (await import("./source_raw.ts")).rawSource(opening, call.raw ?? {}, options);
  const openZarr = async (zip?: boolean) => (await import("./source_zarr.ts")).zarrSource(opening, options, zip);
  const openNpy = async () => (await import("./source_npy.ts")).npySource(opening, options);
  const openNpz = async () => (await import("./source_npy.ts")).npzSource(opening, options);

  if (call.raw !== undefined) return await openRaw();
  const path = pathOf(call.source);
  if (/\.zarr(\.zip)?\/*$|\.zarr\//i.test(path)) return await openZarr();
  if (/\.npy$/i.test(path)) return await openNpy();
  if (/\.npz$/i.test(path)) return await openNpz();

  let file: H5File;
  try {
    file = await open(call.source, { ...call.options, signal: io.signal, meter: opening.meter });
  } catch (error) {
    if (error instanceof WrongKindError) return await openZarr();
    // A file shorter than HDF5's signature is cut off, as far as HDF5 can tell.
    if (!(error instanceof NotHdf5Error || error instanceof TruncatedError)) throw error;
    const { head, byteLength } = await firstBytes(opening, options);
    switch (kindOf(head)?.name) {
      case "NPY":
        return await openNpy();
      case "NPZ":
        return await openNpz();
      case "ZIP":
      case "Zarr ZIP":
        return await openZarr(true);
    }
    const unknown = new UnknownKind(error, head, byteLength, opening);
    if (!/\.(bin|dat|raw)$/i.test(path)) throw unknown;
    // By its sidecar. Where there is none, it could be anything.
    return await openRaw().catch((cause) => {
      throw cause instanceof NotFoundError ? unknown : cause;
    });
  }
  return hdf5Source(file);
}

async function firstBytes(
  { source, meter, signal }: Opening,
  options: Parameters<typeof openSource>[1],
): Promise<{ head: Uint8Array; byteLength: number }> {
  const opened = await openSource(source, { ...options, meter, signal });
  try {
    const { byteLength } = opened.source;
    const length = Math.min(HEAD_BYTES, byteLength);
    if (length === 0) return { head: new Uint8Array(0), byteLength };
    return { head: (await opened.cache.readMany([{ offset: 0, length }], { signal }))[0]!, byteLength };
  } finally {
    await opened.close();
  }
}
