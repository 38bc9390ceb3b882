/**
 * Every transform over one recording, and what counts what is read of it.
 *
 * @module
 */
import { memoryArray } from "../../src/array/memory.ts";
import { ndarray } from "../../src/array/ndarray.ts";
import { axisIndex } from "../../src/array/select/selection.ts";
import type { LazyArray, NDArray, ResolvedAxis } from "../../src/array/types.ts";
import { readSelection } from "../../src/array/select/read_selection.ts";
import { ArrayView, type ResolvedReader } from "../../src/array/select/view.ts";
import { resolveSelection } from "../../src/array/select/selection.ts";
import { type Json, TRANSFORMS } from "../../src/signal/mod.ts";
import { transformed, type TransformedArray } from "../../src/signal/transform/transformed_array.ts";

/** Samples per second of the recording. */
export const RATE = 1000;
/** Its channels. */
export const CHANNELS = 6;

/** A random number from 0 to 1, of a seed. */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Slow waves, noise, and something that all channels share. */
export function recording(rows: number, seed = 1): NDArray<Int16Array> {
  const random = randomOf(seed);
  const data = new Int16Array(rows * CHANNELS);
  for (let row = 0; row < rows; row++) {
    const shared = 300 * Math.sin(row / 90) + 80 * random();
    for (let channel = 0; channel < CHANNELS; channel++) {
      data[row * CHANNELS + channel] = Math.round(shared + 200 * (random() - 0.5) + 20 * channel);
    }
  }
  return ndarray(data, [rows, CHANNELS]);
}

const POSITIONS = Array.from({ length: CHANNELS }, (_, i) => [20 * (i % 2), 20 * Math.floor(i / 2)]);

/** Options of each transform, several ways of some. */
export const WAYS: readonly (readonly [name: string, options: Readonly<Record<string, Json>>])[] = [
  ["bandpass", { low: 40, high: 200, samplingRate: RATE }],
  ["bandpass", { low: 40, high: 200, samplingRate: RATE, causal: true, dtype: "float64" }],
  ["highpass", { cutoff: 30, order: 2, samplingRate: RATE, edge: "zero" }],
  ["lowpass", { cutoff: 100, order: 5, samplingRate: RATE, edge: "even" }],
  ["notch", { frequency: 50, quality: 5, samplingRate: RATE, edge: "constant" }],
  ["commonReference", {}],
  ["commonReference", { method: "mean", groups: [[0, 2], [5, 1, 3]] }],
  ["commonReference", { positions: POSITIONS, innerRadius: 10, outerRadius: 30 }],
  ["commonReference", { from: [1, 2] }],
  ["rescale", { gain: [1, 2, 3, 4, 5, 0.1], offset: -3 }],
  ["castTo", { dtype: "int8" }],
  ["castTo", { dtype: "float64" }],
  ["standardize", { samplingRate: 100 }],
  ["standardize", { samplingRate: 100, form: "centered" }],
  ["zscore", {}],
  ["zscore", { method: "median+mad", samples: 500 }],
  ["whiten", {}],
  ["whiten", { center: true, positions: POSITIONS, radius: 30, eps: 0.5 }],
  ["phaseShift", { shifts: [0, 0.2, 0.4, -0.3, 1, 0.5] }],
  ["resample", { up: 3, down: 2 }],
  ["resample", { rate: 300, samplingRate: RATE }],
  ["decimate", { factor: 4 }],
  ["removeArtifacts", { times: [0.1, 0.104, 0.55], samplingRate: RATE, mode: "cubic" }],
  ["removeArtifacts", { times: [0.1, 0.5], samplingRate: RATE, mode: "linear", before: 20, after: 70 }],
  ["removeArtifacts", { times: [0.001, 0.5], samplingRate: RATE }],
  ["interpolateBadChannels", { channels: [1, 4], positions: POSITIONS }],
];

/** A transform by its name, fitted. */
export function make(input: LazyArray | NDArray, [name, options]: (typeof WAYS)[number]): Promise<TransformedArray> {
  const kind = TRANSFORMS.find((kind) => kind.name === name);
  if (kind === undefined) throw new Error(`No transform ${name}`);
  return transformed(kind, input, options).fit();
}

/** Whether values of a transform may differ by its tolerance between windows. */
export function isFilter(name: string): boolean {
  return ["bandpass", "highpass", "lowpass", "notch", "decimate"].includes(name);
}

/** What was read of an array. */
export interface Counted {
  /** The array. */
  readonly array: LazyArray;
  /** Values that were read. */
  values: number;
  /** The most values of one read. */
  most: number;
  /** Channels that were read. */
  readonly channels: Set<number>;
}

/** An array that counts what is read of it. */
export function counted(array: NDArray): Counted {
  const memory = memoryArray(array);
  const reader: LazyArray & ResolvedReader = {
    shape: memory.shape,
    dtype: memory.dtype,
    chunkShape: null,
    readResolved(axes: readonly ResolvedAxis[], options) {
      const values = axes.reduce((product, { count }) => product * count, 1);
      count.values += values;
      count.most = Math.max(count.most, values);
      for (let i = 0; i < (axes[1]?.count ?? 0); i++) count.channels.add(axisIndex(axes[1]!, i));
      return memory.readResolved(axes, options);
    },
    read: (selection, options) => readSelection(reader, selection, options),
    view: (selection) => new ArrayView(reader, resolveSelection(selection, memory.shape)),
  };
  const count: Counted = { array: reader, values: 0, most: 0, channels: new Set() };
  return count;
}

/** The largest magnitude. */
export function largest(data: ArrayLike<number>): number {
  let most = 0;
  for (let i = 0; i < data.length; i++) most = Math.max(most, Math.abs(data[i]!));
  return most;
}

/** The largest difference. */
export function furthest(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) throw new Error(`${a.length} values, expected ${b.length}`);
  let most = 0;
  for (let i = 0; i < a.length; i++) most = Math.max(most, Math.abs(a[i]! - b[i]!));
  return most;
}
