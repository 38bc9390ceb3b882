/**
 * Time series: `TimeSeries` and what descends from it.
 *
 * @module
 */

import { printsAsText } from "../../source/inspect.ts";
import { summary, typeAndShape } from "../../array/text/summary.ts";
import { checkOptions } from "../../source/options.ts";
import { memoryArray } from "../../array/memory.ts";
import { isNDArray, ndarray } from "../../array/ndarray.ts";
import { scaledArray } from "../../array/scaled_array.ts";
import type { LazyArray } from "../../array/types.ts";
import type { Dataset } from "../../hdf5/dataset.ts";
import { indexAxis, type IndexedTimes } from "../../series/time_index.ts";
import { listedAxis, regularAxis, type TimeAxis } from "../../time/axis.ts";
import type { TypedObject } from "../catalog.ts";
import { attribute, type Attributes, numberOf, rowCount, textOf } from "../values.ts";
import {
  type Channels,
  datasetOf,
  type External,
  fault,
  NWB_READ_OPTIONS,
  type NwbReadOptions,
  readChannels,
  readCount,
  readExternal,
  readNumbers,
  readStart,
  type ReadTimes,
  type Start,
} from "./read_members.ts";

/** More samples than one a nanosecond can't be told apart. */
const HIGHEST_RATE = 1e9;

/** What a time series is made of. */
interface Parts {
  readonly object: TypedObject;
  readonly raw: Dataset | null;
  readonly attributes: Attributes;
  readonly channels: Channels | null;
  readonly start: Start | null;
  readonly timestamps: Dataset | null;
  readonly external: External | null;
  readonly numSamples: number | null;
  readonly warnings: string[];
  readonly readTimes: ReadTimes;
}

/**
 * A time series as the file has it: its data, when they were taken, in which unit, and what is said about them.
 *
 * It opens whatever is odd about it: {@linkcode NwbTimeSeries.warnings} tell. What the file doesn't say can't be asked:
 * {@linkcode NwbTimeSeries.times} of a series whose rate is 0 rejects, its data can be read.
 */
export class NwbTimeSeries {
  /** Path in the file. */
  readonly path: string;
  /** Its neurodata type, such as `ElectricalSeries`. */
  readonly type: string;
  /** What the file says of it. */
  readonly description: string;
  /** What else the file says of it. */
  readonly comments: string;
  /** The values in physical units: `raw * conversion * channelConversion + offset`. Reads nothing. */
  readonly data: LazyArray;
  /** The values as they are stored; an array of shape `[0]` where the file has none. */
  readonly raw: LazyArray;
  /** Whether the file has values: not of pictures in files of their own. */
  readonly hasData: boolean;
  /** Unit of the physical values; empty where the file has none. */
  readonly unit: string;
  /** Physical units per stored one. */
  readonly conversion: number;
  /** Physical value of a stored zero. */
  readonly offset: number;
  /** A further factor for each channel, or `null`. */
  readonly channelConversion: Float64Array | null;
  /** The smallest difference that means something, in physical units; `null` where that isn't known. */
  readonly resolution: number | null;
  /** Time of the first sample in seconds, where samples are regular. */
  readonly startingTime: number | null;
  /** Samples per second, where they are regular, as the file has it, also where that is 0 or NaN. */
  readonly rate: number | null;
  /** Times of the samples, where they aren't. */
  readonly timestamps: Dataset | null;
  /** Number of samples: of the data; of pictures in other files that of the times, or what the file says; else `null`. */
  readonly numSamples: number | null;
  /** Names of the files that pictures lie in, as the file has them; empty where they lie in this one. */
  readonly externalFiles: readonly string[];
  /** The number of the first picture in each of these files. */
  readonly startingFrames: readonly number[];
  /** All attributes of the object. */
  readonly attributes: Attributes;
  /** What was odd, and how it was taken. */
  readonly warnings: readonly string[];
  readonly #readTimes: ReadTimes;

  private constructor(parts: Parts) {
    printsAsText(NwbTimeSeries.prototype);
    const { object, raw, attributes, warnings, start, timestamps, external } = parts;
    const factor = (name: string, standard: number): number => {
      const value = numberOf(attributes, name);
      if (value === undefined || Number.isFinite(value)) return value ?? standard;
      warnings.push(`Its ${name} is ${attribute(attributes, name)}, which was taken as ${standard}`);
      return standard;
    };
    this.#readTimes = parts.readTimes;
    this.path = object.path;
    this.type = object.type;
    this.description = textOf(object.attributes, "description");
    this.comments = textOf(object.attributes, "comments");
    this.attributes = object.attributes;
    this.raw = raw ?? memoryArray(ndarray(new Float64Array(0)));
    this.unit = textOf(attributes, "unit");
    if (this.unit === "" && isNDArray(attribute(attributes, "unit"))) {
      warnings.push("Its unit is an array of several, and was left out");
    }
    this.conversion = factor("conversion", 1);
    this.offset = factor("offset", 0);
    const resolution = numberOf(attributes, "resolution");
    this.resolution = resolution !== undefined && resolution > 0 ? resolution : null;
    this.channelConversion = parts.channels?.factors ?? null;
    this.startingTime = start?.time ?? null;
    this.rate = start?.rate ?? null;
    this.timestamps = timestamps;
    this.externalFiles = external?.files ?? [];
    this.startingFrames = external?.startingFrames ?? [];
    const stored = raw === null || raw.shape.length === 0 ? null : raw.shape[0]!;
    this.hasData = raw !== null && !(this.externalFiles.length > 0 && stored === 0);
    const listed = timestamps === null ? null : rowCount(timestamps);
    this.numSamples = (this.hasData ? stored : null) ?? listed ?? parts.numSamples;
    this.data = raw === null ? this.raw : this.#scaled(raw, parts);
    this.warnings = warnings;
    this.#checkTimes(warnings);
  }

  /** What it is, in one line. */
  toString(): string {
    const unit = this.unit === "" ? null : `in ${this.unit}`;
    return summary(
      "NwbTimeSeries",
      this.path,
      this.type,
      this.hasData ? typeAndShape(this.data) : "without data",
      unit,
    );
  }

  /**
   * Opens a time series. Reads neither values nor timestamps.
   *
   * @param object Its group
   * @param readTimes Reads timestamps
   * @param options Abort signal
   * @throws {CorruptFileError} If its datasets can't be opened, or its values can't be brought into physical units
   */
  static async open(object: TypedObject, readTimes: ReadTimes, options: NwbReadOptions = {}): Promise<NwbTimeSeries> {
    checkOptions(options, NWB_READ_OPTIONS, "open a time series");
    const warnings: string[] = [];
    const raw = datasetOf(object, "data");
    const timestamps = datasetOf(object, "timestamps");
    const starting = datasetOf(object, "starting_time");
    const [attributes, start, channels, external, numSamples] = await Promise.all([
      raw === null ? {} : raw.attributes.all(options),
      starting === null ? null : readStart(starting, warnings, options),
      readChannels(object, raw, options),
      readExternal(object, options),
      readCount(object, options),
    ]);
    if (raw === null && external === null) warnings.push("It has no data");
    if (raw?.shape.length === 0) warnings.push("Its data is a scalar");
    if (timestamps !== null && start !== null) {
      warnings.push("It has both timestamps and a starting_time: its timestamps were taken");
    }
    return new NwbTimeSeries({
      object,
      raw,
      attributes,
      channels,
      start: timestamps === null ? start : null,
      timestamps,
      external,
      numSamples,
      warnings,
      readTimes,
    });
  }

  /** Length of each axis; the first is time. */
  get shape(): readonly number[] {
    return this.raw.shape;
  }

  /**
   * When samples were taken, in seconds: those of a rate computed, timestamps as they are stored, which are read for
   * that. There may be more or fewer of these than samples, which a warning tells.
   *
   * @throws {CorruptFileError} If the file doesn't tell, or its timestamps aren't numbers
   */
  async times(options: NwbReadOptions = {}): Promise<Float64Array | TimeAxis> {
    checkOptions(options, NWB_READ_OPTIONS, "read times");
    return this.timestamps === null ? this.#axis() : await readNumbers(this.timestamps, options);
  }

  /**
   * When samples were taken, in order, and which sample each time belongs to: what a series is made with.
   *
   * @throws {CorruptFileError} If the file doesn't tell, its timestamps aren't numbers, or there are more or fewer of
   * them than samples
   */
  async index(options: NwbReadOptions = {}): Promise<IndexedTimes> {
    checkOptions(options, NWB_READ_OPTIONS, "read times");
    if (this.externalFiles.length > 0 && !this.hasData) {
      throw fault(this, `its pictures lie in files of their own (${this.externalFiles.join(", ")})`);
    }
    if (!this.hasData) throw fault(this, "it has no data");
    if (this.shape.length === 0) throw fault(this, "its data is a scalar");
    if (this.timestamps === null) return { index: indexAxis(this.#axis()), rows: null };
    const why = this.#mismatch();
    if (why !== null) throw fault(this, why);
    return await this.#readTimes(this.timestamps, options);
  }

  #axis(): TimeAxis {
    const { startingTime: start, rate, numSamples: count } = this;
    if (start === null) throw fault(this, "it has neither timestamps nor a starting_time");
    if (!Number.isFinite(start)) throw fault(this, `its starting_time is ${start}`);
    if (count === null) throw fault(this, "it doesn't say how many samples it has");
    if (rate !== null && isRate(rate)) return regularAxis(start, rate, count);
    // The first sample lies at the start, whatever the rate.
    if (count <= 1) return listedAxis(Float64Array.from({ length: count }, () => start));
    throw fault(this, rate === null ? "its starting_time has no attribute rate" : rateText(rate));
  }

  /** Why there isn't a timestamp for each sample; `null` where there is. */
  #mismatch(): string | null {
    const { shape } = this.timestamps!;
    const [samples, times] = [this.shape[0] ?? 1, shape.reduce((product, length) => product * length, 1)];
    // Also of shape (n, 1), or a scalar of one sample.
    if (samples === times && (shape.length <= 1 || shape.includes(times))) return null;
    const hint = this.shape.includes(times) ? "; the data may be transposed: time should be their first axis" : "";
    return `it has timestamps of shape (${shape.join(", ")}) for ${samples.toLocaleString("en")} samples${hint}`;
  }

  #checkTimes(warnings: string[]): void {
    if (this.timestamps !== null) {
      const why = this.hasData && this.shape.length > 0 ? this.#mismatch() : null;
      if (why !== null) warnings.push(capital(why));
    } else if (this.startingTime === null) {
      warnings.push("It has neither timestamps nor a starting_time");
    } else if (this.rate !== null && !isRate(this.rate)) {
      warnings.push(capital(rateText(this.rate)));
    }
  }

  #scaled(raw: Dataset, { channels, warnings }: Parts): LazyArray {
    const { conversion, offset } = this;
    if (!["int", "uint", "float"].includes(raw.dtype.kind)) return raw;
    if (conversion === 1 && offset === 0 && channels === null) return raw;
    const options = { name: this.path, maxReadBytes: raw.maxReadBytes };
    if (channels === null) return scaledArray(raw, { gain: conversion, offset }, options);
    const gains = channels.factors.map((factor, channel) => {
      if (Number.isFinite(conversion * factor)) return conversion * factor;
      warnings.push(`Its channel_conversion of channel ${channel} is ${factor}, which was taken as 1`);
      return conversion;
    });
    // A single channel may have no axis of its own.
    if (channels.axis === null) return scaledArray(raw, { gain: gains[0]!, offset }, options);
    return scaledArray(raw, { gain: gains, offset, axis: channels.axis }, options);
  }
}

function isRate(rate: number): boolean {
  return rate > 0 && rate <= HIGHEST_RATE;
}

function rateText(rate: number): string {
  return `its rate is ${rate} Hz, expected a number above 0 and up to ${HIGHEST_RATE}`;
}

function capital(text: string): string {
  return text[0]!.toUpperCase() + text.slice(1);
}
