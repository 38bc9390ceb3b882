/**
 * Writing to memory: what a Worker, that has no files, can send on.
 *
 * @module
 */

import { formatBytes } from "../cost.ts";
import { printedAs } from "../inspect.ts";
import { TruncatedError, WriteError } from "../errors.ts";
import type { ByteSink } from "./sink.ts";

/** A sink in memory. */
export interface MemorySink extends ByteSink {
  /** What was written: a view, valid until the next write. */
  bytes(): Uint8Array<ArrayBuffer>;
}

/** Where growing begins. */
const SMALLEST = 4096;

/**
 * Makes a sink in memory. It grows by half its size at a time, so that writing n bytes copies about 2 n.
 *
 * @param name What messages call it
 * @returns The sink; `bytes()` gives what was written
 *
 * @example Usage
 * ```ts
 * import { memorySink } from "./memory_sink.ts";
 * import assert from "node:assert/strict";
 *
 * const sink = memorySink();
 * sink.writeSync(2, Uint8Array.of(7));
 * assert.deepEqual(sink.bytes(), Uint8Array.of(0, 0, 7));
 * ```
 */
export function memorySink(name: string = "memory"): MemorySink {
  let buffer = new Uint8Array(0);
  let length = 0;
  let open = true;

  const reserve = (wanted: number) => {
    if (!open) throw new WriteError(`Cannot write to ${name}: it was finished`, { file: name });
    if (wanted <= buffer.length) return;
    let larger: Uint8Array<ArrayBuffer>;
    try {
      larger = new Uint8Array(Math.max(SMALLEST, wanted, Math.ceil(buffer.length * 1.5)));
    } catch (cause) {
      throw new WriteError(`Cannot write to ${name}: no memory for ${wanted.toLocaleString("en")} bytes`, {
        file: name,
        cause,
      });
    }
    larger.set(buffer.subarray(0, length));
    buffer = larger;
  };

  const sink: MemorySink = {
    name,
    get byteLength() {
      return length;
    },
    writeSync(offset, data) {
      reserve(offset + data.length);
      buffer.set(data, offset);
      length = Math.max(length, offset + data.length);
    },
    readIntoSync(offset, target) {
      if (offset + target.length > length) {
        throw new TruncatedError(
          `Cannot read bytes ${offset} to ${offset + target.length} of ${name}: it has ${length}`,
          { file: name },
        );
      }
      target.set(buffer.subarray(offset, offset + target.length));
    },
    truncateSync(wanted) {
      reserve(wanted);
      if (wanted < length) buffer.fill(0, wanted, length);
      length = wanted;
    },
    bytes: () => buffer.subarray(0, length),
    // deno-lint-ignore require-await -- as a sink to a file has it
    async commit() {
      open = false;
    },
    // deno-lint-ignore require-await -- as a sink to a file has it
    async abandon() {
      if (!open) return;
      open = false;
      buffer = new Uint8Array(0);
      length = 0;
    },
  };
  return printedAs(sink, () => `MemorySink ${JSON.stringify(name)} ${formatBytes(length)}`);
}
