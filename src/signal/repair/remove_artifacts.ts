/**
 * Taking out what isn't signal, such as the pulses of a stimulator.
 *
 * @module
 */

import type { LazyArray, NDArray } from "../../array/types.ts";
import { checkOptions, type OptionNames } from "../../source/options.ts";
import { chooseOf, dtypeOf, floatOf, floats, type FloatType, listOf, numberOf, rateOf } from "../transform/check.ts";
import type { Block, TransformKind } from "../transform/transform.ts";
import { transformed, type TransformedArray } from "../transform/transformed_array.ts";
import { naturalSpline } from "./natural_spline.ts";

/** Options of {@linkcode removeArtifacts}. */
export interface RemoveArtifactsOptions {
  /** When the artifacts are, in seconds from the first sample. */
  readonly times: readonly number[] | Float64Array;
  /**
   * How much before each is taken out, in milliseconds.
   *
   * @default {0.5}
   */
  readonly before?: number | undefined;
  /**
   * How much behind each is taken out, in milliseconds.
   *
   * @default {3}
   */
  readonly after?: number | undefined;
  /**
   * What comes instead: zeros, a straight line, or a cubic spline through three samples on each side.
   *
   * @default {"zeros"}
   */
  readonly mode?: "zeros" | "linear" | "cubic" | undefined;
  /**
   * How far apart the samples that a spline goes through are, in milliseconds.
   *
   * @default {1}
   */
  readonly fitInterval?: number | undefined;
  /** Samples per second; may be left out where the array knows it. */
  readonly samplingRate?: number | undefined;
  /**
   * What the values come in.
   *
   * @default {"float64" for float64, else "float32"}
   */
  readonly dtype?: FloatType | undefined;
}

/**
 * Replaces samples around times: SpikeInterface's `remove_artifacts` with `zeros`, `linear` and `cubic`. Artifacts that touch are taken
 * out as one. At an end of the recording, where there is nothing on one side, the other side's sample is held.
 *
 * @param input Samples [samples, channels], or of one channel
 * @param options When, how much, what comes instead
 * @throws {RangeError} If a time lies outside of the recording
 *
 * @example Usage
 * ```ts
 * import { removeArtifacts } from "./remove_artifacts.ts";
 * import { ndarray } from "../../array/ndarray.ts";
 * import assert from "node:assert/strict";
 *
 * const samples = ndarray(Float64Array.of(1, 2, 90, 80, 5, 6));
 * const clean = removeArtifacts(samples, { times: [0.002], before: 0, after: 2, mode: "linear", samplingRate: 1000 });
 * assert.deepEqual((await clean.read()).data, Float64Array.of(1, 2, 3, 4, 5, 6));
 * ```
 */
export function removeArtifacts(
  input: LazyArray | NDArray,
  options: RemoveArtifactsOptions,
): TransformedArray<Float32Array | Float64Array> {
  return transformed(REMOVE_ARTIFACTS, input, { ...options });
}

const NAMES: OptionNames<RemoveArtifactsOptions> = {
  times: true,
  before: true,
  after: true,
  mode: true,
  fitInterval: true,
  samplingRate: true,
  dtype: true,
};

/** {@linkcode removeArtifacts} as a line of the registry. */
export const REMOVE_ARTIFACTS: TransformKind = {
  name: "removeArtifacts",
  prepare(input, options) {
    checkOptions(options, NAMES, "removeArtifacts");
    const samplingRate = rateOf("removeArtifacts", input, options);
    const [before, after, fitInterval] = ([["before", 0.5], ["after", 3], ["fitInterval", 1]] as const).map(
      ([name, standard]) => {
        const value = numberOf("removeArtifacts", name, options, standard);
        if (value >= 0 && Number.isFinite(value)) return value;
        throw new RangeError(`Cannot removeArtifacts with ${name} ${value} ms: expected 0 or more`);
      },
    ) as [number, number, number];
    const mode = chooseOf("removeArtifacts", "mode", options.mode ?? "zeros", ["zeros", "linear", "cubic"]);
    const times = listOf("removeArtifacts", "times", options.times);
    const dtype = floatOf("removeArtifacts", input, options.dtype);
    const [length] = input.shape;
    const samples = (ms: number) => Math.trunc(ms * samplingRate / 1000);
    const gaps = gapsOf(times, samplingRate, length, samples(before), samples(after));
    const step = mode === "cubic" ? Math.max(1, samples(fitInterval)) : 0;
    const reach = mode === "zeros" ? 0 : 1 + 2 * step;
    const longest = gaps.reduce((most, { from, to }) => Math.max(most, to - from), 0);
    const touched = (from: number, to: number) => gaps.filter((gap) => gap.from < to && gap.to > from);
    return {
      options: { times, before, after, mode, ...(mode === "cubic" ? { fitInterval } : {}), samplingRate, dtype },
      shape: input.shape,
      dtype: dtypeOf(dtype),
      samplingRate,
      isChannelwise: true,
      margin: mode === "zeros" ? { before: 0, after: 0 } : { before: longest + reach, after: longest + reach },
      rowsFor(from, to) {
        const here = mode === "zeros" ? [] : touched(from, to);
        const first = here[0] === undefined ? from : Math.min(from, here[0].from - reach);
        const last = here.length === 0 ? to : Math.max(to, here.at(-1)!.to + reach);
        return [first, last];
      },
      apply(block, { from, to, inputFrom }) {
        const { channels } = block;
        const data = floats(dtype, (to - from) * channels);
        for (let i = 0; i < data.length; i++) data[i] = Number(block.data[(from - inputFrom) * channels + i]);
        for (const gap of touched(from, to)) {
          for (let channel = 0; channel < channels; channel++) {
            const fill = mode === "zeros" ? () => 0 : bridge(block, inputFrom, channel, gap, step, length);
            for (let row = Math.max(from, gap.from); row < Math.min(to, gap.to); row++) {
              data[(row - from) * channels + channel] = fill(row);
            }
          }
        }
        return { data, rows: to - from, channels };
      },
    };
  },
};

interface Gap {
  readonly from: number;
  readonly to: number;
}

/** The rows that are taken out, in order; those that touch are one. */
function gapsOf(times: readonly number[], rate: number, length: number, before: number, after: number): Gap[] {
  const gaps: { from: number; to: number }[] = [];
  const rows = times.map((time) => {
    const row = Math.round(time * rate);
    if (row >= 0 && row < length) return row;
    throw new RangeError(`Cannot removeArtifacts at ${time} s: the recording has ${length / rate} s`);
  });
  for (const row of rows.sort((a, b) => a - b)) {
    const gap = { from: Math.max(0, row - before), to: Math.min(length, row + Math.max(1, after)) };
    const last = gaps.at(-1);
    if (last !== undefined && gap.from <= last.to) last.to = Math.max(last.to, gap.to);
    else gaps.push(gap);
  }
  return gaps;
}

/** What a channel has in a gap, by row. */
function bridge(
  block: Block,
  inputFrom: number,
  channel: number,
  { from, to }: Gap,
  step: number,
  length: number,
): (row: number) => number {
  const at = (row: number) => Number(block.data[(row - inputFrom) * block.channels + channel]);
  const places = step === 0 ? [0] : [0, step, 2 * step];
  const left = places.map((far) => from - 1 - far).filter((row) => row >= 0).reverse();
  const right = places.map((far) => to + far).filter((row) => row < length);
  if (left.length === 0 && right.length === 0) return () => 0;
  if (left.length === 0 || right.length === 0) {
    const held = at(left.at(-1) ?? right[0]!);
    return () => held;
  }
  const rows = [...left, ...right];
  return naturalSpline(rows, rows.map(at));
}
