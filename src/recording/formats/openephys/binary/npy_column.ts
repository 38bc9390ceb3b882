/**
 * `.npy` files of a recording, whose headers the GUI finalises when recording stops: how many rows there are is told by the
 * file's length.
 *
 * @module
 */

import type { FlatArray } from "../../../../array/flat/flat_array.ts";
import type { DType, NumericData } from "../../../../array/types.ts";
import { NPY_PREFIX, npyHeaderLength, readNpyHeader } from "../../../../npy/header.ts";
import { CorruptFileError, LimitError, MicrotomeError, UnsupportedError } from "../../../../source/errors.ts";
import type { RecordingFile, RecordingFiles } from "../../../files/recording_files.ts";
import type { PartsReadOptions } from "../../../format.ts";

/** The GUI's headers are 128 bytes; those of records are longer. */
const FIRST_BYTES = 256;
/** The most rows of an events' or spikes' file that are read at once. */
const MOST_ROWS = 2 ** 26;

/** Rows of one `.npy` file. */
export interface NpyColumn {
  /** The file. */
  readonly file: RecordingFile;
  /** Type of the elements, as stored. */
  readonly dtype: DType;
  /** Rows that are in the file. */
  readonly rows: number;
  /** Lengths of the axes behind the first. */
  readonly rowShape: readonly number[];
  /** Where the first row lies. */
  readonly offset: number;
  /** Rows as a lazy array; all by default. */
  array(start?: number, stop?: number): FlatArray;
}

/**
 * A `.npy` file as a column, or `null` where it isn't there.
 *
 * @param files The recording
 * @param path Where it is
 * @throws {CorruptFileError} If it is no `.npy` file, or lies with its first axis fastest
 */
export async function findColumn(files: RecordingFiles, path: string): Promise<NpyColumn | null> {
  const file = await files.find(path);
  if (file === null) return null;
  const { byteLength, name } = file;
  let head = await file.bytes({ offset: 0, length: Math.min(byteLength, FIRST_BYTES) });
  let header;
  try {
    const length = npyHeaderLength(head.subarray(0, NPY_PREFIX), name);
    if (length > byteLength) throw new CorruptFileError(`Cannot read ${name}: it breaks off within its header`);
    if (length > head.length) head = await file.bytes({ offset: 0, length });
    header = readNpyHeader(head.subarray(0, length), name);
  } catch (error) {
    // What reads .npy says which file in its text; here also in the field.
    if (!(error instanceof MicrotomeError) || error.file !== undefined) throw error;
    throw new CorruptFileError(error.message, { file: name, object: path, cause: error });
  }
  const { dtype, shape, length: offset, order } = header;
  const rowShape = shape.slice(1);
  const rowBytes = rowShape.reduce((product, length) => product * length, dtype.itemsize);
  if (shape.length === 0 || dtype.kind === "object" || !Number.isSafeInteger(rowBytes)) {
    throw new CorruptFileError(`Cannot read ${name}: it holds no rows of numbers`, { file: name, object: path });
  }
  if (order === "F" && shape.length > 1) {
    throw new UnsupportedError(`Cannot read ${name}: its first axis runs fastest, which Open Ephys doesn't write`, {
      file: name,
      object: path,
    });
  }
  const rows = rowBytes === 0 ? 0 : Math.floor((byteLength - offset) / rowBytes);
  if (rows !== shape[0] && rowBytes > 0) {
    files.warn(`${name}: its header says ${shape[0]} rows, there are ${rows}: those that are there are read`);
  }
  const array = (start = 0, stop = rows) =>
    file.flat({ offset: offset + start * rowBytes, shape: [stop - start, ...rowShape], dtype });
  return { file, dtype, rows, rowShape, offset, array };
}

/** A column as it was found, or `null` with a warning where it can't be read: for what isn't needed. */
export async function tryColumn(files: RecordingFiles, path: string): Promise<NpyColumn | null> {
  try {
    return await findColumn(files, path);
  } catch (error) {
    if (!(error instanceof MicrotomeError)) throw error;
    files.warn(`${error.message}; it is left out`);
    return null;
  }
}

/** Whether a column has one whole number in a row. */
export function isWhole(column: NpyColumn): boolean {
  return (column.dtype.kind === "int" || column.dtype.kind === "uint") && column.rowShape.length === 0;
}

/** Whether a column has one float in a row. */
export function isFloat(column: NpyColumn): boolean {
  return column.dtype.kind === "float" && column.rowShape.length === 0;
}

/** All values of a column of numbers. */
export async function readNumbers(column: NpyColumn, options: PartsReadOptions): Promise<Float64Array> {
  if (!isWhole(column) && !isFloat(column)) {
    throw new CorruptFileError(
      `Cannot read ${column.file.name}: its rows aren't single numbers, but ${column.dtype.kind} of shape ` +
        `${JSON.stringify(column.rowShape)}`,
      { file: column.file.name },
    );
  }
  checkRows(column);
  const { data } = await column.array().read(undefined, { signal: options.signal });
  return Float64Array.from(data as NumericData as Iterable<number | bigint>, Number);
}

/** Values of some rows of a column of numbers. */
export async function readRows(column: NpyColumn, rows: readonly number[]): Promise<number[]> {
  const { data } = await column.array().read([rows]);
  return Array.from(data as Iterable<number | bigint>, Number);
}

/** Refuses what wouldn't fit. */
export function checkRows(column: NpyColumn): void {
  if (column.rows <= MOST_ROWS) return;
  throw new LimitError(
    `Cannot read ${column.file.name}: it has ${column.rows.toLocaleString("en")} rows, more than ` +
      MOST_ROWS.toLocaleString("en"),
    { file: column.file.name },
  );
}
