/**
 * Events and epochs, in memory.
 *
 * @module
 */

import { IntervalSet } from "../../series/intervals/interval_set.ts";
import { Ts } from "../../series/ts.ts";
import { printsAsText } from "../../source/inspect.ts";
import { type Annotations, type ArrayAnnotations, takeAnnotations, timeText } from "./annotated.ts";
import { seconds, type Time } from "./seconds.ts";

/** What {@linkcode Event} is made of. */
export interface EventFactsParts {
  /** What it is called. */
  readonly name: string;
  /** When each happened, in seconds, ascending. */
  readonly times: Float64Array;
  /** What each says. */
  readonly labels: readonly string[];
  /** What is known of them all. */
  readonly annotations?: Annotations | undefined;
  /** What else is known of each. */
  readonly arrayAnnotations?: ArrayAnnotations | undefined;
}

/** Things that happened at a time: neo's `Event`. */
export class Event {
  /** What it is called. */
  readonly name: string;
  /** When each happened, in seconds, ascending. */
  readonly times: Float64Array;
  /** What each says. */
  readonly labels: readonly string[];
  /** Unit of the times. */
  readonly units = "s";
  /** What is known of them all. */
  readonly annotations: Annotations;
  /** What else is known of each. */
  readonly arrayAnnotations: ArrayAnnotations;

  /** Makes one of times and labels. */
  constructor(parts: EventFactsParts) {
    printsAsText(Event.prototype);
    this.name = parts.name;
    this.times = parts.times;
    this.labels = parts.labels;
    this.annotations = parts.annotations ?? {};
    this.arrayAnnotations = parts.arrayAnnotations ?? {};
  }

  /** How many there are. */
  get length(): number {
    return this.times.length;
  }

  /** How many there are, as a shape. */
  get shape(): readonly number[] {
    return [this.length];
  }

  /** The times, without their unit. */
  get magnitude(): Float64Array {
    return this.times;
  }

  /** Those of a stretch of time, both ends included. */
  timeSlice(tStart: Time | null, tStop: Time | null): Event {
    return new Event(this.cut(tStart, tStop));
  }

  /** When they happened, as pynapple's times. */
  toTs(): Ts {
    return new Ts(this.times);
  }

  /** What it is, in one line. */
  toString(): string {
    return `Event ${JSON.stringify(this.name)}: ${this.length} ${rangeText(this.times)}`.trimEnd();
  }

  /** What those of a stretch of time are made of. */
  protected cut(tStart: Time | null, tStop: Time | null): EventFactsParts & { readonly picked: readonly number[] } {
    const from = tStart === null ? -Infinity : seconds(tStart);
    const to = tStop === null ? Infinity : seconds(tStop);
    const picked = [...this.times.keys()].filter((i) => this.times[i]! >= from && this.times[i]! <= to);
    return {
      name: this.name,
      times: Float64Array.from(picked, (i) => this.times[i]!),
      labels: picked.map((i) => this.labels[i]!),
      annotations: this.annotations,
      arrayAnnotations: takeAnnotations(this.arrayAnnotations, picked),
      picked,
    };
  }
}

/** What {@linkcode Epoch} is made of. */
export interface EpochParts extends EventFactsParts {
  /** How long each lasted, in seconds. */
  readonly durations: Float64Array;
}

/** Things that lasted: neo's `Epoch`. */
export class Epoch extends Event {
  /** How long each lasted, in seconds. */
  readonly durations: Float64Array;

  /** Makes one of times, durations and labels. */
  constructor(parts: EpochParts) {
    super(parts);
    this.durations = parts.durations;
  }

  /** Those that begin in a stretch of time, both ends included. */
  override timeSlice(tStart: Time | null, tStop: Time | null): Epoch {
    const parts = this.cut(tStart, tStop);
    return new Epoch({ ...parts, durations: Float64Array.from(parts.picked, (i) => this.durations[i]!) });
  }

  /** As pynapple's intervals, with the labels as metadata. Those without a duration, which intervals can't hold, are left out. */
  toIntervalSet(): IntervalSet {
    const picked = [...this.times.keys()].filter((i) => this.durations[i]! > 0);
    const start = Float64Array.from(picked, (i) => this.times[i]!);
    const end = Float64Array.from(picked, (i) => this.times[i]! + this.durations[i]!);
    return new IntervalSet(start, end, { metadata: { label: picked.map((i) => this.labels[i]!) } });
  }

  /** What it is, in one line. */
  override toString(): string {
    return `Epoch ${JSON.stringify(this.name)}: ${this.length} ${rangeText(this.times)}`.trimEnd();
  }
}

/** From when to when, in words. */
export function rangeText(times: Float64Array): string {
  return times.length === 0 ? "" : `from ${timeText(times[0]!)} to ${timeText(times.at(-1)!)}`;
}
