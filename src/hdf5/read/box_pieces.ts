/**
 * A selection as the hyperslabs that `H5Dwrite` and `H5Dread` take, in pieces of bounded size.
 *
 * @module
 */
import { axisIndices } from "../../array/select/selection.ts";
import type { ResolvedAxis } from "../../array/types.ts";
import { splitSegments } from "./segments.ts";

/** One axis of a piece: where it goes, and which entries of the data along that axis go there. */
export interface BoxAxis {
  /** First index in the dataset. */
  readonly start: number;
  /** Number of indices. */
  readonly count: number;
  /** From one to the next, at least 1. */
  readonly step: number;
  /** Which entries of the data, as a checked selection of it. */
  readonly source: ResolvedAxis;
}

/**
 * The parts of one axis, each evenly spaced and ascending. Where a list names an index twice, the last one counts, as
 * NumPy has it.
 *
 * @param axis What is selected along it.
 */
export function axisParts(axis: ResolvedAxis): BoxAxis[] {
  if (axis.count === 0) return [];
  if (axis.kind === "range") {
    const { start, step, count } = axis;
    if (step > 0) return [{ start, step, count, source: range(0, 1, count) }];
    return [{ start: start + (count - 1) * step, step: -step, count, source: range(count - 1, -1, count) }];
  }
  const places = new Map<number, number>();
  axisIndices(axis).forEach((index, i) => places.set(index, i));
  return splitSegments(axis).segments.map(({ start, step, count }) => {
    const indices = Float64Array.from({ length: count }, (_, i) => places.get(start + i * step)!);
    const even = indices.every((index, i) => index === indices[0]! + i);
    return {
      start,
      step,
      count,
      source: even ? range(indices[0]!, 1, count) : { kind: "list", indices, count, drop: false },
    };
  });
}

/**
 * Cuts a box into pieces: whole chunks where there are any, and as many at once as fit.
 *
 * @param box One part of each axis.
 * @param chunk Shape of the dataset's chunks, `null` where it has none.
 * @param most How many elements a piece may have; one of a single chunk may have more.
 */
export function* boxPieces(
  box: readonly BoxAxis[],
  chunk: readonly number[] | null,
  most: number,
): Generator<BoxAxis[]> {
  const unit = box.map(({ count, step }, axis) => Math.min(count, Math.max(1, Math.ceil((chunk?.[axis] ?? 1) / step))));
  const sizes = [...unit];
  let elements = unit.reduce((product, length) => product * length, 1);
  for (let axis = box.length - 1; axis >= 0; axis--) {
    const { count } = box[axis]!;
    const others = elements / sizes[axis]!;
    const fitting = Math.floor(most / (others * unit[axis]!)) * unit[axis]!;
    sizes[axis] = Math.min(count, Math.max(unit[axis]!, fitting));
    elements = others * sizes[axis]!;
    if (sizes[axis]! < count) break;
  }
  const cuts = box.map((part, axis) => [...cutAxis(part, sizes[axis]!, chunk?.[axis] ?? 1)]);
  const at = new Array<number>(box.length).fill(0);
  for (;;) {
    yield cuts.map((parts, axis) => parts[at[axis]!]!);
    let axis = box.length - 1;
    while (axis >= 0 && ++at[axis]! === cuts[axis]!.length) at[axis--] = 0;
    if (axis < 0) return;
  }
}

/** Pieces of one axis. Of step 1 they end where chunks end. */
function* cutAxis(part: BoxAxis, size: number, chunk: number): Generator<BoxAxis> {
  const { start, step, count } = part;
  for (let from = 0; from < count;) {
    let to = Math.min(count, from + size);
    if (step === 1 && to < count && size >= chunk) {
      const end = start + to;
      const aligned = end - end % chunk - start;
      if (aligned > from) to = aligned;
    }
    yield { start: start + from * step, step, count: to - from, source: partOf(part.source, from, to - from) };
    from = to;
  }
}

function partOf(source: ResolvedAxis, from: number, count: number): ResolvedAxis {
  if (source.kind === "range") return range(source.start + from * source.step, source.step, count);
  return { kind: "list", indices: source.indices.slice(from, from + count), count, drop: false };
}

function range(start: number, step: number, count: number): ResolvedAxis {
  return { kind: "range", start, step, count, drop: false };
}
