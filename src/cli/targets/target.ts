/**
 * What a kind of target is: a file that `convert` writes.
 *
 * @module
 */

import type { LazyArray } from "../../array/types.ts";

/** An array on its way, with its path in the target. */
export interface Outgoing {
  /** Path in the target. */
  readonly name: string;
  /** The array. */
  readonly array: LazyArray;
  /** What its samples are, where it is a stream of a recording and the target can say so. */
  readonly recording?: OutgoingRecording | undefined;
}

/** What the samples of an array [samples, channels] are. */
export interface OutgoingRecording {
  /** Samples per second. */
  readonly samplingRate: number;
  /** When the first was taken, in seconds. */
  readonly tStart: number;
  /** Unit of each channel's physical values. */
  readonly units: readonly string[];
  /** Physical units per stored one, of each channel. */
  readonly gain: readonly number[];
  /** Physical value of a stored zero, of each channel. */
  readonly offset: readonly number[];
  /** Name of each channel. */
  readonly channelNames: readonly string[];
}

/** The same as attributes, by the names that plain HDF5 is read by. */
export function recordingAttributes(recording: OutgoingRecording): Record<string, number | number[] | string[]> {
  const { samplingRate, tStart, units, gain, offset, channelNames } = recording;
  return {
    sampling_rate: samplingRate,
    t_start: tStart,
    units: [...units],
    gain: [...gain],
    offset: [...offset],
    channel_names: [...channelNames],
  };
}

/** Options of `convert` that not all targets have. */
export type TargetOption = "name" | "chunks" | "compression" | "shuffle" | "zarr-format";

/** A compression of a target: its levels, or `null` where it has none. */
export type Levels = readonly [least: number, most: number] | null;

/** A kind of target: one file, and one line in `registry.ts`. */
export interface Target {
  /** Endings of names that mean it, without the dot. */
  readonly endings: readonly string[];
  /** Whether it holds many arrays, by name. */
  readonly holdsMany: boolean;
  /** Which options it has. */
  readonly options: readonly TargetOption[];
  /** Its compressions by name, where it has any. */
  readonly compressions?: Readonly<Record<string, Levels>>;
  /** Whether it says of a recording's samples what they are; what doesn't, holds physical values. */
  readonly saysRecording?: boolean;
  /** What a single array is called in it by default; `data`, or its own path, where this says nothing. */
  readonly nameOfOne?: string;
  /** The files that it writes; the target alone, where this is absent. */
  files?(target: string): readonly string[];
  /** Checks options against each other. @throws {UsageError} If they don't go together */
  check?(options: ConvertOptions): void;
  /**
   * Writes arrays. Each is read block by block, and what is written is put into place only once it is whole. What it needs
   * is imported here, so that other commands don't load it.
   */
  write(arrays: readonly Outgoing[], options: ConvertOptions, signal: AbortSignal): Promise<void>;
}

/** What `convert` is told of its target. */
export interface ConvertOptions {
  /** Where to write. */
  readonly target: string;
  /** What kind of file that is: its name in the registry. */
  readonly kind: string;
  /** That kind. */
  readonly to: Target;
  /** Path of the array in the target. */
  readonly name: string | undefined;
  /** Shape of the chunks; `null` along axes that are chosen. */
  readonly chunks: readonly (number | null)[] | undefined;
  /** How chunks are compressed: one of the target's compressions. */
  readonly compression: { readonly name: string; readonly level: number | undefined } | undefined;
  /** Whether bytes of the same significance are put together first. */
  readonly shuffle: boolean;
  /** Whether a target that is there is replaced. */
  readonly overwrite: boolean;
  /** Version of Zarr. */
  readonly zarrFormat: 2 | 3;
}

/** About how much of an array is in memory at a time. */
export const BLOCK_BYTES = 16 * 2 ** 20;
