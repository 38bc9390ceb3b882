/**
 * Events, epochs and spike trains that are read when they are loaded.
 *
 * @module
 */

import type { NDArray, NumericData } from "../../array/types.ts";
import { printsAsText } from "../../source/inspect.ts";
import { checkOptions, type OptionNames } from "../../source/options.ts";
import type { SpikeChannel } from "../header.ts";
import type { EventParts, PartsReadOptions, SpikeParts } from "../format.ts";
import type { Annotations, ArrayAnnotations } from "./annotated.ts";
import { Epoch, Event } from "./events.ts";
import type { TimeSlice } from "./seconds.ts";
import { SpikeTrain } from "./spike_train.ts";
import { spanOf } from "./time_slice.ts";

/** Options of the proxies' `load`. */
export interface EventLoadOptions {
  /** The stretch of time, both ends included; all by default. */
  readonly timeSlice?: TimeSlice | null | undefined;
  /**
   * Whether a stretch that reaches beyond the segment is refused, rather than cut.
   *
   * @default {true}
   */
  readonly strictSlicing?: boolean | undefined;
  /** Aborts. */
  readonly signal?: AbortSignal | undefined;
}

/** Options of {@linkcode SpikeTrainProxy.load}. */
export interface SpikeTrainLoadOptions extends EventLoadOptions {
  /**
   * Spikes come in seconds: ticks are what the raw layer's `getSpikeTimestamps` gives.
   *
   * @default {"rescaled"}
   */
  readonly magnitudeMode?: "rescaled" | undefined;
  /**
   * Whether waveforms are read too.
   *
   * @default {false}
   */
  readonly loadWaveforms?: boolean | undefined;
}

/** What the proxies are made of. */
export interface EventProxyParts<P> {
  /** What it is called. */
  readonly name: string;
  /** When its segment starts, in seconds. */
  readonly tStart: number;
  /** When its segment ends, in seconds. */
  readonly tStop: number;
  /** What is known of it. */
  readonly annotations: Annotations;
  /** Reads those of a stretch of time. */
  read(stretch: {
    readonly tStart?: number | undefined;
    readonly tStop?: number | undefined;
    readonly signal?: AbortSignal | undefined;
  }): Promise<P>;
}

/** What is read when it is loaded. */
abstract class StretchProxy<P extends { readonly timestamps: Float64Array; readonly ticksPerSecond: number }> {
  /** What it is called. */
  readonly name: string;
  /** When its segment starts, in seconds. */
  readonly tStart: number;
  /** When its segment ends, in seconds. */
  readonly tStop: number;
  /** Unit of the times. */
  readonly units = "s";
  /** What is known of it. */
  readonly annotations: Annotations;
  readonly #read: EventProxyParts<P>["read"];
  protected abstract readonly kind: string;

  constructor(parts: EventProxyParts<P>) {
    printsAsText(StretchProxy.prototype);
    this.name = parts.name;
    this.tStart = parts.tStart;
    this.tStop = parts.tStop;
    this.annotations = parts.annotations;
    this.#read = parts.read;
  }

  /** Seconds that its segment lasts. */
  get duration(): number {
    return this.tStop - this.tStart;
  }

  /** How many there are: reads them where they weren't read yet. */
  async count(options: PartsReadOptions = {}): Promise<number> {
    checkOptions(options, { signal: true }, "count");
    return (await this.#read(options)).timestamps.length;
  }

  /** What it is, in one line. */
  toString(): string {
    return `${this.kind} ${JSON.stringify(this.name)}`;
  }

  protected async readStretch({ timeSlice, strictSlicing = true, signal }: EventLoadOptions): Promise<P> {
    if (timeSlice === null || timeSlice === undefined) return await this.#read({ signal });
    const { start, stop } = spanOf(timeSlice, this, strictSlicing);
    return await this.#read({ tStart: start, tStop: stop, signal });
  }
}

/** Events that are read when they are loaded: neo's `EventProxy`. */
export class EventProxy extends StretchProxy<EventParts> {
  protected override readonly kind: string = "EventProxy";

  /** Reads those of a stretch of time, all by default. @throws {RangeError} If it reaches beyond the segment */
  async load(options: EventLoadOptions = {}): Promise<Event> {
    checkOptions(options, EVENT_LOAD_OPTIONS, "load events");
    return new Event(eventOf(this, await this.readStretch(options)));
  }
}

/** Epochs that are read when they are loaded: neo's `EpochProxy`. */
export class EpochProxy extends StretchProxy<EventParts> {
  protected override readonly kind: string = "EpochProxy";

  /** Reads those that begin in a stretch of time, all by default. @throws {RangeError} If it reaches beyond the segment */
  async load(options: EventLoadOptions = {}): Promise<Epoch> {
    checkOptions(options, EVENT_LOAD_OPTIONS, "load epochs");
    const parts = await this.readStretch(options);
    const durations = parts.durations ?? new Float64Array(parts.timestamps.length);
    return new Epoch({
      ...eventOf(this, parts),
      durations: durations.map((ticks) => ticks / parts.ticksPerSecond),
    });
  }
}

/** A spike train that is read when it is loaded: neo's `SpikeTrainProxy`. */
export class SpikeTrainProxy extends StretchProxy<SpikeParts> {
  /** Its unit or channel. */
  readonly channel: SpikeChannel;
  protected override readonly kind: string = "SpikeTrainProxy";

  /** Made by `readSegment({ lazy: true })`. */
  constructor(parts: EventProxyParts<SpikeParts> & { readonly channel: SpikeChannel }) {
    super(parts);
    this.channel = parts.channel;
  }

  /**
   * Reads those of a stretch of time, all by default.
   *
   * @throws {RangeError} If it reaches beyond the segment, or waveforms are asked for where there are none
   */
  async load(options: SpikeTrainLoadOptions = {}): Promise<SpikeTrain> {
    checkOptions(options, SPIKE_LOAD_OPTIONS, "load spikes");
    const { timeSlice, strictSlicing = true, magnitudeMode = "rescaled", loadWaveforms = false, signal } = options;
    if (magnitudeMode !== "rescaled") {
      throw new TypeError(
        `Cannot load spikes with magnitudeMode ${JSON.stringify(magnitudeMode)}: expected "rescaled"; ` +
          "getSpikeTimestamps gives ticks",
      );
    }
    const parts = await this.readStretch(options);
    if (loadWaveforms && parts.waveforms === undefined) {
      throw new RangeError(`Cannot load the waveforms of ${JSON.stringify(this.name)}: there are no waveforms`);
    }
    const { wfGain, wfOffset, wfUnits, wfLeftSweep, wfSamplingRate } = this.channel;
    const raw = loadWaveforms ? await parts.waveforms!.read(null, { signal }) as NDArray<NumericData> : null;
    const { start, stop } = spanOf(timeSlice, this, strictSlicing);
    return new SpikeTrain({
      name: this.name,
      times: parts.timestamps.map((tick) => tick / parts.ticksPerSecond),
      tStart: start,
      tStop: stop,
      waveforms: raw === null ? null : {
        ...raw,
        data: Float32Array.from(raw.data as Float64Array, (value) => value * wfGain + wfOffset),
        dtype: { kind: "float", itemsize: 4, byteOrder: "<" },
      },
      waveformUnits: wfUnits,
      leftSweep: wfSamplingRate > 0 ? wfLeftSweep / wfSamplingRate : 0,
      samplingRate: wfSamplingRate,
      annotations: this.annotations,
      arrayAnnotations: listsOf(parts.annotations),
    });
  }
}

function eventOf({ name, annotations }: EventProxy | EpochProxy, parts: EventParts) {
  return {
    name,
    times: parts.timestamps.map((tick) => tick / parts.ticksPerSecond),
    labels: parts.labels,
    annotations,
    arrayAnnotations: listsOf(parts.annotations),
  };
}

function listsOf(annotations: EventParts["annotations"]): ArrayAnnotations {
  return Object.fromEntries(Object.entries(annotations ?? {}).map(([name, values]) => [name, Array.from(values)]));
}

const EVENT_LOAD_OPTIONS: OptionNames<EventLoadOptions> = { timeSlice: true, strictSlicing: true, signal: true };
const SPIKE_LOAD_OPTIONS: OptionNames<SpikeTrainLoadOptions> = {
  timeSlice: true,
  strictSlicing: true,
  signal: true,
  magnitudeMode: true,
  loadWaveforms: true,
};
