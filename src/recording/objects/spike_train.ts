/**
 * Spike trains in memory.
 *
 * @module
 */

import type { NDArray } from "../../array/types.ts";
import { Ts } from "../../series/ts.ts";
import { IntervalSet } from "../../series/intervals/interval_set.ts";
import { printsAsText } from "../../source/inspect.ts";
import { type Annotations, type ArrayAnnotations, takeAnnotations } from "./annotated.ts";
import { rangeText } from "./events.ts";
import { seconds, type Time } from "./seconds.ts";

/** What {@linkcode SpikeTrain} is made of. */
export interface SpikeTrainParts {
  /** What it is called. */
  readonly name: string;
  /** When each spike happened, in seconds, ascending. */
  readonly times: Float64Array;
  /** Since when spikes were looked for, in seconds. */
  readonly tStart: number;
  /** Until when, in seconds. */
  readonly tStop: number;
  /** Waveforms in physical units, shape [spikes, channels, samples], or `null`. */
  readonly waveforms: NDArray<Float32Array> | null;
  /** Unit of the waveforms. */
  readonly waveformUnits: string;
  /** How much of a waveform lies before its spike, in seconds. */
  readonly leftSweep: number;
  /** Samples per second of the waveforms. */
  readonly samplingRate: number;
  /** What is known of it. */
  readonly annotations: Annotations;
  /** What is known of each spike. */
  readonly arrayAnnotations: ArrayAnnotations;
}

/** The spikes of a unit: neo's `SpikeTrain`. */
export class SpikeTrain implements SpikeTrainParts {
  readonly name: string;
  readonly times: Float64Array;
  readonly tStart: number;
  readonly tStop: number;
  readonly waveforms: NDArray<Float32Array> | null;
  readonly waveformUnits: string;
  readonly leftSweep: number;
  readonly samplingRate: number;
  readonly annotations: Annotations;
  readonly arrayAnnotations: ArrayAnnotations;
  /** Unit of the times. */
  readonly units = "s";

  /** Makes one of times. */
  constructor(parts: SpikeTrainParts) {
    printsAsText(SpikeTrain.prototype);
    this.name = parts.name;
    this.times = parts.times;
    this.tStart = parts.tStart;
    this.tStop = parts.tStop;
    this.waveforms = parts.waveforms;
    this.waveformUnits = parts.waveformUnits;
    this.leftSweep = parts.leftSweep;
    this.samplingRate = parts.samplingRate;
    this.annotations = parts.annotations;
    this.arrayAnnotations = parts.arrayAnnotations;
  }

  /** How many spikes there are. */
  get length(): number {
    return this.times.length;
  }

  /** How many spikes there are, as a shape. */
  get shape(): readonly number[] {
    return [this.length];
  }

  /** The times, without their unit. */
  get magnitude(): Float64Array {
    return this.times;
  }

  /** How long spikes were looked for, in seconds. */
  get duration(): number {
    return this.tStop - this.tStart;
  }

  /** Those of a stretch of time, both ends included. */
  timeSlice(tStart: Time | null, tStop: Time | null): SpikeTrain {
    const from = tStart === null ? this.tStart : seconds(tStart);
    const to = tStop === null ? this.tStop : seconds(tStop);
    const first = this.times.findIndex((time) => time >= from);
    const start = first < 0 ? this.length : first;
    let stop = this.length;
    while (stop > start && this.times[stop - 1]! > to) stop--;
    const picked = Array.from({ length: stop - start }, (_, i) => start + i);
    const { waveforms } = this;
    const [row = 0] = waveforms?.stride ?? [];
    return new SpikeTrain({
      ...this,
      times: this.times.subarray(start, stop),
      tStart: Math.max(from, this.tStart),
      tStop: Math.min(to, this.tStop),
      waveforms: waveforms === null ? null : {
        ...waveforms,
        data: waveforms.data.subarray(start * row, stop * row),
        shape: [stop - start, ...waveforms.shape.slice(1)],
      },
      arrayAnnotations: takeAnnotations(this.arrayAnnotations, picked),
    });
  }

  /** As pynapple's times, whose support is when spikes were looked for. */
  toTs(): Ts {
    const timeSupport = new IntervalSet([this.tStart], [Math.max(this.tStop, this.tStart + 1e-9)]);
    return new Ts(this.times, { timeSupport });
  }

  /** What it is, in one line. */
  toString(): string {
    return `SpikeTrain ${JSON.stringify(this.name)}: ${this.length} ${rangeText(this.times)}`.trimEnd();
  }
}
