/**
 * Reading what a region reference selects.
 *
 * @module
 */
import { contiguousStride, flatten, sizeOf, takeResolved } from "../../array/ndarray.ts";
import type { NDArray } from "../../array/types.ts";
import { LimitError, UnsupportedError } from "../../source/errors.ts";
import type { Dataset, DatasetReadOptions } from "../dataset.ts";
import type { ReferenceTarget } from "../reference.ts";

/** Elements that are read for each one that is wanted, at most, before the region is read in parts. */
const WASTE = 16;
/** Points that lie too far apart for one read are read one by one, up to so many. */
const MOST_POINTS = 10_000;

/**
 * Reads a region as h5py does: points, and blocks that make no box, along one axis; a box with its own axes.
 *
 * @param dataset The dataset.
 * @param selection The region.
 * @param options Abort signal.
 */
export async function readRegion(
  dataset: Dataset,
  selection: NonNullable<ReferenceTarget["selection"]>,
  options: DatasetReadOptions,
): Promise<NDArray> {
  const rank = dataset.shape.length;
  switch (selection.kind) {
    case "all":
      return await dataset.read(null, options);
    case "none":
      return { ...await dataset.read(dataset.shape.map(() => []), options) };
    case "points":
      return await readPoints(dataset, selection.points ?? [], options);
    case "blocks": {
      const blocks = selection.blocks ?? [];
      const size = blocks.reduce(
        (sum, [first, last]) => sum + first.reduce((n, at, i) => n * (last[i]! - at + 1), 1),
        0,
      );
      if (size * dataset.dtype.itemsize > 2 ** 31) {
        throw new LimitError(`Cannot read a region of dataset "${dataset.path}": it has ${size} elements`, {
          object: dataset.path,
        });
      }
      const axes = Array.from(
        { length: rank },
        (_, axis) => new Set(blocks.flatMap(([a, b]) => run(a[axis]!, b[axis]!))),
      );
      const lists = axes.map((set) => [...set].sort((a, b) => a - b));
      const counts = lists.map(({ length }) => length);
      if (sizeOf(counts) === size) return await dataset.read(lists, options);
      const points = blocks.flatMap(([first, last]) => pointsOf(first, last));
      points.sort((a, b) => a.map((at, i) => at - b[i]!).find((difference) => difference !== 0) ?? 0);
      return await readPoints(dataset, points, options);
    }
    default:
      throw new UnsupportedError(`Cannot read a region of dataset "${dataset.path}": it is ${String(selection.kind)}`);
  }
}

/** Points in the order given, along one axis. */
async function readPoints(
  dataset: Dataset,
  points: readonly (readonly number[])[],
  options: DatasetReadOptions,
): Promise<NDArray> {
  const lists = dataset.shape.map((_, axis) => [...new Set(points.map((point) => point[axis]!))].sort((a, b) => a - b));
  const counts = lists.map(({ length }) => length);
  if (sizeOf(counts) > WASTE * points.length + 4096) return await onePointAtATime(dataset, points, options);
  const orders = lists.map((list) => new Map(list.map((index, i) => [index, i])));
  const stride = contiguousStride(counts);
  const indices = Float64Array.from(
    points,
    (point) => point.reduce((sum, at, axis) => sum + orders[axis]!.get(at)! * stride[axis]!, 0),
  );
  const read = flatten(await dataset.read(lists, options));
  return takeResolved({ ...read, shape: [sizeOf(counts)], stride: [1] }, [
    { kind: "list", indices, count: indices.length, drop: false },
  ]);
}

async function onePointAtATime(
  dataset: Dataset,
  points: readonly (readonly number[])[],
  options: DatasetReadOptions,
): Promise<NDArray> {
  if (points.length > MOST_POINTS) {
    throw new LimitError(
      `Cannot read a region of dataset "${dataset.path}": it has ${points.length.toLocaleString("en")} scattered ` +
        `points, more than ${MOST_POINTS.toLocaleString("en")}`,
      { object: dataset.path },
    );
  }
  const read = await Promise.all(points.map((point) => dataset.read(point.map((at) => [at]), options)));
  const { dtype, data } = read[0]!;
  const all = Array.isArray(data)
    ? read.flatMap((one) => one.data as unknown[])
    : new (data.constructor as Float64ArrayConstructor)(read.length * data.length);
  if (!Array.isArray(all)) read.forEach((one, i) => all.set(one.data as Float64Array, i * one.data.length));
  return { data: all, shape: [points.length], stride: [1], dtype };
}

function run(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}

function pointsOf(first: readonly number[], last: readonly number[]): number[][] {
  let points: number[][] = [[]];
  first.forEach((from, axis) => points = points.flatMap((head) => run(from, last[axis]!).map((at) => [...head, at])));
  return points;
}
