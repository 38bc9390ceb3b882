/**
 * Analog signals that are read when they are loaded.
 *
 * @module
 */

import { scaledArray } from "../../array/scaled_array.ts";
import type { DType, LazyArray, NDArray, NumericData, ReadIntoOptions, Selection } from "../../array/types.ts";
import { checkOptions, type OptionNames } from "../../source/options.ts";
import type { TsdFrame } from "../../series/tsd_frame.ts";
import type { SignalChannel } from "../header.ts";
import { type ChannelPick, PICK_OPTIONS, pickedChannels } from "../pick_channels.ts";
import { AnalogSignal } from "./analog_signal.ts";
import { takeAnnotations } from "./annotated.ts";
import { FilteredSignal, type FilteredValues } from "./filtered_signal.ts";
import { dtypeName, frameOf, type SignalFactsParts } from "./signal_facts.ts";
import type { TimeSlice } from "./seconds.ts";
import { samplesOf } from "./time_slice.ts";

/** What an {@linkcode AnalogSignalProxy} is made of. */
export interface AnalogSignalProxyParts extends SignalFactsParts {
  /** Raw samples, shape [samples, channels]. */
  readonly raw: LazyArray;
  /** Its channels: gains, offsets. */
  readonly channels: readonly SignalChannel[];
  /** The most bytes that one read may give. */
  readonly maxReadBytes: number;
}

/** Options of {@linkcode AnalogSignalProxy.load}. */
export interface AnalogSignalLoadOptions {
  /**
   * The stretch of time: from, to, each in seconds or as text such as `"20 ms"`; `null` for the beginning or the end.
   *
   * @default {all}
   */
  readonly timeSlice?: TimeSlice | null | undefined;
  /**
   * Whether a stretch that reaches beyond the signal is refused, rather than cut.
   *
   * @default {true}
   */
  readonly strictSlicing?: boolean | undefined;
  /** Which channels, by where they stand in this signal, in the order asked for; all by default. `pickChannels` takes names and ids. */
  readonly channelIndexes?: ChannelPick["channelIndexes"];
  /**
   * `rescaled`: physical values, in float32, or in float64 where the samples are that. `raw`: samples as stored, whose unit is then
   * `gain*unit`; that is possible where all channels have one gain and no offset. The array `raw` reads samples as stored in any case.
   *
   * @default {"rescaled"}
   */
  readonly magnitudeMode?: "rescaled" | "raw" | undefined;
  /** Aborts. */
  readonly signal?: AbortSignal | undefined;
  /** Memory that the values go into, as for `read` of lazy arrays. */
  readonly into?: ReadIntoOptions["into"];
}

/**
 * An analog signal that is read when it is loaded: neo's `AnalogSignalProxy`. It is a lazy array of physical values; `raw` is one of
 * the samples as stored.
 */
export class AnalogSignalProxy extends FilteredSignal<AnalogSignalProxy>
  implements LazyArray<Float32Array | Float64Array> {
  /** Samples as stored, shape [samples, channels]. */
  readonly raw: LazyArray;
  /** Type of the physical values: float32, or float64 where the samples are that. */
  readonly dtype: DType;
  /** Shape of the pieces in which it is stored, or `null` where it lies in one piece. */
  readonly chunkShape: readonly number[] | null;
  /** Its channels: gains, offsets, ids. */
  readonly channels: readonly SignalChannel[];
  protected override readonly kind: string = "AnalogSignalProxy";
  readonly #scaled: LazyArray<Float32Array | Float64Array>;
  readonly #maxReadBytes: number;

  /** Made by `readSegment({ lazy: true })`. */
  constructor(parts: AnalogSignalProxyParts) {
    super(parts);
    this.raw = parts.raw;
    this.channels = parts.channels;
    this.#maxReadBytes = parts.maxReadBytes;
    this.#scaled = scaledBy(parts.raw, parts.channels, parts.name, parts.maxReadBytes);
    this.dtype = this.#scaled.dtype;
    this.chunkShape = parts.raw.chunkShape;
  }

  /** Number of samples, number of channels. */
  override get shape(): readonly number[] {
    return this.raw.shape;
  }

  /** Reads physical values of a selection by samples and channels. */
  read(selection?: Selection, options?: ReadIntoOptions): Promise<NDArray<Float32Array | Float64Array>> {
    return this.#scaled.read(selection, options);
  }

  /** A selection as a lazy array of its own; reads nothing. */
  view(selection: Selection): LazyArray<Float32Array | Float64Array> {
    return this.#scaled.view(selection);
  }

  /**
   * Reads a stretch of time. It begins at the sample nearest to the time asked for, and its `tStart` is when that was taken; windows of
   * one length have one number of samples, wherever they begin.
   *
   * @param options Which stretch, which channels, in which form
   * @returns The signal in memory
   * @throws {RangeError} If the stretch reaches beyond the signal, a channel isn't there, or samples as stored are asked for where
   * channels have several gains, or offsets
   * @throws {TypeError} If a time is none, or the mode is none
   */
  async load(options: AnalogSignalLoadOptions = {}): Promise<AnalogSignal> {
    checkOptions(options, LOAD_OPTIONS, "load a signal");
    const { timeSlice, strictSlicing = true, channelIndexes, magnitudeMode = "rescaled", signal, into } = options;
    if (magnitudeMode !== "rescaled" && magnitudeMode !== "raw") {
      throw new TypeError(
        `Cannot load a signal: invalid magnitudeMode ${JSON.stringify(magnitudeMode)}; expected "rescaled" or "raw"`,
      );
    }
    const { tStart, tStop, samplingRate } = this;
    const [length, count] = this.shape as [number, number];
    const samples = samplesOf(timeSlice, { tStart, tStop, samplingRate, length }, strictSlicing);
    const picked = pickedChannels(this.channels, { channelIndexes });
    const units = magnitudeMode === "raw" ? this.#rawUnits(picked) : this.units;
    const values = magnitudeMode === "raw" ? this.raw : this.#scaled;
    const rows = { start: samples.start, stop: samples.stop, step: 1 };
    const magnitude = await values.read([rows, picked], { signal, into }) as NDArray<NumericData>;
    const isCut = picked !== null && picked.length !== count;
    return new AnalogSignal({
      magnitude,
      name: isCut ? `slice of  ${this.name}` : this.name,
      units,
      samplingRate,
      tStart: samples.tStart,
      annotations: this.annotations,
      arrayAnnotations: picked === null ? this.arrayAnnotations : takeAnnotations(this.arrayAnnotations, picked),
    });
  }

  /** As `load`, by times alone. */
  timeSlice(tStart: TimeSlice[0], tStop: TimeSlice[1]): Promise<AnalogSignal> {
    return this.load({ timeSlice: [tStart, tStop] });
  }

  /** Some of its channels as a signal of its own; reads nothing. */
  pickChannels(pick: ChannelPick): AnalogSignalProxy {
    checkOptions(pick, PICK_OPTIONS, "pick channels");
    const picked = pickedChannels(this.channels, pick) ?? this.channels.map((_, i) => i);
    return new AnalogSignalProxy({
      name: this.name,
      units: this.units,
      samplingRate: this.samplingRate,
      tStart: this.tStart,
      annotations: this.annotations,
      timestamps: this.timestamps,
      raw: this.raw.view([null, picked]),
      channels: picked.map((i) => this.channels[i]!),
      arrayAnnotations: takeAnnotations(this.arrayAnnotations, picked),
      maxReadBytes: this.#maxReadBytes,
    });
  }

  /** As pynapple's frame of physical values: a column for each channel. It stays lazy, and nothing is read. */
  toTsdFrame(): TsdFrame {
    return frameOf(this, this.#scaled);
  }

  protected override values(): LazyArray {
    return this.#scaled;
  }

  /** What was filtered has no samples as stored: `raw` is the physical values too. */
  protected override filtered(values: FilteredValues): AnalogSignalProxy {
    const isSameRate = values.samplingRate === null || values.samplingRate === this.samplingRate;
    return new AnalogSignalProxy({
      name: this.name,
      units: this.units,
      samplingRate: values.samplingRate ?? this.samplingRate,
      tStart: this.tStart,
      annotations: this.annotations,
      arrayAnnotations: this.arrayAnnotations,
      timestamps: isSameRate ? this.timestamps : null,
      raw: values,
      channels: this.channels.map((channel) => ({ ...channel, gain: 1, offset: 0 })),
      maxReadBytes: this.#maxReadBytes,
    });
  }

  #rawUnits(picked: readonly number[] | null): string {
    const channels = picked?.map((i) => this.channels[i]!) ?? this.channels;
    const [first] = channels;
    if (first !== undefined && channels.every(({ gain, offset }) => gain === first.gain && offset === 0)) {
      return `${first.gain}*${this.units || "dimensionless"}`;
    }
    throw new RangeError(
      "Cannot load a signal in raw magnitude: it is not supported if the gain are not the same for all channels or offset is " +
        `not 0; \`raw\` reads samples of ${dtypeName(this.raw)} as they are stored`,
    );
  }
}

function scaledBy(
  raw: LazyArray,
  channels: readonly SignalChannel[],
  name: string,
  maxReadBytes: number,
): LazyArray<Float32Array | Float64Array> {
  const dtype = raw.dtype.kind === "float" && raw.dtype.itemsize === 8 ? "float64" : "float32";
  const gain = Float64Array.from(channels, ({ gain }) => gain);
  const offset = Float64Array.from(channels, ({ offset }) => offset);
  return scaledArray(raw, { gain, offset, dtype }, { name, maxReadBytes });
}

const LOAD_OPTIONS: OptionNames<AnalogSignalLoadOptions> = {
  timeSlice: true,
  strictSlicing: true,
  channelIndexes: true,
  magnitudeMode: true,
  signal: true,
  into: true,
};
