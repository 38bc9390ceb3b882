/**
 * Spikes and events of stretches of time: what a format gives is read once, and cut.
 *
 * @module
 */

import type { EventParts, PartsReadOptions, SegmentParts, SpikeParts } from "./format.ts";
import { seconds } from "./objects/seconds.ts";
import { ReadOnce } from "./read_once.ts";
import type { StretchOptions } from "./segment_options.ts";

/** Reads spikes and events of a recording's segments. */
export class Stretches {
  readonly #kept = new WeakMap<object, Map<string, ReadOnce<unknown>>>();

  /** Spikes of a channel that lie in a stretch. */
  async spikes(segment: SegmentParts, channel: number, options: StretchOptions): Promise<SpikeParts> {
    const all = await this.#once(
      segment,
      `spikes ${channel}`,
      async (reading) =>
        await segment.spikes?.(channel, reading) ?? { timestamps: new Float64Array(0), ticksPerSecond: 1 },
      options.signal,
    );
    const picked = within(all, options);
    if (picked === null) return all;
    const [from, to] = picked;
    return {
      ...all,
      timestamps: all.timestamps.subarray(from, to),
      waveforms: all.waveforms?.view([{ start: from, stop: to, step: 1 }]),
      annotations: cut(all.annotations, from, to),
    };
  }

  /** Events of a channel that begin in a stretch. */
  async events(segment: SegmentParts, channel: number, options: StretchOptions): Promise<EventParts> {
    const all = await this.#once(
      segment,
      `events ${channel}`,
      async (reading) => await segment.events(channel, reading),
      options.signal,
    );
    const picked = within(all, options);
    if (picked === null) return all;
    const [from, to] = picked;
    return {
      ...all,
      timestamps: all.timestamps.subarray(from, to),
      durations: all.durations?.subarray(from, to) ?? null,
      labels: all.labels.slice(from, to),
      annotations: cut(all.annotations, from, to),
    };
  }

  /** What a format gives is asked for once. One that failed is asked again. */
  #once<T>(
    segment: SegmentParts,
    key: string,
    read: (options: PartsReadOptions) => Promise<T>,
    signal: AbortSignal | undefined,
  ): Promise<T> {
    let kept = this.#kept.get(segment);
    if (kept === undefined) this.#kept.set(segment, kept = new Map());
    let once = kept.get(key) as ReadOnce<T> | undefined;
    if (once === undefined) kept.set(key, once = new ReadOnce<T>());
    return once.get((signal) => read({ signal }), signal);
  }
}

/** Which entries lie in a stretch of time, both ends included; `null` for all. */
function within(
  { timestamps, ticksPerSecond }: { readonly timestamps: Float64Array; readonly ticksPerSecond: number },
  { tStart, tStop }: StretchOptions,
): [number, number] | null {
  if (tStart === undefined && tStop === undefined) return null;
  const first = (holds: (time: number) => boolean) => {
    let [low, high] = [0, timestamps.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (holds(timestamps[middle]! / ticksPerSecond)) high = middle;
      else low = middle + 1;
    }
    return low;
  };
  const [start, stop] = [tStart, tStop].map((end) => end === undefined ? undefined : seconds(end));
  const from = start === undefined ? 0 : first((time) => time >= start);
  const to = stop === undefined ? timestamps.length : first((time) => time > stop);
  return [from, Math.max(from, to)];
}

function cut(
  annotations: EventParts["annotations"],
  from: number,
  to: number,
): NonNullable<EventParts["annotations"]> {
  return Object.fromEntries(Object.entries(annotations ?? {}).map(([name, values]) => [name, values.slice(from, to)]));
}
