/**
 * Where a batch lies, in YASS' form: slices of observations and channels that print as Python's.
 *
 * @module
 */

import { slice } from "../../../array/select/slice.ts";
import type { NDArray, NumericData, Slice } from "../../../array/types.ts";
import { printedAs } from "../../../source/inspect.ts";

/** Channels of a batch as they were asked for: a slice of all, one, or a list. */
export type ChannelKey = Slice | number | readonly number[];

/** Where a batch lies: [observations, channels]. It selects from lazy arrays, and prints as a tuple of slices does in Python. */
export type BatchIndex = readonly [observations: Slice, channels: ChannelKey];

/** A batch: `[data, local, index]`, also by name. */
export type BatchItem = readonly [data: NDArray<NumericData>, local: BatchIndex, index: BatchIndex] & {
  /** The values, buffer included: [observations, channels]. */
  readonly data: NDArray<NumericData>;
  /** Where the batch lies within `data`, the buffer left out. */
  readonly local: BatchIndex;
  /** Where it lies in the recording. */
  readonly index: BatchIndex;
};

/** A batch of one channel that may be a part of it: `[data, channel]`, also by name. */
export type ChannelItem = readonly [data: NDArray<NumericData>, channel: number] & {
  /** The values: [observations]. */
  readonly data: NDArray<NumericData>;
  /** Which channel. */
  readonly channel: number;
  /** Where it lies in the recording. */
  readonly index: BatchIndex;
};

/** A place in a recording. */
export function batchIndex(observations: Slice, channels: ChannelKey): BatchIndex {
  const pair = [observations, channels] as const;
  return printedAs(pair, () => `(${pythonText(observations)}, ${pythonText(channels)})`);
}

/** A place within a batch: so many rows behind so many of buffer, and all of its channels. */
export function localIndex(bufferSize: number, rows: number): BatchIndex {
  return batchIndex(slice(bufferSize, bufferSize + rows), slice(null, null));
}

/** A batch as an item. */
export function batchItem(data: NDArray<NumericData>, local: BatchIndex, index: BatchIndex): BatchItem {
  return named([data, local, index] as const, { data, local, index });
}

/** A batch of a channel as an item. */
export function channelItem(data: NDArray<NumericData>, channel: number, index: BatchIndex): ChannelItem {
  return named([data, channel] as const, { data, channel, index });
}

function named<T extends object, N extends object>(list: T, names: N): T & N {
  for (const [name, value] of Object.entries(names)) Object.defineProperty(list, name, { value });
  return list as T & N;
}

function pythonText(key: ChannelKey): string {
  if (typeof key === "number") return String(key);
  if ("length" in key) return `[${key.join(", ")}]`;
  const { start, stop, step } = key;
  return `slice(${start ?? "None"}, ${stop ?? "None"}, ${step ?? "None"})`;
}
