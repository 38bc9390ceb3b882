/**
 * Recordings of a directory, or of any sources, as a dataset.
 *
 * @module
 */

import { checkOptions, type OptionNames } from "../../source/options.ts";
import type { LazyArray } from "../../array/types.ts";
import type { Dataset } from "../../hdf5/dataset.ts";
import { OPEN_OPTIONS, type OpenOptions } from "../../hdf5/file.ts";
import { abortable } from "../../source/abort.ts";
import { ClosedError, FormatError, MicrotomeError, NotFoundError } from "../../source/errors.ts";
import { Data, recordingOf } from "../data.ts";
import { printsAsText } from "../../source/inspect.ts";
import { type Outline, readOutline } from "../files/outline.ts";
import type { Interval } from "../intervals/interval.ts";
import { applyNamespace } from "./namespace.ts";
import { PooledArray } from "../columns/pooled_array.ts";
import { RecordingPool } from "./recording_pool.ts";
import { type RecordingSources, recordingSources } from "./recording_sources.ts";
import type { DatasetIndex } from "../sample/sampling_spans.ts";

/** Options of {@linkcode RecordingDataset.open}: of the dataset, and how files are opened. */
export interface RecordingDatasetOptions<T = Data> extends OpenOptions {
  /** Which recordings; all by default. */
  readonly recordingIds?: readonly string[] | undefined;
  /** What samples become, before {@linkcode RecordingDataset.get} gives them out. */
  readonly transform?: ((sample: Data) => T | Promise<T>) | undefined;
  /** Called with each recording before it is given out or sliced; may change it. */
  readonly recordingHook?: ((recording: Data, recordingId: string) => void | Promise<void>) | undefined;
  /** Paths of attributes, such as `session.id`, that get the dataset's name before them in a nested dataset. */
  readonly namespaceAttributes?: readonly string[] | undefined;
  /**
   * Whether files stay open when they were read. Otherwise each is closed as soon as no read of it is under way, and
   * opened again by the next.
   *
   * @default {true}
   */
  readonly keepFilesOpen?: boolean | undefined;
  /**
   * The most files that are open at once. Where one more is needed, the one that wasn't read for longest is closed; where
   * all are being read, it waits.
   *
   * @default {64}
   */
  readonly maxOpenFiles?: number | undefined;
}

/** Names of what the dataset itself takes, beside how files are opened. */
const OWN_OPTIONS: Omit<OptionNames<RecordingDatasetOptions>, keyof OpenOptions> = {
  recordingIds: true,
  transform: true,
  recordingHook: true,
  namespaceAttributes: true,
  keepFilesOpen: true,
  maxOpenFiles: true,
};

/** Options of getting recordings and samples. */
export interface RecordingOptions {
  /** What is put, with a `/`, before the namespace attributes. */
  readonly namespace?: string | undefined;
  /** Aborts. */
  readonly signal?: AbortSignal | undefined;
}

/** Names of `RecordingOptions`. */
export const RECORDING_OPTIONS: OptionNames<RecordingOptions> = { namespace: true, signal: true };

/** Options of asking what can be sampled. */
export interface SamplingIntervalOptions {
  /**
   * Chooses the intervals of a recording, such as `(recording) => recording.get("train_domain")`.
   *
   * @default {recording.domain}
   */
  readonly intervals?:
    | ((recording: Data, recordingId: string) => Interval<LazyArray> | Promise<Interval<LazyArray>>)
    | undefined;
  /** Aborts. */
  readonly signal?: AbortSignal | undefined;
}

/** Names of `SamplingIntervalOptions`. */
export const SAMPLING_INTERVAL_OPTIONS: OptionNames<SamplingIntervalOptions> = { intervals: true, signal: true };

/** What all datasets of recordings can: one of files, and one of others. */
export interface Recordings<T = Data> extends AsyncDisposable {
  /** The recordings' ids, sorted. */
  readonly recordingIds: readonly string[];
  /** A whole recording, lazy. */
  getRecording(recordingId: string, options?: RecordingOptions): Promise<Data>;
  /** A window of a recording, as it comes from the transform. */
  get(index: DatasetIndex, options?: RecordingOptions): Promise<T>;
  /** What samplers may sample: intervals by recording. */
  getSamplingIntervals(options?: SamplingIntervalOptions): Promise<Record<string, Interval>>;
  /** Closes all files. */
  close(): Promise<void>;
}

/**
 * Recordings that torch_brain, temporaldata or {@linkcode Data.save} saved, one in a file: in a directory, or anywhere. What
 * is in a file is read when it is first needed, and once; arrays are read when they are asked for, and windows of them in
 * part.
 *
 * Recordings and samples hold no file: they can be read for as long as the dataset isn't closed, and needn't be closed
 * themselves. Behind them some files are kept open, see `maxOpenFiles`; one that was closed is opened again.
 *
 * @example
 * ```ts
 * import { RecordingDataset } from "./dataset.ts";
 * import { Data, recordingOf } from "../data.ts";
 * import { IrregularTimeSeries } from "../irregular.ts";
 * import { RandomFixedWindowSampler } from "../sample/samplers.ts";
 * import assert from "node:assert/strict";
 *
 * const spikes = new IrregularTimeSeries({ timestamps: [0, 1, 2, 3, 4, 5] });
 * const bytes = await new Data({ spikes }, { domain: "auto" }).toBytes();
 * await using dataset = await RecordingDataset.open({ session_0: bytes, session_1: bytes });
 * const samplingIntervals = await dataset.getSamplingIntervals();
 * for (const index of new RandomFixedWindowSampler({ samplingIntervals, windowLength: 1, seed: 0 })) {
 *   const sample = await dataset.get(index);
 *   assert.equal((await sample.get<Float64Array>("spikes.timestamps")).length, 1);
 * }
 * ```
 */
export class RecordingDataset<T = Data> implements Recordings<T> {
  /** The recordings' ids, sorted. */
  readonly recordingIds: readonly string[];
  readonly #pool: RecordingPool;
  readonly #options: RecordingDatasetOptions<T>;
  readonly #outlines: Map<string, Promise<Outline>> = new Map();
  #closed = false;

  private constructor(recordingIds: readonly string[], pool: RecordingPool, options: RecordingDatasetOptions<T>) {
    printsAsText(RecordingDataset.prototype);
    this.recordingIds = recordingIds;
    this.#pool = pool;
    this.#options = options;
  }

  /**
   * Finds recordings. Opens none of them yet.
   *
   * @param source A directory, all files `*.h5` of which are recordings with the file's name for an id; or sources by id: paths,
   * URLs, bytes, blobs, …
   * @param options Which recordings, what samples become, how files are opened
   * @returns The dataset; close it, or declare it with `await using`
   * @throws {NotFoundError} If there is no recording, or not each that is asked for
   * @throws {WrongKindError} If the directory is none
   * @throws {TypeError} If an id would lead out of the directory, or it is nothing that recordings come from
   * @throws {RangeError} If `maxOpenFiles` isn't a whole number above 0
   * @throws {UnsupportedError} If it is a directory, and this runtime has no files
   */
  static async open<T = Data>(
    source: string | URL | RecordingSources,
    options: RecordingDatasetOptions<T> = {},
  ): Promise<RecordingDataset<T>> {
    checkOptions(options, { ...OPEN_OPTIONS, ...OWN_OPTIONS }, "open a dataset");
    const { recordingIds, keepFilesOpen = true, maxOpenFiles = 64, signal, ...rest } = options;
    if (!(Number.isSafeInteger(maxOpenFiles) && maxOpenFiles > 0)) {
      throw new RangeError(`Cannot keep ${maxOpenFiles} files open: maxOpenFiles must be a whole number above 0`);
    }
    signal?.throwIfAborted();
    const sources = await abortable(recordingSources(source, recordingIds), signal);
    const { transform: _transform, recordingHook: _hook, namespaceAttributes: _names, ...openOptions } = rest;
    const pool = new RecordingPool(sources, openOptions, { keepFilesOpen, maxOpenFiles });
    return new RecordingDataset([...sources.keys()], pool, options);
  }

  /** Number of files that are open at present. */
  get openFiles(): number {
    return this.#pool.openFiles;
  }

  /** Whether it was closed. */
  get closed(): boolean {
    return this.#closed;
  }

  /**
   * A whole recording, lazy. It is a new object each time: what is changed or read of it doesn't change the dataset.
   *
   * @param recordingId Which recording
   * @param options Namespace, abort signal
   * @throws {NotFoundError} If there is none
   * @throws {FormatError} If its file isn't one
   * @throws {ClosedError} If the dataset is closed
   */
  async getRecording(recordingId: string, options: RecordingOptions = {}): Promise<Data> {
    checkOptions(options, RECORDING_OPTIONS, "get recording");
    const { namespace = "", signal } = options;
    const recording = recordingOf<Data>(await this.#outline(recordingId, signal), Data);
    await this.#options.recordingHook?.(recording, recordingId);
    return namespace === "" ? recording : await this.applyNamespace(recording, `${namespace}/`);
  }

  /**
   * A sample: a window of a recording, whose times count from its start, as it comes from the transform. Reads nothing of it,
   * unless the transform does.
   *
   * @param index Which recording, from when to when, such as samplers give
   * @param options Namespace, abort signal
   * @throws {NotFoundError} If there is no such recording
   * @throws {RangeError} If the window ends before it starts
   * @throws {ClosedError} If the dataset is closed
   */
  async get(index: DatasetIndex, options: RecordingOptions = {}): Promise<T> {
    checkOptions(options, RECORDING_OPTIONS, "get");
    const { recordingId, start, end } = index;
    const sample = (await this.getRecording(recordingId, options)).slice(start, end);
    const { transform } = this.#options;
    return transform === undefined ? sample as T : await transform(sample);
  }

  /**
   * What samplers may sample: the domain of each recording, or what is chosen of it.
   *
   * @param options What to choose, abort signal
   * @throws {MicrotomeError} If a recording has no domain
   */
  async getSamplingIntervals(options: SamplingIntervalOptions = {}): Promise<Record<string, Interval>> {
    checkOptions(options, SAMPLING_INTERVAL_OPTIONS, "get sampling intervals");
    const { intervals, signal } = options;
    const found = this.recordingIds.map(async (recordingId) => {
      const recording = await this.getRecording(recordingId, { signal });
      const chosen: Interval<LazyArray> | null = intervals === undefined
        ? recording.domain
        : await intervals(recording, recordingId);
      if (chosen === null) {
        throw new MicrotomeError(`Cannot sample recording ${JSON.stringify(recordingId)}: it has no domain`);
      }
      return [recordingId, await chosen.materialize({ signal })] as const;
    });
    return Object.fromEntries(await Promise.all(found));
  }

  /**
   * Puts a namespace before the namespace attributes of a recording, in place.
   *
   * @param recording The recording
   * @param namespace What is put before them, such as `dataset1/`
   * @returns The recording
   * @throws {NotFoundError} If it lacks one of them
   * @throws {DTypeError} If one is neither text nor a list of texts or integers
   */
  async applyNamespace(recording: Data, namespace: string): Promise<Data> {
    return await applyNamespace(recording, this.#options.namespaceAttributes ?? [], namespace);
  }

  /** Closes all files. Recordings and samples keep what is in memory, and can read nothing more. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#outlines.clear();
    await this.#pool.close();
  }

  /** Closes all files. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** Such as `RecordingDataset(n_recordings=3)`. */
  toString(): string {
    return `RecordingDataset(n_recordings=${this.recordingIds.length})`;
  }

  /** What a file says: read once, whoever asks. */
  async #outline(recordingId: string, signal: AbortSignal | undefined): Promise<Outline> {
    const what = `Cannot get recording ${JSON.stringify(recordingId)}`;
    if (this.#closed) throw new ClosedError(`${what}: the dataset is closed`);
    if (!this.#pool.has(recordingId)) throw new NotFoundError(`${what}: the dataset has none of that name`);
    signal?.throwIfAborted();
    let outline = this.#outlines.get(recordingId);
    if (outline === undefined) {
      outline = this.#pool.use(recordingId, async ({ file, remember }) => {
        const arrayOf = (dataset: Dataset) => {
          remember(dataset);
          return new PooledArray(this.#pool, recordingId, dataset);
        };
        try {
          return await readOutline(file, { arrayOf });
        } catch (error) {
          // Of many files, the message must tell which.
          if (!(error instanceof FormatError) || error.file !== undefined) throw error;
          const { message, object } = error;
          throw new FormatError(`${what}: ${message}`, { file: file.name, object, cause: error });
        }
      });
      this.#outlines.set(recordingId, outline);
      // A failure isn't remembered.
      outline.catch(() => this.#outlines.delete(recordingId));
    }
    return await abortable(outline, signal);
  }
}
