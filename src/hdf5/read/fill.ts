/**
 * Fill values: what elements hold that were never written.
 *
 * @module
 */
import { scatterBytes } from "../../array/select/scatter.ts";
import type { DatasetInfo } from "../metadata.ts";
import type { AxisPiece } from "../../array/select/plan_chunks.ts";

/** What a bulk read writes to: the packed, C-ordered result in memory layout. */
export interface BulkTarget {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Length of each of the dataset's axes in the result, dropped ones as 1. */
  readonly shape: readonly number[];
  /** Whether the bytes may hold something else than zeros before they are written. */
  readonly isUsed: boolean;
}

/**
 * The bytes of a dataset's fill value in memory layout.
 *
 * @param info The dataset.
 * @returns The bytes, or `undefined` where they are all zero or there are none: a fresh result is that already.
 */
export function fillBytes(info: DatasetInfo): Uint8Array<ArrayBuffer> | undefined {
  const hex = info.fill.bytes;
  if (hex === undefined || /^0*$/.test(hex)) return undefined;
  const bytes = new Uint8Array(hex.length / 2);
  for (let i = 0; i < bytes.length; i++) bytes[i] = parseInt(hex.slice(2 * i, 2 * i + 2), 16);
  return bytes;
}

/**
 * Fills bytes with copies of an element.
 *
 * @param target What to fill; its length is a multiple of the element's.
 * @param element The element.
 */
export function repeat(target: Uint8Array, element: Uint8Array): void {
  if (target.length === 0) return;
  target.set(element);
  for (let done = element.length; done < target.length; done *= 2) {
    target.copyWithin(done, 0, Math.min(done, target.length - done));
  }
}

/**
 * Puts the fill value where a chunk that isn't stored would go.
 *
 * @param info The dataset.
 * @param pieces What of the chunk is wanted.
 * @param target The result; zeros are put only where it may hold something else.
 */
export function fillBox(info: DatasetInfo, pieces: readonly AxisPiece[], target: BulkTarget): void {
  const known = info.fill.applies ? fillBytes(info) : undefined;
  if (known === undefined && !target.isUsed) return;
  const element = known ?? new Uint8Array(info.type.size);
  const counts = pieces.map((piece) => piece.count);
  const box = new Uint8Array(counts.reduce((product, count) => product * count, element.length));
  repeat(box, element);
  scatterBytes(box, counts, target.bytes, target.shape, pieces.map((piece) => piece.place), element.length);
}
