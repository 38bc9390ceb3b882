/**
 * microtome reads just the slice you ask for out of a large recording (HDF5, NPY and NPZ, flat binary files), from disk
 * or by HTTP byte range, identically in Deno, Bun, Node, Cloudflare Workers and browsers. It writes these formats too,
 * and walks over arrays that are larger than memory.
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
} from "./src/source/errors.ts";
export type { ByteRange, ByteSource, Cost, ReadOptions, RequestEvent } from "./src/source/types.ts";
export type { SourceInput, SourceOptions } from "./src/source/open_source.ts";
export type { LimitOptions } from "./src/source/limits.ts";
export type { ByteSink, SinkTarget } from "./src/source/sink/sink.ts";
export type {
  ArrayData,
  ArrayReadOptions,
  AxisSelection,
  ChunkSource,
  DataChunk,
  DType,
  LazyArray,
  NDArray,
  NumericData,
  ReadIntoOptions,
  Selection,
  Slice,
} from "./src/array/types.ts";
export { slice } from "./src/array/select/slice.ts";
export { type DTypeData, type DTypeName, hasDType } from "./src/array/dtype/dtype_name.ts";
export { parseSelection } from "./src/array/select/parse_selection.ts";
export { toMask } from "./src/array/select/mask.ts";
export { isNDArray, ndarray, toNested } from "./src/array/ndarray.ts";
export { memoryArray } from "./src/array/memory.ts";
export type { PlainArray } from "./src/array/codec/plain.ts";
export { encodeNpy, writeNpy, type WriteNpyOptions } from "./src/npy/write.ts";
export { encodeNpz, writeNpz, type WriteNpzOptions } from "./src/npy/write_npz.ts";
export { type NpyOptions, openNpy } from "./src/npy/open_npy.ts";
export { NpyArray } from "./src/npy/npy_array.ts";
export { Npz, type NpzOptions, openNpz } from "./src/npy/npz.ts";
export { openRaw, type RawOptions } from "./src/raw/open_raw.ts";
export { RawArray } from "./src/raw/raw_array.ts";
export { init, type InitOptions } from "./src/wasm/module.ts";
export { H5File, open, type OpenOptions } from "./src/hdf5/file.ts";
export { Group, type Member, NamedType } from "./src/hdf5/group.ts";
export { Dataset, type DatasetReadOptions } from "./src/hdf5/dataset.ts";
export { Attribute, AttributeSet, type AttributeValue } from "./src/hdf5/attributes.ts";
export { Reference } from "./src/hdf5/reference.ts";
export { H5Object } from "./src/hdf5/objects.ts";
export { change, type ChangeOptions, create, type CreateOptions } from "./src/hdf5/write/create.ts";
export { WritableFile } from "./src/hdf5/write/writable_file.ts";
export { WritableGroup } from "./src/hdf5/write/writable_group.ts";
export { WritableDataset } from "./src/hdf5/write/writable_dataset.ts";
export { WritableAttributeSet } from "./src/hdf5/write/writable_attributes.ts";
export type { DatasetOptions } from "./src/hdf5/write/create_dataset.ts";
export type { WriteOptions } from "./src/hdf5/write/write_stream.ts";
export { GenericDataChunkIterator, type GenericDataChunkIteratorOptions } from "./src/batch/iterate/generic.ts";
export { DataChunkIterator, type DataChunkIteratorOptions } from "./src/batch/iterate/data_chunk_iterator.ts";
export { type ArrayChunks, iterateChunks, type IterateChunksOptions } from "./src/batch/iterate/iterate_chunks.ts";
export { parseBytes } from "./src/batch/sizes.ts";
export { NWBFile, type NwbOptions } from "./src/nwb/nwb_file.ts";
export { loadFile } from "./src/nwb/load_file.ts";
export { Data } from "./src/temporal/data.ts";
export type { DataOptions, LoadOptions } from "./src/temporal/data_options.ts";
export { openAny, type OpenAnyOptions } from "./src/formats/open_any.ts";
export { Opened } from "./src/formats/opened.ts";
