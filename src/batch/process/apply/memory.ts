/**
 * How many observations fit into memory.
 *
 * What is counted, per channel and in bytes, with `i` for one value of the input, `o` for one of the output and `b` for the buffer:
 *
 * - a batch that is only looked at: `4 * (rows + 2 b) * i`: the batch, what it is read through, and batches before it that haven't been
 *   collected yet: engines collect arrays late;
 * - a function: `4 * ((rows + 2 b) * (i + 16) + rows * (8 + o))`: beside the batch a float64 copy that the function makes, its result
 *   in float64, that trimmed, and what is written;
 * - transforms: `4 * ((rows + margin) * sum(i + 8 + o) + rows * o) + 512 * steps`: of each step the input, a float64 copy and the
 *   output; and the filters' state.
 *
 * With several processes each has its share of the limit.
 *
 * @module
 */

/** How many batches there may be at a time, old ones that haven't been collected yet among them: measured. */
const AT_A_TIME = 4;

/** What a batch takes. */
export interface MemoryNeed {
  /** Bytes for each observation. */
  readonly perRow: number;
  /** Bytes whatever the number of observations. */
  readonly fixed: number;
}

/** What is done with batches. */
export interface MemoryUse {
  /** Channels of a batch. */
  readonly channels: number;
  /** Bytes of a value of the input, in memory. */
  readonly itemBytes: number;
  /** Observations on either side. */
  readonly bufferSize: number;
  /** Whether a function is called; of transforms, bytes of a value of the input and the output of each step. */
  readonly work: "read" | "call" | readonly (readonly [input: number, output: number])[];
  /** Bytes of a value that is written. */
  readonly outputBytes: number;
  /** `yass` counts the batch without its buffer, and nothing else. */
  readonly compatible: "yass" | null;
}

/** What batches take. */
export function memoryNeed(use: MemoryUse): MemoryNeed {
  const { channels, itemBytes, bufferSize, work, outputBytes, compatible } = use;
  if (compatible === "yass") return { perRow: channels * itemBytes, fixed: 0 };
  const beyond = 2 * bufferSize * channels;
  if (work === "read") return { perRow: AT_A_TIME * channels * itemBytes, fixed: AT_A_TIME * beyond * itemBytes };
  if (work === "call") {
    const batch = itemBytes + 16;
    return { perRow: AT_A_TIME * channels * (batch + 8 + outputBytes), fixed: AT_A_TIME * beyond * batch };
  }
  const steps = work.reduce((sum, [input, output]) => sum + input + 8 + output, 0);
  return {
    perRow: AT_A_TIME * channels * (steps + outputBytes),
    fixed: AT_A_TIME * beyond * steps + 512 * channels * work.length,
  };
}

/**
 * How many observations a batch may have.
 *
 * @param maxMemory The limit, in bytes
 * @param need What a batch takes
 * @param what What messages call it: `4 channels`
 * @throws {RangeError} If not even one fits
 */
export function rowsThatFit(maxMemory: number, need: MemoryNeed, what: string): number {
  const rows = Math.floor((maxMemory - need.fixed) / need.perRow);
  if (rows >= 1) return rows;
  const least = need.fixed + need.perRow;
  throw new RangeError(
    `Cannot process ${what} in ${bytesText(maxMemory)}: one observation${
      need.fixed > 0 ? " with its buffer" : ""
    } takes ${bytesText(least)}; raise maxMemory to at least that, or take fewer channels`,
  );
}

/**
 * Checks that a whole channel fits.
 *
 * @param maxMemory The limit, in bytes
 * @param need What a batch takes
 * @param rows Observations of a channel
 * @param isStrict Whether it must take less than the limit, as YASS has it, rather than no more
 * @throws {RangeError} If it doesn't
 */
export function checkChannelFits(maxMemory: number, need: MemoryNeed, rows: number, isStrict: boolean): void {
  const size = need.fixed + rows * need.perRow;
  if (isStrict ? size < maxMemory : size <= maxMemory) return;
  throw new RangeError(
    `Cannot process complete channels: each channel has a size of ${bytesText(size)} but maximum memory is ${
      bytesText(maxMemory)
    }; raise maxMemory, or set forceCompleteChannelBatch: false`,
  );
}

/** Bytes in units of 1,024, with YASS' letters: `1.5 KB`. */
export function bytesText(bytes: number): string {
  let [value, power] = [bytes, 0];
  while (value >= 1024 && power < 5) [value, power] = [value / 1024, power + 1];
  return `${Number(value.toFixed(2))} ${power === 0 ? "" : "KMGTP"[power - 1]}B`;
}
