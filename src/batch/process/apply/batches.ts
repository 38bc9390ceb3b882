/**
 * Cutting a recording into batches.
 *
 * @module
 */

/** A batch: observations from `start` up to `stop`, and, where it is of one channel, which. */
export interface BatchPlace {
  /** First observation. */
  readonly start: number;
  /** First observation left out. */
  readonly stop: number;
  /** The channel, of batches of one; `null` for all that were picked. */
  readonly channel: number | null;
  /** The how-manieth of the channels that is; 0 for batches of all. */
  readonly group: number;
}

/** Batches, as many as one wants to know beforehand. */
export interface BatchList extends Iterable<BatchPlace> {
  /** How many. */
  readonly count: number;
}

/**
 * Cuts a stretch into batches that don't overlap; the last one may be shorter.
 *
 * @param from First observation
 * @param to First observation left out
 * @param rows Observations of a batch
 * @param channels One batch each of these; `null` for batches of all channels
 */
export function batchesOf(from: number, to: number, rows: number, channels: readonly number[] | null): BatchList {
  const each = Math.ceil((to - from) / rows);
  return {
    count: each * (channels?.length ?? 1),
    *[Symbol.iterator]() {
      for (const [group, channel] of (channels ?? [null]).entries()) {
        for (let start = from; start < to; start += rows) {
          yield { start, stop: Math.min(to, start + rows), channel, group };
        }
      }
    },
  };
}
