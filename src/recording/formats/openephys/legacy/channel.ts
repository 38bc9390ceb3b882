/**
 * One `.continuous` file: a channel, in records of 1,024 big-endian samples, each with the number of its first one.
 *
 * @module
 */

import { CorruptFileError, UnsupportedError } from "../../../../source/errors.ts";
import { RecordArray } from "../../../arrays/record_array.ts";
import type { RecordingFile, RecordingFiles } from "../../../files/recording_files.ts";
import type { FormatOptions } from "../../../format.ts";
import { sectionsOf } from "../../../gaps.ts";
import { type LegacyName, parseLegacyName } from "./files.ts";
import { HEADER_BYTES, type LegacyHeader, readLegacyHeader } from "./header.ts";

/** Samples without a gap, of one recording. */
export interface LegacySection {
  /** Its first sample, counted in the file. */
  readonly start: number;
  /** The first sample behind it. */
  readonly stop: number;
  /** Number of its first sample, by the clock of its device. */
  readonly first: number;
  /** Number of the recording. */
  readonly recording: number;
}

/** A channel in one experiment. */
export interface LegacyChannel {
  /** Its file. */
  readonly file: RecordingFile;
  /** What its name says. */
  readonly name: LegacyName;
  /** What its header says. */
  readonly header: LegacyHeader;
  /** Samples per second. */
  readonly sampleRate: number;
  /** Physical units per raw one. */
  readonly bitVolts: number;
  /** Its runs without gaps. */
  readonly sections: readonly LegacySection[];
  /** All its samples: shape [samples, 1]. */
  readonly array: RecordArray;
  /** Samples of a record. */
  readonly blockLength: number;
}

/** Bytes behind the samples of a record: 0, 1, 2, … 8, 255. */
const MARKER_BYTES = 10;
/** Records since version 0.2 say which recording they are of. */
const RECORDING_NUMBER = 0.2;

/**
 * Opens a channel; `null`, with a warning, where it has no samples.
 *
 * @param files The source
 * @param path The file
 * @param options Gaps
 */
export async function openLegacyChannel(
  files: RecordingFiles,
  path: string,
  options: FormatOptions,
): Promise<LegacyChannel | null> {
  const file = await files.open(path);
  const header = await readLegacyHeader(file);
  const version = header.number("version", 0.4);
  const sampleRate = header.positive("sampleRate");
  const blockLength = header.positive("blockLength", 1024);
  if (!Number.isInteger(blockLength) || blockLength > 65535) {
    header.refuse("blockLength", `is ${blockLength}, expected a whole number up to 65535`);
  }
  const headBytes = version >= RECORDING_NUMBER ? 12 : 10;
  const recordBytes = headBytes + 2 * blockLength + MARKER_BYTES;
  const records = Math.floor((file.byteLength - HEADER_BYTES) / recordBytes);
  const rest = file.byteLength - HEADER_BYTES - records * recordBytes;
  if (rest > 0) files.warn(`${file.name}: its last ${rest} bytes are no whole record of ${recordBytes}: left out`);
  if (records === 0) {
    files.warn(`${file.name}: it has no samples: the channel is left out`);
    return null;
  }
  const heads = async (rows: readonly number[]) => {
    const ranges = rows.map((row) => ({ offset: HEADER_BYTES + row * recordBytes, length: headBytes }));
    return (await file.pieces(ranges, options.signal)).map((bytes, i) => {
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      const count = view.getUint16(8, true);
      if (count !== blockLength) {
        const where = `${file.name}: the record at byte ${ranges[i]!.offset} has ${count} samples`;
        if (count === 0 || count > blockLength) {
          throw new CorruptFileError(`Cannot read ${where}, expected ${blockLength}`, { file: file.name, object: "N" });
        }
        throw new UnsupportedError(
          `Cannot read ${where}, others ${blockLength}: records of different lengths aren't read`,
          {
            file: file.name,
            object: "N",
          },
        );
      }
      return { first: Number(view.getBigInt64(0, true)), recording: headBytes === 12 ? view.getUint16(10, true) : 0 };
    });
  };
  const sections = await splitRecordings(
    await sectionsOf({
      count: records,
      step: blockLength,
      tolerance: options.gapTolerance === undefined ? 0.5 : options.gapTolerance * sampleRate,
      read: async (rows) => (await heads(rows)).map(({ first }) => first),
    }, { maxSegments: options.maxSegments, name: file.name }),
    heads,
  );
  return {
    file,
    name: parseLegacyName(path, version),
    header,
    sampleRate,
    bitVolts: header.number("bitVolts", 1),
    sections: sections.map(({ start, stop, ...section }) => ({
      ...section,
      start: start * blockLength,
      stop: stop * blockLength,
    })),
    array: new RecordArray(file, {
      offset: HEADER_BYTES,
      recordBytes,
      records,
      samples: blockLength,
      stored: ">i2",
      columns: [{ offset: headBytes }],
    }),
    blockLength,
  };
}

interface Head {
  readonly first: number;
  readonly recording: number;
}

/** Splits runs at which another recording begins, though samples are numbered on: numbers of recordings never fall. */
async function splitRecordings(
  sections: readonly { readonly start: number; readonly stop: number; readonly first: number }[],
  heads: (rows: readonly number[]) => Promise<readonly Head[]>,
): Promise<LegacySection[]> {
  const found: LegacySection[] = [];
  for (const { start, stop } of sections) {
    for (let row = start; row < stop;) {
      const [here, last] = await heads(row === stop - 1 ? [row, row] : [row, stop - 1]);
      let end = stop;
      if (last!.recording !== here!.recording) {
        let [same, other] = [row, stop - 1];
        while (other - same > 1) {
          const middle = Math.floor((same + other) / 2);
          const [head] = await heads([middle]);
          if (head!.recording === here!.recording) same = middle;
          else other = middle;
        }
        end = other;
      }
      found.push({ start: row, stop: end, first: here!.first, recording: here!.recording });
      row = end;
    }
  }
  return found;
}
