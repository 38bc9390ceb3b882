/**
 * Segments: stretches of time, and what happened in them.
 *
 * @module
 */

import { TsGroup } from "../../series/ts_group.ts";
import { IntervalSet } from "../../series/intervals/interval_set.ts";
import { checkOptions, type OptionNames } from "../../source/options.ts";
import type { PartsReadOptions } from "../format.ts";
import { printsAsText } from "../../source/inspect.ts";
import type { AnalogSignal } from "./analog_signal.ts";
import type { AnalogSignalProxy } from "./analog_signal_proxy.ts";
import { type Annotations, timeText } from "./annotated.ts";
import { EpochProxy, type EventProxy, SpikeTrainProxy } from "./event_proxies.ts";
import type { Epoch, Event } from "./events.ts";
import type { SpikeTrain } from "./spike_train.ts";

/** What a segment holds: read, or as proxies. */
export interface SegmentContents<L extends boolean = boolean> {
  /** Signals, in the order of streams. */
  readonly analogSignals: readonly (L extends true ? AnalogSignalProxy : AnalogSignal)[];
  /** Events, in the order of their channels. */
  readonly events: readonly (L extends true ? EventProxy : Event)[];
  /** Epochs, in the order of their channels. */
  readonly epochs: readonly (L extends true ? EpochProxy : Epoch)[];
  /** Spike trains, in the order of their channels. */
  readonly spikeTrains: readonly (L extends true ? SpikeTrainProxy : SpikeTrain)[];
}

/** What {@linkcode Segment} is made of. */
export interface SegmentFacts {
  /** What it is called. */
  readonly name: string;
  /** Which segment of its block it is. */
  readonly index: number;
  /** When it starts, in seconds. */
  readonly tStart: number;
  /** When it ends, in seconds. */
  readonly tStop: number;
  /** What is known of it. */
  readonly annotations: Annotations;
}

/** A stretch of time without gaps, and all that happened in it, by one clock: neo's `Segment`. */
export class Segment<L extends boolean = boolean> implements SegmentContents<L>, SegmentFacts {
  readonly name: string;
  readonly index: number;
  readonly tStart: number;
  readonly tStop: number;
  readonly annotations: Annotations;
  readonly analogSignals: SegmentContents<L>["analogSignals"];
  readonly events: SegmentContents<L>["events"];
  readonly epochs: SegmentContents<L>["epochs"];
  readonly spikeTrains: SegmentContents<L>["spikeTrains"];

  /** Made by `readSegment`. */
  constructor(facts: SegmentFacts, contents: SegmentContents<L>) {
    printsAsText(Segment.prototype);
    this.name = facts.name;
    this.index = facts.index;
    this.tStart = facts.tStart;
    this.tStop = facts.tStop;
    this.annotations = facts.annotations;
    this.analogSignals = contents.analogSignals;
    this.events = contents.events;
    this.epochs = contents.epochs;
    this.spikeTrains = contents.spikeTrains;
  }

  /** How long it is, in seconds. */
  get duration(): number {
    return this.tStop - this.tStart;
  }

  /** When it was recorded, where the file says that: its clock's time, as if it were UTC. */
  get recDatetime(): Date | null {
    const { recDatetime } = this.annotations;
    return recDatetime instanceof Date ? recDatetime : null;
  }

  /**
   * Its spike trains as pynapple's group, with names as metadata; proxies are read. The time support is the segment.
   *
   * @param options Abort signal
   */
  async toTsGroup(options: PartsReadOptions = {}): Promise<TsGroup> {
    checkOptions(options, READ, "make a group of spike trains");
    const { signal } = options;
    const trains: readonly SpikeTrain[] = await Promise.all(
      this.spikeTrains.map((train) => train instanceof SpikeTrainProxy ? train.load({ signal }) : train as SpikeTrain),
    );
    const timeSupport = new IntervalSet([this.tStart], [Math.max(this.tStop, this.tStart + 1e-9)]);
    return new TsGroup(trains.map((train) => train.toTs()), {
      timeSupport,
      metadata: { name: trains.map(({ name }) => name) },
    });
  }

  /**
   * Epochs as pynapple's intervals, with labels as metadata; proxies are read.
   *
   * @param name Which epochs, by name; by default the first that there are
   * @param options Abort signal
   * @throws {RangeError} If there are none
   */
  async toIntervalSet(name?: string, options: PartsReadOptions = {}): Promise<IntervalSet> {
    checkOptions(options, READ, "make intervals of epochs");
    const { signal } = options;
    const found = name === undefined ? this.epochs[0] : this.epochs.find((epoch) => epoch.name === name);
    if (found === undefined) {
      const names = this.epochs.map((epoch) => JSON.stringify(epoch.name)).join(", ");
      throw new RangeError(
        `Cannot make intervals of ${name === undefined ? "epochs" : JSON.stringify(name)}: there are ${
          names === "" ? "no epochs" : `the epochs ${names}`
        }`,
      );
    }
    const epoch = found instanceof EpochProxy ? await found.load({ signal }) : found as Epoch;
    return epoch.toIntervalSet();
  }

  /** What it is and holds, a line each. */
  toString(): string {
    const all = [...this.analogSignals, ...this.events, ...this.epochs, ...this.spikeTrains];
    return [
      `Segment ${this.index}: ${timeText(this.tStart)} to ${timeText(this.tStop)}`,
      ...all.map((object) => `  ${String(object)}`),
    ].join("\n");
  }
}

const READ: OptionNames<PartsReadOptions> = { signal: true };
