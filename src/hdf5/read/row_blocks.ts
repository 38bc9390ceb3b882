/**
 * Rows that come one after the other, as blocks.
 *
 * @module
 */
import { anyArray, type ArrayLikeInput } from "../../array/memory.ts";
import { contiguousStride, flatten, isNDArray, shapeText } from "../../array/ndarray.ts";
import { describeDType, typedArrayOf } from "../../array/dtype/dtype.ts";
import { slice } from "../../array/select/slice.ts";
import type { ArrayData, ChunkSource, DataChunk, NDArray } from "../../array/types.ts";
import { ShapeError } from "../../source/errors.ts";

/** Bytes of rows that are put together before they are written: rows alone would cost a call each. */
const TOGETHER = 1024 * 1024;
/** What a text or another value without a fixed size is taken for. */
const GUESS = 64;

/**
 * A source of blocks as it is; one of rows put together to blocks. Which it is, the first item tells.
 *
 * @param source Blocks or rows
 * @param action What is being done, for messages
 */
export function blocksOf(
  source: AsyncIterable<DataChunk | ArrayLikeInput>,
  action: string,
): AsyncIterable<DataChunk> & Partial<ChunkSource> {
  if ("dataShape" in source || "maxShape" in source) return source as ChunkSource;
  // Known once the first row came, which is before it is asked for: rows grow along the first axis alone.
  const grown: { maxShape?: readonly (number | null)[] } = {};
  const iterate = () => blocks(source, action, (row) => grown.maxShape = [null, ...row]);
  return Object.assign(grown, { [Symbol.asyncIterator]: iterate });
}

async function* blocks(
  source: AsyncIterable<DataChunk | ArrayLikeInput>,
  action: string,
  onShape: (row: readonly number[]) => void,
): AsyncGenerator<DataChunk> {
  let rows: NDArray[] = [];
  let written = 0;
  let first: NDArray | null = null;
  let bytes = 0;
  const take = (): DataChunk => {
    const data = stacked(rows);
    const selection = [slice(written, written + rows.length), ...data.shape.slice(1).map((length) => slice(0, length))];
    written += rows.length;
    rows = [];
    bytes = 0;
    return { data, selection };
  };
  for await (const item of source) {
    if (isChunk(item)) {
      if (first !== null) throw new TypeError(`Cannot ${action}: blocks and rows are mixed`);
      yield item;
      continue;
    }
    const row = rowOf(item, action);
    if (first === null) onShape(row.shape);
    first ??= row;
    if (row.shape.length !== first.shape.length || row.shape.some((length, axis) => length !== first!.shape[axis])) {
      throw new ShapeError(
        `Cannot ${action}: row ${written + rows.length} has the shape ${shapeText(row.shape)}, those before ` +
          shapeText(first.shape),
      );
    }
    // Rows of another type start a block: it is cast to the dataset's as every write is.
    if (rows.length > 0 && describeDType(rows[0]!.dtype) !== describeDType(row.dtype)) yield take();
    rows.push(row);
    bytes += Array.isArray(row.data) ? GUESS * Math.max(1, row.data.length) : Math.max(GUESS, row.data.byteLength);
    if (bytes >= TOGETHER) yield take();
  }
  if (rows.length > 0) yield take();
}

function isChunk(item: unknown): item is DataChunk {
  return typeof item === "object" && item !== null && "selection" in item && "data" in item;
}

/** A row in memory: the source may use its own array again for the next one. */
function rowOf(item: ArrayLikeInput, action: string): NDArray {
  const array = anyArray(item, action);
  if (!isNDArray(array)) throw new TypeError(`Cannot ${action}: a row is a lazy array; read it first`);
  const flat = flatten(array);
  return { ...flat, data: flat.data.slice() };
}

function stacked(rows: readonly NDArray[]): NDArray {
  const { dtype, shape, data } = rows[0]!;
  const length = data.length;
  const TypedArray = typedArrayOf(dtype);
  const all: ArrayData = TypedArray === null
    ? rows.flatMap((row) => row.data as unknown[])
    : new TypedArray(rows.length * length);
  if (!Array.isArray(all)) rows.forEach((row, i) => all.set(row.data as never, i * length));
  const whole = [rows.length, ...shape];
  return { data: all, shape: whole, stride: contiguousStride(whole), dtype };
}
