/**
 * Samples of signals of an EDF file as lazy arrays.
 *
 * @module
 */

import { RecordArray } from "../../arrays/record_array.ts";
import type { RecordingFile } from "../../files/recording_files.ts";
import type { EdfHeader, EdfSignal } from "./edf_header.ts";

/** Raw samples of signals of equal samples in a record, of some records: shape [samples, signals]. */
export function arrayOf(
  file: RecordingFile,
  header: EdfHeader,
  signals: readonly EdfSignal[],
  { start, stop }: { readonly start: number; readonly stop: number },
): RecordArray {
  return new RecordArray(file, {
    offset: header.dataStart + start * header.recordBytes,
    recordBytes: header.recordBytes,
    records: stop - start,
    samples: signals[0]!.samples,
    stored: header.sampleBytes === 3 ? "<i3" : "<i2",
    columns: signals.map(({ start }) => ({ offset: start })),
  });
}

/** Decimal fractions, without what is left over of them in binary ones. */
export function exact(value: number): number {
  return Math.round(value * 1e9) / 1e9 || 0;
}

/** Samples per second; 7 in 0.07 s are 100, and not a little more. */
export function rateOf(samples: number, { recordSeconds }: Pick<EdfHeader, "recordSeconds">): number {
  const rate = samples / recordSeconds;
  const round = Math.round(rate * 1e6) / 1e6;
  return Math.abs(round - rate) <= 1e-12 * rate ? round : rate;
}
