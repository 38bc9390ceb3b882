/**
 * Reading what is being written.
 *
 * @module
 */

import { checkRange } from "../range.ts";
import type { ByteSink } from "./sink.ts";
import type { ByteRange, ByteSource } from "../types.ts";

/**
 * What a sink holds, as a source: reads see what was written at once.
 *
 * Small reads into memory are made by pages, which are kept: where the same bytes are read through a page cache after they
 * were written anew, that must not be.
 *
 * @param sink The sink; it stays open when the source is closed
 * @param paged Whether it is read into memory that is there, which a page cache does by pages
 */
export function sinkSource(sink: ByteSink, paged: boolean): ByteSource {
  const { name } = sink;
  const readIntoSync = (offset: number, target: Uint8Array) => {
    checkRange(sink, { offset, length: target.length });
    sink.readIntoSync(offset, target);
  };
  const readSync = ({ offset, length }: ByteRange) => {
    const target = new Uint8Array(length);
    readIntoSync(offset, target);
    return target;
  };
  return {
    name,
    get byteLength() {
      return sink.byteLength;
    },
    ...(paged ? { readIntoSync } : { readSync }),
    // deno-lint-ignore require-await -- throws as a rejection
    async read(range, options) {
      options?.signal?.throwIfAborted();
      return readSync(range);
    },
  };
}
