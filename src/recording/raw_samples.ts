/**
 * Raw samples of a stream: reading a stretch of them, and what they are in physical units.
 *
 * @module
 */

import { ndarray } from "../array/ndarray.ts";
import type { LazyArray, NDArray, NumericData } from "../array/types.ts";
import { describeValue } from "../source/describe_value.ts";
import type { OptionNames } from "../source/options.ts";
import { loadReader } from "../wasm/reader/reader.ts";
import { elementTypeOf } from "../wasm/reader/types.ts";
import type { SignalChannel } from "./header.ts";
import { type ChannelPick, pickedChannels } from "./pick_channels.ts";
import type { SignalOptions } from "./segment_options.ts";

/** Options of `Recording.getAnalogSignalChunk`. */
export interface ChunkOptions extends SignalOptions, ChannelPick {
  /**
   * First sample.
   *
   * @default {0}
   */
  readonly iStart?: number | undefined;
  /** First sample left out; by default all to the end. */
  readonly iStop?: number | undefined;
  /** Aborts. */
  readonly signal?: AbortSignal | undefined;
}

/** Options of `Recording.rescaleSignalRawToFloat`. */
export interface RawRescaleOptions extends ChannelPick {
  /** The stream; it may be left out where there is one. */
  readonly streamIndex?: number | undefined;
  /**
   * What the values come in.
   *
   * @default {"float32"}
   */
  readonly dtype?: "float32" | "float64" | undefined;
}

/** Names of {@linkcode ChunkOptions}. */
export const CHUNK_OPTIONS: OptionNames<ChunkOptions> = {
  blockIndex: true,
  segmentIndex: true,
  streamIndex: true,
  channelIndexes: true,
  channelNames: true,
  channelIds: true,
  iStart: true,
  iStop: true,
  signal: true,
};

/** Names of {@linkcode RawRescaleOptions}. */
export const RESCALE_OPTIONS: OptionNames<RawRescaleOptions> = {
  channelIndexes: true,
  channelNames: true,
  channelIds: true,
  streamIndex: true,
  dtype: true,
};

/**
 * Reads samples.
 *
 * @param array All of the stream in a segment
 * @param channels Its channels
 * @param options Which samples of which channels
 * @throws {RangeError} If there is no such channel or sample
 */
export async function readChunk(
  array: LazyArray,
  channels: readonly SignalChannel[],
  options: ChunkOptions,
): Promise<NDArray<NumericData>> {
  const [length] = array.shape as [number];
  const { iStart = 0, iStop = length, signal } = options;
  for (const [name, value] of [["iStart", iStart], ["iStop", iStop]] as const) {
    if (!Number.isInteger(value) || value < 0 || value > length) {
      throw new RangeError(`Cannot read samples: ${name} is ${value}, there are ${length} samples`);
    }
  }
  const picked = pickedChannels(channels, options);
  const rows = { start: iStart, stop: Math.max(iStart, iStop), step: 1 };
  return await array.read([rows, picked], { signal }) as NDArray<NumericData>;
}

/**
 * Samples in physical units, worked out in float64 and rounded once.
 *
 * @param raw Samples, shape [samples, channels]
 * @param channels The channels of their stream
 * @param options Which of these they are of, and what the values come in
 */
export async function rescaleChunk(
  raw: NDArray<NumericData>,
  channels: readonly SignalChannel[],
  options: RawRescaleOptions,
): Promise<NDArray<Float32Array | Float64Array>> {
  const { dtype = "float32" } = options;
  if (dtype !== "float32" && dtype !== "float64") {
    throw new TypeError(`Cannot rescale samples to ${describeValue(dtype)}: expected "float32" or "float64"`);
  }
  const picked = pickedChannels(channels, options)?.map((index) => channels[index]!) ?? channels;
  if (!Array.isArray(raw?.shape)) {
    throw new TypeError(`Cannot rescale ${describeValue(raw)}: expected samples as getAnalogSignalChunk gives them`);
  }
  if (raw.shape.length !== 2 || raw.shape[1] !== picked.length) {
    throw new RangeError(
      `Cannot rescale samples of shape [${raw.shape.join(", ")}]: expected [samples, ${picked.length}]`,
    );
  }
  const reader = await loadReader();
  const data = reader.scale(raw.data as Float32Array, elementTypeOf(raw.data as Float32Array<ArrayBuffer>), dtype, {
    gain: Float64Array.from(picked, ({ gain }) => gain),
    offset: Float64Array.from(picked, ({ offset }) => offset),
    channels: picked.length,
    layout: "time-major",
  });
  return ndarray(data as Float32Array | Float64Array, raw.shape);
}
