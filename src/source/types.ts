/**
 * The contract of everything that bytes can come from.
 *
 * Two members do the work, `byteLength` and `read`; every cache, counter, retry and merge in this room is a
 * wrapper around them, and anything that a user writes with the same two members can be opened.
 *
 * @module
 */

/** A run of bytes in a source. */
export interface ByteRange {
  /** First byte, counted from the start of the source. */
  readonly offset: number;
  /** Number of bytes. */
  readonly length: number;
}

/** One request that a source has sent, told when it has ended. */
export interface Attempt {
  /** First byte asked for. */
  readonly offset: number;
  /** Number of bytes asked for. */
  readonly length: number;
  /** Bytes received. */
  readonly received: number;
  /** How long it took, in milliseconds. */
  readonly milliseconds: number;
  /** How often it had been tried before: 0 is the first try. */
  readonly attempt: number;
  /** Why it failed, where it did. */
  readonly error?: unknown;
}

/** Options of one read. */
export interface ReadOptions {
  /** Aborts the read; the promise then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Told of each request that the read sends, where the source {@linkcode ByteSource.reportsAttempts}. */
  readonly onAttempt?: ((attempt: Attempt) => void) | undefined;
}

/**
 * Where bytes come from.
 *
 * A read gives exactly `range.length` bytes or rejects: a range that leaves the source is a `RangeError`-like
 * {@linkcode SourceError}, never a short result.
 */
export interface ByteSource {
  /** What messages call the source: a URL, a path, `memory`. */
  readonly name?: string | undefined;
  /** Size of the whole source, in bytes. */
  readonly byteLength: number;
  /** Reads one range. The result belongs to the caller only for reading: it may be a view of a cache. */
  read(range: ByteRange, options?: ReadOptions): Promise<Uint8Array>;
  /** Reads one range at once; present only where bytes are at hand (memory, a local file). */
  readSync?(range: ByteRange): Uint8Array;
  /**
   * Reads one range at once into `target` (whose length is the range's); present only where that saves a copy.
   */
  readIntoSync?(offset: number, target: Uint8Array): void;
  /**
   * Whether `read` tells `onAttempt` of every request that it sends (none, where it has the bytes already). Where
   * this isn't set, each read counts as one request.
   */
  readonly reportsAttempts?: boolean | undefined;
  /** Releases what the source holds (a file descriptor). Reading after it is an error. */
  close?(): void | Promise<void>;
}

/** What reading has cost so far. All numbers only grow. */
export interface Cost {
  /** Requests sent to the source (retries count). */
  readonly requests: number;
  /** Bytes of payload received. */
  readonly bytes: number;
  /** Length of the longest chain of requests each of which had to wait for an earlier one. */
  readonly roundTrips: number;
  /** Page look-ups that the cache could answer. */
  readonly cacheHits: number;
  /** Page look-ups that had to go to the source. */
  readonly cacheMisses: number;
  /** Requests sent again after a failure that may pass. */
  readonly retries: number;
}

/** One request, as an `onRequest` hook sees it once it has ended. */
export interface RequestEvent {
  /** Name of the source. */
  readonly source: string;
  /** First byte asked for. */
  readonly offset: number;
  /** Number of bytes asked for. */
  readonly length: number;
  /** Bytes received. */
  readonly received: number;
  /** Position on the longest chain of waiting requests: 1 is the first round trip. */
  readonly roundTrip: number;
  /** How long it took, in milliseconds. */
  readonly milliseconds: number;
  /** How often it had been tried before. */
  readonly attempt: number;
  /** Why it failed, where it did. */
  readonly error?: unknown;
}
