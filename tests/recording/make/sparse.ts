import type { ByteRange, ByteSource } from "../../../src/source/types.ts";

/** A source far away whose bytes are made when they are asked for, and what was asked. */
export interface SparseSource extends ByteSource {
  readonly name: string;
  /** What was read, in the order of asking. */
  readonly log: ByteRange[];
}

/**
 * Makes one.
 *
 * @param name What it is called
 * @param byteLength How long it is
 * @param pieces Bytes that stand somewhere in it; `fill` gives all others
 * @param fill A byte by its place
 */
export function sparseSource(
  name: string,
  byteLength: number,
  pieces: readonly { readonly offset: number; readonly bytes: Uint8Array }[],
  fill: (at: number) => number = () => 0,
): SparseSource {
  const log: ByteRange[] = [];
  return {
    name,
    byteLength,
    log,
    read({ offset, length }) {
      log.push({ offset, length });
      const out = new Uint8Array(length);
      for (let i = 0; i < length; i++) out[i] = fill(offset + i);
      for (const { offset: at, bytes } of pieces) {
        const from = Math.max(at, offset);
        const to = Math.min(at + bytes.length, offset + length);
        if (from < to) out.set(bytes.subarray(from - at, to - at), from - offset);
      }
      return Promise.resolve(out);
    },
  };
}
