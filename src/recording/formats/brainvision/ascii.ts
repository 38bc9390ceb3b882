/**
 * Samples that are written as text.
 *
 * @module
 */

import { dtypeFromNumpy } from "../../../array/dtype/dtype.ts";
import { ndarray, takeResolved } from "../../../array/ndarray.ts";
import { readSelection } from "../../../array/select/read_selection.ts";
import { resolveSelection } from "../../../array/select/selection.ts";
import { ArrayView, type ResolvedReader } from "../../../array/select/view.ts";
import { summary, typeAndShape } from "../../../array/text/summary.ts";
import type { DType, LazyArray, NDArray, ReadIntoOptions, ResolvedAxis, Selection } from "../../../array/types.ts";
import { CorruptFileError, LimitError, TruncatedError } from "../../../source/errors.ts";
import { printsAsText } from "../../../source/inspect.ts";
import { ReadOnce } from "../../read_once.ts";
import type { RecordingFile } from "../../files/recording_files.ts";
import { decodeLatin1 } from "../../files/texts.ts";
import type { AsciiLayout, DataLayout } from "./header.ts";

/** The most numbers of a file: 64 MiB of them. */
const MAX_NUMBERS = 8 * 1024 * 1024;
const BLANK = 32;

/** Numbers of a text, line by line. */
interface Table {
  readonly values: Float64Array;
  /** Where each line's numbers end. */
  readonly ends: readonly number[];
}

/** A text of numbers as a lazy array of shape [samples, channels]. It is read whole when it is first needed. */
export class AsciiArray implements LazyArray<Float64Array>, ResolvedReader<Float64Array> {
  readonly shape: readonly number[];
  readonly dtype: DType = dtypeFromNumpy("<f8");
  readonly chunkShape: null = null;
  readonly #file: RecordingFile;
  readonly #layout: DataLayout;
  readonly #table = new ReadOnce<NDArray<Float64Array>>();

  /**
   * Makes one; it reads nothing.
   *
   * @param file The data file
   * @param layout How it is laid out
   * @param samples Number of samples
   */
  constructor(file: RecordingFile, layout: DataLayout, samples: number) {
    printsAsText(AsciiArray.prototype);
    this.#file = file;
    this.#layout = layout;
    this.shape = [samples, layout.channels];
  }

  /** What it is, in one line. */
  toString(): string {
    return summary("AsciiArray", this.#file.name, typeAndShape(this));
  }

  /** Reads a selection, everything by default. */
  // deno-lint-ignore require-await -- so that a wrong selection rejects, as every other failure does
  async read(selection?: Selection, options?: ReadIntoOptions): Promise<NDArray<Float64Array>> {
    return readSelection(this, selection, options);
  }

  /** A selection as a lazy array of its own; reads nothing. */
  view(selection: Selection): ArrayView<Float64Array> {
    return new ArrayView<Float64Array>(this, resolveSelection(selection, this.shape));
  }

  /** Reads a checked selection. */
  async readResolved(axes: readonly ResolvedAxis[], options: ReadIntoOptions = {}): Promise<NDArray<Float64Array>> {
    const all = await this.#table.get((signal) => readAscii(this.#file, this.#layout, signal), options.signal);
    if (all.shape[0]! < this.shape[0]!) {
      throw new TruncatedError(
        `Cannot read ${this.#file.name}: it has ${all.shape[0]} samples, its header says ${this.shape[0]}`,
        { file: this.#file.name },
      );
    }
    return takeResolved(all, axes);
  }
}

/**
 * Reads all numbers as [samples, channels]. What is cut at the end isn't there.
 *
 * @param file The data file
 * @param layout How it is laid out
 * @param signal Aborts
 * @throws {LimitError} If they are too many to be held in memory
 * @throws {CorruptFileError} If a word is no number, or a line has too few
 */
export async function readAscii(
  file: RecordingFile,
  layout: DataLayout,
  signal: AbortSignal | undefined,
): Promise<NDArray<Float64Array>> {
  const { channels, isVectorized } = layout;
  const { values, ends } = numbersOf(decodeLatin1(await file.whole(signal)), layout.ascii!, file.name);
  const lengths = ends.map((end, i) => end - (ends[i - 1] ?? 0));
  const refuse = (line: number, why: string): never => {
    throw new CorruptFileError(`Cannot read ${file.name}: line ${line + 1} of its numbers ${why}`, { file: file.name });
  };
  if (!isVectorized) {
    const bad = lengths.findIndex((length) => length !== channels);
    // The last line may be cut.
    const rows = bad === ends.length - 1 && lengths[bad]! < channels ? bad : ends.length;
    if (bad >= 0 && bad < rows) refuse(bad, `has ${lengths[bad]} of them for ${channels} channels`);
    return ndarray(values.subarray(0, rows * channels), [rows, channels]) as NDArray<Float64Array>;
  }
  if (ends.length < channels) refuse(ends.length, `is missing: there are ${channels} channels, a line for each`);
  const points = Math.min(...lengths.slice(0, channels));
  const out = new Float64Array(points * channels);
  for (let channel = 0; channel < channels; channel++) {
    const from = ends[channel - 1] ?? 0;
    for (let i = 0; i < points; i++) out[i * channels + channel] = values[from + i]!;
  }
  return ndarray(out, [points, channels]) as NDArray<Float64Array>;
}

/** Words stand between blanks, tabs and semicolons, and between commas where those aren't decimal ones. */
function numbersOf(text: string, { decimalSymbol, skipLines, skipColumns }: AsciiLayout, name: string): Table {
  let values = new Float64Array(1024);
  let count = 0;
  const ends: number[] = [];
  const isBetween = (code: number) => code <= BLANK || code === 0x3b || code === 0x2c && decimalSymbol !== ",";
  let at = 0;
  for (let line = 0; at < text.length; line++) {
    let end = text.indexOf("\n", at);
    if (end < 0) end = text.length;
    if (line < skipLines) {
      at = end + 1;
      continue;
    }
    const before = count;
    for (let word = 0; at < end;) {
      while (at < end && isBetween(text.charCodeAt(at))) at++;
      const from = at;
      while (at < end && !isBetween(text.charCodeAt(at))) at++;
      if (from === at || word++ < skipColumns) continue;
      const written = text.slice(from, at);
      const value = Number(decimalSymbol === "." ? written : written.replace(decimalSymbol, "."));
      if (Number.isNaN(value) && !/^nan$/i.test(written)) {
        throw new CorruptFileError(
          `Cannot read ${name}: ${JSON.stringify(written.slice(0, 32))} in line ${line + 1}, at character ${from}, ` +
            "is no number",
          { file: name },
        );
      }
      if (count === MAX_NUMBERS) {
        throw new LimitError(
          `Cannot read ${name}: text of more than ${MAX_NUMBERS.toLocaleString("en")} numbers isn't read`,
          { file: name },
        );
      }
      if (count === values.length) {
        const more = new Float64Array(2 * count);
        more.set(values);
        values = more;
      }
      values[count++] = value;
    }
    if (count > before) ends.push(count);
    at = end + 1;
  }
  return { values: values.subarray(0, count), ends };
}
