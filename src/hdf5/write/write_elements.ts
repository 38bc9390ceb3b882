/**
 * Writing a selection of a dataset through `H5Dwrite`, a bounded piece at a time.
 *
 * @module
 */
import { broadcastTo } from "../../array/codec/broadcast.ts";
import { pace } from "../../source/pace.ts";
import { unitsPerElement } from "../../array/dtype/dtype.ts";
import { contiguousStride, sizeOf, takeResolved } from "../../array/ndarray.ts";
import { isWholeAxis } from "../../array/select/selection.ts";
import type { ArrayData, NDArray, NumericData, ResolvedAxis } from "../../array/types.ts";
import { UnsupportedError } from "../../source/errors.ts";
import { withBuffers } from "../engine/buffers.ts";
import { elementShape } from "../read/decode.ts";
import type { EncodeOptions } from "../storage/element_writer.ts";
import { encodeElements } from "../storage/encode.ts";
import type { Engine } from "../engine/engine.ts";
import type { PackedElements } from "../storage/packed_elements.ts";
import type { DatasetInfo } from "../metadata.ts";
import { combinationAt } from "../../array/select/plan_chunks.ts";
import { holdsPointers } from "../type_info.ts";
import { axisParts, type BoxAxis, boxPieces } from "../read/box_pieces.ts";
import type { Values } from "../storage/write_values.ts";

/** Bytes that are handed to the C side at once. */
const PIECE = 4 * 1024 * 1024;
/** What an element that points elsewhere is taken to need there. */
const POINTED = 64;

/** Options of writing elements. */
export interface WriteElementsOptions extends EncodeOptions {
  /** Aborts between two pieces. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Writes a checked selection.
 *
 * @param engine The file's engine.
 * @param info The dataset.
 * @param path Its path, for messages.
 * @param axes The selection, one entry per axis of the dataset's shape (those of an array type included).
 * @param values What goes there; it is broadcast.
 * @param options How numbers are converted; abort signal.
 * @throws {ShapeError} If the values don't fit the selection.
 * @throws {DTypeError} If they don't fit the type; nothing has been written then.
 */
export async function writeElements(
  engine: Engine,
  info: DatasetInfo,
  path: string,
  axes: readonly ResolvedAxis[],
  values: Values,
  options: WriteElementsOptions,
): Promise<void> {
  const rank = info.shape?.length ?? 0;
  const inner = elementShape(info.type);
  if (!axes.slice(rank).every((axis, i) => isWholeAxis(axis, inner[i]!))) {
    throw new UnsupportedError(
      `Cannot ${options.action} of ${engine.name}: elements of shape (${inner.join(", ")}) are written whole`,
      { file: engine.name, object: path },
    );
  }
  const source = spread(values.array, axes, options.action);
  if (axes.some(({ count }) => count === 0)) return;
  const most = Math.max(1, Math.floor(PIECE / (info.type.size + (holdsPointers(info.type) ? POINTED : 0))));
  const split = axes.slice(0, rank).map(axisParts);
  const boxes = sizeOf(split.map((parts) => parts.length));
  const pieces = function* (): Generator<BoxAxis[]> {
    for (let i = 0; i < boxes; i++) yield* boxPieces(combinationAt(split, i), info.chunk ?? null, most);
  };
  const encode = (piece: readonly BoxAxis[]) =>
    encodeElements(info.type, packed(source, piece, inner), values.dtype, options);
  // All or nothing: where values could be refused, all are looked at before the first is written.
  if (mayRefuse(info, values) && sizeOf(axes.map(({ count }) => count)) > most) {
    for (const piece of pieces()) encode(piece);
  }
  for (const piece of pieces()) {
    options.signal?.throwIfAborted();
    const turn = pace.start(0, sizeOf(piece.map(({ count }) => count)) * info.type.size, options.signal);
    if (turn !== undefined) await turn;
    await writePiece(engine, info, path, piece, encode(piece), options.action);
  }
}

/** The data with the shape of the selection: axes that an integer drops have length 1, and are not the data's. */
function spread(array: NDArray, axes: readonly ResolvedAxis[], action: string): NDArray {
  const kept = axes.filter((axis) => !axis.drop);
  const fitted = broadcastTo(array, kept.map((axis) => axis.count), action);
  let next = 0;
  const stride = axes.map((axis) => axis.drop ? 0 : fitted.stride[next++]!);
  return { ...fitted, shape: axes.map((axis) => axis.count), stride };
}

/** The values of a piece, one behind the other: a view where they lie so already. */
function packed(source: NDArray, piece: readonly BoxAxis[], inner: readonly number[]): ArrayData {
  const axes = [...piece.map((axis) => axis.source), ...inner.map((count) => whole(count))];
  const counts = axes.map((axis) => axis.count);
  const expected = contiguousStride(counts);
  const isRun = axes.every((axis, i) =>
    axis.count === 1 || (axis.kind === "range" && axis.step === 1 && source.stride[i] === expected[i])
  );
  if (!isRun) return takeResolved(source, axes).data;
  const units = unitsPerElement(source.dtype);
  const first = axes.reduce(
    (sum, axis, i) => sum + (axis.kind === "range" ? axis.start : axis.indices[0]!) * source.stride[i]!,
    0,
  );
  const from = first * units;
  const to = from + sizeOf(counts) * units;
  const { data } = source;
  if (from === 0 && to === data.length) return data;
  return Array.isArray(data) ? data.slice(from, to) : (data as NumericData).subarray(from, to);
}

function whole(count: number): ResolvedAxis {
  return { kind: "range", start: 0, step: 1, count, drop: false };
}

/** Numbers of the very type that is stored need no look. */
function mayRefuse({ type }: DatasetInfo, { dtype }: Values): boolean {
  if (dtype === null) return true;
  if (type.class === "float") return dtype.kind !== "float" || dtype.itemsize > type.size;
  return !(type.class === "integer" && dtype.itemsize === type.size && dtype.kind === (type.signed ? "int" : "uint"));
}

async function writePiece(
  engine: Engine,
  info: DatasetInfo,
  path: string,
  piece: readonly BoxAxis[],
  values: Uint8Array | PackedElements,
  action: string,
): Promise<void> {
  const { instance } = engine;
  const rank = piece.length;
  const slab = Float64Array.from([
    ...piece.map(({ start }) => start),
    ...piece.map(({ count }) => count),
    ...piece.map(({ step }) => step),
  ]);
  await engine.run(
    { action, object: path },
    (exports) =>
      engine.withHandle(exports, info, (handle) =>
        withBuffers(instance, (put) => {
          const numbers = put(slab);
          return exports.mt_dataset_write(handle, rank, numbers, numbers + 8 * rank, numbers + 16 * rank, put(values));
        })),
  );
}
