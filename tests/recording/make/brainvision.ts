/**
 * Recordings of BrainVision by the published description: a header and markers as text, samples beside. Written for the tests;
 * shares nothing with the reader.
 *
 * @module
 */

/** What is written. */
export interface MadeBrainVision {
  /** Lines of `[Common Infos]` that differ from the usual ones; `null` leaves one out. */
  readonly common?: Readonly<Record<string, string | null>>;
  readonly binary?: Readonly<Record<string, string>> | null;
  readonly ascii?: Readonly<Record<string, string>>;
  /** What stands behind `Ch1=`, …. */
  readonly channels?: readonly string[];
  /** Further sections, as they stand. */
  readonly more?: string;
  /** First line of the header. */
  readonly title?: string;
  /** What stands behind `Mk1=`, …. */
  readonly markers?: readonly string[] | null;
  /** Bytes of the data file. */
  readonly data: Uint8Array;
  /** Encodes the texts. */
  readonly encode?: (text: string) => Uint8Array;
}

/** Text of one byte a letter. */
export function latin1(text: string): Uint8Array {
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}

function lines(entries: Readonly<Record<string, string | null>>): string {
  return Object.entries(entries).filter(([, value]) => value !== null).map(([key, value]) => `${key}=${value}\r\n`)
    .join("");
}

/** Writes the files, by their names. */
export function makeBrainVision(made: MadeBrainVision): Map<string, Uint8Array> {
  const encode = made.encode ?? ((text: string) => new TextEncoder().encode(text));
  const channels = made.channels ?? ["Fz,,0.5,µV", "Cz,,0.5,µV"];
  const common = {
    Codepage: "UTF-8",
    DataFile: "rec.eeg",
    MarkerFile: made.markers === null ? null : "rec.vmrk",
    DataFormat: "BINARY",
    DataOrientation: "MULTIPLEXED",
    NumberOfChannels: String(channels.length),
    SamplingInterval: "4000",
    ...made.common,
  };
  const header = [
    made.title ?? "Brain Vision Data Exchange Header File Version 1.0",
    "; made for a test",
    "",
    "[Common Infos]",
    lines(common),
    ...(made.binary === null ? [] : ["[Binary Infos]", lines(made.binary ?? { BinaryFormat: "INT_16" })]),
    ...(made.ascii === undefined ? [] : ["[ASCII Infos]", lines(made.ascii)]),
    "[Channel Infos]",
    "; Ch<number>=<name>,<reference>,<resolution>,<unit>",
    channels.map((channel, i) => `Ch${i + 1}=${channel}\r\n`).join(""),
    made.more ?? "",
  ].join("\r\n");
  const files = new Map([["rec.vhdr", encode(header)], ["rec.eeg", made.data]]);
  if (made.markers !== null) {
    const text = [
      "Brain Vision Data Exchange Marker File, Version 1.0",
      "[Common Infos]",
      "DataFile=rec.eeg",
      "[Marker Infos]",
      (made.markers ?? []).map((marker, i) => `Mk${i + 1}=${marker}\r\n`).join(""),
    ].join("\r\n");
    files.set("rec.vmrk", encode(text));
  }
  return files;
}

/** Numbers as bytes. */
export function packed(
  values: readonly number[],
  type: "Int16" | "Uint16" | "Int32" | "Float32" | "Float64",
  bigEndian = false,
): Uint8Array {
  const size = { Int16: 2, Uint16: 2, Int32: 4, Float32: 4, Float64: 8 }[type];
  const bytes = new Uint8Array(size * values.length);
  const view = new DataView(bytes.buffer);
  values.forEach((value, i) => view[`set${type}`](size * i, value, !bigEndian));
  return bytes;
}
