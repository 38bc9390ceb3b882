/** A model of selecting that is too simple to be wrong: Python's definitions, one index at a time. */

/** The indices that Python's `range(*slice(start, stop, step).indices(length))` gives. */
export function modelSlice(start: number | null, stop: number | null, step: number | null, length: number): number[] {
  const by = step ?? 1;
  const wrap = (bound: number) => bound < 0 ? bound + length : bound;
  const from = start === null ? (by > 0 ? 0 : length - 1) : wrap(start);
  const to = stop === null ? (by > 0 ? length : -1) : wrap(stop);
  const indices: number[] = [];
  if (by > 0) {
    for (let i = Math.max(from, 0); i < Math.min(to, length); i += by) indices.push(i);
  } else {
    for (let i = Math.min(from, length - 1); i > Math.max(to, -1); i += by) indices.push(i);
  }
  return indices;
}

/** Every combination of one entry per list, the last one running fastest. */
export function cartesian(lists: readonly (readonly number[])[]): number[][] {
  let out: number[][] = [[]];
  for (const list of lists) out = out.flatMap((head) => list.map((entry) => [...head, entry]));
  return out;
}
