/**
 * Analog signals in memory.
 *
 * @module
 */

import { memoryArray } from "../../array/memory.ts";
import type { DType, LazyArray, NDArray, NumericData, ReadIntoOptions, Selection } from "../../array/types.ts";
import type { TsdFrame } from "../../series/tsd_frame.ts";
import { rint, seconds, type Time } from "./seconds.ts";
import { FilteredSignal, type FilteredValues } from "./filtered_signal.ts";
import { frameOf, type SignalFactsParts } from "./signal_facts.ts";

/** What an {@linkcode AnalogSignal} is made of. */
export interface AnalogSignalParts extends Omit<SignalFactsParts, "timestamps"> {
  /** Values, shape [samples, channels]. */
  readonly magnitude: NDArray<NumericData>;
}

/**
 * An analog signal in memory: neo's `AnalogSignal`. It is a lazy array as well, so that all that takes one takes it.
 *
 * @example Usage
 * ```ts
 * import { AnalogSignal } from "./analog_signal.ts";
 * import { ndarray } from "../../array/ndarray.ts";
 * import assert from "node:assert/strict";
 *
 * const signal = new AnalogSignal({
 *   magnitude: ndarray(Float32Array.of(1, 2, 3, 4), [4, 1]),
 *   name: "a",
 *   units: "uV",
 *   samplingRate: 1000,
 *   tStart: 1,
 *   annotations: {},
 *   arrayAnnotations: { channelNames: ["ch0"], channelIds: ["0"] },
 * });
 * const part = signal.timeSlice("1001 ms", "1003 ms");
 * assert.deepEqual([part.shape, part.tStart, part.tStop], [[2, 1], 1.001, 1.003]);
 * ```
 */
export class AnalogSignal extends FilteredSignal<Promise<AnalogSignal>> implements LazyArray<NumericData> {
  /** Values, shape [samples, channels], without their unit. */
  readonly magnitude: NDArray<NumericData>;
  /** It lies in one piece. */
  readonly chunkShape: null = null;
  protected override readonly kind: string = "AnalogSignal";

  /** Makes one of values in memory. */
  constructor(parts: AnalogSignalParts) {
    super({ ...parts, timestamps: null });
    this.magnitude = parts.magnitude;
  }

  /** Number of samples, number of channels. */
  override get shape(): readonly number[] {
    return this.magnitude.shape;
  }

  /** Type of the values. */
  get dtype(): DType {
    return this.magnitude.dtype;
  }

  /** Reads a selection: a copy. */
  read(selection?: Selection, options?: ReadIntoOptions): Promise<NDArray<NumericData>> {
    return memoryArray(this.magnitude).read(selection, options);
  }

  /** A selection as a lazy array of its own. */
  view(selection: Selection): LazyArray<NumericData> {
    return memoryArray(this.magnitude).view(selection);
  }

  /**
   * The samples of a stretch of time, a view of this one's. It begins at the sample nearest to `tStart`, and is as many samples long as
   * its length asks for.
   *
   * @param tStart Its begin: seconds, text with a unit, or `null` for the first sample
   * @param tStop Its end, or `null` for behind the last sample
   * @throws {RangeError} If it reaches beyond the signal
   */
  timeSlice(tStart: Time | null, tStop: Time | null): AnalogSignal {
    const [length, channels] = this.shape as [number, number];
    const begin = tStart === null ? this.tStart : seconds(tStart);
    const end = tStop === null ? this.tStop : seconds(tStop);
    const first = rint((begin - this.tStart) * this.samplingRate);
    const count = tStop === null ? length - first : rint((end - begin) * this.samplingRate);
    // Where begin and length lie half way between samples, the sample before is as near as the one that was taken.
    const start = first + count === length + 1 && end <= this.tStop ? first - 1 : first;
    const stop = start + count;
    if (start < 0 || stop > length || stop < start) {
      throw new RangeError(
        `Cannot slice ${
          JSON.stringify(this.name)
        } in time: t_start and t_stop have to be within its ${this.tStart} to ` +
          `${this.tStop} s, they are ${begin} and ${end} s`,
      );
    }
    const { data, dtype, stride } = this.magnitude;
    const [row] = stride as [number, number];
    const part = { data: data.subarray(start * row, stop * row), shape: [stop - start, channels], stride, dtype };
    return new AnalogSignal({ ...this, magnitude: part, tStart: this.tStart + start / this.samplingRate });
  }

  /** As pynapple's frame: a column for each channel. */
  toTsdFrame(): TsdFrame {
    return frameOf(this, memoryArray(this.magnitude));
  }

  protected override values(): NDArray<NumericData> {
    return this.magnitude;
  }

  protected override async filtered(values: FilteredValues): Promise<AnalogSignal> {
    const magnitude = await values.read() as NDArray<NumericData>;
    return new AnalogSignal({ ...this, magnitude, samplingRate: values.samplingRate ?? this.samplingRate });
  }
}
