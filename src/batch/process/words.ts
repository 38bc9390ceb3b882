/**
 * YASS' options, checked: orders, channels, times.
 *
 * @module
 */

import { slice } from "../../array/select/slice.ts";
import { orderOf } from "../../raw/yass_sidecar.ts";
import { rint, seconds, type Time } from "../../recording/objects/seconds.ts";
import { describeValue } from "../../source/describe_value.ts";
import type { ChannelKey } from "./apply/place.ts";

/** How observations and channels lie in a file. */
export type DataOrder = "samples" | "channels";

/** A word for a {@linkcode DataOrder}: also `sample`, and the older `long` (samples) and `wide` (channels). */
export type DataOrderWord = DataOrder | "sample" | "long" | "wide";

/** Which channels: all, one, or some, in any order. */
export type Channels = "all" | number | readonly number[];

/** How much is logged, as Python has it. */
export type LogLevel = "debug" | "info" | "warning";

/** Takes what is told on the way. */
export type OnLog = (level: LogLevel, message: string) => void;

/**
 * The order that two options agree on.
 *
 * @returns The order; `null` where neither is given
 * @throws {TypeError} If a word is none, or the two disagree
 */
export function dataOrderOf(options: {
  readonly dataOrder?: DataOrderWord | undefined;
  readonly dataFormat?: DataOrderWord | undefined;
}): DataOrder | null {
  const [order, format] = (["dataOrder", "dataFormat"] as const).map((name) => {
    const word = options[name];
    if (word === undefined || word === null) return null;
    const found = orderOf(word);
    if (found === null) {
      throw new TypeError(
        `Cannot use ${describeValue(word)} as ${name}: expected "samples" (or "long") or "channels" (or "wide")`,
      );
    }
    return found;
  }) as ["C" | "F" | null, "C" | "F" | null];
  if (order !== null && format !== null && order !== format) {
    throw new TypeError(
      `Cannot use dataOrder ${describeValue(options.dataOrder)} with dataFormat ${
        describeValue(options.dataFormat)
      }: they disagree`,
    );
  }
  const found = order ?? format;
  return found === null ? null : found === "C" ? "samples" : "channels";
}

/** Channels, checked against how many there are. */
export interface PickedChannels {
  /** As indexes show them. */
  readonly key: ChannelKey;
  /** Which; `null` for all. */
  readonly list: readonly number[] | null;
  /** How many. */
  readonly count: number;
}

/**
 * Checks which channels were asked for.
 *
 * @throws {TypeError} If it is neither "all", nor a channel, nor a list of them
 * @throws {RangeError} If there is no such channel, or the list is empty
 */
export function pickedChannels(channels: Channels | undefined | null, count: number): PickedChannels {
  if (channels === undefined || channels === null || channels === "all") {
    return { key: slice(0, count), list: null, count };
  }
  const list = typeof channels === "number" ? [channels] : channels;
  if (!Array.isArray(list) || !list.every((channel) => typeof channel === "number")) {
    throw new TypeError(`Cannot take ${describeValue(channels)} as channels: expected "all", a number or a list`);
  }
  if (list.length === 0) throw new RangeError("Cannot process no channels: the list is empty");
  const wrong = list.find((channel) => !Number.isInteger(channel) || channel < 0 || channel >= count);
  if (wrong !== undefined) {
    throw new RangeError(`Cannot take channel ${wrong}: there are ${count}, from 0 to ${count - 1}`);
  }
  return { key: typeof channels === "number" ? channels : [...list], list: [...list], count: list.length };
}

/**
 * A stretch of observations.
 *
 * @param fromTime First one: a number of observations, or text with a unit such as `"10 s"`; the beginning by default
 * @param toTime First one left out; the end by default
 * @param observations How many there are
 * @param samplingRate Samples per second, which texts need
 * @throws {TypeError} If a text has no unit, or the rate isn't known
 * @throws {RangeError} If the stretch isn't within the recording
 */
export function stretchOf(
  fromTime: Time | null | undefined,
  toTime: Time | null | undefined,
  observations: number,
  samplingRate: number | null,
): readonly [from: number, to: number] {
  const at = (name: string, time: Time | null | undefined, standard: number): number => {
    if (time === null || time === undefined) return standard;
    if (typeof time === "string" && samplingRate === null) {
      throw new TypeError(
        `Cannot take ${
          JSON.stringify(time)
        } as ${name} without a sampling rate: give samplingRate, or a number of observations`,
      );
    }
    const index = typeof time === "string" ? rint(seconds(time) * samplingRate!) : time;
    if (!Number.isSafeInteger(index) || index < 0 || index > observations) {
      throw new RangeError(
        `Cannot take ${describeValue(time)} as ${name}: expected a whole number from 0 to ${observations}`,
      );
    }
    return index;
  };
  const [from, to] = [at("fromTime", fromTime, 0), at("toTime", toTime, observations)];
  if (from > to) throw new RangeError(`Cannot process from observation ${from} to ${to}: fromTime lies behind toTime`);
  return [from, to];
}

/** Checks a number of observations, such as a buffer. */
export function wholeNumber(name: string, value: unknown, least: number): number {
  if (Number.isSafeInteger(value) && (value as number) >= least) return value as number;
  throw new RangeError(`Cannot use ${describeValue(value)} as ${name}: expected a whole number of at least ${least}`);
}

/** Checks that a value is one of some words. */
export function oneOf<T extends string>(name: string, value: unknown, words: readonly T[]): T {
  if (words.includes(value as T)) return value as T;
  const listed = words.map((word) => JSON.stringify(word)).join(", ").replace(/, (?=[^,]*$)/, " or ");
  throw new TypeError(`Cannot use ${describeValue(value)} as ${name}: expected ${listed}`);
}
