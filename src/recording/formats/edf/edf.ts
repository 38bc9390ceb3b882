/**
 * EDF, EDF+, BDF and BDF+: records of so many samples of each signal, 16 or 24 bits each, little-endian.
 *
 * Signals of equal samples in a record are a stream. Time begins at the first sample: what a first record of EDF+ tells as its
 * own time is part of `recDatetime`.
 *
 * @module
 */

import type { RecordingFile, RecordingFiles } from "../../files/recording_files.ts";
import { hasSoleFile, soleFile } from "../../files/sole_file.ts";
import type { EventParts, FormatOptions, RecordingFormat, RecordingParts, SegmentParts } from "../../format.ts";
import type { EventChannel } from "../../header.ts";
import { EdfScans, eventsOf, statusEvents } from "./edf_events.ts";
import { type EdfHeader, type EdfSignal, readEdfHeader } from "./edf_header.ts";
import { arrayOf, exact, rateOf } from "./edf_samples.ts";
import { recordSections } from "./edf_sections.ts";

const NAME = /\.[eb]df\+?$/i;

/** EDF, EDF+, BDF, BDF+. */
export const EDF: RecordingFormat = {
  name: "edf",
  ioName: "EDFIO",
  description: "European Data Format: EDF, EDF+, BDF, BDF+",
  extensions: ["edf", "bdf"],
  recognises: (probe) =>
    /^(0 {7}|\xffBIOSEMI)/.test(probe.headText) &&
      /^\d+ *$/.test(probe.headText.slice(184, 192).replaceAll("\0", " ")) || hasSoleFile(probe, NAME),
  // Eye trackers of SR Research write files that end in .edf too.
  mayBe: ({ fileName, isFolder, headText }) => !isFolder && NAME.test(fileName) && !headText.startsWith("SR_RESEARCH"),
  open: openEdf,
};

async function openEdf(files: RecordingFiles, options: FormatOptions): Promise<RecordingParts> {
  const file = await soleFile(files, NAME, "EDF or BDF");
  const header = await readEdfHeader(file, files, options.signal);
  const sections = await recordSections(file, header, files, options);
  const streams = streamsOf(header, file, files);
  const scans = new EdfScans(file, header, options);
  const origin = sections[0]!.first;
  const starts = sections.map(({ first }) => exact(first - origin));
  const events = eventChannels(scans.status);
  const { recordSeconds } = header;
  const segments = await Promise.all(sections.map(async ({ start, stop }, i): Promise<SegmentParts> => {
    const tStart = starts[i]!;
    return {
      tStart,
      tStop: recordSeconds > 0 ? tStart + (stop - start) * recordSeconds : await lastEvent(scans, origin, options),
      signals: streams.map(({ signals }) => ({
        array: arrayOf(file, header, signals, { start, stop }),
        tStart,
      })),
      async events(channel, asked): Promise<EventParts> {
        if (events[channel]!.name === "Status") {
          return statusEvents(await scans.changes(asked), scans.status!, { header, start, stop, tStart });
        }
        return eventsOf(await scans.annotations(asked), {
          origin,
          isEpoch: events[channel]!.type === "epoch",
          from: i === 0 ? -Infinity : tStart,
          before: starts[i + 1] ?? Infinity,
        });
      },
    };
  }));
  const { recDatetime } = header;
  const annotations = {
    ...(recDatetime === null ? {} : { recDatetime: new Date(recDatetime.getTime() + Math.round(origin * 1000)) }),
    ...header.annotations,
  };
  return {
    streams: streams.map(({ signals, rate }, i) => ({
      name: `${rate} Hz`,
      id: String(i),
      dtype: header.sampleBytes === 3 ? "i4" : "i2",
      channels: signals.map(({ index, label, units, gain, offset, annotations }) => ({
        name: label,
        id: String(index),
        samplingRate: rate,
        units,
        gain,
        offset,
        annotations,
      })),
    })),
    eventChannels: events,
    blocks: [{ segments, annotations }],
    index: (asked) => scans.index(asked),
  };
}

/** Signals of equal samples in a record, in the order of the first of each. */
function streamsOf(header: EdfHeader, file: RecordingFile, files: RecordingFiles) {
  const groups = new Map<number, EdfSignal[]>();
  for (const signal of header.signals) {
    if (signal.isText) continue;
    if (signal.samples === 0) {
      files.warn(
        `${file.name}: signal ${signal.index} (${JSON.stringify(signal.label)}) has no samples, and is left out`,
      );
      continue;
    }
    const group = groups.get(signal.samples);
    if (group === undefined) groups.set(signal.samples, [signal]);
    else group.push(signal);
  }
  return [...groups].map(([samples, signals]) => ({ signals, rate: rateOf(samples, header) }));
}

function eventChannels(status: EdfSignal | undefined): EventChannel[] {
  return [
    { name: "Event", id: "event_channel", type: "event" },
    { name: "Epoch", id: "epoch_channel", type: "epoch" },
    ...(status === undefined ? [] : [{ name: "Status", id: String(status.index), type: "event" as const }]),
  ];
}

/** Where records have no duration, only annotations say how long the recording is. */
async function lastEvent(scans: EdfScans, origin: number, { signal }: FormatOptions): Promise<number> {
  const { onsets, durations } = await scans.annotations({ signal });
  return onsets.reduce((latest, onset, i) => Math.max(latest, exact(onset - origin + durations[i]!)), 0);
}
