/**
 * The files of many recordings, of which some are open.
 *
 * @module
 */

import type { Dataset } from "../../hdf5/dataset.ts";
import { type H5File, type OpenOptions, openUnchecked } from "../../hdf5/file.ts";
import { abortable } from "../../source/abort.ts";
import { ClosedError, NotFoundError } from "../../source/errors.ts";
import type { SourceInput } from "../../source/open_source.ts";
import type { ByteSource } from "../../source/types.ts";

/** How many files a {@linkcode RecordingPool} opens. */
export interface PoolOptions {
  /** The most that are open at once. */
  readonly maxOpenFiles: number;
  /** Whether files that nobody reads stay open, until others need their place. */
  readonly keepFilesOpen: boolean;
}

/** A file that is open. */
interface Entry {
  readonly opening: Promise<H5File>;
  readonly datasets: Map<string, Promise<Dataset>>;
  users: number;
}

/** An open file, for as long as it is used. */
export interface OpenRecording {
  /** The file. */
  readonly file: H5File;
  /** A dataset by its path; looked up once for as long as the file is open. */
  dataset(path: string): Promise<Dataset>;
  /** Remembers a dataset that was found otherwise. */
  remember(dataset: Dataset): void;
}

/**
 * Files of recordings, opened when they are used. There are never more open than allowed: those that nobody uses are closed
 * for others, the one that wasn't used for longest first; where all are in use, others wait.
 */
export class RecordingPool {
  readonly #sources: ReadonlyMap<string, SourceInput>;
  readonly #openOptions: OpenOptions;
  readonly #options: PoolOptions;
  /** In order of their last use. */
  readonly #entries: Map<string, Entry> = new Map();
  readonly #closing: Set<Promise<void>> = new Set();
  #waiting: (() => void)[] = [];
  #closed = false;

  /**
   * Opens nothing yet.
   *
   * @param sources Where each recording is
   * @param openOptions How files are opened
   * @param options How many
   */
  constructor(sources: ReadonlyMap<string, SourceInput>, openOptions: OpenOptions, options: PoolOptions) {
    this.#sources = sources;
    this.#openOptions = openOptions;
    this.#options = options;
  }

  /** Number of files that are open or being opened. */
  get openFiles(): number {
    return this.#entries.size;
  }

  /** Whether there is such a recording. */
  has(recordingId: string): boolean {
    return this.#sources.has(recordingId);
  }

  /**
   * Uses a recording's file, which isn't closed meanwhile. The use of another one within it could wait for ever.
   *
   * @param recordingId Which recording
   * @param run Uses it
   * @param signal Ends the waiting for it
   * @throws {NotFoundError} If there is no such recording
   * @throws {ClosedError} If the pool is closed
   */
  async use<T>(recordingId: string, run: (open: OpenRecording) => Promise<T>, signal?: AbortSignal): Promise<T> {
    const entry = await this.#take(recordingId, signal);
    try {
      const file = await abortable(entry.opening, signal);
      return await run({
        file,
        dataset: (path) => lookUp(entry, file, path),
        remember: (dataset) => entry.datasets.set(dataset.path, Promise.resolve(dataset)),
      });
    } finally {
      entry.users--;
      if (entry.users === 0) {
        if (!this.#options.keepFilesOpen) this.#shut(recordingId, entry);
        this.#wake();
      }
    }
  }

  /** Closes all files, also those in use, and the sources that came open. */
  async close(): Promise<void> {
    if (!this.#closed) {
      this.#closed = true;
      this.#wake();
      for (const [recordingId, entry] of this.#entries) this.#shut(recordingId, entry);
      for (const source of this.#sources.values()) if (isOwned(source)) this.#settle(source.close());
    }
    await Promise.all(this.#closing);
  }

  async #take(recordingId: string, signal: AbortSignal | undefined): Promise<Entry> {
    const source = this.#sources.get(recordingId);
    if (source === undefined) {
      throw new NotFoundError(
        `Cannot open recording ${JSON.stringify(recordingId)}: the dataset has none of that name`,
      );
    }
    for (;;) {
      signal?.throwIfAborted();
      if (this.#closed) {
        throw new ClosedError(`Cannot read recording ${JSON.stringify(recordingId)}: the dataset is closed`);
      }
      const entry = this.#entries.get(recordingId) ??
        (this.#makeRoom() ? this.#openUnchecked(recordingId, source) : null);
      if (entry !== null) {
        entry.users++;
        // To the end: it is the last that was used.
        this.#entries.delete(recordingId);
        this.#entries.set(recordingId, entry);
        return entry;
      }
      await abortable(new Promise<void>((resolve) => this.#waiting.push(resolve)), signal);
    }
  }

  /** Whether one more file may be open; closes one for it where need be. */
  #makeRoom(): boolean {
    if (this.#entries.size < this.#options.maxOpenFiles) return true;
    for (const [recordingId, entry] of this.#entries) {
      if (entry.users > 0) continue;
      this.#shut(recordingId, entry);
      return true;
    }
    return false;
  }

  #openUnchecked(recordingId: string, source: SourceInput): Entry {
    const opening = openUnchecked(isOwned(source) ? kept(source) : source, this.#openOptions);
    const entry: Entry = { opening, datasets: new Map(), users: 0 };
    this.#entries.set(recordingId, entry);
    opening.catch(() => {
      if (this.#entries.get(recordingId) === entry) this.#entries.delete(recordingId);
      this.#wake();
    });
    return entry;
  }

  #shut(recordingId: string, entry: Entry): void {
    // One that failed to open may have been followed by another.
    if (this.#entries.get(recordingId) === entry) this.#entries.delete(recordingId);
    this.#settle(entry.opening.then((file) => file.close(), () => {}));
  }

  #settle(closing: void | Promise<void>): void {
    const settled = Promise.resolve(closing).catch(() => {}).finally(() => this.#closing.delete(settled));
    this.#closing.add(settled);
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const go of waiting) go();
  }
}

function lookUp({ datasets }: Entry, file: H5File, path: string): Promise<Dataset> {
  let dataset = datasets.get(path);
  if (dataset === undefined) {
    dataset = file.dataset(path);
    datasets.set(path, dataset);
    dataset.catch(() => datasets.delete(path));
  }
  return dataset;
}

/** Whether closing a file would close what it was opened from, so that it couldn't be opened again. */
function isOwned(source: SourceInput): source is ByteSource & { close(): void | Promise<void> } {
  const { read, close } = source as Partial<ByteSource>;
  return typeof source === "object" && typeof read === "function" && typeof close === "function";
}

/** The same source, which closing leaves open. */
function kept(source: ByteSource): ByteSource {
  const { name, byteLength, reportsAttempts } = source;
  return {
    name,
    byteLength,
    reportsAttempts,
    read: (range, options) => source.read(range, options),
    ...(source.readSync === undefined ? {} : { readSync: (range) => source.readSync!(range) }),
    ...(source.readIntoSync === undefined
      ? {}
      : { readIntoSync: (offset, target) => source.readIntoSync!(offset, target) }),
  };
}
