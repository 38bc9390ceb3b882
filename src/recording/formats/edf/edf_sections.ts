/**
 * Which records of an EDF+ file follow each other without gaps.
 *
 * @module
 */

import { CorruptFileError } from "../../../source/errors.ts";
import type { RecordingFile, RecordingFiles } from "../../files/recording_files.ts";
import type { FormatOptions } from "../../format.ts";
import { type Section, sectionsOf } from "../../gaps.ts";
import { recordTimes, textSignals } from "./edf_annotations.ts";
import type { EdfHeader } from "./edf_header.ts";

/**
 * Runs of records, each with the time of its first one in seconds since the header's start. EDF and BDF have one run from 0 on.
 * In EDF+ each record tells its time: the first and the last are looked at, others only where those don't fit together. A file
 * that calls itself continuous is believed where its times can't be read or stand still, but a gap that they show is one.
 *
 * @param file The file
 * @param header Its header
 * @param files Told of what is odd
 * @param options The policy of gaps
 * @throws {LimitError} If there are more runs than `maxSegments`
 * @throws {CorruptFileError} If a record of a discontinuous file tells no time
 */
export async function recordSections(
  file: RecordingFile,
  header: EdfHeader,
  files: RecordingFiles,
  { gapTolerance, maxSegments, signal }: FormatOptions,
): Promise<Section[]> {
  const { records, plus } = header;
  const whole = (first = 0): Section[] => [{ start: 0, stop: records, first }];
  if (textSignals(header).length === 0) {
    if (plus === "D") files.warn(`${file.name}: it says that it has gaps, and not where: it is read as without`);
    return whole();
  }
  if (records === 0) return whole();
  const known = new Map<number, number>();
  const read = async (rows: readonly number[]) => {
    const missing = [...new Set(rows)].filter((row) => !known.has(row));
    const found = missing.length === 0 ? [] : await recordTimes(file, header, missing, signal);
    missing.forEach((row, i) => known.set(row, found[i]!));
    return rows.map((row) => known.get(row)!);
  };
  const most = Math.max(0, ...header.signals.map(({ isText, samples }) => isText ? 0 : samples));
  const [first, last] = await read([0, records - 1]) as [number, number];
  if (Number.isNaN(first)) {
    files.warn(`${file.name}: its first record doesn't tell its time; it is read as without gaps`);
    return whole();
  }
  if (most === 0 || records === 1) return whole(first);
  const tolerance = gapTolerance ?? header.recordSeconds / most / 2;
  const mean = (last - first) / (records - 1);
  // The header's duration may be cut to 8 characters.
  const step = Math.abs(mean - header.recordSeconds) <= header.rounding ? mean : header.recordSeconds;
  const late = last - first - (records - 1) * step;
  const isTold = plus === "D";
  if (!isTold && !(late > tolerance)) {
    if (!(Math.abs(late) <= tolerance)) {
      files.warn(`${file.name}: its last record doesn't tell a time that fits; it is read as without gaps, as it says`);
    }
    return whole(first);
  }
  const times = {
    count: records,
    step,
    tolerance,
    async read(rows: readonly number[]) {
      const found = await read(rows);
      const missing = found.findIndex(Number.isNaN);
      if (missing < 0) return found;
      throw new CorruptFileError(
        `Cannot find the gaps of ${file.name}: record ${rows[missing]} at byte ` +
          `${header.dataStart + rows[missing]! * header.recordBytes} doesn't tell its time`,
        { file: file.name, object: `record ${rows[missing]}` },
      );
    },
  };
  const find = () => sectionsOf(times, { maxSegments, name: file.name });
  if (isTold) return await find();
  try {
    const sections = await find();
    if (sections.length > 1) {
      files.warn(`${file.name}: it says that it has no gaps, and its records tell of ${sections.length - 1}`);
    }
    return sections;
  } catch (error) {
    if (!(error instanceof CorruptFileError)) throw error;
    files.warn(`${file.name}: not all records tell their time; it is read as without gaps, as it says`);
    return whole(first);
  }
}
