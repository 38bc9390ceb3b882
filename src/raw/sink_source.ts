/**
 * Reading what is being written.
 *
 * @module
 */

import { checkRange } from "../source/range.ts";
import type { ByteSink } from "../source/sink.ts";
import type { ByteSource } from "../source/types.ts";

/**
 * What a sink holds, as a source: reads see what was written at once.
 *
 * @param sink The sink; it stays open when the source is closed
 */
export function sinkSource(sink: ByteSink): ByteSource {
  const { name } = sink;
  const readIntoSync = (offset: number, target: Uint8Array) => {
    checkRange(sink, { offset, length: target.length });
    sink.readIntoSync(offset, target);
  };
  return {
    name,
    get byteLength() {
      return sink.byteLength;
    },
    readIntoSync,
    // deno-lint-ignore require-await -- throws as a rejection
    async read({ offset, length }, options) {
      options?.signal?.throwIfAborted();
      const target = new Uint8Array(length);
      readIntoSync(offset, target);
      return target;
    },
  };
}
