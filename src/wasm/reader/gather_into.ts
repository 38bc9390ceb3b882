/**
 * Copying a box into C order, by the way that costs least: whole runs, single elements, or tiles through the module.
 *
 * @module
 */
import { type Arena, check, type ReaderInstance } from "./memory.ts";
import { type BoxPlan, type PlanAxis, reachOf } from "./box.ts";

/** Runs from this length on are worth a call of `set` each: it costs as much as copying a few hundred bytes. */
const LONG_RUN = 256;

/** Runs in which tiles are read and written, where the box has so many bytes in a row. */
const TILE_RUN = 1024;

/** Bytes of a tile's elements. */
const TILE_BYTES = 2 ** 20;

/**
 * Copies a box.
 *
 * @param instance The module.
 * @param source Copied from.
 * @param plan The box.
 * @param target Copied to, in C order.
 */
export function gatherInto(instance: ReaderInstance, source: Uint8Array, plan: BoxPlan, target: Uint8Array): void {
  const { axes, itemsize, unit } = plan;
  if (plan.length === 0) return;
  const last = axes.at(-1);
  const run = last !== undefined && last.indices === null && last.source === itemsize
    ? last.count * itemsize
    : itemsize;
  if (unit === 1 && run >= LONG_RUN) {
    const outer = run === itemsize ? axes : axes.slice(0, -1);
    eachOffset(outer, (from, to) => target.set(source.subarray(plan.from + from, plan.from + from + run), to));
  } else if (isSparse(plan)) {
    copyElements(source, plan, target);
  } else {
    copyTiles(instance, source, plan, target);
  }
}

/** Calls for each index of some axes, with its offsets in source and target. */
function eachOffset(
  axes: readonly PlanAxis[],
  run: (from: number, to: number) => void,
  depth = 0,
  from = 0,
  to = 0,
): void {
  const axis = axes[depth];
  if (axis === undefined) return run(from, to);
  const { count, indices, source, target } = axis;
  for (let i = 0; i < count; i++) {
    eachOffset(axes, run, depth + 1, from + (indices === null ? i : indices[i]!) * source, to + i * target);
  }
}

/** Axes by how near their indices lie to each other in the source. */
function bySource(axes: readonly PlanAxis[]): PlanAxis[] {
  return axes.toSorted((a, b) => Math.abs(a.source) - Math.abs(b.source));
}

/** Bytes of the source from one index of an axis to the next, on average. */
function gap({ source, indices, count }: PlanAxis): number {
  if (indices === null) return Math.abs(source);
  const { lowest, highest } = reachOf(indices, 0, count);
  return Math.abs(source) * (highest - lowest) / (count - 1);
}

/** Whether what is wanted lies in such small pieces that reading all that lies between would take longest. */
function isSparse({ axes, itemsize, from: _ }: BoxPlan): boolean {
  const [nearest, next] = bySource(axes);
  if (nearest === undefined) return true;
  const dense = nearest.indices === null && Math.abs(nearest.source) === itemsize;
  const piece = dense ? nearest.count * itemsize : itemsize;
  const distance = dense ? next === undefined ? 0 : gap(next) : gap(nearest);
  return piece < 64 && distance > 16 * piece;
}

/** Element by element, without the module. */
function copyElements(source: Uint8Array, { axes, itemsize, unit, from: start }: BoxPlan, target: Uint8Array): void {
  const last = axes.at(-1) ?? { count: 1, source: 0, target: 0, indices: null };
  const { count, indices, source: stride } = last;
  // Within a run whose length is a power of two, this is the place from the other end.
  const flip = unit - 1;
  eachOffset(axes.slice(0, -1), (from, to) => {
    for (let i = 0; i < count; i++, to += itemsize) {
      const at = start + from + (indices === null ? i : indices[i]!) * stride;
      for (let k = 0; k < itemsize; k++) target[to + (k ^ flip)] = source[at + k]!;
    }
  });
}

/** How many indices of each axis a tile has. */
function tileCounts({ axes, itemsize }: BoxPlan): Map<PlanAxis, number> {
  const counts = new Map(axes.map((axis) => [axis, 1]));
  let bytes = itemsize;
  const grow = (axis: PlanAxis, limit: number) => {
    const before = counts.get(axis)!;
    const count = Math.min(axis.count, Math.max(before, Math.floor(limit / (bytes / before))));
    counts.set(axis, count);
    bytes *= count / before;
  };
  const near = bySource(axes);
  const last = axes.at(-1)!;
  // Long runs on both sides first, then as much as there is room for.
  grow(near[0]!, TILE_RUN);
  grow(last, TILE_RUN * (last === near[0] ? 1 : counts.get(near[0]!)!));
  for (const axis of [last, ...near]) grow(axis, TILE_BYTES);
  return counts;
}

function copyTiles(instance: ReaderInstance, source: Uint8Array, plan: BoxPlan, target: Uint8Array): void {
  const counts = tileCounts(plan);
  const visit = (depth: number, tile: readonly Part[]) => {
    const axis = plan.axes[depth];
    if (axis === undefined) {
      instance.call((arena) => copyTile(arena, source, plan, tile, target));
      return;
    }
    const step = counts.get(axis)!;
    for (let first = 0; first < axis.count; first += step) {
      visit(depth + 1, [...tile, { axis, first, count: Math.min(step, axis.count - first) }]);
    }
  };
  visit(0, []);
}

/** What a tile has of one axis. */
interface Part {
  readonly axis: PlanAxis;
  readonly first: number;
  readonly count: number;
}

/** The parts of a tile that are read together with all that lies between, and those that are read one by one. */
function splitParts(tile: readonly Part[], itemsize: number): { within: Part[]; across: Part[] } {
  const within: Part[] = [];
  const across: Part[] = [];
  let span = itemsize;
  let useful = itemsize;
  for (const part of tile.toSorted((a, b) => Math.abs(a.axis.source) - Math.abs(b.axis.source))) {
    const { lowest, highest } = reachOf(part.axis.indices, part.first, part.count);
    const wider = span + (highest - lowest) * Math.abs(part.axis.source);
    const more = useful * part.count;
    if (across.length === 0 && wider <= 4 * TILE_BYTES && (wider <= 4 * more || wider <= TILE_RUN * part.count)) {
      within.push(part);
      span = wider;
      useful = more;
    } else {
      across.push(part);
    }
  }
  return { within, across };
}

function copyTile(arena: Arena, source: Uint8Array, plan: BoxPlan, tile: readonly Part[], target: Uint8Array): void {
  const { itemsize, unit } = plan;
  const { within, across } = splitParts(tile, itemsize);
  const strides = new Map<Part, number>();
  const lists = new Map<Part, number>();
  let from = plan.from;
  let start = 0;
  let span = itemsize;
  for (const part of within) {
    const { axis, first, count } = part;
    const { lowest, highest } = reachOf(axis.indices, first, count);
    const low = Math.min(lowest * axis.source, highest * axis.source);
    from += low;
    start += lowest * axis.source - low;
    span += (highest - lowest) * Math.abs(axis.source);
    strides.set(part, count === 1 ? 0 : axis.source);
    if (axis.indices === null) continue;
    const list = Uint32Array.from({ length: count }, (_, i) => axis.indices![first + i]! - lowest);
    lists.set(part, arena.put(list));
  }
  let packed = span;
  for (const part of across.toReversed()) {
    strides.set(part, packed);
    packed *= part.count;
  }
  const length = tile.reduce((product, { count }) => product * count, itemsize);
  const into = arena.take(packed);
  const out = arena.take(length);
  const axes = new Int32Array(4 * tile.length);
  let dense = length;
  for (const [i, part] of tile.entries()) {
    dense /= part.count;
    axes.set([part.count, strides.get(part)!, dense, lists.get(part) ?? 0], 4 * i);
  }
  const table = arena.put(axes);
  const memory = arena.view(0, out + length);
  let at = into;
  eachPart(across, 0, from, (begin) => {
    memory.set(source.subarray(begin, begin + span), at);
    at += span;
  });
  check(arena.exports.mr_copy(out, length, 0, into, packed, start, tile.length, table, itemsize, unit));
  // The result's tile is dense; inner axes that it has whole make one run.
  let outer = tile.length;
  let run = itemsize;
  while (outer > 0) {
    const { axis, count } = tile[--outer]!;
    run *= count;
    if (count < axis.count) break;
  }
  let to = 0;
  for (const { axis, first } of tile) to += first * axis.target;
  const whole = tile.slice(0, outer).map(({ axis, count }) => ({ ...axis, count, indices: null }));
  let done = out;
  eachOffset(whole, (_, offset) => {
    target.set(memory.subarray(done, done + run), to + offset);
    done += run;
  });
}

/** Calls for each index that a tile has of some axes, with where it lies in the source. */
function eachPart(parts: readonly Part[], depth: number, from: number, run: (from: number) => void): void {
  const part = parts[depth];
  if (part === undefined) return run(from);
  const { axis: { indices, source }, first, count } = part;
  for (let i = first; i < first + count; i++) {
    eachPart(parts, depth + 1, from + (indices === null ? i : indices[i]!) * source, run);
  }
}
