/**
 * Arrays: dtypes, selections, arrays in memory, lazy arrays, text and JSON of them.
 *
 * @module
 */
export type {
  ArrayData,
  ArrayDType,
  ArrayReadOptions,
  AxisSelection,
  BoolDType,
  ByteOrder,
  ChunkSource,
  ComplexDType,
  CompoundDType,
  DataChunk,
  DatetimeDType,
  DType,
  EnumDType,
  FloatDType,
  IntDType,
  LazyArray,
  Mask,
  NDArray,
  NumericData,
  ObjectDType,
  OpaqueDType,
  PartialShape,
  ReadIntoOptions,
  ReferenceDType,
  ResolvedAxis,
  Selection,
  Slice,
  StringDType,
  VlenDType,
} from "./types.ts";
export { slice } from "./select/slice.ts";
export { type DTypeData, type DTypeName, hasDType } from "./dtype/dtype_name.ts";
export { parseSelection } from "./select/parse_selection.ts";
export { toMask } from "./select/mask.ts";
export { resolveSelection } from "./select/selection.ts";
export { describeDType, dtypeFromNumpy, numpyName } from "./dtype/dtype.ts";
export { type Descr, type DescrField, dtypeFromDescr, numpyDescr } from "./dtype/descr.ts";
export { elementAt, elements, flatten, isNDArray, ndarray, toNested } from "./ndarray.ts";
export { type ArrayLikeInput, memoryArray, type MemoryArrayOptions } from "./memory.ts";
export type { PlainArray } from "./codec/plain.ts";
export { ArrayView, type ResolvedReader } from "./select/view.ts";
export { formatArray, type FormatArrayOptions, formatRecords, formatTable, type TableColumn } from "./text/format.ts";
export { type CsvOptions, type JsonValue, toCsv, toJsonValue } from "./text/serialise.ts";
export type { CastOptions, Overflow } from "./codec/cast.ts";
export type { ArrayScale as RawScale } from "./scale.ts";
