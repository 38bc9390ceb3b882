/**
 * What a series is made of, read of its members: datasets by name, their numbers, when samples were taken.
 *
 * @module
 */

import type { NDArray } from "../../array/types.ts";
import type { Dataset } from "../../hdf5/dataset.ts";
import type { IndexedTimes } from "../../series/time_index.ts";
import { CorruptFileError } from "../../source/errors.ts";
import type { OptionNames } from "../../source/options.ts";
import type { TypedObject } from "../catalog.ts";
import { numberOf, numbersOf, single, textOf, textsOf, toNumber } from "../values.ts";

/** Options of what is read of an object. */
export interface NwbReadOptions {
  /** Aborts. */
  readonly signal?: AbortSignal | undefined;
}

/** Names of `NwbReadOptions`. */
export const NWB_READ_OPTIONS: OptionNames<NwbReadOptions> = { signal: true };

/** Gives the times that a dataset holds, in order; the same dataset, which many series may share, is read once. */
export type ReadTimes = (timestamps: Dataset, options: NwbReadOptions) => Promise<IndexedTimes>;

/** When regular samples begin, and how many there are a second; NaN for what is no number. */
export interface Start {
  readonly time: number;
  readonly rate: number | null;
}

/** Pictures in files of their own. */
export interface External {
  readonly files: readonly string[];
  readonly startingFrames: readonly number[];
}

/** Factors of channels. */
export interface Channels {
  readonly factors: Float64Array;
  /** Along which axis they lie; `null` where a single channel has none of its own. */
  readonly axis: number | null;
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

/** When regular samples begin; what is odd about it is told. */
export async function readStart(dataset: Dataset, warnings: string[], options: NwbReadOptions): Promise<Start> {
  const [array, attributes] = await Promise.all([dataset.read(null, options), dataset.attributes.all(options)]);
  const time = toNumber(array);
  const rate = numberOf(attributes, "rate");
  if (time === undefined || !Number.isFinite(time)) {
    warnings.push(
      time === undefined || array.data.length < 2
        ? `Its starting_time is ${single(array)}`
        : `Its starting_time is an array of ${array.data.length}, expected one number`,
    );
  }
  if (rate === undefined) warnings.push("Its starting_time has no attribute rate");
  const unit = textOf(attributes, "unit");
  if (unit !== "" && !/^s(ec(ond)?s?)?$/i.test(unit)) {
    warnings.push(`Its starting_time is said to be in ${JSON.stringify(unit)}, and was taken in seconds`);
  }
  return { time: time ?? NaN, rate: rate ?? null };
}

/** The factors of channels, and along which axis these lie. */
export async function readChannels(
  object: TypedObject,
  raw: Dataset | null,
  options: NwbReadOptions,
): Promise<Channels | null> {
  const dataset = datasetOf(object, "channel_conversion");
  if (dataset === null || raw === null) return null;
  const [factors, attributes] = await Promise.all([readNumbers(dataset, options), dataset.attributes.all(options)]);
  const axis = numberOf(attributes, "axis") ?? 1;
  const count = axis === 1 && raw.shape.length === 1 ? 1 : raw.shape[axis];
  if (count !== factors.length) {
    throw fault(
      object,
      `its channel_conversion has ${factors.length} factors along axis ${axis}, and its data the shape (${
        raw.shape.join(", ")
      })`,
    );
  }
  return { factors, axis: axis < raw.shape.length ? axis : null };
}

/** Which files hold the pictures; `null` where the file itself does. */
export async function readExternal(object: TypedObject, options: NwbReadOptions): Promise<External | null> {
  const dataset = datasetOf(object, "external_file");
  if (dataset === null) return null;
  const [names, attributes] = await Promise.all([dataset.read(null, options), dataset.attributes.all(options)]);
  return { files: textsOf(names), startingFrames: numbersOf(attributes.starting_frame) };
}

/** How many samples the file says there are; `null` where it says nothing of use. */
export async function readCount(object: TypedObject, options: NwbReadOptions): Promise<number | null> {
  const dataset = datasetOf(object, "num_samples");
  const count = dataset === null
    ? numberOf(object.attributes, "num_samples")
    : toNumber(await dataset.read(null, options));
  return count !== undefined && Number.isSafeInteger(count) && count >= 0 ? count : null;
}
