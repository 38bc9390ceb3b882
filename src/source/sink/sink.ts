/**
 * The contract of everything that bytes can be written to.
 *
 * A sink is random access, like a file: formats that are finished by writing their start anew (HDF5, zip) need that.
 * Nothing waits: bytes go to memory or to a local file, so one that writes needs no restarts.
 *
 * @module
 */

/** Where bytes go. Until {@linkcode ByteSink.commit} the target is as it was, unless the sink was opened to change it. */
export interface ByteSink {
  /** What messages call the target: a path, or `memory`. */
  readonly name: string;
  /** Bytes written so far: the end of the last one. */
  readonly byteLength: number;
  /**
   * Writes at a place; what lies between the end and `offset` reads as zeros.
   *
   * @throws {WriteError} If it can't be written, because the disk is full or the sink was committed or abandoned.
   */
  writeSync(offset: number, data: Uint8Array): void;
  /**
   * Reads back what was written, `target.length` bytes of it.
   *
   * @throws {TruncatedError} If it reaches past the end.
   */
  readIntoSync(offset: number, target: Uint8Array): void;
  /** Makes it that long: cuts, or adds zeros. @throws {WriteError} If that can't be done. */
  truncateSync(length: number): void;
  /** Has the system store what was written; present only where a system stands beneath. @throws {WriteError} If it can't. */
  flushSync?(): void;
  /** Puts what was written in the target's place, at once and whole. @throws {WriteError} If that can't be done. */
  commit(): Promise<void>;
  /** Forgets what was written; the target stays as it was. After {@linkcode ByteSink.commit} it does nothing. */
  abandon(): Promise<void>;
}

/** What can be written to: a path, a URL with the scheme `file`, or a sink. */
export type SinkTarget = string | URL | ByteSink;
