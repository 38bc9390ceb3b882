/**
 * Reading the pieces of a flat array into a result.
 *
 * @module
 */

import type { RangeFetcher } from "../../source/fetch/fetcher.ts";
import { pace } from "../../source/pace.ts";
import type { PageCache } from "../../source/pages/page_cache.ts";
import type { ByteRange } from "../../source/types.ts";
import { copyBytes } from "../codec/copy.ts";
import { type FlatLayout, type FlatPiece, flatPieces, type FlatPlanOptions, planFlat } from "./flat_plan.ts";
import type { ArrayReadOptions, ResolvedAxis } from "../types.ts";

/** Where a flat array lies. */
export interface FlatPlace {
  /** Reads the file. */
  readonly fetcher: RangeFetcher;
  /** Pages of the file, which are looked at first. */
  readonly cache?: PageCache | undefined;
  /** Where its first element starts, in bytes. */
  readonly offset: number;
  /** How its elements lie. */
  readonly layout: FlatLayout;
}

const KIB = 1024;
/** A piece of a local file that goes where it belongs: so long that the call into the system costs nothing beside it. */
const PIECE = 4096 * KIB;
/** A piece of a local file that elements are picked from: half of a core's second-level cache. */
const BLOCK = 512 * KIB;
/** What a call into the system costs, in bytes that are copied meanwhile. */
const LOCAL_GAP = 16 * KIB;
/** A piece of what is in memory already: what may be copied between two turns of the event loop. */
const VIEW = 8_000_000;

/**
 * What reading pieces costs where a source's bytes lie.
 *
 * @param fetcher Reads the source
 * @returns Remote: the gap and request length that the fetcher has. A local file: figures of system calls. Memory: long
 * pieces, since a piece is a view
 */
export function flatPlanOptions(fetcher: RangeFetcher): FlatPlanOptions {
  const { gap, maxRequestBytes, maxReadBytes } = fetcher.limits;
  if (!fetcher.isSync) return { gap, pieceBytes: maxRequestBytes, blockBytes: maxRequestBytes };
  if (fetcher.source.readIntoSync !== undefined) return { gap: LOCAL_GAP, pieceBytes: PIECE, blockBytes: BLOCK };
  const view = Math.min(VIEW, maxReadBytes);
  return { gap: Infinity, pieceBytes: view, blockBytes: view };
}

/**
 * Reads a selection of a flat array.
 *
 * @param from Where it lies
 * @param axes The selection
 * @param result Where the elements go, as stored, in C order
 * @param options Abort signal, and whether whole pages are fetched
 */
export async function readFlat(
  from: FlatPlace,
  axes: readonly ResolvedAxis[],
  result: Uint8Array<ArrayBuffer>,
  { signal, wholePages = false }: ArrayReadOptions = {},
): Promise<void> {
  const { fetcher, cache, layout, offset } = from;
  const plan = planFlat(axes, layout, flatPlanOptions(fetcher));
  if (plan === null || result.length === 0) return;
  const { itemsize } = layout;
  if (!fetcher.isSync) {
    if (wholePages && cache !== undefined && result.length <= cache.blockSize) {
      const pieces = [...inFile(flatPieces(plan), offset)];
      const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
      if (length <= 2 * cache.blockSize) await cache.load(pieces, { signal });
    }
    for await (const { range, bytes } of (cache ?? fetcher).stream(inFile(flatPieces(plan), offset), { signal })) {
      const turn = pace.start(0, bytes.length, signal);
      if (turn !== undefined) await turn;
      put(range, bytes, result, itemsize);
    }
    return;
  }
  const direct = fetcher.source.readIntoSync !== undefined;
  let buffer = new Uint8Array(0);
  for (const piece of flatPieces(plan)) {
    const turn = pace.start(0, piece.length, signal);
    if (turn !== undefined) await turn;
    const at = offset + piece.offset;
    if (!direct) {
      put(piece, fetcher.readSync({ offset: at, length: piece.length }), result, itemsize);
    } else if (piece.packed) {
      fetcher.readIntoSync(at, result.subarray(piece.place, piece.place + piece.length));
    } else {
      if (buffer.length < piece.length) buffer = new Uint8Array(piece.length);
      const bytes = buffer.subarray(0, piece.length);
      fetcher.readIntoSync(at, bytes);
      put(piece, bytes, result, itemsize);
    }
  }
}

/** Puts the elements of a piece where they belong. */
function put({ packed, place, axes }: FlatPiece, bytes: Uint8Array, result: Uint8Array, itemsize: number): void {
  if (packed) result.set(bytes, place);
  else copyBytes(bytes, place === 0 ? result : result.subarray(place), axes, itemsize);
}

/** The same pieces, counted from the start of the file. */
function* inFile(pieces: Iterable<FlatPiece>, offset: number): Generator<FlatPiece & ByteRange> {
  for (const piece of pieces) yield { ...piece, offset: offset + piece.offset };
}
