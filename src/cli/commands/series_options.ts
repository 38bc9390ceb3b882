/**
 * The options of `nwb` and `plot`, read and checked.
 *
 * @module
 */

import type { TransformDescription } from "../../signal/mod.ts";
import { UsageError } from "../io.ts";
import { ALWAYS, type TimeWindow } from "../../show/window.ts";

/** What `nwb` and `plot` are told, and `show` and `convert` of recordings. */
export interface SeriesCall {
  /** Whether an entry was named. */
  readonly hasKey: boolean;
  /** Stretch of time. */
  readonly window: TimeWindow;
  /** Whether values are wanted as they are stored, rather than in physical units. */
  readonly raw: boolean;
  /** Names or ids of channels of a recording; all where it isn't given. */
  readonly channels: readonly string[] | undefined;
  /** Transforms of a recording's samples, as the signals' room describes them. */
  readonly filters: readonly TransformDescription[];
  /** Which of these options were given. */
  readonly given: readonly string[];
  /** Key of intervals that are shaded. */
  readonly shade: string | undefined;
  /** Width of a picture in pixels. */
  readonly width: number;
  /** Height of a picture in pixels; chosen where it isn't given. */
  readonly height: number | undefined;
}

/** The values as the shell gave them. */
export interface SeriesValues {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly raw?: boolean | undefined;
  readonly channels?: string | undefined;
  readonly bandpass?: string | undefined;
  readonly reference?: string | undefined;
  readonly shade?: string | undefined;
  readonly width?: string | undefined;
  readonly height?: string | undefined;
  readonly output?: string | undefined;
}

const WIDTH = 1200;
/** Beyond this a picture is no picture, and its pixels would take gigabytes. */
const MOST_PIXELS = 8192;

/**
 * Reads the options.
 *
 * @param command Which command
 * @param key The entry named, if any
 * @param values The options as they were given
 * @throws {UsageError} If one is wrong, or needs another
 */
export function seriesCall(
  command: "nwb" | "plot" | "show" | "convert",
  key: string | undefined,
  values: SeriesValues,
): SeriesCall {
  const from = values.from === undefined ? ALWAYS.from : finite("--from", values.from);
  const to = values.to === undefined ? ALWAYS.to : finite("--to", values.to);
  if (from > to) {
    throw new UsageError(`Cannot use --from ${values.from} --to ${values.to}: --from should not follow --to`);
  }
  if (command === "nwb" && key === undefined) {
    for (const option of ["from", "to", "raw", "output"] as const) {
      if (values[option] !== undefined) throw new UsageError(`Cannot use --${option} without KEY: it is for one entry`);
    }
  }
  if (command === "plot" && values.output === undefined) {
    throw new UsageError("Cannot run plot without -o: expected a name that ends in .svg or .png");
  }
  return {
    hasKey: key !== undefined,
    window: { from, to },
    raw: values.raw === true,
    channels: values.channels?.split(",").map((name) => name.trim()).filter((name) => name !== ""),
    filters: [...bandOf(values.bandpass), ...referenceOf(values.reference)],
    given: (["from", "to", "raw", "channels", "bandpass", "reference"] as const).filter((option) =>
      values[option] !== undefined
    ),
    shade: values.shade,
    width: values.width === undefined ? WIDTH : pixels("--width", values.width),
    height: values.height === undefined ? undefined : pixels("--height", values.height),
  };
}

function bandOf(text: string | undefined): TransformDescription[] {
  if (text === undefined) return [];
  const [low, high, ...rest] = text.split(":").map((part) => part.trim() === "" ? NaN : Number(part));
  if (rest.length === 0 && low! > 0 && high! > low!) return [{ name: "bandpass", options: { low: low!, high: high! } }];
  throw new UsageError(`Cannot use ${JSON.stringify(text)} as --bandpass: expected LOW:HIGH in Hz, such as 300:6000`);
}

function referenceOf(text: string | undefined): TransformDescription[] {
  if (text === undefined) return [];
  if (text === "median" || text === "mean") return [{ name: "commonReference", options: { method: text } }];
  throw new UsageError(`Cannot use ${JSON.stringify(text)} as --reference: expected median or mean`);
}

function finite(option: string, text: string): number {
  const value = Number(text);
  if (text.trim() !== "" && Number.isFinite(value)) return value;
  throw new UsageError(`Cannot use ${JSON.stringify(text)} as ${option}: expected a number of seconds`);
}

function pixels(option: string, text: string): number {
  const value = Number(text);
  if (/^\d{1,5}$/.test(text) && value >= 160 && value <= MOST_PIXELS) return value;
  throw new UsageError(`Cannot use ${JSON.stringify(text)} as ${option}: expected 160 to ${MOST_PIXELS} pixels`);
}
