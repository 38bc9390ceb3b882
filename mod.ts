/**
 * microtome reads just the slice you ask for out of a large HDF5 file, from disk or by HTTP byte range, identically
 * in Deno, Bun, Node, Cloudflare Workers and browsers.
 *
 * @example Read a slice
 * ```ts
 * import { open, slice } from "./mod.ts";
 *
 * await using file = await open("tests/data/signal.h5");
 * const signal = await file.dataset("/signal");
 * const { data, shape } = await signal.read([slice(0, 1000), 2]);
 * console.log(shape, data[0], file.cost);
 * ```
 *
 * @module
 */
export * from "./src/source/errors.ts";
export type { Attempt, ByteRange, ByteSource, Cost, ReadOptions, RequestEvent } from "./src/source/types.ts";
export { type CostMeter, formatBytes, formatCost, subtractCost } from "./src/source/cost.ts";
export type { AsyncBuffer, SourceInput, SourceOptions } from "./src/source/open_source.ts";
export type { HttpOptions } from "./src/source/http.ts";
export type { FetchLike, HttpClientOptions } from "./src/source/http_client.ts";
export type { RetryOptions } from "./src/source/retry.ts";
export type { R2BucketLike, R2GetOptions, R2Location, R2ObjectLike } from "./src/source/r2.ts";
export type { LimitOptions, Limits } from "./src/source/limits.ts";
export type * from "./src/array/types.ts";
export { slice } from "./src/array/slice.ts";
export { parseSelection } from "./src/array/parse_selection.ts";
export { resolveSelection } from "./src/array/selection.ts";
export { describeDType, dtypeFromNumpy, numpyName } from "./src/array/dtype.ts";
export { elementAt, elements, flatten, ndarray, toNested } from "./src/array/ndarray.ts";
export { memoryArray, type MemoryArrayOptions } from "./src/array/memory.ts";
export { ArrayView, type ResolvedReader } from "./src/array/view.ts";
export {
  formatArray,
  type FormatArrayOptions,
  formatRecords,
  formatTable,
  type TableColumn,
} from "./src/array/format.ts";
export { type CsvOptions, type JsonValue, toCsv, toJsonValue } from "./src/array/serialise.ts";
export { encodeNpy } from "./src/npy/write.ts";
export { init, type InitOptions } from "./src/wasm/module.ts";
export { type FileInfo, H5File, open, type OpenOptions } from "./src/hdf5/file.ts";
export { Group, type GroupOptions, type Member, NamedType } from "./src/hdf5/group.ts";
export { Dataset, type DatasetReadOptions } from "./src/hdf5/dataset.ts";
export { Attribute, type AttributeOptions, AttributeSet, type AttributeValue } from "./src/hdf5/attributes.ts";
export { Reference, type ReferenceTarget } from "./src/hdf5/reference.ts";
export type { Filter, Link } from "./src/hdf5/metadata.ts";
export type { ExternalResolver } from "./src/hdf5/external.ts";
export { H5Object } from "./src/hdf5/objects.ts";
