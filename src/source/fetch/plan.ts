/**
 * Which requests to send for which ranges: pure functions, so that tests compare whole plans.
 *
 * @module
 */

import type { ByteRange } from "../types.ts";

/** How ranges are merged. */
export interface MergeOptions {
  /** Two ranges become one request where at most this many bytes, which nobody asked for, lie between them. */
  readonly gap: number;
  /** A merged request is at most this long, in bytes. A single range that is longer stays whole. */
  readonly maxLength: number;
}

/** One request, and what it serves. */
export interface MergedRange<R extends ByteRange = ByteRange> extends ByteRange {
  /** The ranges that lie in it, by offset. */
  readonly ranges: readonly R[];
}

/**
 * Merges ranges into requests.
 *
 * @param ranges Any order; they may overlap and repeat; empty ones are left out
 * @param options Gap and greatest length
 * @returns Requests by offset; every range that isn't empty is in exactly one
 *
 * @example
 * ```ts
 * import { mergeRanges } from "./plan.ts";
 * mergeRanges([{ offset: 0, length: 10 }, { offset: 15, length: 5 }], { gap: 8, maxLength: 100 });
 * // [{ offset: 0, length: 20, ranges: [the two] }]
 * ```
 */
export function mergeRanges<R extends ByteRange>(ranges: readonly R[], options: MergeOptions): MergedRange<R>[] {
  const sorted = ranges.filter((range) => range.length > 0).sort((a, b) => a.offset - b.offset || a.length - b.length);
  const merged: MergedRange<R>[] = [];
  let offset = 0;
  let end = 0;
  let members: R[] = [];
  const finish = () => {
    if (members.length > 0) merged.push({ offset, length: end - offset, ranges: members });
  };
  for (const range of sorted) {
    const newEnd = Math.max(end, range.offset + range.length);
    const inside = members.length > 0 && newEnd === end;
    if (inside || (members.length > 0 && range.offset - end <= options.gap && newEnd - offset <= options.maxLength)) {
      members.push(range);
      end = newEnd;
    } else {
      finish();
      offset = range.offset;
      end = range.offset + range.length;
      members = [range];
    }
  }
  finish();
  return merged;
}

/** Pages, both ends inclusive; none where `last < first`. */
export interface PageSpan {
  /** Number of the first page. */
  readonly first: number;
  /** Number of the last page. */
  readonly last: number;
}

/**
 * Which pages a range touches.
 *
 * @param range The range
 * @param blockSize Bytes per page
 * @returns Page numbers, inclusive
 */
export function pagesOf(range: ByteRange, blockSize: number): PageSpan {
  return {
    first: Math.floor(range.offset / blockSize),
    last: range.length === 0
      ? Math.floor(range.offset / blockSize) - 1
      : Math.floor((range.offset + range.length - 1) / blockSize),
  };
}

/**
 * Joins page numbers that follow each other into spans.
 *
 * @param pages Page numbers, ascending, without repeats
 * @param bridge Number of pages that may be missing between two spans before they stay apart
 * @param mayBridge Whether a page between them may be taken along
 * @returns Spans, ascending
 */
export function pageRuns(
  pages: readonly number[],
  bridge = 0,
  mayBridge: (page: number) => boolean = () => true,
): PageSpan[] {
  const runs: { first: number; last: number }[] = [];
  for (const page of pages) {
    const run = runs.at(-1);
    let joins = run !== undefined && page - run.last - 1 <= bridge;
    for (let between = (run?.last ?? 0) + 1; joins && between < page; between++) joins = mayBridge(between);
    if (run !== undefined && joins) run.last = page;
    else runs.push({ first: page, last: page });
  }
  return runs;
}
