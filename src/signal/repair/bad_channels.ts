/**
 * Channels that are dead, noisy, or outside of the brain.
 *
 * @module
 */

import { memoryArray } from "../../array/memory.ts";
import { isNDArray, ndarray } from "../../array/ndarray.ts";
import type { LazyArray, NDArray } from "../../array/types.ts";
import { checkOptions, type OptionNames } from "../../source/options.ts";
import { highpass } from "../filter/filters.ts";
import { welch } from "../spectrum/welch.ts";
import { chooseOf, numberOf, positionsOf, rateOf } from "../transform/check.ts";
import { blocksOf, eachChannel, evenStretches, medianOf, type Stretch } from "../transform/sample_rows.ts";
import { inputOf } from "../transform/transformed_array.ts";

/** What a channel is. */
export type ChannelLabel = "good" | "dead" | "noise" | "out";

/** Options of {@linkcode badChannels}. */
export interface BadChannelsOptions {
  /**
   * How they are told: by their coherence with the others and the power near half the sampling rate, as IBL does; or by their standard
   * deviation, or their median absolute deviation, against those of the others.
   *
   * @default {"coherence+psd"}
   */
  readonly method?: "coherence+psd" | "std" | "mad" | undefined;
  /** Samples per second; may be left out where the array knows it. */
  readonly samplingRate?: number | undefined;
  /** Where channels lie, for `coherence+psd`: they are taken in the order of their depth, the last axis. As they come by default. */
  readonly positions?: readonly (readonly number[])[] | undefined;
  /**
   * Of `std` and `mad`: how many times the median deviation is too much.
   *
   * @default {5}
   */
  readonly deviation?: number | undefined;
  /**
   * How much power near half the sampling rate is noise, in squared units by Hz; IBL's number is for microvolts.
   *
   * @default {0.02}
   */
  readonly noisePower?: number | undefined;
  /**
   * From which part of half the sampling rate on that power is looked at.
   *
   * @default {0.8}
   */
  readonly noiseFrom?: number | undefined;
  /**
   * A coherence with the neighbours below this is a dead channel's.
   *
   * @default {-0.5}
   */
  readonly dead?: number | undefined;
  /**
   * A coherence with the neighbours above this is noise.
   *
   * @default {1}
   */
  readonly noise?: number | undefined;
  /**
   * A coherence with all channels below this, at an end of the probe, is outside of the brain.
   *
   * @default {-0.75}
   */
  readonly out?: number | undefined;
  /**
   * At which end of the probe channels may be outside: that of the largest depth, the smallest, or both.
   *
   * @default {"top"}
   */
  readonly outside?: "top" | "bottom" | "both" | undefined;
  /**
   * How many channels are neighbours; odd.
   *
   * @default {11}
   */
  readonly neighbors?: number | undefined;
  /**
   * How many stretches are looked at, which lie evenly over the whole.
   *
   * @default {100}
   */
  readonly chunks?: number | undefined;
  /**
   * How long a stretch is, in seconds.
   *
   * @default {0.3}
   */
  readonly chunkDuration?: number | undefined;
  /**
   * Of `coherence+psd`: below this frequency, in Hz, nothing is looked at; `null` where the signal is filtered already.
   *
   * @default {300}
   */
  readonly highpass?: number | null | undefined;
  /** Aborts. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Labels channels `good`, `dead`, `noise` or `out`(side of the brain), by stretches that lie evenly over the recording: SpikeInterface's
 * `detect_bad_channels`, whose stretches lie at random. Each stretch has its say; the most frequent label of a channel counts.
 *
 * @param input Samples [samples, channels], in microvolts for the standard `noisePower`
 * @param options How
 * @returns A label for each channel
 * @throws {RangeError} If there are no samples
 *
 * @example Usage
 * ```ts
 * import { badChannels } from "./bad_channels.ts";
 * import { ndarray } from "../../array/ndarray.ts";
 * import assert from "node:assert/strict";
 *
 * // The last channel varies a hundred times as much.
 * const samples = ndarray(Float64Array.from({ length: 3000 }, (_, i) => Math.sin(i * i) * (i % 3 === 2 ? 100 : 1)), [1000, 3]);
 * assert.deepEqual(await badChannels(samples, { method: "std", samplingRate: 1000 }), ["good", "good", "noise"]);
 * ```
 */
export async function badChannels(
  input: LazyArray | NDArray,
  options: BadChannelsOptions = {},
): Promise<ChannelLabel[]> {
  const name = "find bad channels";
  checkOptions(options, NAMES, name);
  const lazy = isNDArray(input) ? memoryArray(input) as LazyArray : input as LazyArray;
  const known = inputOf(lazy, name);
  const method = chooseOf(name, "method", options.method ?? "coherence+psd", ["coherence+psd", "std", "mad"]);
  const rate = rateOf(name, known, options);
  const number = (option: keyof BadChannelsOptions, standard: number) => numberOf(name, option, options, standard);
  const [rows, channels] = known.shape;
  const long = Math.trunc(number("chunkDuration", 0.3) * rate);
  const chunks = number("chunks", 100);
  if (!(long >= 1 && Number.isInteger(chunks) && chunks >= 1)) {
    throw new RangeError(`Cannot ${name} in ${chunks} stretches of ${long} samples: expected 1 or more`);
  }
  if (rows === 0) throw new RangeError(`Cannot ${name} of no samples`);
  const stretches = rows <= long
    ? [{ from: 0, to: rows }]
    : evenStretches(rows, Math.min(rows - 1, chunks * long), long);
  if (method !== "coherence+psd") {
    const deviations = await deviationsOf(lazy, stretches, method, options);
    const most = number("deviation", 5) * medianOf(Float64Array.from(deviations));
    return deviations.map((value) => value > most || Number.isNaN(value) ? "noise" : "good");
  }
  const order = Array.from({ length: channels }, (_, i) => i);
  if (options.positions !== undefined) {
    const positions = positionsOf(name, options.positions, channels);
    order.sort((a, b) => positions[a]!.at(-1)! - positions[b]!.at(-1)! || a - b);
  }
  const cutoff = options.highpass === null ? null : number("highpass", 300);
  const filtered = cutoff === null ? lazy : highpass(lazy, { cutoff, samplingRate: rate, order: 3 });
  const rules: Rules = {
    rate,
    noisePower: number("noisePower", 0.02),
    noiseFrom: number("noiseFrom", 0.8),
    dead: number("dead", -0.5),
    noise: number("noise", 1),
    out: number("out", -0.75),
    outside: chooseOf(name, "outside", options.outside ?? "top", ["top", "bottom", "both"]),
    neighbors: number("neighbors", 11),
  };
  if (!(Number.isInteger(rules.neighbors) && rules.neighbors % 2 === 1 && rules.neighbors > 0)) {
    throw new RangeError(`Cannot ${name} by ${rules.neighbors} neighbors: expected an odd number`);
  }
  const votes = order.map(() => new Map<ChannelLabel, number>());
  for (const stretch of stretches) {
    const data = new Float64Array((stretch.to - stretch.from) * channels);
    for await (const block of blocksOf(filtered, [stretch], options)) {
      const at = (block.from - stretch.from) * channels;
      for (let i = 0; i < block.data.length; i++) {
        data[at + i] = Number(block.data[Math.floor(i / channels) * channels + order[i % channels]!]);
      }
    }
    const labels = await labelsOf(data, channels, rules);
    labels.forEach((label, i) => votes[i]!.set(label, (votes[i]!.get(label) ?? 0) + 1));
  }
  const result = new Array<ChannelLabel>(channels);
  order.forEach((channel, i) => result[channel] = winner(votes[i]!));
  return result;
}

const NAMES: OptionNames<BadChannelsOptions> = {
  method: true,
  samplingRate: true,
  positions: true,
  deviation: true,
  noisePower: true,
  noiseFrom: true,
  dead: true,
  noise: true,
  out: true,
  outside: true,
  neighbors: true,
  chunks: true,
  chunkDuration: true,
  highpass: true,
  signal: true,
};

const LABELS: readonly ChannelLabel[] = ["good", "dead", "noise", "out"];

interface Rules {
  readonly rate: number;
  readonly noisePower: number;
  readonly noiseFrom: number;
  readonly dead: number;
  readonly noise: number;
  readonly out: number;
  readonly outside: "top" | "bottom" | "both";
  readonly neighbors: number;
}

function winner(votes: ReadonlyMap<ChannelLabel, number>): ChannelLabel {
  return LABELS.reduce((best, label) => (votes.get(label) ?? 0) > (votes.get(best) ?? 0) ? label : best);
}

async function deviationsOf(
  input: LazyArray,
  stretches: readonly Stretch[],
  method: "std" | "mad",
  { signal }: BadChannelsOptions,
): Promise<number[]> {
  const out: number[] = [];
  await eachChannel(input, stretches, { signal }, (channel, values) => {
    if (method === "mad") {
      const median = medianOf(values);
      out[channel] = medianOf(values.map((value) => Math.abs(value - median)));
      return;
    }
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    out[channel] = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
  });
  return out;
}

/** The labels of a stretch, of channels in the order of their depth. */
async function labelsOf(data: Float64Array, channels: number, rules: Rules): Promise<ChannelLabel[]> {
  const rows = data.length / channels;
  for (let channel = 0; channel < channels; channel++) {
    let sum = 0;
    for (let at = channel; at < data.length; at += channels) sum += data[at]!;
    for (let at = channel; at < data.length; at += channels) data[at]! -= sum / rows;
  }
  const segment = Math.min(rows, Math.max(8, Math.trunc(0.01 * rules.rate)));
  const { frequencies, power } = await welch(ndarray(data, [rows, channels]), { samplingRate: rules.rate, segment });
  const from = frequencies.findIndex((frequency) => frequency > rules.rate / 2 * rules.noiseFrom);
  const noise = Array.from({ length: channels }, (_, channel) => {
    let sum = 0;
    for (let k = from; k < frequencies.length; k++) sum += power.data[k * channels + channel]!;
    return from < 0 ? 0 : sum / (frequencies.length - from);
  });
  const alike = coherence(data, channels);
  const trend = medianFilter(alike, rules.neighbors);
  const near = alike.map((value, i) => value - trend[i]!);
  const labels = alike.map((): ChannelLabel => "good");
  near.forEach((value, i) => {
    if (value < rules.dead) labels[i] = "dead";
    if (noise[i]! > rules.noisePower || value > rules.noise) labels[i] = "noise";
  });
  // Outside is a run of channels at an end of the probe.
  const isOut = (i: number) => i >= 0 && i < channels && trend[i]! - 1 < rules.out;
  if (rules.outside !== "bottom") { for (let i = channels - 1; isOut(i); i--) labels[i] = "out"; }
  if (rules.outside !== "top") { for (let i = 0; isOut(i); i++) labels[i] = "out"; }
  return labels;
}

/** How much of the median of all channels each has. */
function coherence(data: Float64Array, channels: number): number[] {
  const sums = new Array<number>(channels).fill(0);
  let square = 0;
  for (let at = 0; at < data.length; at += channels) {
    const middle = medianOf(data.slice(at, at + channels));
    square += middle * middle;
    for (let channel = 0; channel < channels; channel++) sums[channel]! += data[at + channel]! * middle;
  }
  return sums.map((sum) => sum / square);
}

/** The median of each value and those around it; beyond the ends lie the first and the last. */
function medianFilter(values: readonly number[], size: number): number[] {
  const half = size >> 1;
  return values.map((_, i) =>
    medianOf(
      Float64Array.from({ length: size }, (_, k) => values[Math.min(values.length - 1, Math.max(0, i + k - half))]!),
    )
  );
}
