/**
 * Decoding many elements in pieces, between which others have their turn.
 *
 * @module
 */

import { pace } from "../../source/pace.ts";
import { decodeElements, nativeOrder } from "./decode_elements.ts";
import { allocate, typedArrayOf, unitsPerElement } from "../dtype/dtype.ts";
import { reverseBytes } from "../dtype/swap.ts";
import type { ArrayData, DType, NumericData } from "../types.ts";
import { memoryPerElement } from "../text/value_count.ts";

/** Bytes of a piece, as they are in memory: half of what may be decoded between two turns. */
const PIECE = 4_000_000;

/** Decodes some of the elements, from one to before another. */
export type DecodeRange = (from: number, to: number) => ArrayData;

/**
 * Decodes elements of a fixed size, as `decodeElements` does.
 *
 * @param dtype Their type, as stored
 * @param bytes The elements, packed; given away: numbers become a view of it, in place
 * @param count How many
 * @param signal Aborts
 * @returns A typed array for numbers, a plain array for the rest
 */
export async function decodeInPieces(
  dtype: DType,
  bytes: Uint8Array<ArrayBuffer>,
  count: number,
  signal: AbortSignal | undefined,
): Promise<ArrayData> {
  if (count * memoryPerElement(dtype) <= PIECE) return decodeElements(dtype, bytes, count);
  const TypedArray = typedArrayOf(dtype);
  if (
    TypedArray !== null && dtype.kind !== "bool" &&
    TypedArray.BYTES_PER_ELEMENT * unitsPerElement(dtype) === dtype.itemsize
  ) {
    if (dtype.byteOrder === ">") await reverseInPieces(bytes, TypedArray.BYTES_PER_ELEMENT, signal);
    return decodeElements(nativeOrder(dtype), bytes, count);
  }
  const { itemsize } = dtype;
  const decode = (from: number, to: number) =>
    decodeElements(dtype, bytes.slice(from * itemsize, to * itemsize), to - from);
  return await decodeRanges(dtype, count, decode, signal);
}

/**
 * Decodes elements piece by piece.
 *
 * @param dtype Their type
 * @param count How many
 * @param decode Decodes some of them
 * @param signal Aborts
 * @returns All of them
 */
export async function decodeRanges(
  dtype: DType,
  count: number,
  decode: DecodeRange,
  signal: AbortSignal | undefined,
): Promise<ArrayData> {
  const per = memoryPerElement(dtype);
  const step = Math.max(1, Math.floor(PIECE / Math.max(1, per)));
  if (count <= step) return decode(0, count);
  const out = allocate(dtype, count);
  const units = out.length / count;
  for (let from = 0; from < count; from += step) {
    const to = Math.min(count, from + step);
    const turn = pace.start(0, (to - from) * per, signal);
    if (turn !== undefined) await turn;
    const part = decode(from, to);
    if (Array.isArray(out)) { for (let i = from; i < to; i++) out[i] = part[i - from]; }
    else (out as Float64Array).set(part as Exclude<NumericData, BigInt64Array | BigUint64Array>, from * units);
  }
  return out;
}

/**
 * Reverses the bytes of numbers, in place.
 *
 * @param bytes The numbers
 * @param width Bytes of each
 * @param signal Aborts
 */
export async function reverseInPieces(
  bytes: Uint8Array<ArrayBuffer>,
  width: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  if (width < 2) return;
  const step = PIECE - PIECE % width;
  for (let from = 0; from < bytes.length; from += step) {
    const part = bytes.subarray(from, from + step);
    const turn = pace.start(0, part.length, signal);
    if (turn !== undefined) await turn;
    reverseBytes(part, width);
  }
}
