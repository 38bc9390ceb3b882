/**
 * Copying in another order: bytes of numbers, boxes of arrays, rows as columns.
 *
 * @module
 */
import { ShapeError } from "../../source/errors.ts";
import { countOf, inBlocks, targetOf } from "./blocks.ts";
import { type Box, planBox } from "./box.ts";
import { gatherInto } from "./gather_into.ts";
import type { ReaderInstance } from "./memory.ts";
import { type Bytes, bytesOf } from "./types.ts";

/**
 * Reverses runs of bytes: big-endian from and to little-endian.
 *
 * @param instance The module.
 * @param source The bytes.
 * @param unit Bytes per run: the size of a number, half that of a complex one.
 * @param target Where to; may be the source itself. New memory by default.
 * @returns The target.
 * @throws {ShapeError} If the source isn't whole runs, or the target of another length.
 */
export function swap(
  instance: ReaderInstance,
  source: Bytes,
  unit: 1 | 2 | 4 | 8 | 16,
  target?: Bytes,
): Uint8Array<ArrayBuffer> {
  if (![1, 2, 4, 8, 16].includes(unit)) throw new ShapeError(`Cannot reverse runs of ${unit} bytes`);
  const out = targetOf(target, source.byteLength, "swap bytes");
  const count = countOf(source, unit, "swap bytes");
  inBlocks(
    instance,
    { source: bytesOf(source), sourceStep: unit, target: out, targetStep: unit, count },
    (arena, to, from, _, n) => arena.exports.mr_swap(to, from, n * unit, unit),
  );
  return out;
}

/**
 * Copies a box of an array of any strides into C order, with its byte order changed on the way if that is asked.
 *
 * @param instance The module.
 * @param source The array's bytes.
 * @param box Which elements.
 * @param target Where to; must not overlap the source. New memory by default.
 * @returns The target.
 * @throws {ShapeError} If the box reaches beyond the source, or the target has another length.
 */
export function gather(instance: ReaderInstance, source: Bytes, box: Box, target?: Bytes): Uint8Array<ArrayBuffer> {
  const plan = planBox(box, source.byteLength);
  const out = targetOf(target, plan.length, "gather");
  const [axis, second] = plan.axes;
  if (
    plan.unit > 1 && axis !== undefined && second === undefined && axis.indices === null &&
    axis.source === plan.itemsize
  ) {
    const bytes = bytesOf(source).subarray(plan.from, plan.from + plan.length);
    return swap(instance, bytes, plan.unit as 2 | 4 | 8 | 16, out);
  }
  gatherInto(instance, bytesOf(source), plan, out);
  return out;
}

/**
 * Turns rows into columns: interleaves channels, or takes them apart.
 *
 * @param instance The module.
 * @param source `[rows][columns]`.
 * @param shape Rows and columns.
 * @param itemsize Bytes per element.
 * @param target Where to; must not overlap the source. New memory by default.
 * @returns The target: `[columns][rows]`.
 * @throws {ShapeError} If the source has another length.
 */
export function transpose(
  instance: ReaderInstance,
  source: Bytes,
  shape: readonly [number, number],
  itemsize: number,
  target?: Bytes,
): Uint8Array<ArrayBuffer> {
  const [rows, columns] = shape;
  if (rows * columns * itemsize !== source.byteLength) {
    throw new ShapeError(
      `Cannot transpose ${rows} x ${columns} elements of ${itemsize} bytes: there are ${source.byteLength} bytes`,
    );
  }
  const axes = [{ count: columns, stride: itemsize }, { count: rows, stride: columns * itemsize }];
  return gather(instance, source, { itemsize, axes }, target);
}
