/**
 * Scaling numbers: the kernel that reading physical values needs, and all that it needs.
 *
 * @module
 */
import { ShapeError } from "../../source/errors.ts";
import { checkCount, countOf, inBlocks } from "./blocks.ts";
import type { ReaderInstance } from "./memory.ts";
import {
  type Bytes,
  bytesOf,
  type ElementArray,
  type Layout,
  newArray,
  sizeOf,
  type StoredType,
  TYPES,
} from "./types.ts";

/** How to scale. */
export interface ScaleOptions {
  /** Factor, or one per channel; 1 by default. */
  readonly gain?: number | ArrayLike<number> | undefined;
  /** What is added after, or one per channel; 0 by default. */
  readonly offset?: number | ArrayLike<number> | undefined;
  /** Channels; as many as there are gains or offsets by default. */
  readonly channels?: number | undefined;
  /** How they lie; `time-major` by default. */
  readonly layout?: Layout | undefined;
  /** Whether the source is big-endian. */
  readonly swap?: boolean | undefined;
  /** Memory of the result's class and length that it goes into; new by default. */
  readonly into?: ElementArray<"float32" | "float64"> | undefined;
}

/**
 * Gives `value * gain + offset`, computed in float64 and rounded once. Every NaN comes as the one quiet NaN.
 *
 * @param instance The module.
 * @param source The numbers' bytes.
 * @param from Their type.
 * @param to The type wanted.
 * @param options Gain and offset, of all or per channel.
 * @returns The scaled numbers.
 * @throws {ShapeError} If the source isn't whole frames, or gains and channels don't go together.
 */
export function scale<T extends "float32" | "float64">(
  instance: ReaderInstance,
  source: Bytes,
  from: StoredType,
  to: T,
  options: ScaleOptions = {},
): ElementArray<T> {
  const { gain = 1, offset = 0, layout = "time-major", swap = false } = options;
  const sourceStep = sizeOf(from);
  const count = countOf(source, sourceStep, `scale ${from}`);
  const given = [gain, offset].find((value) => typeof value !== "number") as ArrayLike<number> | undefined;
  const channels = options.channels ?? given?.length ?? 1;
  checkCount(channels, "number of channels", 1);
  if (count % channels !== 0) {
    throw new ShapeError(`Cannot scale ${channels} channels: ${count} numbers aren't whole frames`);
  }
  const gains = perChannel(gain, channels, "gains");
  const offsets = perChannel(offset, channels, "offsets");
  const out = (options.into ?? newArray(to, count)) as ElementArray<T>;
  if (out.byteLength !== count * sizeOf(to)) {
    throw new ShapeError(
      `Cannot scale ${count} numbers into ${out.byteLength} bytes, expected ${count * sizeOf(to)}`,
    );
  }
  const [toType, fromType] = [TYPES.indexOf(to), TYPES.indexOf(from)];
  const run = layout === "time-major" ? 1 : count / channels;
  // One gain for all: channels don't matter.
  const alone = typeof gain === "number" && typeof offset === "number";
  const unit = swap ? sourceStep : 1;
  inBlocks<readonly [number, number]>(
    instance,
    { source: bytesOf(source), sourceStep, target: bytesOf(out), targetStep: sizeOf(to), count, unit },
    ({ exports }, target, into, first, n, [gainAt, offsetAt]) => {
      const channel = alone ? 0 : Math.floor(first / run) % channels;
      const left = run - first % run;
      return exports.mr_scale(
        target,
        toType,
        into,
        fromType,
        n,
        gainAt,
        offsetAt,
        alone ? 1 : channels,
        channel,
        left,
        run,
      );
    },
    (arena) => [arena.put(gains), arena.put(offsets)],
  );
  return out;
}

function perChannel(value: number | ArrayLike<number>, channels: number, what: string): Float64Array {
  if (typeof value === "number") return new Float64Array(channels).fill(value);
  if (value.length !== channels) throw new ShapeError(`Cannot scale ${channels} channels by ${value.length} ${what}`);
  return Float64Array.from(value);
}
