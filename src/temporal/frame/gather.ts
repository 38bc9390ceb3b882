/**
 * Reading what a chain of steps needs of a file, and no more.
 *
 * @module
 */

import type { Intervals } from "../../time/intervals.ts";
import { commonRows, countRows, type Rows, rowsWithin } from "../columns/rows.ts";
import { applied, type Immediate, picked, type Resolved, type Search, type Shift } from "./steps.ts";
import type { ReadHistory } from "../columns/read_history.ts";
import { waitForAll } from "../wait_for_all.ts";

/** The rows that frames count in: a file's, or an object's own. */
export interface Base {
  /** How many there are, `null` where only reading would tell. */
  readonly count: number | null;
  /** Everything, where it is at hand. */
  readonly known: Resolved | null;
  /** How times are looked up; `null` for objects without times. */
  readonly search: Search | null;
  /** The arrays of which a part was read. */
  readonly history: ReadHistory;
  /** Everything. */
  all(): Promise<Resolved>;
  /** A run that has at least all rows whose times touch `[from, to)`. */
  within?(from: number, to: number): Promise<Resolved>;
}

/** Where a chain starts that is yet to be read. */
export interface Start {
  /** What its rows count in. */
  readonly base: Base;
  /** All shifts since the base. */
  readonly shifts: readonly Shift[];
  /** Its rows, in ascending order; `null` for those of a base that doesn't know how many it has. */
  readonly rows: Rows | null;
}

/** Seconds from `[0]` to before `[1]`. */
type Window = readonly [from: number, to: number];

/**
 * Reads as much of what a chain starts with as its steps can need: at least that; the steps are yet to be taken.
 *
 * @param start Where the chain starts
 * @param steps The steps
 */
export async function gather(start: Start, steps: readonly Immediate[]): Promise<Resolved> {
  const { base, shifts, rows } = start;
  const read = await readWindows(base, mergedWindows(windowsOf(shifts, steps)));
  return shifts.reduce(
    (shown, { by }) => applied(shown, { kind: "shift", by, timekeys: [] }, base.search),
    rows === null ? read : restricted(read, rows),
  );
}

async function readWindows(base: Base, windows: readonly Window[]): Promise<Resolved> {
  const [first] = windows;
  if (base.within === undefined || (first?.[0] === -Infinity && first[1] === Infinity)) return await base.all();
  if (first === undefined) return { rows: { kind: "range", start: 0, stop: 0 }, times: [new Float64Array(0)] };
  return joined(await waitForAll(windows.map(([from, to]) => base.within!(from, to))));
}

/** Runs of rows in order of time, which may overlap, as one. */
function joined(parts: readonly Resolved[]): Resolved {
  const pieces: { start: number; stop: number; times: Float64Array }[] = [];
  let at = 0;
  for (const { rows, times } of parts) {
    const { start, stop } = rows as Rows & { kind: "range" };
    const from = Math.max(start, at);
    if (from < stop) pieces.push({ start: from, stop, times: times[0]!.subarray(from - start) });
    at = Math.max(at, stop);
  }
  // Also where it was read whole: then all parts are the same, and may be in no order.
  if (pieces.length <= 1) return parts.find(({ rows }) => countRows(rows) > 0) ?? parts[0]!;
  const count = pieces.reduce((sum, { start, stop }) => sum + stop - start, 0);
  const [list, times] = [new Float64Array(count), new Float64Array(count)];
  let place = 0;
  for (const piece of pieces) {
    times.set(piece.times, place);
    for (let row = piece.start; row < piece.stop; row++) list[place++] = row;
  }
  const out: Resolved = { rows: { kind: "list", list }, times: [times] };
  out.ordered = out;
  return out;
}

/** Of rows that were read those that are among others. */
function restricted(read: Resolved, rows: Rows): Resolved {
  const common = commonRows(read.rows, rows);
  return countRows(common) === countRows(read.rows) ? read : picked(read, rowsWithin(read.rows, common));
}

/** The times, before any shift, that steps can need: windows in order, which don't overlap. */
function windowsOf(shifts: readonly Shift[], steps: readonly Immediate[]): Window[] {
  let windows: Window[] = [[-Infinity, Infinity]];
  let [origin, largest] = [0, 0];
  const move = (by: number) => {
    origin += by;
    largest = Math.max(largest, Math.abs(origin));
  };
  // Rounding of each shift may have moved times by an ulp of what they were or became.
  const back = (time: number, direction: 1 | -1) => {
    if (largest === 0 || !Number.isFinite(time)) return time;
    const ulps = 8 + 2 * (shifts.length + steps.length);
    return time + origin + direction * ulps * Number.EPSILON * (Math.abs(time) + largest);
  };
  for (const { by } of shifts) move(by);
  for (const step of steps) {
    // A mask counts rows: all that there were before it must be there.
    if (step.kind === "mask" || step.kind === "rows") break;
    if (step.kind === "shift") move(step.by);
    else if (step.kind === "slice") windows = clipped(windows, [[back(step.start, -1), back(step.end, 1)]]);
    else windows = clipped(windows, pairs(step.intervals).map(([start, end]) => [back(start, -1), back(end, 1)]));
  }
  return windows;
}

function pairs({ start, end }: Intervals): Window[] {
  return Array.from(start, (from, i) => [from, end[i]!]);
}

/** What lies in one of the windows and in one of the others, which may come in any order. */
function clipped(windows: readonly Window[], others: readonly Window[]): Window[] {
  const found: Window[] = [];
  let first = 0;
  let end = -Infinity;
  for (const [start, to] of others.toSorted(([a], [b]) => a < b ? -1 : 1)) {
    const from = Math.max(start, end);
    if (from >= to) continue;
    end = to;
    while (first < windows.length && windows[first]![1] <= from) first++;
    for (let i = first; i < windows.length && windows[i]![0] < to; i++) {
      found.push([Math.max(from, windows[i]![0]), Math.min(to, windows[i]![1])]);
    }
  }
  return found;
}

/** Windows, those that lie close as one, and no more of them than are worth reading apart. */
function mergedWindows(windows: readonly Window[]): Window[] {
  const gaps = windows.slice(1).map(([from], i) => from - windows[i]![1]).sort((a, b) => b - a);
  const least = Math.max(CLOSE, gaps[MOST_WINDOWS - 1] ?? 0);
  const merged: Window[] = [];
  for (const [from, to] of windows) {
    const last = merged.at(-1);
    if (last !== undefined && from - last[1] <= least) merged[merged.length - 1] = [last[0], to];
    else merged.push([from, to]);
  }
  return merged;
}

/** Windows are read apart where more seconds lie between them: the index of a file tells seconds apart. */
const CLOSE = 2;

/** The most windows that are read apart. */
const MOST_WINDOWS = 32;
