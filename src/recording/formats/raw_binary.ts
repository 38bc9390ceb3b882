/**
 * Raw binary recordings: interleaved samples without a header, laid out as the caller or a sidecar says.
 *
 * @module
 */

import { numpyName } from "../../array/dtype/dtype.ts";
import { rawElement } from "../../raw/element.ts";
import { openRaw } from "../../raw/open_raw.ts";
import { decodeSidecar } from "../../raw/sidecar.ts";
import { describeValue } from "../../source/describe_value.ts";
import { DTypeError, FormatError, TruncatedError } from "../../source/errors.ts";
import { checkOptions, type OptionNames } from "../../source/options.ts";
import { borrowed } from "../files/borrowed.ts";
import type { RecordingFiles } from "../files/recording_files.ts";
import type { ChannelParts, FormatOptions, RawRecordingOptions, RecordingFormat, RecordingParts } from "../format.ts";

/** Names of raw files, which say nothing for sure: a sidecar has to. */
const NAMES = /\.(bin|raw|dat|i16|f32)$/i;

/** A raw binary file with a sidecar, or with the option `raw`. */
export const RAW_BINARY: RecordingFormat = {
  name: "raw",
  ioName: "RawBinarySignalIO",
  description: "Raw binary recording",
  extensions: ["bin", "raw", "dat"],
  recognises: () => false,
  mayBe: ({ fileName, names }) =>
    NAMES.test(fileName) && (names === null || names.includes(`${fileName}.json`) || names.includes(yamlOf(fileName))),
  open: openRawBinary,
};

/** More than any device has; each takes memory before a sample is read. */
const MOST_CHANNELS = 1_000_000;

function yamlOf(fileName: string): string {
  return `${fileName.replace(/\.[^.]*$/, "")}.yaml`;
}

async function openRawBinary(files: RecordingFiles, options: FormatOptions): Promise<RecordingParts> {
  const file = await files.main();
  const layout = options.raw === undefined ? await fromSidecar(files, options.signal) : checked(options.raw);
  const { channels, samplingRate, units, byteOffset, order, tStart } = layout;
  const element = rawElement(layout.dtype);
  const available = file.byteLength - byteOffset;
  if (available < 0) {
    throw new TruncatedError(
      `Cannot open ${file.name}: its samples begin at byte ${byteOffset}, it has ${file.byteLength}`,
      { file: file.name },
    );
  }
  const bytesOf = (rows: number) => Math.ceil(rows * channels / element.group) * element.groupBytes;
  const whole = Math.floor(Math.floor(available / element.groupBytes) * element.group / channels);
  const rows = layout.rows ?? whole;
  // What was cut off is no reason to keep the rest back.
  if (rows > whole) files.warn(`${file.name}: it has ${whole} of the ${rows} samples that its sidecar tells`);
  if (layout.rows === null && bytesOf(whole) < available) {
    const rest = available - bytesOf(whole);
    files.warn(`${file.name}: the last ${rest} bytes are no whole sample of ${channels} channels, and are left out`);
  }
  const shape = [Math.min(rows, whole), channels];
  const array = await openRaw(borrowed(file), {
    ...files.options,
    dtype: layout.dtype,
    shape,
    order,
    offset: byteOffset,
  });
  if (!(array.dtype.kind === "int" || array.dtype.kind === "uint" || array.dtype.kind === "float")) {
    throw new DTypeError(`Cannot open ${file.name} as a recording: its elements are of kind ${array.dtype.kind}`, {
      file: file.name,
    });
  }
  const valueOf = (values: number | readonly number[], i: number) => typeof values === "number" ? values : values[i]!;
  const list = Array.from({ length: channels }, (_, i): ChannelParts => ({
    name: layout.channelNames?.[i] ?? `ch${i}`,
    id: String(i),
    samplingRate,
    units: typeof units === "string" ? units : units[i] ?? "",
    gain: valueOf(layout.gain, i),
    offset: valueOf(layout.offset, i),
  }));
  const segment = {
    tStart,
    tStop: tStart + shape[0]! / samplingRate,
    signals: [{ array, tStart }],
    events: () => ({ timestamps: new Float64Array(0), durations: null, labels: [], ticksPerSecond: 1 }),
  };
  const dtype = numpyName(array.dtype).replace(/^[<>|=]/, "");
  return {
    buffers: [{ name: "", id: "0" }],
    streams: [{ name: "Signals", id: "0", bufferId: "0", dtype, channels: list }],
    blocks: [{ segments: [segment] }],
  };
}

/** How it lies, all said. */
interface Layout {
  readonly dtype: string;
  readonly samplingRate: number;
  readonly channels: number;
  readonly units: string | readonly string[];
  readonly byteOffset: number;
  readonly gain: number | readonly number[];
  readonly offset: number | readonly number[];
  readonly order: "C" | "F";
  readonly rows: number | null;
  readonly tStart: number;
  readonly channelNames: readonly string[] | null;
}

function checked(given: RawRecordingOptions): Layout {
  checkOptions(given, RAW_OPTIONS, "open a raw recording");
  const {
    dtype = "int16",
    samplingRate = 10_000,
    channels = 2,
    gain = 1,
    offset = 0,
    units = "",
    byteOffset = 0,
  } = given;
  const refuse = (name: string, value: unknown, expected: string): never => {
    throw new RangeError(`Cannot open a raw recording with ${name} ${describeValue(value)}: expected ${expected}`);
  };
  if (!(samplingRate > 0 && Number.isFinite(samplingRate))) {
    refuse("samplingRate", samplingRate, "samples per second, above 0");
  }
  if (!Number.isSafeInteger(channels) || channels < 1) refuse("channels", channels, "a whole number of at least 1");
  if (channels > MOST_CHANNELS) refuse("channels", channels, `at most ${MOST_CHANNELS.toLocaleString("en")}`);
  if (!Number.isSafeInteger(byteOffset) || byteOffset < 0) refuse("byteOffset", byteOffset, "a whole number of bytes");
  for (const [name, values] of [["gain", gain], ["offset", offset]] as const) {
    const list = typeof values === "number" ? [values] : Array.from(values ?? [NaN]);
    if (!list.every(Number.isFinite)) refuse(name, values, "finite numbers");
    if (typeof values !== "number" && values.length !== channels) {
      refuse(name, values, `one number for each of ${channels} channels`);
    }
  }
  if (typeof units !== "string" && units?.length !== channels) {
    refuse("units", units, `one for each of ${channels} channels`);
  }
  if (typeof units !== "string" && !Array.from(units).every((unit) => typeof unit === "string")) {
    refuse("units", units, "texts");
  }
  const layout = { dtype, samplingRate, channels, gain, offset, units, byteOffset };
  return { ...layout, order: "C", rows: null, tStart: 0, channelNames: null };
}

async function fromSidecar(files: RecordingFiles, signal: AbortSignal | undefined): Promise<Layout> {
  const file = await files.find(`${files.fileName}.json`) ?? await files.find(yamlOf(files.fileName));
  if (file === null) {
    throw new TypeError(
      `Cannot open ${files.name} as a raw recording: give the option raw, or a sidecar ${files.fileName}.json beside it`,
    );
  }
  const sidecar = await decodeSidecar(await file.text(signal), file.name);
  const { dtype, shape, order, offset, scale, recording } = sidecar;
  const [rows = null, channels = 1] = shape;
  if (recording === undefined || shape.length > 2 || channels === null || channels < 1) {
    throw new FormatError(
      `Cannot open ${files.name} as a recording: ${file.name} says ${
        recording === undefined ? "no sampling rate (recording.samplingRate)" : "a shape that isn't [samples, channels]"
      }`,
      { file: file.name },
    );
  }
  const numbers = (values: number | ArrayLike<number> | undefined, none: number) =>
    typeof values === "number" ? values : values === undefined ? none : Array.from(values);
  const { samplingRate, units, tStart = 0, channelNames = null } = recording;
  try {
    const layout = checked({
      dtype: typeof dtype === "string" ? dtype : numpyName(dtype),
      channels,
      byteOffset: offset,
      gain: numbers(scale?.gain, 1),
      offset: numbers(scale?.offset, 0),
      samplingRate,
      units,
    });
    return { ...layout, order, rows: rows === -1 ? null : rows, tStart, channelNames };
  } catch (cause) {
    // What a sidecar says is the file's fault, not the caller's.
    if (!(cause instanceof RangeError)) throw cause;
    throw new FormatError(`${cause.message} (${file.name} says so)`, { file: file.name, cause });
  }
}

const RAW_OPTIONS: OptionNames<RawRecordingOptions> = {
  dtype: true,
  samplingRate: true,
  channels: true,
  gain: true,
  offset: true,
  units: true,
  byteOffset: true,
};
