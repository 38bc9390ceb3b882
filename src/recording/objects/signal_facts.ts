/**
 * What is known of an analog signal without reading it; eager ones and proxies share it.
 *
 * @module
 */

import { regularAxis } from "../../time/axis.ts";
import { indexAxis } from "../../series/time_index.ts";
import { TsdFrame } from "../../series/tsd_frame.ts";
import type { LazyArray } from "../../array/types.ts";
import { numpyName } from "../../array/dtype/dtype.ts";
import { printsAsText } from "../../source/inspect.ts";
import { type Annotations, type ArrayAnnotations, timeText } from "./annotated.ts";

/** What an analog signal is made of. */
export interface SignalFactsParts {
  /** What it is called. */
  readonly name: string;
  /** Unit of its values; empty where they have none. */
  readonly units: string;
  /** Samples per second. */
  readonly samplingRate: number;
  /** When its first sample was taken, in seconds. */
  readonly tStart: number;
  /** What is known of it. */
  readonly annotations: Annotations;
  /** What is known of each channel: `channelNames` and `channelIds` at least. */
  readonly arrayAnnotations: ArrayAnnotations;
  /** When each sample was taken, where the file has that. */
  readonly timestamps: LazyArray | null;
}

/** What is known of an analog signal: some channels of one unit, over a stretch of time without gaps. */
export abstract class SignalFacts {
  /** What it is called. */
  readonly name: string;
  /** Unit of its values, such as `uV`; empty where they have none. */
  readonly units: string;
  /** Samples per second. */
  readonly samplingRate: number;
  /** When its first sample was taken, in seconds. */
  readonly tStart: number;
  /** What is known of it. */
  readonly annotations: Annotations;
  /** What is known of each channel: `channelNames` and `channelIds` at least. */
  readonly arrayAnnotations: ArrayAnnotations;
  /** When each sample was taken, in the file's own unit: shape [samples]; `null` where the file doesn't have that. */
  readonly timestamps: LazyArray | null;

  /** Number of samples, number of channels. */
  abstract readonly shape: readonly number[];

  constructor(parts: SignalFactsParts) {
    printsAsText(SignalFacts.prototype);
    this.name = parts.name;
    this.units = parts.units;
    this.samplingRate = parts.samplingRate;
    this.tStart = parts.tStart;
    this.annotations = parts.annotations;
    this.arrayAnnotations = parts.arrayAnnotations;
    this.timestamps = parts.timestamps;
  }

  /** Seconds from one sample to the next. */
  get samplingPeriod(): number {
    return 1 / this.samplingRate;
  }

  /** How long it is, in seconds: its samples, each a period long. */
  get duration(): number {
    return this.shape[0]! / this.samplingRate;
  }

  /** When it ends, in seconds: a period behind its last sample. */
  get tStop(): number {
    return this.tStart + this.duration;
  }

  /** Names of its channels. */
  get channelNames(): readonly string[] {
    return this.arrayAnnotations["channelNames"] as readonly string[];
  }

  /** When its samples were taken, in seconds: computed from the rate. */
  get times(): Float64Array {
    const { tStart, samplingRate } = this;
    return Float64Array.from({ length: this.shape[0]! }, (_, i) => tStart + i / samplingRate);
  }

  /** What it is, in one line. */
  toString(): string {
    const [samples, channels] = this.shape as [number, number];
    const unit = this.units === "" ? "" : ` in ${this.units}`;
    return `${this.kind} ${JSON.stringify(this.name)}: ${samples} samples of ${channels} channel${
      channels === 1 ? "" : "s"
    }${unit} at ${this.samplingRate} Hz, ${timeText(this.tStart)} to ${timeText(this.tStop)}`;
  }

  /** The name of its class, as it is printed; minifiers change that of the class itself. */
  protected abstract readonly kind: string;
}

/**
 * A signal as pynapple's frame: a column for each channel. Nothing is read by it.
 *
 * @param facts The signal
 * @param values Its values
 */
export function frameOf(facts: SignalFacts, values: LazyArray): TsdFrame {
  const [length, count] = values.shape as [number, number];
  const index = indexAxis(regularAxis(facts.tStart, facts.samplingRate, length));
  const names = facts.channelNames;
  const isUnique = new Set(names).size === count;
  const lists = Object.entries(facts.arrayAnnotations).filter(([, list]) => list.every(isPlain));
  const metadata = Object.fromEntries(lists.map(([name, list]) => [name, [...list]]));
  return new TsdFrame(index, values, {
    columns: isUnique ? names : names.map((_, i) => i),
    metadata: metadata as Record<string, (string | number)[]>,
  });
}

function isPlain(value: unknown): boolean {
  return typeof value === "string" || typeof value === "number";
}

/** NumPy's name of an array's dtype, as neo prints it. */
export function dtypeName(array: LazyArray): string {
  return numpyName(array.dtype).replace(/^[<>|=]/, "");
}
