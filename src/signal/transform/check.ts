/**
 * Checks of options that several transforms have.
 *
 * @module
 */

import type { DType } from "../../array/types.ts";
import { describeValue } from "../../source/describe_value.ts";
import type { TransformInput } from "./transform.ts";

/** Types that transforms work values out in. */
export type FloatType = "float32" | "float64";

/** The sampling rate: that given, or the input's own. */
export function rateOf(
  name: string,
  input: TransformInput,
  { samplingRate }: { readonly samplingRate?: unknown },
): number {
  const rate = samplingRate ?? input.samplingRate;
  if (rate === null || rate === undefined) {
    throw new TypeError(`Cannot ${name} without a sampling rate: give samplingRate, or an array that knows its own`);
  }
  if (!(typeof rate === "number" && rate > 0 && Number.isFinite(rate))) {
    throw new RangeError(`Cannot ${name} at a sampling rate of ${String(rate)}: expected a number above 0`);
  }
  return rate;
}

/** A number that must be there, or has a standard value. */
export function numberOf(name: string, option: string, options: object, standard?: number): number {
  const value = (options as Record<string, unknown>)[option] ?? standard;
  if (typeof value === "number") return value;
  throw new TypeError(`Cannot ${name} without ${option}: expected a number`);
}

/** A frequency below half the sampling rate. */
export function frequencyOf(name: string, option: string, options: object, rate: number): number {
  const frequency = numberOf(name, option, options);
  if (frequency > 0 && frequency < rate / 2) return frequency;
  throw new RangeError(
    `Cannot ${name} with ${option} ${frequency} Hz: it must lie between 0 and ${rate / 2} Hz, half the sampling rate`,
  );
}

/** One of some words. */
export function chooseOf<T extends string>(name: string, option: string, value: unknown, words: readonly T[]): T {
  if ((words as readonly unknown[]).includes(value)) return value as T;
  throw new TypeError(`Cannot ${name} with ${option} ${describeValue(value)}: expected ${words.join(", ")}`);
}

/** Which float comes out: float64 where that goes in, else float32, if it isn't said. */
export function floatOf(name: string, { dtype }: TransformInput, value: unknown): FloatType {
  const standard = dtype.kind === "float" && dtype.itemsize === 8 ? "float64" : "float32";
  return chooseOf(name, "dtype", value ?? standard, ["float32", "float64"]);
}

/** As the arrays' room has it. */
export function dtypeOf(type: FloatType): DType {
  return { kind: "float", itemsize: type === "float32" ? 4 : 8, byteOrder: "<" };
}

/** Memory for values of a float type. */
export function floats(type: FloatType, length: number): Float32Array<ArrayBuffer> | Float64Array<ArrayBuffer> {
  return type === "float32" ? new Float32Array(length) : new Float64Array(length);
}

/**
 * A number for each channel.
 *
 * @param name The transform
 * @param option The option
 * @param value A number for all, or a list
 * @param channels How many there must be
 * @throws {TypeError} If there is something else
 * @throws {RangeError} If there are more, or fewer, or one isn't finite
 */
export function perChannelOf(name: string, option: string, value: unknown, channels: number): number[] {
  const list = typeof value === "number" ? new Array<number>(channels).fill(value) : listOf(name, option, value);
  if (list.length !== channels) {
    throw new RangeError(`Cannot ${name} with ${list.length} values of ${option}: there are ${channels} channels`);
  }
  const wrong = list.findIndex((one) => !Number.isFinite(one));
  if (wrong >= 0) throw new RangeError(`Cannot ${name} with ${option} ${list[wrong]} for channel ${wrong}`);
  return list;
}

/** A list of numbers, or a typed array. */
export function listOf(name: string, option: string, value: unknown): number[] {
  const list = ArrayBuffer.isView(value) ? [...value as Float64Array] : value;
  if (Array.isArray(list) && list.every((one) => typeof one === "number")) return [...list as number[]];
  throw new TypeError(`Cannot ${name} with ${option} ${describeValue(value)}: expected a list of numbers`);
}

/** A list of channels by where they stand, each once. */
export function channelsOf(name: string, option: string, value: unknown, channels: number): number[] {
  const list = listOf(name, option, value);
  for (const [i, channel] of list.entries()) {
    if (!Number.isInteger(channel) || channel < 0 || channel >= channels) {
      throw new RangeError(`Cannot ${name}: ${option} names channel ${channel}, there are ${channels}`);
    }
    if (list.indexOf(channel) !== i) throw new RangeError(`Cannot ${name}: ${option} names channel ${channel} twice`);
  }
  return list;
}

/** Where channels lie: a point of two or three coordinates each. */
export function positionsOf(name: string, value: unknown, channels: number): number[][] {
  if (!Array.isArray(value)) throw new TypeError(`Cannot ${name} without positions: expected a point for each channel`);
  const points = value.map((point) => listOf(name, "positions", point));
  if (points.length !== channels) {
    throw new RangeError(`Cannot ${name} with ${points.length} positions: there are ${channels} channels`);
  }
  const wrong = points.findIndex((point) => point.length !== points[0]!.length || !point.every(Number.isFinite));
  if (wrong >= 0) {
    throw new RangeError(`Cannot ${name}: the position of channel ${wrong} isn't a point like the others`);
  }
  return points;
}

/** How far two points lie from each other. */
export function distance(a: readonly number[], b: readonly number[]): number {
  return Math.hypot(...a.map((value, i) => value - b[i]!));
}
