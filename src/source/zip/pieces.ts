/**
 * A long range in pieces, in order, a few of them fetched ahead.
 *
 * @module
 */

import type { RangeFetcher } from "../fetch/fetcher.ts";
import type { PageCache } from "../pages/page_cache.ts";
import type { ByteRange } from "../types.ts";

/** The first piece: what is packed by deflate and wanted from its start is often short. */
const FIRST = 65_536;
/** A piece of a local file. */
const LOCAL = 262_144;

/**
 * Reads a range piece by piece. How much is fetched ahead grows with what has been used, so that who stops early has
 * paid for little more than was needed, and who reads on has several requests in flight.
 *
 * @param input What is read
 * @param range The range
 * @param signal Aborts
 * @returns The pieces, in order. Leaving the loop aborts what is under way
 */
export async function* orderedPieces(
  input: { readonly fetcher: RangeFetcher; readonly cache: PageCache },
  range: ByteRange,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array, void, undefined> {
  const { fetcher, cache } = input;
  const end = range.offset + range.length;
  if (fetcher.isSync) {
    for (let offset = range.offset; offset < end; offset += LOCAL) {
      signal?.throwIfAborted();
      yield fetcher.readSync({ offset, length: Math.min(LOCAL, end - offset) });
    }
    return;
  }
  const controller = new AbortController();
  const abort = () => controller.abort(signal?.reason);
  if (signal?.aborted) abort();
  signal?.addEventListener("abort", abort, { once: true });
  const { maxRequestBytes, maxBytesInFlight, maxParallel } = fetcher.limits;
  const waiting: { piece: Promise<Uint8Array>; length: number }[] = [];
  let offset = range.offset;
  let used = 0;
  let ahead = 0;
  try {
    for (;;) {
      // As much ahead as has been used, but for the first piece.
      while (
        offset < end && waiting.length < maxParallel &&
        (waiting.length === 0 || (ahead <= used && ahead < maxBytesInFlight))
      ) {
        const length = Math.min(end - offset, maxRequestBytes, Math.max(FIRST, used));
        const piece = cache.readMany([{ offset, length }], { signal: controller.signal }).then(([bytes]) => bytes!);
        piece.catch(() => {}); // awaited below, or aborted because the loop was left
        waiting.push({ piece, length });
        offset += length;
        ahead += length;
      }
      const next = waiting.shift();
      if (next === undefined) return;
      yield await next.piece;
      used += next.length;
      ahead -= next.length;
    }
  } finally {
    signal?.removeEventListener("abort", abort);
    controller.abort();
  }
}
