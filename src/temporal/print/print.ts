/**
 * Objects as text, as torch_brain prints them.
 *
 * @module
 */

import { numpyName } from "../../array/dtype/dtype.ts";
import { isNDArray, shapeText } from "../../array/ndarray.ts";
import type { DType, LazyArray } from "../../array/types.ts";
import { ArrayView } from "../../array/select/view.ts";
import { Dataset } from "../../hdf5/dataset.ts";
import type { ArrayValue } from "../columns/column.ts";
import { PooledArray } from "../columns/pooled_array.ts";

/**
 * `ClassName(\n  key=[d0, d1],\n  key2=<HDF5 dataset "key2": …>\n)`.
 *
 * @param name The class
 * @param entries Names of its arrays, and what stands for each
 */
export function printObject(name: string, entries: Iterable<[string, ArrayValue | LazyArray | null]>): string {
  const lines = Array.from(entries, ([key, value]) => `  ${key}=${printArray(key, value)}`);
  return `${name}(\n${lines.join(",\n")}\n)`;
}

/** An array in memory by its shape; a lazy one by where it is stored, how much there is, and as what. */
export function printArray(key: string, value: ArrayValue | LazyArray | null): string {
  if (value === null) return "<deferred>";
  if (isNDArray(value)) return `[${value.shape.join(", ")}]`;
  if (!("read" in value)) return `[${value.length}]`;
  let stored: LazyArray = value;
  // A view is a part of what is stored, which is what is shown.
  while (stored instanceof ArrayView) stored = stored.reader as unknown as LazyArray;
  const what = stored instanceof Dataset || stored instanceof PooledArray ? "HDF5 dataset" : "lazy array";
  return `<${what} "${key}": shape ${shapeText(stored.shape)}, type "${typeName(stored.dtype)}">`;
}

/** A type as NumPy has it in `dtype.str`. */
function typeName(dtype: DType): string {
  if (dtype.kind === "bool") return "|b1";
  if (dtype.kind === "string" && dtype.length !== null) return `|S${dtype.length}`;
  if (dtype.kind === "string") return "|O";
  return numpyName(dtype);
}
