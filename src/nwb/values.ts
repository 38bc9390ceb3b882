/**
 * Values in all the forms in which files have them: alone or as an array of one, text of fixed or variable length, bytes.
 * Whoever needs a number, a text or a reference of an attribute or of a dataset asks here.
 *
 * @module
 */

import { elements, isNDArray, sizeOf } from "../array/ndarray.ts";
import type { NDArray } from "../array/types.ts";
import type { Dataset } from "../hdf5/dataset.ts";
import { Reference } from "../hdf5/reference.ts";

/** Attributes by name, as they were read. */
export type Attributes = Readonly<Record<string, unknown>>;

/**
 * A value that stands alone, also as an array of one: Igor, MATLAB and LabVIEW write these.
 *
 * @param value A value, or an array
 * @returns The value; `undefined` for an array of none; an array of several as it is
 */
export function single(value: unknown): unknown {
  if (!isNDArray(value)) return value ?? undefined;
  const size = sizeOf(value.shape);
  if (size === 0) return undefined;
  return size === 1 ? single(elements(value).next().value) : value;
}

/** An object's own attribute, with arrays of one as that one; `undefined` where there is none. */
export function attribute(attributes: Attributes, name: string): unknown {
  return Object.hasOwn(attributes, name) ? single(attributes[name]) : undefined;
}

/**
 * A value as a number: also an integer of 64 bits, and text that is a number.
 *
 * @returns `undefined` where there is none, NaN where it is something else
 */
export function toNumber(value: unknown): number | undefined {
  const one = single(value);
  if (one === undefined) return undefined;
  if (typeof one === "number" || typeof one === "bigint") return Number(one);
  const text = toText(one)?.trim();
  return text === undefined || text === "" ? NaN : Number(text);
}

/**
 * A value as text: also bytes, and an array of one.
 *
 * @returns `undefined` where it is something else
 */
export function toText(value: unknown): string | undefined {
  const one = single(value);
  if (typeof one === "string") return one.replace(/\0+$/, "");
  // NumPy's void, and what MATLAB makes of characters.
  const bytes = one instanceof Uint8Array
    ? one
    : isNDArray(one) && one.data instanceof Uint8Array && one.shape.length === 1 && one.dtype.kind !== "bool"
    ? one.data
    : undefined;
  return bytes === undefined ? undefined : new TextDecoder().decode(bytes).replace(/\0+$/, "");
}

/** A value as the reference that it is, or that is the only one in it. */
export function toReference(value: unknown): Reference | undefined {
  const one = single(value);
  return one instanceof Reference && !one.isNull ? one : undefined;
}

/** An attribute's text; empty where it has none. */
export function textOf(attributes: Attributes, name: string): string {
  return toText(attribute(attributes, name)) ?? "";
}

/** An attribute's number; `undefined` where there is none, NaN where it is something else. */
export function numberOf(attributes: Attributes, name: string): number | undefined {
  return toNumber(attribute(attributes, name));
}

/** A text, or an array of them, as a list; what is none is left out. */
export function textsOf(value: unknown): string[] {
  const alone = toText(value);
  if (alone !== undefined) return [alone];
  if (!isNDArray(value)) return [];
  return [...elements(value)].flatMap((item) => toText(item) ?? []);
}

/** A number, or an array of them, as a list. */
export function numbersOf(value: unknown): number[] {
  if (value === undefined || value === null) return [];
  if (!isNDArray(value)) return [toNumber(value) ?? NaN];
  return [...elements(value as NDArray)].map((item) => toNumber(item) ?? NaN);
}

/** Where an object reference leads, as an address in its file; `undefined` for regions and attributes. */
export function addressOf({ target, bytes, known }: Reference): number | undefined {
  if (known !== undefined) return known.address;
  if (target !== "object" || bytes.length < 8) return undefined;
  return Number(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getBigUint64(0, true));
}

/**
 * Reads rows of a dataset whose first axis is rows. A scalar, as MATLAB writes columns of one row, is one.
 *
 * @param dataset The dataset
 * @param axis Which rows
 * @param options Abort signal
 */
export async function readRows(
  dataset: Dataset,
  axis: { readonly from: number; readonly to: number },
  options: { readonly signal?: AbortSignal | undefined },
): Promise<NDArray> {
  const { signal } = options;
  if (dataset.shape.length > 0) {
    return await dataset.read([{ start: axis.from, stop: axis.to, step: 1 }], { signal });
  }
  const { data, dtype } = await dataset.read(null, { signal });
  const count = axis.to - axis.from;
  return { data: count === 1 ? data : data.slice(0, 0), dtype, shape: [count], stride: [1] };
}

/** Number of rows of a dataset. */
export function rowCount(dataset: Dataset): number {
  return dataset.isNull ? 0 : dataset.shape[0] ?? 1;
}
