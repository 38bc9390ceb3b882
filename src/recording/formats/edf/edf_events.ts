/**
 * Annotations and triggers of an EDF file as events of a segment, and the scans that find them.
 *
 * @module
 */

import { CorruptFileError } from "../../../source/errors.ts";
import { lowerBound } from "../../../time/sorted.ts";
import { scanWords, type WordChanges, wordChangesFrom, wordChangesIndex } from "../../bit_changes.ts";
import type { RecordingFile } from "../../files/recording_files.ts";
import type { EventParts, FormatOptions, PartsReadOptions } from "../../format.ts";
import { annotationsFrom, type EdfAnnotations, scanAnnotations } from "./edf_annotations.ts";
import type { EdfHeader, EdfSignal } from "./edf_header.ts";
import { arrayOf, exact, rateOf } from "./edf_samples.ts";

/** Bits of a Status channel that are trigger inputs. */
const TRIGGERS = 0xffff;
/** Times that are nearer to each other than that are one. */
const ROUNDING = 1e-6;

/** Scans of the file, each done once, when it is first asked for; what was handed in isn't done at all. */
export class EdfScans {
  /** The channel whose bits are triggers: of BDF, called Status. */
  readonly status: EdfSignal | undefined;
  readonly #file: RecordingFile;
  readonly #header: EdfHeader;
  readonly #onProgress: ((done: number) => void) | undefined;
  #annotations: Promise<EdfAnnotations> | undefined;
  #changes: Promise<WordChanges> | undefined;

  /** Takes what an index has. */
  constructor(file: RecordingFile, header: EdfHeader, { index, onProgress }: FormatOptions) {
    this.#file = file;
    this.#header = header;
    this.#onProgress = onProgress;
    this.status = header.kind === "BDF"
      ? header.signals.findLast(({ label, samples, isText }) => !isText && samples > 0 && /^status$/i.test(label))
      : undefined;
    if (index === undefined || index === null) return;
    const given = index as Record<string, unknown>;
    if (given.format !== "edf" || given.version !== 1 || given.byteLength !== file.byteLength) {
      throw new CorruptFileError(`Cannot use the index given for ${file.name}: it was made of another file`, {
        file: file.name,
      });
    }
    this.#annotations = Promise.resolve(annotationsFrom(given.annotations, file.name));
    if (this.status !== undefined) {
      const count = header.records * this.status.samples;
      this.#changes = Promise.resolve(wordChangesFrom(given.status, count, file.name));
    }
  }

  /** All annotations. */
  annotations({ signal }: PartsReadOptions): Promise<EdfAnnotations> {
    if (this.#annotations !== undefined) return this.#annotations;
    const scan = scanAnnotations(this.#file, this.#header, { signal, onProgress: this.#onProgress });
    this.#annotations = scan;
    // A scan that was aborted or failed is done again.
    scan.catch(() => this.#annotations = undefined);
    return scan;
  }

  /** Changes of the trigger inputs. */
  changes({ signal }: PartsReadOptions): Promise<WordChanges> {
    if (this.#changes !== undefined) return this.#changes;
    const header = this.#header;
    const status = this.status!;
    const scan = scanWords(arrayOf(this.#file, header, [status], { start: 0, stop: header.records }), {
      name: `${this.#file.name}: ${status.label}`,
      mask: TRIGGERS,
      signal,
      onProgress: this.#onProgress,
    });
    this.#changes = scan;
    scan.catch(() => this.#changes = undefined);
    return scan;
  }

  /** What was found, as plain data. */
  async index(asked: PartsReadOptions): Promise<unknown> {
    return {
      format: "edf",
      version: 1,
      byteLength: this.#file.byteLength,
      annotations: await this.annotations(asked),
      status: this.status === undefined ? null : wordChangesIndex(await this.changes(asked)),
    };
  }
}

/** Which annotations a segment has. */
export interface Picked {
  /** Time of the first sample. */
  readonly origin: number;
  /** Whether those that last are wanted. */
  readonly isEpoch: boolean;
  /** The first time, since the first sample, and the first that isn't wanted any more. */
  readonly from: number;
  readonly before: number;
}

/** Annotations of a segment: those that last, or those that don't. */
export function eventsOf(
  { onsets, durations, texts }: EdfAnnotations,
  { origin, isEpoch, from, before }: Picked,
): EventParts {
  const picked: number[] = [];
  for (let i = Math.max(0, lowerBound(onsets, from + origin - ROUNDING)); i < onsets.length; i++) {
    const time = exact(onsets[i]! - origin);
    if (time >= before) break;
    if (time >= from && durations[i]! > 0 === isEpoch) picked.push(i);
  }
  return {
    timestamps: Float64Array.from(picked, (i) => exact(onsets[i]! - origin)),
    durations: isEpoch ? Float64Array.from(picked, (i) => durations[i]!) : null,
    labels: picked.map((i) => texts[i]!),
    ticksPerSecond: 1,
  };
}

/** A trigger where the inputs change to something other than 0; that they go back to 0 is no event. */
export function statusEvents(
  { rows, words }: WordChanges,
  { samples }: EdfSignal,
  { header, start, stop, tStart }: { header: EdfHeader; start: number; stop: number; tStart: number },
): EventParts {
  const ticksPerSecond = rateOf(samples, header);
  const [first, end] = [start * samples, stop * samples];
  const picked: number[] = [];
  for (let i = lowerBound(rows, first); i < rows.length && rows[i]! < end; i++) if (words[i] !== 0) picked.push(i);
  const shift = tStart * ticksPerSecond - first;
  return {
    timestamps: Float64Array.from(picked, (i) => exact(rows[i]! + shift)),
    durations: null,
    labels: picked.map((i) => String(words[i])),
    ticksPerSecond,
  };
}
