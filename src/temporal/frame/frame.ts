/**
 * Which rows an object shows, and how its times are shifted: worked out at once where all is at hand, else when first
 * asked.
 *
 * A lazy object and one in memory differ in nothing else, so whatever the order of steps, both take the same rows by the
 * same comparisons.
 *
 * @module
 */

import { type Base, gather } from "./gather.ts";
import { allRows, composeRows, countMask, countRows, type Rows, rowsOfMask } from "../columns/rows.ts";
import { applied, checkMask, type Immediate, type Resolved, type Search, type Shift, type Step } from "./steps.ts";
import { ReadHistory } from "../columns/read_history.ts";
import { waitForAll } from "../wait_for_all.ts";

/** A base whose times are in memory; its rows are numbered from 0 unless they are told. */
export function memoryBase(
  count: number,
  times: readonly Float64Array[],
  search: Search | null,
  rows: Rows = allRows(count),
): Base {
  const known = { rows, times };
  return { count, known, search, history: new ReadHistory(), all: () => Promise.resolve(known) };
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
    const found = known !== null && isImmediate(step) ? applied(known, step, this.base.search) : null;
    return new Frame(this.base, this, step, found, this.shifts);
  }

  /** A frame of the same rows with other times; nothing else of it changes. */
  withTimes(times: readonly Float64Array[]): Frame {
    const { rows } = this.#found!;
    const base = memoryBase(countRows(rows), times, this.base.search, rows);
    return Frame.of({ ...base, history: this.base.history }, this.shifts);
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
    // What has to wait for nothing is asked for at once.
    const ready = steps.every(isImmediate) ? steps : await waitForAll(steps.map(immediate));
    const shown = start.#found ?? await gather(start, ready);
    return ready.reduce((from, step) => applied(from, step, this.base.search), shown);
  }
}

function isImmediate(step: Step): step is Immediate {
  return step.kind !== "within" || typeof step.intervals !== "function";
}

/** A step with the intervals that it selects by, read where need be. */
async function immediate(step: Step): Promise<Immediate> {
  if (step.kind !== "within") return step;
  const { kind, intervals } = step;
  return { kind, intervals: typeof intervals === "function" ? await intervals() : intervals };
}
