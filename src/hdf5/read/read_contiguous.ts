/**
 * The bulk path for contiguous datasets: flat arrays in the file.
 *
 * @module
 */
import { reverseInPieces } from "../../array/codec/decode_pieces.ts";
import type { FlatLayout } from "../../array/flat/flat_plan.ts";
import { readFlat } from "../../array/flat/flat_read.ts";
import { contiguousStride } from "../../array/ndarray.ts";
import type { ArrayReadOptions, ResolvedAxis } from "../../array/types.ts";
import type { Engine } from "../engine/engine.ts";
import { type BulkTarget, fillBytes, repeat } from "./fill.ts";
import type { DatasetInfo } from "../metadata.ts";

/**
 * Reads a selection of a contiguous dataset.
 *
 * @param engine The file's engine.
 * @param info The dataset; `info.direct` is set.
 * @param axes The selection.
 * @param target Where the elements go.
 * @param options Abort signal, and whether whole pages are fetched.
 */
export async function readContiguous(
  engine: Engine,
  info: DatasetInfo,
  axes: readonly ResolvedAxis[],
  { bytes, isUsed }: BulkTarget,
  options: ArrayReadOptions,
): Promise<void> {
  if (info.offset === null || info.offset === undefined) {
    const element = fillBytes(info);
    if (element !== undefined && info.fill.applies) repeat(bytes, element);
    else if (isUsed) bytes.fill(0);
    return;
  }
  const { fetcher, cache } = engine.source(info.file);
  await readFlat({ fetcher, cache, offset: info.offset, layout: layoutOf(info) }, axes, bytes, options);
  await reverseInPieces(bytes, info.direct!, options.signal);
}

/** How the elements of a contiguous dataset lie: in C order. */
export function layoutOf({ shape, fileItemsize }: DatasetInfo): FlatLayout {
  return {
    shape: shape!,
    strides: contiguousStride(shape!).map((stride) => stride * fileItemsize),
    itemsize: fileItemsize,
  };
}
