/**
 * How much to fetch around a miss.
 *
 * Each load of metadata is a round trip that a call waits for, so where misses keep coming near each other it pays to
 * fetch more at a time. But a cold slice needs few pages, and bytes that nobody uses are paid for too. So the first
 * loads fetch what is needed alone; then each miss near to what is there doubles what the next one may fetch, and one
 * far from it halves that. All the while, what was fetched ahead and not used stays below what was of use.
 *
 * @module
 */

import type { PageSpan } from "./plan.ts";

/** What {@linkcode ReadAhead.extend} must know of the cache. */
export interface Surroundings {
  /** Number of this load: 1 is the first. */
  readonly load: number;
  /** Bytes per page. */
  readonly blockSize: number;
  /** Pages of the file. */
  readonly pages: number;
  /** The most pages to fetch for one run. */
  readonly most: number;
  /** Whether a page is there. */
  readonly has: (page: number) => boolean;
}

/** Loads that fetch only what is needed, whatever they show. */
const PATIENT_LOADS = 2;
/** A miss this near to a page that is there (or within what the last miss fetched) is one of the same walk. */
const NEAR_BYTES = 262_144;
/** Runs in one load up to which it reads ahead: more of them are fetched in parallel, so fewer round trips are to be saved. */
const FEW_RUNS = 2;
/** Bytes fetched ahead that may be of no use, beyond as many as have been of use. */
const GRACE_BYTES = 131_072;

/** Remembers how far reading ahead has helped. */
export class ReadAhead {
  readonly #most: number;
  /** Bytes to fetch for the next near miss. */
  #window = 0;
  /** Pages that were needed, at a miss or later. */
  #useful = 0;
  /** Pages that were fetched ahead and not needed yet. */
  #unproven = 0;

  /** Makes one that never fetches more than `most` bytes for a miss. */
  constructor(most: number) {
    this.#most = most;
  }

  /** Counts pages that were fetched ahead and are used for the first time. */
  used(pages: number): void {
    this.#useful += pages;
    this.#unproven -= pages;
  }

  /** Forgets all counts: pages are of another size now. */
  reset(): void {
    this.#window = this.#useful = this.#unproven = 0;
  }

  /**
   * Extends runs of pages that are needed.
   *
   * @param runs Runs of missing pages, ascending
   * @param around What there is
   * @returns All pages to fetch, ascending
   */
  extend(runs: readonly PageSpan[], around: Surroundings): number[] {
    const { blockSize } = around;
    const needed = runs.reduce((sum, run) => sum + run.last - run.first + 1, 0);
    this.#useful += needed;
    const distance = Math.max(1, Math.ceil(Math.max(NEAR_BYTES, this.#window) / blockSize));
    const near = runs.some((run) => isNear(run, around, distance));
    const grown = near ? 2 * this.#window : this.#window / 2;
    this.#window = around.load <= PATIENT_LOADS ? blockSize : Math.max(blockSize, Math.min(this.#most, grown));
    const allowed = this.#useful + Math.floor(GRACE_BYTES / blockSize) - this.#unproven;
    const pages = new Set<number>();
    for (const run of runs) {
      const size = near && runs.length <= FEW_RUNS
        ? Math.min(around.most, Math.floor(this.#window / blockSize), run.last - run.first + 1 + allowed)
        : 0;
      for (const page of extendRun(run, size, around)) pages.add(page);
    }
    this.#unproven += pages.size - needed;
    return [...pages].sort((a, b) => a - b);
  }
}

/** Whether a page that is there lies near a run. */
function isNear(run: PageSpan, around: Surroundings, distance: number): boolean {
  for (let step = 1; step <= distance; step++) {
    if (run.first - step >= 0 && around.has(run.first - step)) return true;
    if (run.last + step < around.pages && around.has(run.last + step)) return true;
  }
  return false;
}

/** A run and the pages around it, `size` in all where these are missing. */
function* extendRun(run: PageSpan, size: number, around: Surroundings): Generator<number> {
  let { first, last } = run;
  // Going on from what is there: read on. Otherwise the block of that size that the miss lies in, both sides of it.
  const goesOn = run.first > 0 && around.has(run.first - 1);
  const from = goesOn ? run.first : Math.max(0, run.first - (size > 0 ? run.first % size : 0));
  const to = Math.min(around.pages, from + size) - 1;
  // Up to the first page that is there, so that a run stays one request.
  while (first > from && !around.has(first - 1)) first--;
  while (last < to && !around.has(last + 1)) last++;
  for (let page = first; page <= last; page++) yield page;
}
