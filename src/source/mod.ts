/**
 * Where bytes come from and go to: sources, sinks, ZIP archives, costs, limits, and every error class.
 *
 * @module
 */
export {
  BatchError,
  ClosedError,
  CorruptFileError,
  DTypeError,
  type ErrorDetails,
  ExternalFileError,
  FileChangedError,
  FormatError,
  HttpStatusError,
  LimitError,
  LinkDepthError,
  MicrotomeError,
  NetworkError,
  NotFoundError,
  NotHdf5Error,
  ProtocolError,
  RangeUnsupportedError,
  SelectionError,
  ShapeError,
  SourceError,
  TruncatedError,
  UnknownFormatError,
  UnsupportedError,
  UnsupportedFilterError,
  WasmError,
  WriteError,
  WrongKindError,
} from "./errors.ts";
export type { Attempt, ByteRange, ByteSource, Cost, ReadOptions, RequestEvent } from "./types.ts";
export { type CostMeter, formatBytes, formatCost, subtractCost } from "./cost.ts";
export type { AsyncBuffer, SourceInput, SourceOptions } from "./open_source.ts";
export type { HttpOptions } from "./http/http_source.ts";
export type { FetchLike, HttpClientOptions } from "./http/http_client.ts";
export type { RetryOptions } from "./fetch/retry.ts";
export type { R2BucketLike, R2GetOptions, R2Location, R2ObjectLike } from "./local/r2.ts";
export type { LimitOptions, Limits } from "./limits.ts";
export type { ByteSink, SinkTarget } from "./sink/sink.ts";
export { type MemorySink, memorySink } from "./sink/memory_sink.ts";
export { ZipArchive } from "./zip/zip_archive.ts";
export type { ZipEntry, ZipProblem } from "./zip/directory.ts";
