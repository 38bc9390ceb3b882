/**
 * Changes of digital lines as epochs.
 *
 * @module
 */

/** Changes of lines. */
export interface LineChanges {
  /** When, in ticks. */
  readonly times: ArrayLike<number>;
  /** `+k` where line k rises, `-k` where it falls. */
  readonly states: ArrayLike<number>;
  /** Lines that were high before the first change, a bit each: bit 0 is line 1. */
  readonly initialState: bigint;
  /** When the first epoch of such a line begins, in ticks. */
  readonly begin: number;
  /** When the last epoch of a line that doesn't fall ends, in ticks. */
  readonly end: number;
}

/** Lines while they are high. */
export interface LineEpochs {
  /** When they rise. */
  readonly starts: Float64Array;
  /** How long they are high. */
  readonly durations: Float64Array;
  /** Which line. */
  readonly lines: readonly number[];
  /** Which change began it; that which ended it, where it was high before. */
  readonly changes: readonly number[];
}

/**
 * Pairs rises with the falls behind them. A line that falls first was high from the beginning, if `initialState` says so;
 * one that doesn't fall any more is high to the end. A second rise without a fall between, whose fall got lost, begins anew.
 *
 * @param given The changes, in order of time
 */
export function lineEpochs({ times, states, initialState, begin, end }: LineChanges): LineEpochs {
  const high = new Map<number, { start: number; change: number }>();
  const seen = new Set<number>();
  const found: { start: number; stop: number; line: number; change: number }[] = [];
  for (let i = 0; i < states.length; i++) {
    const state = states[i]!;
    const time = times[i]!;
    const line = Math.abs(state);
    if (line === 0) continue;
    const open = high.get(line);
    if (state > 0) {
      if (open !== undefined) found.push({ ...open, stop: time, line });
      high.set(line, { start: time, change: i });
    } else if (open !== undefined) {
      found.push({ ...open, stop: time, line });
      high.delete(line);
    } else if (!seen.has(line) && isHigh(initialState, line)) {
      found.push({ start: Math.min(begin, time), stop: time, line, change: i });
    }
    seen.add(line);
  }
  // What rose behind the end of all samples never was seen to be high.
  for (const [line, open] of high) if (open.start < end) found.push({ ...open, stop: end, line });
  found.sort((a, b) => a.start - b.start || a.change - b.change);
  return {
    starts: Float64Array.from(found, ({ start }) => start),
    durations: Float64Array.from(found, ({ start, stop }) => stop - start),
    lines: found.map(({ line }) => line),
    changes: found.map(({ change }) => change),
  };
}

function isHigh(state: bigint, line: number): boolean {
  return line <= 64 && (state >> BigInt(line - 1) & 1n) === 1n;
}
