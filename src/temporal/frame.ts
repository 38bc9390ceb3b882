/**
 * Which rows an object shows, and how its times are shifted: worked out at once where all is at hand, else when first
 * asked.
 *
 * A lazy object and one in memory differ in nothing else, so whatever the order of steps, both take the same rows by the
 * same comparisons.
 *
 * @module
 */

import type { Intervals } from "../time/intervals.ts";
import { ShapeError } from "../source/errors.ts";
import {
  allRows,
  clipRows,
  composeRows,
  countMask,
  countRows,
  type Rows,
  rowsOfMask,
  rowsWithin,
  takeNumbers,
} from "./rows.ts";
import { Touched } from "./touched.ts";

/** Rows of a base, and their times: one array for timestamps, two (start, end) for intervals, none without times. */
export interface Resolved {
  /** Rows of the base. */
  readonly rows: Rows;
  /** Their times as the object shows them: shifted. */
  readonly times: readonly Float64Array[];
  /** The same in order of time, once that was looked at: itself where it is in order. */
  ordered?: Resolved;
}

/** How times are looked up. */
export interface Search {
  /** The rows that a window `[start, end)` takes; times are in order. */
  find(times: readonly Float64Array[], start: number, end: number): readonly [number, number];
  /** The order that times must be brought into before they can be searched, `null` where they are. */
  order(times: readonly Float64Array[]): Float64Array | null;
}

/** The rows that frames count in: a file's, or an object's own. */
export interface Base {
  /** How many there are, `null` where only reading would tell. */
  readonly count: number | null;
  /** Everything, where it is at hand. */
  readonly known: Resolved | null;
  /** How times are looked up; `null` for objects without times. */
  readonly search: Search | null;
  /** The arrays of which a part was read. */
  readonly touched: Touched;
  /** Everything. */
  all(): Promise<Resolved>;
  /** A run that has at least all rows whose times touch `[from, to)`. */
  within?(from: number, to: number): Promise<Resolved>;
}

/** A step that leads from an object to one made of it. */
export type Step =
  | { readonly kind: "slice"; readonly start: number; readonly end: number }
  | { readonly kind: "mask"; readonly mask: Uint8Array }
  | { readonly kind: "within"; readonly intervals: Intervals | (() => Promise<Intervals>) }
  | { readonly kind: "rows"; readonly rows: Rows }
  | { readonly kind: "shift"; readonly by: number; readonly timekeys: readonly string[] };

/** What was subtracted from which arrays. */
export interface Shift {
  /** Seconds. */
  readonly by: number;
  /** The arrays that hold times. */
  readonly timekeys: readonly string[];
}

/** A base whose times are in memory; its rows are numbered from 0 unless they are told. */
export function memoryBase(
  count: number,
  times: readonly Float64Array[],
  search: Search | null,
  rows: Rows = allRows(count),
): Base {
  const known = { rows, times };
  return { count, known, search, touched: new Touched(), all: () => Promise.resolve(known) };
}

/** A place in a chain of steps that starts at a base. Never changes, but for remembering what it found. */
export class Frame {
  /** What its rows count in. */
  readonly base: Base;
  /** All shifts since the base, in order. */
  readonly shifts: readonly Shift[];
  readonly #from: Frame | null;
  readonly #step: Step | null;
  #found: Resolved | null;
  #rows: Rows | null = null;
  #finding: Promise<Resolved> | null = null;

  private constructor(
    base: Base,
    from: Frame | null,
    step: Step | null,
    found: Resolved | null,
    shifts: readonly Shift[],
  ) {
    this.base = base;
    this.#from = from;
    this.#step = step;
    this.#found = found;
    this.shifts = step?.kind === "shift" ? [...shifts, { by: step.by, timekeys: step.timekeys }] : shifts;
  }

  /** All rows of a base. */
  static of(base: Base, shifts: readonly Shift[] = []): Frame {
    return new Frame(base, null, null, base.known, shifts);
  }

  /** What it shows, where that is known without reading. */
  get known(): Resolved | null {
    return this.#found;
  }

  /** Its rows, where they are known without reading: masks of what is in a file need no times. */
  get rows(): Rows | null {
    return this.#found?.rows ?? (this.#rows ??= this.#rowsOnly());
  }

  /** Number of rows, where that is known without reading. */
  get count(): number | null {
    if (this.#found !== null) return countRows(this.#found.rows);
    if (this.#step === null) return this.base.count;
    if (this.#step.kind === "shift") return this.#from!.count;
    return this.#step.kind === "mask" ? countMask(this.#step.mask) : null;
  }

  /** The frame that a step leads to. */
  after(step: Step): Frame {
    if (step.kind === "mask" && this.count !== null) checkMask(step.mask, this.count);
    const known = this.#found;
    const now = known !== null && !(step.kind === "within" && typeof step.intervals === "function");
    const found = now ? applied(known, step as Immediate, this.base.search) : null;
    return new Frame(this.base, this, step, found, this.shifts);
  }

  /** A frame of the same rows with other times; nothing else of it changes. */
  withTimes(times: readonly Float64Array[]): Frame {
    const { rows } = this.#found!;
    const base = memoryBase(countRows(rows), times, this.base.search, rows);
    return Frame.of({ ...base, touched: this.base.touched }, this.shifts);
  }

  /** Its rows; read where need be. */
  async resolveRows(): Promise<Rows> {
    return this.rows ?? (await this.resolve()).rows;
  }

  /** What it shows; read where need be. A failure isn't remembered. */
  async resolve(): Promise<Resolved> {
    if (this.#found !== null) return this.#found;
    this.#finding ??= this.#find();
    try {
      return this.#found = await this.#finding;
    } finally {
      this.#finding = null;
    }
  }

  #rowsOnly(): Rows | null {
    if (this.#step === null) return this.base.count === null ? null : allRows(this.base.count);
    const { kind } = this.#step;
    if (kind === "slice" || kind === "within") return null;
    const outer = this.#from!.rows;
    if (outer === null || kind === "shift") return outer;
    return composeRows(outer, kind === "mask" ? rowsOfMask(this.#step.mask) : this.#step.rows);
  }

  async #find(): Promise<Resolved> {
    const steps: Step[] = [];
    let start: Frame = this as Frame;
    while (start.#found === null && start.rows === null && start.#from !== null) {
      steps.unshift(start.#step!);
      start = start.#from;
    }
    let shown = start.#found ?? await gather(start, steps);
    for (const step of steps) {
      const ready = step.kind === "within" && typeof step.intervals === "function"
        ? { ...step, intervals: await step.intervals() }
        : step;
      shown = applied(shown, ready as Immediate, this.base.search);
    }
    return shown;
  }
}

/** A step that has all it needs. */
type Immediate = Exclude<Step, { kind: "within" }> | { readonly kind: "within"; readonly intervals: Intervals };

/** Reads as much of what a frame shows as steps from there can need; at least that, the steps are yet to be taken. */
async function gather({ base, shifts, rows }: Frame, steps: readonly Step[]): Promise<Resolved> {
  const [from, to] = reach(shifts, steps);
  const isWhole = base.within === undefined || (from === -Infinity && to === Infinity);
  const read = isWhole ? await base.all() : await base.within!(from, Math.max(from, to));
  return shifts.reduce(
    (shown, { by }) => applied(shown, { kind: "shift", by, timekeys: [] }, base.search),
    rows === null ? read : restricted(read, rows),
  );
}

/** Of rows that were read, a run, those that are among others. */
function restricted(read: Resolved, rows: Rows): Resolved {
  const { start, stop } = read.rows as Rows & { kind: "range" };
  if (rows.kind === "range" && rows.start <= start && rows.stop >= stop) return read;
  return picked(read, rowsWithin(read.rows, clipRows(rows, start, stop)));
}

/** The times, before any shift, that steps can need. */
function reach(shifts: readonly Shift[], steps: readonly Step[]): [from: number, to: number] {
  let [from, to, origin, largest] = [-Infinity, Infinity, 0, 0];
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
    else if (step.kind === "slice") {
      from = Math.max(from, back(step.start, -1));
      to = Math.min(to, back(step.end, 1));
    } else if (typeof step.intervals !== "function") {
      const { start, end } = step.intervals;
      from = Math.max(from, back(start.reduce((a, b) => Math.min(a, b), Infinity), -1));
      to = Math.min(to, back(end.reduce((a, b) => Math.max(a, b), -Infinity), 1));
    }
  }
  return [from, to];
}

function applied(from: Resolved, step: Immediate, search: Search | null): Resolved {
  switch (step.kind) {
    case "shift":
      return shiftedAll(from, step.by);
    case "rows":
      return picked({ rows: from.rows, times: from.times }, step.rows);
    case "mask":
      checkMask(step.mask, countRows(from.rows));
      return picked(from, rowsOfMask(step.mask));
    case "slice": {
      const ordered = inOrder(from, search!);
      const [start, stop] = search!.find(ordered.times, step.start, step.end);
      return picked(ordered, { kind: "range", start, stop: Math.max(start, stop) });
    }
    case "within": {
      const ordered = inOrder(from, search!);
      const mask = new Uint8Array(countRows(from.rows));
      const { start, end } = step.intervals;
      for (let i = 0; i < start.length; i++) mask.fill(1, ...search!.find(ordered.times, start[i]!, end[i]!));
      return picked(ordered, rowsOfMask(mask));
    }
  }
}

/** The same rows, ordered by time. It is looked at once: what is taken of ordered times is ordered. */
function inOrder(from: Resolved, search: Search): Resolved {
  if (from.ordered !== undefined) return from.ordered;
  const order = search.order(from.times);
  const ordered = order === null ? from : picked(from, { kind: "list", list: order });
  from.ordered = ordered;
  ordered.ordered = ordered;
  return ordered;
}

/** Rows of rows; the steps that pick from ordered ones keep their order. */
function picked(from: Resolved, inner: Rows): Resolved {
  const out: Resolved = {
    rows: composeRows(from.rows, inner),
    times: from.times.map((values) => takeNumbers(values, inner)),
  };
  if (from.ordered === from) out.ordered = out;
  return out;
}

function shiftedAll(from: Resolved, by: number): Resolved {
  const out: Resolved = { rows: from.rows, times: from.times.map((times) => shifted(times, by)) };
  if (from.ordered === from) out.ordered = out;
  return out;
}

/** Times less an origin. */
export function shifted(times: Float64Array, by: number): Float64Array<ArrayBuffer> {
  const out = new Float64Array(times.length);
  for (let i = 0; i < out.length; i++) out[i] = times[i]! - by;
  return out;
}

function checkMask(mask: Uint8Array, count: number): void {
  if (mask.length === count) return;
  throw new ShapeError(
    `Cannot select by mask: mask length ${mask.length} does not match object length (${count})`,
  );
}
