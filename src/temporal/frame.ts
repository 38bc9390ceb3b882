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
import { allRows, composeRows, countRows, type Rows, rowsOfMask } from "./rows.ts";

/** Rows of a base, and their times: one array for timestamps, two (start, end) for intervals, none without times. */
export interface Resolved {
  /** Rows of the base. */
  readonly rows: Rows;
  /** Their times as the object shows them: shifted. */
  readonly times: readonly Float64Array[];
  /** Set once they are known to be in order. */
  ordered?: boolean;
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
  /** Everything. */
  all(): Promise<Resolved>;
  /** At least all rows whose times touch `[from, to]`, next to each other. */
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

/** A base whose times are in memory. */
export function memoryBase(count: number, times: readonly Float64Array[], search: Search | null): Base {
  const known = { rows: allRows(count), times };
  return { count, known, search, all: () => Promise.resolve(known) };
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
  #finding: Promise<Resolved> | null = null;

  private constructor(base: Base, from: Frame | null, step: Step | null, found: Resolved | null) {
    this.base = base;
    this.#from = from;
    this.#step = step;
    this.#found = found;
    const shifts = from?.shifts ?? [];
    this.shifts = step?.kind === "shift" ? [...shifts, { by: step.by, timekeys: step.timekeys }] : shifts;
  }

  /** All rows of a base. */
  static of(base: Base): Frame {
    return new Frame(base, null, null, base.known);
  }

  /** Whether it is where its chain starts: all rows of the base, nothing shifted. */
  get isOrigin(): boolean {
    return this.#from === null;
  }

  /** What it shows, where that is known without reading. */
  get known(): Resolved | null {
    return this.#found;
  }

  /** Number of rows, where that is known without reading. */
  get count(): number | null {
    if (this.#found !== null) return countRows(this.#found.rows);
    if (this.#step === null) return this.base.count;
    if (this.#step.kind === "shift") return this.#from!.count;
    return this.#step.kind === "mask" ? ones(this.#step.mask) : null;
  }

  /** The frame that a step leads to. */
  after(step: Step): Frame {
    if (step.kind === "mask" && this.count !== null) checkMask(step.mask, this.count);
    const known = this.#found;
    const now = known !== null && !(step.kind === "within" && typeof step.intervals === "function");
    return new Frame(this.base, this, step, now ? applied(known, step as Immediate, this.base.search) : null);
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

  async #find(): Promise<Resolved> {
    const steps: Step[] = [];
    let start: Frame = this as Frame;
    while (start.#found === null && start.#from !== null) {
      steps.unshift(start.#step!);
      // A masked object is one that users go on with: what it shows is remembered with it.
      start = start.#from;
      if (start.#step?.kind === "mask") await start.resolve();
    }
    let shown = start.#found ?? await gather(start.base, steps);
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

/** Reads as much of a base as steps can need. */
async function gather(base: Base, steps: readonly Step[]): Promise<Resolved> {
  let [from, to, origin] = [-Infinity, Infinity, 0];
  for (const step of steps) {
    if (step.kind === "shift") origin += step.by;
    else if (step.kind === "slice") {
      from = Math.max(from, margin(step.start, origin, -1));
      to = Math.min(to, margin(step.end, origin, 1));
    } else break;
  }
  if (base.within === undefined || (from === -Infinity && to === Infinity)) return await base.all();
  return await base.within(from, Math.max(from, to));
}

/** A time before it was shifted, moved by more than shifting can have rounded. */
function margin(time: number, origin: number, direction: 1 | -1): number {
  return time + origin + direction * 16 * Number.EPSILON * Math.max(Math.abs(time), Math.abs(origin));
}

function applied(from: Resolved, step: Immediate, search: Search | null): Resolved {
  switch (step.kind) {
    case "shift":
      return { ...from, times: from.times.map((times) => shifted(times, step.by)) };
    case "rows":
      return picked(from, step.rows);
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
      step.intervals.start.forEach((start, i) =>
        mask.fill(1, ...search!.find(ordered.times, start, step.intervals.end[i]!))
      );
      return picked(ordered, rowsOfMask(mask));
    }
  }
}

/** The same rows, ordered by time. It is looked at once: what is taken of ordered times is ordered. */
function inOrder(from: Resolved, search: Search): Resolved {
  if (from.ordered === true) return from;
  const order = search.order(from.times);
  const ordered = order === null ? from : picked(from, { kind: "list", list: order });
  ordered.ordered = true;
  return ordered;
}

function picked({ rows, times, ordered }: Resolved, inner: Rows): Resolved {
  const pick = inner.kind === "range"
    ? (values: Float64Array) => values.slice(inner.start, inner.stop)
    : (values: Float64Array) => Float64Array.from(inner.list, (row) => values[row]!);
  const taken = { rows: composeRows(rows, inner), times: times.map(pick) };
  return ordered === true ? { ...taken, ordered } : taken;
}

/** Times less an origin. */
export function shifted(times: Float64Array, by: number): Float64Array<ArrayBuffer> {
  return new Float64Array(times).map((time) => time - by);
}

function ones(mask: Uint8Array): number {
  let count = 0;
  for (let i = 0; i < mask.length; i++) if (mask[i] !== 0) count++;
  return count;
}

function checkMask(mask: Uint8Array, count: number): void {
  if (mask.length === count) return;
  throw new ShapeError(
    `Cannot select by mask: mask length ${mask.length} does not match object length (${count})`,
  );
}
