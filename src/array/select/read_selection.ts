/**
 * Reading by a selection as users give it: what every lazy array's `read` does.
 *
 * @module
 */

import { SelectionError } from "../../source/errors.ts";
import { checkInto, filled, withoutInto } from "./into.ts";
import { flaggedIndices, selectedList } from "./mask.ts";
import { contiguousStride, flatten, isNDArray, shapeText, sizeOf, takeResolved } from "../ndarray.ts";
import { resolveSelection, resultShape } from "./selection.ts";
import { checkOptions } from "../../source/options.ts";
import { READ_INTO_OPTIONS } from "./read_options.ts";
import type { ArrayData, DType, NDArray, ReadIntoOptions, ResolvedAxis, Selection } from "../types.ts";

/** What can read a checked selection. */
interface Reader<D extends ArrayData, O extends ReadIntoOptions> {
  readonly shape: readonly number[];
  readonly dtype: DType;
  readResolved(axes: readonly ResolvedAxis[], options?: O): Promise<NDArray<D>>;
}

/**
 * Reads a selection.
 *
 * A mask of several axes, which no list of entries per axis can express, may come first: it selects along as many axes
 * as it has, as in NumPy, and the result has one axis of the elements that it holds for. What is read for it is the rows,
 * columns and so on in which it holds anywhere.
 *
 * @param reader The array
 * @param selection What to read
 * @param options Handed on; what is to be read into is checked before, and filled in any case
 * @param names The options that there are, where there are others than those of every array
 * @throws {SelectionError} If the selection doesn't fit the array
 * @throws {TypeError} If it holds bare bytes, which may be a mask or indices; if `into` isn't of the elements' class
 * @throws {RangeError} If `into` is too long or too short
 */
export async function readSelection<D extends ArrayData, O extends ReadIntoOptions>(
  reader: Reader<D, O>,
  selection: Selection,
  options?: O,
  names: Readonly<Record<string, true>> = READ_INTO_OPTIONS,
): Promise<NDArray<D>> {
  checkOptions(options, names, "read");
  const mask = deepMask(selection);
  if (mask === null) {
    const axes = resolveSelection(selection, reader.shape);
    const into = checkInto(options?.into, reader.dtype, resultShape(axes));
    const read = await reader.readResolved(axes, into === undefined ? options : { ...options!, into });
    return filled(read, into);
  }
  const rank = mask.shape.length;
  const masked = reader.shape.slice(0, rank);
  if (mask.shape.some((length, axis) => length !== masked[axis])) {
    throw new SelectionError(
      `Cannot select by a mask of shape ${shapeText(mask.shape)}: the array has the shape ${shapeText(reader.shape)}`,
    );
  }
  const rest = resolveSelection(selection!.slice(1), reader.shape.slice(rank));
  const { indices, box } = boxOf(mask.flags, mask.shape);
  const into = checkInto(options?.into, reader.dtype, [indices.length, ...resultShape(rest)]);
  const read = flatten(await reader.readResolved([...box, ...rest], withoutInto(options)));
  const shape = [sizeOf(resultShape(box)), ...resultShape(rest)];
  const taken = takeResolved({ ...read, shape, stride: contiguousStride(shape) }, [
    { kind: "list", indices, count: indices.length, drop: false },
    ...shape.slice(1).map((count): ResolvedAxis => ({ kind: "range", start: 0, step: 1, count, drop: false })),
  ], into);
  return filled(taken, into);
}

/** The mask that a selection begins with, if it has more than one axis. */
function deepMask(selection: Selection) {
  if (!Array.isArray(selection) || !isNDArray(selection[0]) || selection[0].shape.length < 2) return null;
  const first = selectedList(selection[0], "select");
  return first?.kind === "mask" ? first : null;
}

/** The box in which a mask holds, and where in it: per axis the indices at which it holds anywhere. */
function boxOf(flags: Uint8Array, shape: readonly number[]): { indices: Float64Array; box: ResolvedAxis[] } {
  const held = flaggedIndices(flags);
  const stride = contiguousStride(shape);
  const at = (flat: number, axis: number) => Math.floor(flat / stride[axis]!) % shape[axis]!;
  const places = shape.map((length, axis) => {
    const seen = new Uint8Array(length);
    for (const flat of held) seen[at(flat, axis)] = 1;
    return flaggedIndices(seen);
  });
  const boxStride = contiguousStride(places.map(({ length }) => length));
  const orders = places.map((list) => new Map(Array.from(list, (index, i) => [index, i])));
  const indices = held.map((flat) =>
    orders.reduce((sum, order, axis) => sum + order.get(at(flat, axis))! * boxStride[axis]!, 0)
  );
  return { indices, box: places.map(axisOf) };
}

/** Indices that follow each other as a range, which readers are quicker with. */
function axisOf(indices: Float64Array): ResolvedAxis {
  const count = indices.length;
  const start = indices[0] ?? 0;
  return count === 0 || indices[count - 1] === start + count - 1
    ? { kind: "range", start, step: 1, count, drop: false }
    : { kind: "list", indices, count, drop: false };
}
