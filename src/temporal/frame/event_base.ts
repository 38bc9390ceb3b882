/**
 * Timestamps in a file: finding the rows of a window without reading all of them.
 *
 * @module
 */

import type { LazyArray } from "../../array/types.ts";
import { slice } from "../../array/select/slice.ts";
import { FormatError } from "../../source/errors.ts";
import { isSorted, lowerBound, sortOrder } from "../../time/sorted.ts";
import type { Base } from "./gather.ts";
import type { Resolved, Search } from "./steps.ts";
import { namingArray } from "../files/naming_array.ts";
import { readTimes } from "./read_times.ts";
import { allRows } from "../columns/rows.ts";
import { ReadHistory } from "../columns/read_history.ts";

/** How events are found: those at `start` or later, and before `end`. */
export const EVENT_SEARCH: Search = {
  find([times], start, end) {
    return [lowerBound(times!, start), lowerBound(times!, end)];
  },
  order([times]) {
    return isSorted(times!) ? null : Float64Array.from(sortOrder(times!));
  },
};

/** The index of a file: how many timestamps lie before each second from `origin` on. */
export interface SecondIndex {
  /** The counts, shape (M,). */
  readonly counts: LazyArray;
  /** Second that the first one stands for: where the domain starts. */
  readonly origin: number;
}

/** Counts of an index that are read at once: 36 hours. */
const WHOLE_INDEX = 131_072;

/** Timestamps that are read at once where there is no index: bisecting more than these by reads is cheaper. */
const WHOLE_TIMES = 131_072;

/**
 * The rows of timestamps in a file.
 *
 * @param timestamps Where they are, shape (N,), in order
 * @param index The file's index, `null` where it has none: then the rows of a window are found by bisection
 * @param name What they are called, for messages
 */
export function eventBase(timestamps: LazyArray, index: SecondIndex | null, name: string): Base {
  const count = timestamps.shape[0] ?? 0;
  let whole: Promise<Resolved> | null = null;
  const all = (): Promise<Resolved> => {
    whole ??= readAll(timestamps, name).catch((error) => {
      whole = null;
      throw error;
    });
    return whole;
  };
  const history = new ReadHistory();
  const bracket = index === null ? bisect(timestamps, name, count) : secondLookUp(index, count, name);
  const within = async (from: number, to: number): Promise<Resolved> => {
    if (whole !== null || (index === null && count <= WHOLE_TIMES)) return await all();
    // The index may be off by rounding where a second of it falls between two others; bisection can't.
    for (const widen of index === null ? [0] : [0, 1]) {
      const { start, stop } = await bracket(from, to, widen);
      const found = await readBracket(timestamps, [start, stop], [from, to], name, history.again(timestamps));
      if (found !== null) return found;
    }
    throw new FormatError(
      `Cannot find ${from} to ${to} s in ${name}: ` +
        (index === null ? "timestamps aren't in order" : "timestamp_indices_1s disagrees with the timestamps"),
    );
  };
  return {
    count,
    known: null,
    search: EVENT_SEARCH,
    history,
    all,
    within: (from, to) => namingArray(name, timestamps, () => within(from, to)),
  };
}

type Bracket = (from: number, to: number, widen: number) => Promise<{ start: number; stop: number }>;

async function readAll(timestamps: LazyArray, name: string): Promise<Resolved> {
  const times = await readTimes(timestamps, name);
  return { rows: allRows(times.length), times: [times] };
}

/**
 * Reads a run of timestamps, and one on each side of it, which prove that the run is right.
 *
 * @returns `null` where they prove the opposite
 */
async function readBracket(
  timestamps: LazyArray,
  [start, stop]: readonly [number, number],
  [from, to]: readonly [number, number],
  name: string,
  wholePages: boolean,
): Promise<Resolved | null> {
  const count = timestamps.shape[0]!;
  const first = Math.max(0, start - 1);
  const last = Math.min(count, stop + 1);
  const times = await readTimes(timestamps, name, [slice(first, last)], wholePages);
  const isRight = isSorted(times) && (first === start || times[0]! < from) && (last === stop || times.at(-1)! >= to);
  if (!isRight) return null;
  const found: Resolved = {
    rows: { kind: "range", start, stop },
    times: [times.subarray(start - first, times.length - (last - stop))],
  };
  found.ordered = found;
  return found;
}

/** Rows by the file's index. */
function secondLookUp({ counts, origin }: SecondIndex, count: number, name: string): Bracket {
  const length = counts.shape[0] ?? 0;
  let whole: Promise<Float64Array> | null = null;
  const read = (from: number, to: number): Promise<Float64Array> =>
    namingArray(name, counts, () => readChecked(from, to));
  const readChecked = async (from: number, to: number): Promise<Float64Array> => {
    const values = await readTimes(counts, `${name.replace(/\.timestamps$/, "")}.timestamp_indices_1s`, [
      slice(from, to),
    ]);
    const isRight = isSorted(values) && (values.length === 0 || (values[0]! >= 0 && values.at(-1)! <= count));
    if (isRight && values.every(Number.isInteger)) return values;
    throw new FormatError(
      `Cannot look up ${name}: timestamp_indices_1s isn't a list of rising numbers of 0 to ${count}`,
    );
  };
  const readWhole = (): Promise<Float64Array> => {
    whole ??= read(0, length).catch((error) => {
      whole = null;
      throw error;
    });
    return whole;
  };
  return async (from, to, widen) => {
    const low = Math.floor(from - origin) - widen;
    const high = Math.ceil(to - origin) + widen;
    // What lies beyond the last second of the index isn't told by it, nor what lies before the first.
    const starts = low >= 0 && length > 0;
    const ends = high <= length - 1;
    const at = Math.min(Math.max(low, 0), length - 1);
    const until = Math.min(Math.max(high, 0), length - 1);
    if (!starts && !ends) return { start: 0, stop: count };
    const offset = length <= WHOLE_INDEX ? 0 : at;
    const values = length <= WHOLE_INDEX ? await readWhole() : await read(at, until + 1);
    const start = starts ? values[at - offset]! : 0;
    return { start, stop: Math.max(start, ends ? values[until - offset]! : count) };
  };
}

/** Rows by bisection: blocks of timestamps are looked at, of which the first and the last are remembered. */
function bisect(timestamps: LazyArray, name: string, count: number): Bracket {
  const edges = new Map<number, Promise<{ first: number; last: number }>>();
  const edgesOf = (block: number): Promise<{ first: number; last: number }> => {
    const known = edges.get(block);
    if (known !== undefined) return known;
    const stop = Math.min(count, (block + 1) * PROBE);
    const read = readTimes(timestamps, name, [slice(block * PROBE, stop)]).then((times) => {
      return { first: times[0]!, last: times.at(-1)! };
    });
    edges.set(block, read);
    read.catch(() => edges.delete(block));
    return read;
  };
  // The first block that has a timestamp at or after a time, and whether that is its first one.
  const find = async (time: number): Promise<{ block: number; isStart: boolean }> => {
    let [low, high] = [0, Math.ceil(count / PROBE)];
    while (low < high) {
      const middle = (low + high) >>> 1;
      const { first, last } = await edgesOf(middle);
      if (last < time) low = middle + 1;
      else if (first >= time) high = middle;
      else return { block: middle, isStart: false };
    }
    return { block: low, isStart: true };
  };
  return async (from, to) => {
    const start = Math.min(count, (await find(from)).block * PROBE);
    const { block, isStart } = await find(to);
    return { start, stop: Math.max(start, Math.min(count, (isStart ? block : block + 1) * PROBE)) };
  };
}

/** Timestamps of a probe: 64 KiB. */
const PROBE = 8192;
