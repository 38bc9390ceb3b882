/**
 * Events, epochs and spikes of a recording in a stretch of time, as JSON and CSV.
 *
 * @module
 */

import { quoteCell } from "../array/text/serialise.ts";
import type { Recording } from "../recording/recording.ts";
import type { RecordingPlace } from "./recording_part.ts";
import type { TimeWindow } from "./window.ts";

/** What happened, in seconds. */
export interface ShownEvents {
  /** Where it is listed. */
  readonly key: string;
  /** What it is. */
  readonly type: "Event" | "Epoch" | "SpikeTrain";
  /** When. */
  readonly times: Float64Array;
  /** How long; `null` for what has no duration. */
  readonly durations: Float64Array | null;
  /** What it says; `null` for spikes. */
  readonly labels: readonly string[] | null;
}

/**
 * Reads events, epochs or spikes.
 *
 * @param recording The recording
 * @param place Which
 * @param options Stretch of time, both ends included; an epoch counts where it shares some time with it; `signal` aborts
 */
export async function eventsAt(
  recording: Recording,
  { kind, key, index, blockIndex, segmentIndex }: RecordingPlace,
  { window, signal }: { readonly window?: TimeWindow | undefined; readonly signal?: AbortSignal | undefined } = {},
): Promise<ShownEvents> {
  const { from = -Infinity, to = Infinity } = window ?? {};
  const which = { blockIndex, segmentIndex, signal };
  if (kind === "spikes") {
    const { timestamps, ticksPerSecond } = await recording.getSpikes(index, which);
    const times = timestamps.map((tick) => tick / ticksPerSecond).filter((time) => time >= from && time <= to);
    return { key, type: "SpikeTrain", times, durations: null, labels: null };
  }
  const { timestamps, durations, labels, ticksPerSecond } = await recording.getEvents(index, which);
  const kept: number[] = [];
  for (let i = 0; i < timestamps.length; i++) {
    const start = timestamps[i]! / ticksPerSecond;
    if (start <= to && start + (durations?.[i] ?? 0) / ticksPerSecond >= from) kept.push(i);
  }
  return {
    key,
    type: recording.header.eventChannels[index]!.type === "epoch" ? "Epoch" : "Event",
    times: Float64Array.from(kept, (i) => timestamps[i]! / ticksPerSecond),
    durations: durations === null ? null : Float64Array.from(kept, (i) => durations[i]! / ticksPerSecond),
    labels: kept.map((i) => labels[i]!),
  };
}

/** Events as one JSON object: `key`, `type`, `times`, and `durations` and `labels` where they have these. */
export function eventsJson({ times, durations, labels, ...rest }: ShownEvents): string {
  return `${
    JSON.stringify({
      ...rest,
      times: [...times],
      ...(durations === null ? {} : { durations: [...durations] }),
      ...(labels === null ? {} : { labels }),
    })
  }\n`;
}

/** Events as CSV: a header, then a line for each, its time in seconds first. */
export function eventsCsv({ times, durations, labels }: ShownEvents): string {
  const names = ["time", ...(durations === null ? [] : ["duration"]), ...(labels === null ? [] : ["label"])];
  const lines = Array.from(times, (time, i) =>
    [
      String(time),
      ...(durations === null ? [] : [String(durations[i])]),
      ...(labels === null ? [] : [quoteCell(labels[i]!)]),
    ].join(","));
  return `${[names.join(","), ...lines].join("\n")}\n`;
}
