/**
 * Time series: `TimeSeries` and what descends from it.
 *
 * @module
 */

import { scaledArray } from "../array/scaled_array.ts";
import { elements } from "../array/ndarray.ts";
import type { LazyArray, NDArray } from "../array/types.ts";
import type { Dataset } from "../hdf5/dataset.ts";
import { indexAxis, type IndexedTimes } from "../series/time_index.ts";
import { CorruptFileError } from "../source/errors.ts";
import { regularAxis, type TimeAxis } from "../time/axis.ts";
import { textOf, type TypedObject } from "./catalog.ts";

/** Options of what is read of an object. */
export interface NwbReadOptions {
  /** Aborts. */
  readonly signal?: AbortSignal | undefined;
}

/** Gives the times that a dataset holds, in order; the same dataset, which many series may share, is read once. */
export type ReadTimes = (timestamps: Dataset, options: NwbReadOptions) => Promise<IndexedTimes>;

/** More samples than one a nanosecond can't be told apart. */
const HIGHEST_RATE = 1e9;

/** What a time series is made of. */
interface Parts {
  readonly object: TypedObject;
  readonly raw: Dataset;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly channelConversion: Float64Array | null;
  readonly channelAxis: number;
  readonly startingTime: number | null;
  readonly rate: number | null;
  readonly timestamps: Dataset | null;
  readonly readTimes: ReadTimes;
}

/** A time series as the file has it: its data, when they were taken, in which unit, and what is said about them. */
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
  /** The values as they are stored. */
  readonly raw: Dataset;
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
  /** Samples per second, where they are regular. */
  readonly rate: number | null;
  /** Times of the samples, where they aren't. */
  readonly timestamps: Dataset | null;
  /** All attributes of the object. */
  readonly attributes: Readonly<Record<string, unknown>>;
  /** What was odd, and how it was taken. */
  readonly warnings: readonly string[];
  readonly #readTimes: ReadTimes;

  private constructor(parts: Parts) {
    const { object, raw, attributes } = parts;
    const warnings: string[] = [];
    const factor = (name: string, standard: number): number => {
      const value = attributes[name];
      const number = typeof value === "bigint" ? Number(value) : value;
      if (number === undefined || number === null) return standard;
      if (typeof number === "number" && Number.isFinite(number)) return number;
      warnings.push(`Its ${name} is ${number}, which was taken as ${standard}`);
      return standard;
    };
    this.path = object.path;
    this.type = object.type;
    this.description = textOf(object.attributes, "description");
    this.comments = textOf(object.attributes, "comments");
    this.attributes = object.attributes;
    this.raw = raw;
    this.unit = textOf(attributes, "unit");
    this.conversion = factor("conversion", 1);
    this.offset = factor("offset", 0);
    const resolution = Number(attributes.resolution ?? NaN);
    this.resolution = resolution > 0 ? resolution : null;
    this.channelConversion = parts.channelConversion;
    this.startingTime = parts.startingTime;
    this.rate = parts.rate;
    this.timestamps = parts.timestamps;
    this.#readTimes = parts.readTimes;
    const isScalable = ["int", "uint", "float"].includes(raw.dtype.kind);
    this.data = isScalable
      ? scaledArray(raw, {
        gain: this.conversion,
        offset: this.offset,
        ...(parts.channelConversion === null ? {} : { channelGains: parts.channelConversion, axis: parts.channelAxis }),
      })
      : raw;
    this.warnings = warnings;
  }

  /**
   * Opens a time series. Reads neither values nor timestamps.
   *
   * @param object Its group
   * @param readTimes Reads timestamps
   * @param options Abort signal
   * @throws {CorruptFileError} If data, times or rate are missing, or can't be
   */
  static async open(object: TypedObject, readTimes: ReadTimes, options: NwbReadOptions = {}): Promise<NwbTimeSeries> {
    const raw = datasetOf(object, "data");
    if (raw === null) throw fault(object, "it has no data");
    if (raw.shape.length === 0) throw fault(object, "its data is a scalar");
    const timestamps = datasetOf(object, "timestamps");
    const starting = timestamps === null ? datasetOf(object, "starting_time") : null;
    const channels = datasetOf(object, "channel_conversion");
    const [attributes, start, channelConversion, channelAxis] = await Promise.all([
      raw.attributes.all(options),
      starting === null ? null : readStart(object, starting, options),
      channels === null ? null : readNumbers(channels, options),
      channels === null ? null : channels.attributes.all(options),
    ]);
    if (timestamps === null && start === null) throw fault(object, "it has neither timestamps nor a starting_time");
    const axis = Number(channelAxis?.axis ?? 1);
    if (channelConversion !== null && raw.shape[axis] !== channelConversion.length) {
      throw fault(
        object,
        `its channel_conversion has ${channelConversion.length} factors, and its data the shape (${
          raw.shape.join(", ")
        })`,
      );
    }
    if (timestamps !== null) checkTimestamps(object, raw, timestamps);
    return new NwbTimeSeries({
      object,
      raw,
      attributes,
      channelConversion,
      channelAxis: axis,
      startingTime: start?.time ?? null,
      rate: start?.rate ?? null,
      timestamps,
      readTimes,
    });
  }

  /** Length of each axis; the first is time. */
  get shape(): readonly number[] {
    return this.raw.shape;
  }

  /**
   * When samples were taken, in seconds: those of a rate computed, timestamps as they are stored, which are read for
   * that.
   *
   * @throws {CorruptFileError} If the timestamps aren't numbers
   */
  async times(options: NwbReadOptions = {}): Promise<Float64Array | TimeAxis> {
    return this.timestamps === null ? this.#axis() : await readNumbers(this.timestamps, options);
  }

  /**
   * When samples were taken, in order, and which sample each time belongs to: what a series is made with.
   *
   * @throws {CorruptFileError} If the timestamps aren't numbers
   */
  async index(options: NwbReadOptions = {}): Promise<IndexedTimes> {
    if (this.timestamps === null) return { index: indexAxis(this.#axis()), rows: null };
    return await this.#readTimes(this.timestamps, options);
  }

  #axis(): TimeAxis {
    return regularAxis(this.startingTime!, this.rate!, this.raw.shape[0]!);
  }
}

/**
 * The timestamps of an object without values, such as annotations.
 *
 * @param object The object
 * @param readTimes Reads timestamps
 * @param options Abort signal
 * @throws {CorruptFileError} If there are none
 */
export async function readTimestamps(
  object: TypedObject,
  readTimes: ReadTimes,
  options: NwbReadOptions,
): Promise<IndexedTimes> {
  const timestamps = datasetOf(object, "timestamps");
  if (timestamps === null) throw fault(object, "it has no timestamps");
  return await readTimes(timestamps, options);
}

/**
 * A dataset of an object; `null` where there is none.
 *
 * @param object The object
 * @param name The dataset's name
 * @throws {CorruptFileError} If it is no dataset
 * @throws What kept its link from being followed
 */
export function datasetOf(object: TypedObject, name: string): Dataset | null {
  const member = object.members.get(name);
  if (member === undefined) return null;
  if (member.object?.kind === "dataset") return member.object as Dataset;
  if (member.error === undefined) throw fault(object, `its ${name} is a ${member.object?.kind}`);
  throw new CorruptFileError(
    `Cannot read ${object.path}: its ${name} can't be opened (${member.error.message})`,
    { object: object.path, cause: member.error },
  );
}

/** All elements of a dataset as numbers. @throws {CorruptFileError} If they aren't. */
export async function readNumbers(dataset: Dataset, options: NwbReadOptions): Promise<Float64Array> {
  if (!["int", "uint", "float"].includes(dataset.dtype.kind)) {
    throw new CorruptFileError(
      `Cannot read ${dataset.path}: it holds values of kind ${dataset.dtype.kind}, expected numbers`,
      { object: dataset.path },
    );
  }
  const { data } = await dataset.read(null, options) as NDArray;
  return data instanceof Float64Array ? data : Float64Array.from(data as ArrayLike<number | bigint>, Number);
}

/** An error about an object. */
export function fault(object: { readonly path: string }, why: string): CorruptFileError {
  return new CorruptFileError(`Cannot read ${object.path}: ${why}`, { object: object.path });
}

function checkTimestamps(object: TypedObject, raw: Dataset, timestamps: Dataset): void {
  const [samples, times] = [raw.shape[0]!, timestamps.shape[0] ?? 1];
  if (timestamps.shape.length === 1 && samples === times) return;
  const hint = raw.shape.includes(times) ? "; the data may be transposed: time should be their first axis" : "";
  throw fault(
    object,
    `it has timestamps of shape (${timestamps.shape.join(", ")}) for ${samples.toLocaleString("en")} samples${hint}`,
  );
}

async function readStart(
  object: TypedObject,
  dataset: Dataset,
  options: NwbReadOptions,
): Promise<{ time: number; rate: number }> {
  const [array, attributes] = await Promise.all([dataset.read(null, options), dataset.attributes.all(options)]);
  const [time] = [...elements(array)].map(Number);
  const rate = attributes.rate === undefined ? undefined : Number(attributes.rate);
  if (time === undefined || !Number.isFinite(time)) throw fault(object, `its starting_time is ${time}`);
  if (rate === undefined) throw fault(object, "its starting_time has no attribute rate");
  if (!(rate > 0 && rate <= HIGHEST_RATE)) {
    throw fault(object, `its rate is ${rate} Hz, expected a number above 0 and up to ${HIGHEST_RATE}`);
  }
  return { time, rate };
}
