/**
 * Digital lines of SpikeGLX files as events: when they go on and off.
 *
 * @module
 */

import type { EventChannel } from "../../header.ts";
import type { EventParts, FormatOptions } from "../../format.ts";
import { WordScan } from "../../word_scan.ts";
import type { SglxStream } from "./streams.ts";

/** A line that is a channel of events. */
export interface DigitalLine extends EventChannel {
  /** The stream that has it. */
  readonly stream: string;
  /** Which of the stream's digital words. */
  readonly word: number;
  /** Which bit of it. */
  readonly bit: number;
}

/** All lines of some streams, in their order. */
export function linesOf(streams: readonly SglxStream[]): DigitalLine[] {
  return streams.flatMap(({ stream, channels }) =>
    channels.words.flatMap(({ lines }, word) =>
      lines.map(({ name, bit }): DigitalLine => ({ name, id: `${stream}#${name}`, type: "event", stream, word, bit }))
    )
  );
}

/** The scans of a stream's words, one for each. */
export function scansOf(
  { channels, columns, file }: SglxStream,
  { onProgress }: Pick<FormatOptions, "onProgress">,
  index?: readonly unknown[],
): WordScan[] {
  return channels.words.map(({ column, lines }, word) => {
    const mask = lines.reduce((bits, { bit }) => bits | 1 << bit, 0);
    const name = `${file}: ${channels.signals[column]!.name}`;
    return new WordScan(columns(column, 1), { name, mask, onProgress }, index?.[word]);
  });
}

/** Events of a line: when it goes on or off, in samples of its stream since the start of the acquisition. */
export async function eventsOf(
  line: DigitalLine,
  { firstSample, channels }: SglxStream,
  scan: WordScan,
  signal?: AbortSignal,
): Promise<EventParts> {
  const { rows, firstIsOn } = await scan.line(line.bit, signal);
  return {
    timestamps: rows.map((row) => firstSample + row),
    durations: null,
    labels: Array.from(rows, (_, i) => `${line.name} ${firstIsOn === (i % 2 === 0) ? "ON" : "OFF"}`),
    ticksPerSecond: channels.rate,
  };
}
