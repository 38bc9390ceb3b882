/**
 * BrainVision's header file: what the samples are, and how they lie in the file beside it.
 *
 * @module
 */

import { CorruptFileError, UnsupportedError } from "../../../source/errors.ts";
import { unitOf } from "../../files/texts.ts";
import type { ChannelParts } from "../../format.ts";
import { impedancesOf } from "./impedances.ts";
import { fieldsOf, numberOf, type SectionFile } from "./sections.ts";

/** How numbers are written where the data is text. */
export interface AsciiLayout {
  /** Between whole and fraction. */
  readonly decimalSymbol: string;
  /** Lines before the first number. */
  readonly skipLines: number;
  /** Words before the first number of a line. */
  readonly skipColumns: number;
}

/** What the header says of the data file. */
export interface DataLayout {
  /** Whether all of a channel lies together; else all channels of a sample do. */
  readonly isVectorized: boolean;
  /** Number of channels. */
  readonly channels: number;
  /** Number of samples, where it is told. */
  readonly points: number | null;
  /** Type of a stored number, in NumPy's words. */
  readonly stored: string;
  /** How the numbers are written; `null` where they are binary. */
  readonly ascii: AsciiLayout | null;
  /** Bytes before the data, before each channel's data, before each segment's data, behind all. */
  readonly dataOffset: number;
  readonly channelOffset: number;
  readonly segmentHeader: number;
  readonly trailer: number;
  /** Samples of a segment, where all have as many. */
  readonly segmentPoints: number | null;
  /** Whether the data was cut into segments and put together again. */
  readonly isSegmented: boolean;
}

const STORED: Readonly<Record<string, string>> = {
  INT_16: "i2",
  UINT_16: "u2",
  INT_32: "i4",
  IEEE_FLOAT_32: "f4",
  IEEE_FLOAT_64: "f8",
};

/** Reads values of a header, and says which one can't be. */
export class HeaderValues {
  /** What messages call the file. */
  readonly name: string;
  /** The header. */
  readonly sections: SectionFile;

  /** Made of a header file's sections. */
  constructor(name: string, sections: SectionFile) {
    this.name = name;
    this.sections = sections;
  }

  /** A text, in upper case. */
  word(section: string, key: string, byDefault: string): string {
    return (this.sections.value(section, key) ?? byDefault).toUpperCase();
  }

  /** A whole number that isn't negative. */
  count<T>(section: string, key: string, byDefault: T): number | T {
    const text = this.sections.value(section, key);
    if (text === undefined) return byDefault;
    if (/^\d+$/.test(text) && Number.isSafeInteger(Number(text))) return Number(text);
    return this.refuse(section, key, `is ${JSON.stringify(text)}, which is no whole number`);
  }

  /** Says that a value can't be. */
  refuse(section: string, key: string, why: string): never {
    throw new CorruptFileError(`Cannot read the header ${this.name}: ${key} in [${section}] ${why}`, {
      file: this.name,
      object: key,
    });
  }
}

/**
 * How the data lies.
 *
 * @throws {CorruptFileError} If a value can't be
 * @throws {UnsupportedError} If it is a kind of data that isn't read
 */
export function dataLayoutOf(values: HeaderValues): DataLayout {
  const unsupported = (key: string, value: string, known: string): never => {
    throw new UnsupportedError(`Cannot open ${values.name}: its ${key} is ${value}, ${known} is read`, {
      file: values.name,
      object: key,
    });
  };
  const type = values.word("Common Infos", "DataType", "TIMEDOMAIN");
  if (type !== "TIMEDOMAIN") unsupported("DataType", type, "TIMEDOMAIN");
  const orientation = values.word("Common Infos", "DataOrientation", "MULTIPLEXED");
  if (!["MULTIPLEXED", "VECTORIZED"].includes(orientation)) {
    unsupported("DataOrientation", orientation, "MULTIPLEXED or VECTORIZED");
  }
  const { sections } = values;
  const isBinary = sections.entries("Binary Infos").length > 0 || sections.entries("ASCII Infos").length === 0;
  const format = values.word("Common Infos", "DataFormat", isBinary ? "BINARY" : "ASCII");
  if (!["BINARY", "ASCII"].includes(format)) unsupported("DataFormat", format, "BINARY or ASCII");
  const binary = values.word("Binary Infos", "BinaryFormat", "INT_16");
  const stored = STORED[binary] ?? unsupported("BinaryFormat", binary, Object.keys(STORED).join(", "));
  const order = values.word("Binary Infos", "UseBigEndianOrder", "NO");
  if (!["NO", "YES"].includes(order)) values.refuse("Binary Infos", "UseBigEndianOrder", `is ${JSON.stringify(order)}`);
  const entries = sections.entries("Channel Infos").length;
  const channels = values.count("Common Infos", "NumberOfChannels", entries);
  if (channels === 0) values.refuse("Common Infos", "NumberOfChannels", "is 0");
  return {
    isVectorized: orientation === "VECTORIZED",
    channels,
    points: values.count("Common Infos", "DataPoints", null) || null,
    stored: `${order === "YES" ? ">" : "<"}${stored}`,
    ascii: format === "BINARY" ? null : {
      decimalSymbol: sections.value("ASCII Infos", "DecimalSymbol") ?? ".",
      skipLines: values.count("ASCII Infos", "SkipLines", 0),
      skipColumns: values.count("ASCII Infos", "SkipColumns", 0),
    },
    dataOffset: values.count("Binary Infos", "DataOffset", 0),
    channelOffset: values.count("Binary Infos", "ChannelOffset", 0),
    segmentHeader: values.count("Binary Infos", "SegmentHeaderSize", 0),
    trailer: values.count("Binary Infos", "TrailerSize", 0),
    segmentPoints: values.count("Common Infos", "SegmentDataPoints", null) || null,
    isSegmented: values.word("Common Infos", "SegmentationType", "NOTSEGMENTED") !== "NOTSEGMENTED",
  };
}

/** Samples per second. */
export function rateOf(values: HeaderValues): number {
  const text = values.sections.value("Common Infos", "SamplingInterval");
  const rate = 1e6 / numberOf(text ?? "");
  if (rate > 0 && Number.isFinite(rate)) return rate;
  return values.refuse(
    "Common Infos",
    "SamplingInterval",
    text === undefined ? "is missing" : `is ${JSON.stringify(text)}`,
  );
}

/**
 * The channels.
 *
 * @param values The header
 * @param count How many there are
 * @param samplingRate Of all of them
 * @param warn Told of what is odd
 */
export function channelsOf(
  values: HeaderValues,
  count: number,
  samplingRate: number,
  warn: (message: string) => void,
): ChannelParts[] {
  const infos = byNumber(values.sections.entries("Channel Infos"));
  const places = byNumber(values.sections.entries("Coordinates"));
  const impedances = impedancesOf(values.sections.comment);
  const missing = Array.from({ length: count }, (_, i) => i + 1).filter((number) => !infos.has(number));
  if (missing.length > 0) {
    warn(`${values.name}: [Channel Infos] lacks ${missing.length} of ${count} channels, the first is Ch${missing[0]}`);
  }
  return Array.from({ length: count }, (_, index): ChannelParts => {
    const info = infos.get(index + 1);
    const [name = "", reference = "", resolution = "", unit = ""] = channelFields(info ?? "");
    let gain = resolution === "" ? 1 : numberOf(resolution);
    if (!Number.isFinite(gain) || gain === 0) {
      warn(`${values.name}: Ch${index + 1} has the resolution ${JSON.stringify(resolution)}, which is taken as 1`);
      gain = 1;
    }
    const [radius, theta, phi] = fieldsOf(places.get(index + 1) ?? "").map(numberOf);
    const called = name === "" ? `Ch${index + 1}` : name;
    return {
      name: called,
      id: String(index + 1),
      samplingRate,
      // µ that was taken for two characters of cp1252 once.
      units: unit === "" ? "uV" : unitOf(unit.replace(/^Â(?=[µμ])/, "")),
      gain,
      offset: 0,
      annotations: {
        ...(reference === "" ? {} : { reference }),
        ...(places.size === 0 ? {} : {
          coordinates0: radius ?? NaN,
          coordinates1: theta ?? NaN,
          coordinates2: phi ?? NaN,
        }),
        ...(impedances === null ? {} : { impedance: impedances.values[called] ?? NaN }),
      },
    };
  });
}

/** Name, reference, resolution, unit; a resolution with a decimal comma has come apart. */
function channelFields(info: string): string[] {
  const fields = fieldsOf(info);
  const [name, reference, whole, fraction, ...rest] = fields;
  const isApart = /^[+-]?\d+$/.test(whole ?? "") && /^\d+(e[+-]?\d+)?$/i.test(fraction ?? "");
  return isApart ? [name!, reference!, `${whole}.${fraction}`, ...rest] : fields;
}

function byNumber(entries: SectionFile extends { entries(name: string): infer E } ? E : never): Map<number, string> {
  const found = new Map<number, string>();
  for (const [key, value] of entries) {
    const number = /^Ch(\d+)$/i.exec(key)?.[1];
    if (number !== undefined && !found.has(Number(number))) found.set(Number(number), value);
  }
  return found;
}
