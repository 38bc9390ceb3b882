/**
 * The codecs that the HDF5 module holds: blosc with each inner codec, zstd, lz4 and bzip2. They are those of HDF5's filters,
 * so that Zarr needs no WebAssembly of its own, which a Worker couldn't compile while it serves.
 *
 * @module
 */

import { CorruptFileError, LimitError } from "../../source/errors.ts";
import { OK } from "../../wasm/instance.ts";
import type { Undo } from "./codec_types.ts";

/** Numbers as `mt_codec_decode` has them: those of HDF5's filters, and a form of lz4 that only numcodecs has. */
const BZIP2 = 307;
const BLOSC = 32001;
const ZSTD = 32015;
const LZ4_SIZED = -1;
/** The module's own bound of what one call gives. */
const MOST = 0xffff0000;

/** Undoes `blosc`. */
export const undoBlosc: Undo = /* @__PURE__ */ through(BLOSC, "blosc");
/** Undoes `zstd`. */
export const undoZstd: Undo = /* @__PURE__ */ through(ZSTD, "zstd");
/** Undoes `lz4` as numcodecs writes it. */
export const undoLz4: Undo = /* @__PURE__ */ through(LZ4_SIZED, "lz4");
/** Undoes `bz2`. */
export const undoBz2: Undo = /* @__PURE__ */ through(BZIP2, "bz2");

function through(codec: number, codecName: string): Undo {
  return async (bytes, { limit, name, module }) => {
    const instance = await module.started(name);
    const answer = instance.alloc(8);
    let said: unknown;
    try {
      const decoded = instance.withBytes(bytes, (source) => {
        const most = Math.min(limit, MOST);
        const status = instance.call((exports) =>
          exports.mt_codec_decode(codec, source, bytes.length, most, answer, answer + 4)
        );
        if (status !== OK) return void (said = instance.json());
        const view = new DataView(instance.bytes.buffer);
        const start = view.getUint32(answer, true);
        return instance.bytes.slice(start, start + view.getUint32(answer + 4, true));
      });
      if (decoded !== undefined) return decoded;
    } catch (cause) {
      // A trap: the instance is in an unknown state.
      module.drop();
      throw new CorruptFileError(`Cannot read ${name}: ${codecName} fails on it beyond recovery`, { cause });
    } finally {
      instance.free(answer);
    }
    throw failure(said, codecName, name);
  };
}

function failure(said: unknown, codec: string, name: string): Error {
  const { code, message } = said as { code: string; message: string };
  const text = `Cannot read ${name}: by ${codec}, ${message}`;
  return code === "limit" || code === "memory" ? new LimitError(text) : new CorruptFileError(text);
}
