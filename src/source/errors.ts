/**
 * Every error that microtome raises on bad input, a bad server, or data and selections that don't fit: one small tree, each
 * class with a stable `code`, the file and the object it is about. What isn't of this tree: a wrong call (a `TypeError` or
 * `RangeError`), the reason of a signal that was aborted, and what a function of the user's own throws.
 *
 * @module
 */

/** What an error can say beside its message. */
export interface ErrorDetails {
  /** The file (URL, path) it is about. */
  readonly file?: string | undefined;
  /** The object inside the file: an HDF5 path, a member of an archive, `/` where the file is one array. */
  readonly object?: string | undefined;
  /** What lies beneath. */
  readonly cause?: unknown;
}

/**
 * The root of the tree. Test `error.code`, which never changes, rather than the message.
 *
 * @example
 * ```ts
 * import { open, MicrotomeError } from "../../mod.ts";
 * try {
 *   await open(new Uint8Array(16));
 * } catch (error) {
 *   if (error instanceof MicrotomeError) console.log(error.code); // "not-hdf5"
 * }
 * ```
 */
export class MicrotomeError extends Error {
  /** Its name, also in programs whose names were shortened. */
  static override readonly name: string = "MicrotomeError";
  /** Stable, machine-readable kind of the error. */
  readonly code: string = "error";
  /** The file (URL, path) it is about. */
  readonly file: string | undefined;
  /** The object inside the file. */
  readonly object: string | undefined;

  /** Makes the error; `details.cause` becomes `cause`. */
  constructor(message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    // Of the class that was made, which may be a user's own.
    this.name = new.target.name;
    this.file = details.file;
    this.object = details.object;
  }
}

/** The bytes could not be had: the parent of all that is the source's fault. */
export class SourceError extends MicrotomeError {
  /** Its name, also in programs whose names were shortened. */
  static override readonly name: string = "SourceError";
  /** Stable kind of the error. */
  override readonly code: string = "source";
}

/** The server could not be reached, or a request ran out of time, also after retries. */
export class NetworkError extends SourceError {
  /** Its name, also in programs whose names were shortened. */
  static override readonly name: string = "NetworkError";
  /** Stable kind of the error. */
  override readonly code: string = "network";
}

/** The server answered with a status that isn't success. */
export class HttpStatusError extends SourceError {
  /** Its name, also in programs whose names were shortened. */
  static override readonly name: string = "HttpStatusError";
  /** Stable kind of the error. */
  override readonly code: string = "http-status";
  /** The status, such as 404. */
  readonly status: number;

  /** Makes the error for `status`. */
  constructor(message: string, status: number, details: ErrorDetails = {}) {
    super(message, details);
    this.status = status;
  }
}

/** The server ignores `Range`, and the file is too large to be taken whole. */
export class RangeUnsupportedError extends SourceError {
  /** Its name, also in programs whose names were shortened. */
  static override readonly name: string = "RangeUnsupportedError";
  /** Stable kind of the error. */
  override readonly code: string = "range-unsupported";
}

/** The server's answer contradicts itself or the question: a wrong `Content-Range`, a short body, an encoding. */
export class ProtocolError extends SourceError {
  /** Its name, also in programs whose names were shortened. */
  static override readonly name: string = "ProtocolError";
  /** Stable kind of the error. */
  override readonly code: string = "protocol";
}

/** The file changed between two reads, so their bytes must not be mixed. */
export class FileChangedError extends SourceError {
  /** Its name, also in programs whose names were shortened. */
  static override readonly name: string = "FileChangedError";
  /** Stable kind of the error. */
  override readonly code: string = "file-changed";
}

/** A read that reaches beyond the end of the source: a truncated file, most often. */
export class TruncatedError extends SourceError {
  /** Its name, also in programs whose names were shortened. */
  static override readonly name: string = "TruncatedError";
  /** Stable kind of the error. */
  override readonly code: string = "truncated";
}

/** A limit given in the options (bytes, requests, decoded size, link depth) would be exceeded. */
export class LimitError extends MicrotomeError {
  /** Its name, also in programs whose names were shortened. */
  static override readonly name: string = "LimitError";
  /** Stable kind of the error. */
  override readonly code: string = "limit";
}

/** The file's content breaks its format: the parent of all that is the file's fault. */
export class FormatError extends MicrotomeError {
  /** Its name, also in programs whose names were shortened. */
  static override readonly name: string = "FormatError";
  /** Stable kind of the error. */
  override readonly code: string = "format";
}

/** Not an HDF5 file at all. */
export class NotHdf5Error extends FormatError {
  /** Its name, also in programs whose names were shortened. */
  static override readonly name: string = "NotHdf5Error";
  /** Stable kind of the error. */
  override readonly code: string = "not-hdf5";
}

/** The file is of no format that is known. */
export class UnknownFormatError extends FormatError {
  /** Its name, also in programs whose names were shortened. */
  static override readonly name: string = "UnknownFormatError";
  /** Stable kind of the error. */
  override readonly code: string = "unknown-format";
  /** Its first bytes, some hundred of them. */
  readonly head: Uint8Array;
  /** Its size. */
  readonly byteLength: number;

  /** Makes the error. */
  constructor(
    message: string,
    details: ErrorDetails & { readonly head?: Uint8Array; readonly byteLength?: number } = {},
  ) {
    super(message, details);
    this.head = details.head ?? new Uint8Array(0);
    this.byteLength = details.byteLength ?? this.head.length;
  }
}

/** The file is of its format but something in it can't be so: a damaged or hostile file. */
export class CorruptFileError extends FormatError {
  /** Its name, also in programs whose names were shortened. */
  static override readonly name: string = "CorruptFileError";
  /** Stable kind of the error. */
  override readonly code: string = "corrupt";
}

/** The file asks for a filter (compression) that isn't built in. */
export class UnsupportedFilterError extends FormatError {
  /** Its name, also in programs whose names were shortened. */
  static override readonly name: string = "UnsupportedFilterError";
  /** Stable kind of the error. */
  override readonly code: string = "unsupported-filter";
  /** Registered number of the filter. */
  readonly filterId: number;

  /** Makes the error for filter `filterId`. */
  constructor(message: string, filterId: number, details: ErrorDetails = {}) {
    super(message, details);
    this.filterId = filterId;
  }
}

/** The file is right, but uses a feature that isn't built in. */
export class UnsupportedError extends FormatError {
  /** Its name, also in programs whose names were shortened. */
  static override readonly name: string = "UnsupportedError";
  /** Stable kind of the error. */
  override readonly code: string = "unsupported";
}

/** Another file that this one refers to may not be, or can't be, opened. */
export class ExternalFileError extends MicrotomeError {
  /** Its name, also in programs whose names were shortened. */
  static override readonly name: string = "ExternalFileError";
  /** Stable kind of the error. */
  override readonly code: string = "external-file";
}

/** No object, attribute or member of that name. */
export class NotFoundError extends MicrotomeError {
  /** Its name, also in programs whose names were shortened. */
  static override readonly name: string = "NotFoundError";
  /** Stable kind of the error. */
  override readonly code: string = "not-found";
}

/** Soft or external links that lead on further than the limit, most often in a circle. */
export class LinkDepthError extends MicrotomeError {
  /** Its name, also in programs whose names were shortened. */
  static override readonly name: string = "LinkDepthError";
  /** Stable kind of the error. */
  override readonly code: string = "link-depth";
}

/** The object exists but is of another kind: a group where a dataset was asked for. */
export class WrongKindError extends MicrotomeError {
  /** Its name, also in programs whose names were shortened. */
  static override readonly name: string = "WrongKindError";
  /** Stable kind of the error. */
  override readonly code: string = "wrong-kind";
}

/** A selection that doesn't fit the array: out of range, too many axes, a step of zero. */
export class SelectionError extends MicrotomeError {
  /** Its name, also in programs whose names were shortened. */
  static override readonly name: string = "SelectionError";
  /** Stable kind of the error. */
  override readonly code: string = "selection";
}

/** A closed file, or an object of one, was used again. */
export class ClosedError extends MicrotomeError {
  /** Its name, also in programs whose names were shortened. */
  static override readonly name: string = "ClosedError";
  /** Stable kind of the error. */
  override readonly code: string = "closed";
}

/** The wasm module could not be found, compiled or started in this runtime. */
export class WasmError extends MicrotomeError {
  /** Its name, also in programs whose names were shortened. */
  static override readonly name: string = "WasmError";
  /** Stable kind of the error. */
  override readonly code: string = "wasm";
}

/** Bytes could not be written: a full disk, a folder that isn't there, a sink that is closed. The target is as it was. */
export class WriteError extends MicrotomeError {
  /** Its name, also in programs whose names were shortened. */
  static override readonly name: string = "WriteError";
  /** Stable kind of the error. */
  override readonly code: string = "write";
}

/** Data of a type that can't go where it was sent: text into numbers, a value that the integer type can't hold. */
export class DTypeError extends MicrotomeError {
  /** Its name, also in programs whose names were shortened. */
  static override readonly name: string = "DTypeError";
  /** Stable kind of the error. */
  override readonly code: string = "dtype";
}

/** A shape that can't be, or that doesn't fit: of data and selection, of chunks and array. */
export class ShapeError extends MicrotomeError {
  /** Its name, also in programs whose names were shortened. */
  static override readonly name: string = "ShapeError";
  /** Stable kind of the error. */
  override readonly code: string = "shape";
}

/**
 * A function failed on one batch of a recording, its own error beneath as `cause`. The target is as it was; `results` are those of the
 * batches before it, where they were collected in memory.
 */
export class BatchError extends MicrotomeError {
  /** Its name, also in programs whose names were shortened. */
  static override readonly name: string = "BatchError";
  /** Stable kind of the error. */
  override readonly code: string = "batch";
  /** Which batch, the first one 1; 0 where that wasn't said. */
  readonly batch: number;
  /** Results of the batches before it; none where they went to a file. */
  readonly results: readonly unknown[];

  /** Makes the error. */
  constructor(
    message: string,
    details: ErrorDetails & { readonly batch?: number; readonly results?: readonly unknown[] } = {},
  ) {
    super(message, details);
    this.batch = details.batch ?? 0;
    this.results = details.results ?? [];
  }
}
