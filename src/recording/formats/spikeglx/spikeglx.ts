/**
 * SpikeGLX: probes, NI boards and OneBoxes, a `.meta` and a `.bin` (or `.cbin` and `.ch`) for each stream of each trigger.
 *
 * Runs are blocks, gates and triggers segments. Channels of probes are annotated with their number among the acquired ones
 * (`channel`), their site (`shank`, `x` from the shank's left edge and `z` from the lowest row in micrometres, `used`), which
 * converter samples them (`adc`), and how late within a sample's time (`interSampleShift`, from 0 to 1).
 *
 * @module
 */

import { CorruptFileError } from "../../../source/errors.ts";
import type { RecordingFiles } from "../../files/recording_files.ts";
import type {
  BlockParts,
  ChannelParts,
  FormatOptions,
  RecordingFormat,
  RecordingParts,
  RecordingProbe,
  SegmentParts,
  SegmentSignal,
  StreamParts,
} from "../../format.ts";
import type { WordScan } from "../../word_scan.ts";
import { type DigitalLine, eventsOf, linesOf, scansOf } from "./digital.ts";
import { parseName, stemOf } from "./file_name.ts";
import { findFiles, isMetaText } from "./find_files.ts";
import { shanksOf } from "./geometry.ts";
import { byRate, checkSame, type SglxStream, streamOf } from "./streams.ts";

/** SpikeGLX. */
export const SPIKEGLX: RecordingFormat = {
  name: "spikeglx",
  ioName: "SpikeGLXIO",
  description: "SpikeGLX (Neuropixels, NI-DAQ, OneBox)",
  extensions: ["meta", "bin", "cbin", "ch"],
  recognises: ({ isFolder, names, fileName, headText }: RecordingProbe): boolean => {
    if (isFolder) return names?.some((name) => isSglx(name) || /_g\d+(_(imec|obx)\d+)?\/$/.test(name)) ?? false;
    if (isMetaText(headText)) return true;
    const header = fileName.replace(/\.(c?bin|ch)$/i, ".meta");
    return header !== fileName && (isSglx(fileName) || names?.includes(header) === true);
  },
  mayBe: ({ fileName }) => /\.(meta|cbin|ch)$/i.test(fileName),
  open: openSpikeGlx,
};

function isSglx(name: string): boolean {
  return /\.(meta|c?bin|ch)$/i.test(name) && parseName(name) !== null;
}

async function openSpikeGlx(files: RecordingFiles, options: FormatOptions): Promise<RecordingParts> {
  const { signal } = options;
  const found = await findFiles(files, signal);
  const all = (await Promise.all(found.map((one) => streamOf(files, one, signal)))).sort(byRate);
  // The first file of each stream stands for it: all have the same channels.
  const streams = new Map<string, SglxStream>();
  for (const one of all) {
    const known = streams.get(one.stream);
    if (known === undefined) streams.set(one.stream, one);
    else checkSame(known, one);
  }
  const main = [...streams.values()];
  const lines = linesOf(main);
  const runs = [...new Set(all.map(({ run }) => run))].sort();
  const index = checkedIndex(options.index, files.name);
  const scans = new Map(all.map((one) => [one, scansOf(one, options, index?.get(stemOf(one.path)))]));
  return {
    buffers: main.map(({ stream }) => ({ name: stream, id: stream })),
    streams: [
      ...main.filter(({ channels }) => channels.signals.length > 0).map((one) => streamParts(one, "signals")),
      ...main.filter(({ channels }) => channels.sync.length > 0).map((one) => streamParts(one, "sync")),
    ],
    eventChannels: lines.map(({ name, id, type }) => ({ name, id, type })),
    blocks: runs.map((run) => blockOf(run, all.filter((one) => one.run === run), main, lines, scans)),
    async index({ signal }) {
      const words: Record<string, unknown> = {};
      for (const [{ path }, own] of scans) {
        if (own.length > 0) words[stemOf(path)] = await Promise.all(own.map((scan) => scan.index(signal)));
      }
      return { words };
    },
  };
}

function streamParts({ stream, channels }: SglxStream, part: "signals" | "sync"): StreamParts {
  const name = part === "sync" ? `${stream}-SYNC` : stream;
  const own: readonly ChannelParts[] = channels[part];
  return { name, id: name, bufferId: stream, dtype: "i2", channels: own };
}

/** A run: a segment for each gate and trigger. */
function blockOf(
  run: string,
  files: readonly SglxStream[],
  main: readonly SglxStream[],
  lines: readonly DigitalLine[],
  scans: ReadonlyMap<SglxStream, readonly WordScan[]>,
): BlockParts {
  const segments = new Map<string, SglxStream[]>();
  for (const one of files) {
    const key = `${one.gate ?? 0} ${one.trigger ?? 0}`;
    const same = segments.get(key) ?? [];
    const twin = same.find(({ stream }) => stream === one.stream);
    if (twin !== undefined) {
      throw new CorruptFileError(
        `Cannot open ${twin.meta.file} and ${one.meta.file} as one recording: both are of the stream ${one.stream}, gate ` +
          `${one.gate ?? 0} and trigger ${one.trigger ?? 0} of the run ${JSON.stringify(run)}; open them one by one`,
        { file: one.meta.file, object: one.stream },
      );
    }
    segments.set(key, [...same, one]);
  }
  const ordered = [...segments.values()].sort(([a], [b]) => {
    const gates = (a!.gate ?? 0) - (b!.gate ?? 0);
    return gates || triggerOrder(a!) - triggerOrder(b!);
  });
  const created = files.map(({ meta }) => dateOf(meta.text("fileCreateTime"))).filter((date) => date !== undefined);
  return {
    name: run,
    segments: ordered.map((own) => segmentOf(own, main, lines, scans)),
    annotations: {
      ...(created.length > 0 ? { recDatetime: new Date(Math.min(...created.map(Number))) } : {}),
      runName: run,
      ...known({ appVersion: files[0]!.meta.text("appVersion"), userNotes: files[0]!.meta.text("userNotes") }),
      devices: Object.fromEntries(main.map((one) => [one.stream, deviceOf(one)])),
    },
  };
}

/** Triggers in their order, what CatGT made of them behind. */
function triggerOrder({ trigger }: SglxStream): number {
  return trigger === "cat" ? Infinity : trigger ?? 0;
}

function segmentOf(
  files: readonly SglxStream[],
  main: readonly SglxStream[],
  lines: readonly DigitalLine[],
  scans: ReadonlyMap<SglxStream, readonly WordScan[]>,
): SegmentParts {
  const start = ({ firstSample, channels }: SglxStream) => firstSample / channels.rate;
  const stop = (one: SglxStream) => (one.firstSample + one.count) / one.channels.rate;
  const fileOf = (stream: string) => files.find((one) => one.stream === stream);
  const signals = (part: "signals" | "sync") =>
    main.filter(({ channels }) => channels[part].length > 0).map(({ stream }): SegmentSignal | null => {
      const one = fileOf(stream);
      if (one === undefined) return null;
      const first = part === "sync" ? one.channels.signals.length : 0;
      return { array: one.columns(first, one.channels[part].length), tStart: start(one) };
    });
  const [{ gate, trigger }] = files as [SglxStream];
  return {
    tStart: Math.min(...files.map(start)),
    tStop: Math.max(...files.map(stop)),
    signals: [...signals("signals"), ...signals("sync")],
    async events(channel, { signal }) {
      const line = lines[channel]!;
      const one = fileOf(line.stream);
      const scan = one === undefined ? undefined : scans.get(one)?.[line.word];
      if (one === undefined || scan === undefined) {
        return { timestamps: new Float64Array(0), durations: null, labels: [], ticksPerSecond: 1 };
      }
      return await eventsOf(line, one, scan, signal);
    },
    annotations: { gate: gate ?? 0, trigger: trigger ?? 0 },
  };
}

/** What is known of what a stream was recorded with. */
function deviceOf({ meta, channels }: SglxStream): Record<string, unknown> {
  return known({
    probePartNumber: meta.text("imDatPrb_pn"),
    probeType: meta.text("imDatPrb_type") ?? meta.text("imProbeOpt"),
    probeSerialNumber: meta.text("imDatPrb_sn") ?? meta.text("imProbeSN"),
    board: meta.text("niDev1ProductName"),
    catGtCommand: meta.text("catGTCmdline"),
    ...(channels.kind === "imec" ? shanksOf(meta) : {}),
  });
}

function known(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

/** The local time of the machine that recorded, which says of no zone, as if it were UTC: the same wherever it is read. */
function dateOf(text: string | undefined): Date | undefined {
  const match = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)/.exec(text ?? "");
  if (match === null) return undefined;
  const [year, month, day, hour, minute, second] = match.slice(1).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  return new Date(Date.UTC(year, month - 1, day, hour, minute, second));
}

/** Scans of before, by their files' path without its ending; what is in them is looked at where they are used. */
function checkedIndex(index: unknown, name: string): ReadonlyMap<string, readonly unknown[]> | undefined {
  if (index === undefined) return undefined;
  const words = (index as { words?: unknown } | null)?.words;
  if (typeof words === "object" && words !== null && Object.values(words).every(Array.isArray)) {
    return new Map(Object.entries(words as Record<string, readonly unknown[]>));
  }
  throw new CorruptFileError(`Cannot use the index of ${name}: it isn't one of SpikeGLX's digital words`, {
    file: name,
  });
}
