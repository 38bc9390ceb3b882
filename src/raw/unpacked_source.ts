/**
 * Packed values as a source of unpacked ones, so that what reads arrays needs to know nothing of packing.
 *
 * @module
 */

import type { OpenedSource } from "../source/open_source.ts";
import { checkRange } from "../source/range.ts";
import type { ByteRange, ByteSource, ReadOptions } from "../source/types.ts";
import type { Reader } from "../wasm/reader/reader.ts";
import type { RawElement } from "./element.ts";

/** Where packed values lie. */
export interface PackedExtent {
  /** First byte. */
  readonly offset: number;
  /** Number of bytes: whole groups. */
  readonly byteLength: number;
}

/**
 * Makes a source whose bytes are unpacked values. Reading a run of them reads the groups that hold it.
 *
 * @param opened Where the packed values are read; it counts what that costs
 * @param extent Where they lie
 * @param element What they are; its `packing` must not be `null`
 * @param reader The C reader
 * @returns The source
 */
export function unpackedSource(
  { fetcher, cache }: Pick<OpenedSource, "fetcher" | "cache">,
  extent: PackedExtent,
  element: RawElement,
  reader: Reader,
): ByteSource {
  const { groupBytes } = element;
  const packing = element.packing!;
  const { valueBytes } = packing;
  const name = fetcher.source.name;
  const byteLength = extent.byteLength / groupBytes * valueBytes;

  const packed = (range: ByteRange): { range: ByteRange; skip: number } => {
    checkRange({ name, byteLength }, range);
    const first = Math.floor(range.offset / valueBytes);
    const end = Math.ceil((range.offset + range.length) / valueBytes);
    return {
      range: { offset: extent.offset + first * groupBytes, length: (end - first) * groupBytes },
      skip: range.offset - first * valueBytes,
    };
  };
  const unpacked = (bytes: Uint8Array, skip: number, length: number): Uint8Array => {
    const values = packing.unpack(reader, bytes);
    return new Uint8Array(values.buffer, values.byteOffset + skip, length);
  };
  const source: ByteSource = {
    name,
    byteLength,
    // What the fetcher beneath counts isn't counted again.
    reportsAttempts: true,
    async read(wanted: ByteRange, options?: ReadOptions) {
      const { range, skip } = packed(wanted);
      const [bytes] = await cache.readMany([range], { signal: options?.signal });
      return unpacked(bytes!, skip, wanted.length);
    },
  };
  if (!fetcher.isSync) return source;
  return {
    ...source,
    // Into memory that is there, though it is a copy: it makes readers of the source read it in blocks.
    readIntoSync(offset, target) {
      const { range, skip } = packed({ offset, length: target.length });
      target.set(unpacked(fetcher.readSync(range), skip, target.length));
    },
  };
}
