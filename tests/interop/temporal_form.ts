/**
 * Sessions in the form that temporal.py prints.
 *
 * @module
 */
import assert from "node:assert/strict";
import { numpyName } from "../../src/array/dtype/dtype.ts";
import { elements, flatten, isNDArray, ndarray } from "../../src/array/ndarray.ts";
import { encodeText } from "../../src/array/text/text.ts";
import type { DType, LazyArray, NDArray } from "../../src/array/types.ts";
import { ArrayDict } from "../../src/temporal/columns/array_dict.ts";
import { Data } from "../../src/temporal/data.ts";
import { Interval } from "../../src/temporal/intervals/interval.ts";
import { IrregularTimeSeries } from "../../src/temporal/irregular.ts";
import { RegularTimeSeries } from "../../src/temporal/regular/regular.ts";

/** An array: numbers exactly, what JSON can't have as text. */
export interface PlainArray {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly values: readonly unknown[];
}

/** An attribute, with the type that Python has for it. */
export interface PlainAttribute {
  readonly type: string;
  readonly value: unknown;
}

/** What an object holds. */
export interface Plain {
  readonly class: string;
  readonly keys: readonly string[];
  readonly domain?: readonly [PlainArray, PlainArray] | null;
  /** Of a `Data`. */
  readonly absolute_start?: unknown;
  readonly members?: Readonly<Record<string, Plain | PlainArray | PlainAttribute>>;
  /** Of anything else. */
  readonly arrays?: Readonly<Record<string, PlainArray>>;
  readonly stored?: Readonly<Record<string, { readonly dtype: string; readonly shape: readonly (number | null)[] }>>;
  readonly timekeys?: readonly string[];
  readonly sampling_rate?: PlainAttribute;
  readonly timestamps?: PlainArray;
  readonly index_mask?: readonly boolean[];
}

/** Everything in an object, its arrays read. */
export async function describe(found: Data | ArrayDict<LazyArray>): Promise<Plain> {
  if (found instanceof Data) {
    const members: Record<string, Plain | PlainArray | PlainAttribute> = {};
    for (const key of found.keys()) members[key] = await member(await found.get<unknown>(key));
    return {
      class: "Data",
      keys: found.keys(),
      domain: await interval(found.domain),
      // Python tells where a session without a domain starts as well.
      absolute_start: plain(found.absoluteStart ?? 0),
      members,
    };
  }
  // The class as it is printed: Python has lazy ones of their own.
  const name = String(found).split("(")[0]!;
  const stored: Record<string, { dtype: string; shape: readonly (number | null)[] }> = {};
  for (const key of found.keys()) {
    const { dtype, shape } = found.describe(key);
    stored[key] = { dtype: nameOf(dtype!), shape };
  }
  const arrays: Record<string, PlainArray> = {};
  for (const key of found.keys()) arrays[key] = array(await found.array(key));
  return {
    class: name,
    keys: found.keys(),
    arrays,
    ...(name.startsWith("Lazy") ? { stored } : {}),
    ...(found instanceof Interval || found instanceof IrregularTimeSeries ? { timekeys: found.timekeys() } : {}),
    ...(found instanceof IrregularTimeSeries ? { domain: await interval(found.domain) } : {}),
    ...(found instanceof RegularTimeSeries
      ? {
        domain: await interval(found.domain),
        sampling_rate: { type: "number", value: found.samplingRate },
        timestamps: array(ndarray(found.timestamps)),
        index_mask: found.indexMask(),
      }
      : {}),
  };
}

async function member(value: unknown): Promise<Plain | PlainArray | PlainAttribute> {
  if (value instanceof Data || value instanceof ArrayDict) return await describe(value);
  if (isNDArray(value)) return array(value);
  if (ArrayBuffer.isView(value)) return array(ndarray(value as Float64Array));
  if (Array.isArray(value)) return { dtype: "list", shape: shapeOf(value), values: value.flat(Infinity).map(plain) };
  return { type: typeof value, value: plain(value) };
}

/** Length of each axis of lists in lists. */
function shapeOf(value: unknown): number[] {
  return Array.isArray(value) ? [value.length, ...value.length === 0 ? [] : shapeOf(value[0])] : [];
}

async function interval(found: Interval<LazyArray> | null): Promise<[PlainArray, PlainArray] | null> {
  if (found === null) return null;
  return [array(await found.array("start")), array(await found.array("end"))];
}

function array(found: NDArray): PlainArray {
  const { dtype, shape } = found;
  const isBytes = dtype.kind === "string" && dtype.length !== null;
  const values = [...elements(flatten(found))];
  return {
    dtype: nameOf(dtype),
    shape,
    values: values.map((value) => isBytes ? latin1(value as string) : plain(value)),
  };
}

function plain(value: unknown): unknown {
  if (typeof value === "bigint") return String(value);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "number" || Number.isFinite(value)) return value;
  return Number.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
}

function latin1(text: string): string {
  return String.fromCharCode(...encodeText(text)!);
}

/** NumPy's `dtype.str`, but for unicode's length, which is nobody's business. */
function nameOf(dtype: DType): string {
  if (dtype.kind === "string") return dtype.length === null ? "U" : `|S${dtype.length}`;
  return dtype.kind === "bool" ? "|b1" : numpyName(dtype);
}

/** How {@linkcode same} takes what differs by nature. */
export interface Leniency {
  /** Whether times may be float64 where Python keeps integers and float32. */
  readonly times?: boolean;
}

/**
 * Holds an object against what Python has.
 *
 * Byte order isn't compared: arrays in memory are native here. Attributes are compared by value: JavaScript has one
 * kind of number, and lists where Python gets arrays back.
 */
export function same(own: Plain, wanted: Plain, label: string, leniency: Leniency = {}): void {
  const empty = wanted.keys.length === 0;
  assert.equal(own.class, empty ? wanted.class.replace("Lazy", "") : wanted.class, label);
  assert.deepEqual(own.keys.toSorted(), wanted.keys.toSorted(), label);
  assert.deepEqual(own.timekeys, wanted.timekeys, `timekeys of ${label}`);
  assert.equal(own.domain === null, wanted.domain === null, `domain of ${label}`);
  own.domain?.forEach((times, i) => sameArray(times, wanted.domain![i]!, `domain of ${label}`, leniency.times));
  assert.equal(own.absolute_start, wanted.absolute_start, `absolute_start of ${label}`);
  assert.deepEqual(own.index_mask, wanted.index_mask, `index_mask of ${label}`);
  if (wanted.sampling_rate !== undefined) {
    assert.equal(own.sampling_rate!.value, Number(wanted.sampling_rate.value), label);
    sameArray(own.timestamps!, wanted.timestamps!, `timestamps of ${label}`);
  }
  for (const [key, { dtype, shape }] of Object.entries(wanted.stored ?? {})) {
    if (own.stored === undefined) continue;
    // It is told here what an array will be when it is read: text, and float64 as time.
    const isText = wanted.arrays![key]!.dtype.startsWith("<U");
    const told = isText ? "U" : TIMES.has(key) && leniency.times === true ? "<f8" : dtype;
    assert.deepEqual(own.stored[key], { dtype: told, shape }, `stored ${label}.${key}`);
  }
  for (const [key, value] of Object.entries(wanted.arrays ?? {})) {
    const isTime = TIMES.has(key) || (wanted.timekeys?.includes(key) ?? false);
    sameArray(own.arrays![key]!, value, `${label}.${key}`, isTime && leniency.times);
  }
  for (const [key, value] of Object.entries(wanted.members ?? {})) {
    sameMember(own.members![key]!, value, `${label}.${key}`, leniency);
  }
}

const TIMES = new Set(["timestamps", "start", "end"]);

function sameMember(
  own: Plain | PlainArray | PlainAttribute,
  wanted: Plain | PlainArray | PlainAttribute,
  label: string,
  leniency: Leniency,
): void {
  if ("class" in wanted) return same(own as Plain, wanted, label, leniency);
  if ("dtype" in wanted) {
    const list = own as PlainArray;
    if (list.dtype !== "list" && wanted.dtype !== "|O") return sameArray(list, wanted, label);
    assert.deepEqual(list.shape, wanted.shape, label);
    return assert.deepEqual(list.values.map(String), wanted.values.map(String), label);
  }
  // A complex number is a pair here.
  if (wanted.type.startsWith("complex")) return assert.deepEqual((own as PlainArray).values, wanted.value, label);
  const { type, value } = own as PlainAttribute;
  const isBig = wanted.type === "int64" || wanted.type === "uint64";
  // Integers of any size are bigints here.
  const isSmall = !isBig && /^u?int\d+$/.test(wanted.type) && type === "bigint";
  const found = isBig && type === "number" ? String(value) : isSmall ? Number(value) : value;
  assert.deepEqual(found, wanted.value, label);
}

function sameArray(own: PlainArray, wanted: PlainArray, label: string, isTime: boolean = false): void {
  assert.deepEqual(own.shape, wanted.shape, label);
  const dtype = wanted.dtype.replace(/^<U\d+$/, "U").replace(">", "<");
  if (!isTime || dtype === "<f8") {
    assert.equal(own.dtype.replace(">", "<"), dtype, label);
    return assert.deepEqual(own.values, wanted.values, label);
  }
  assert.deepEqual(own.values.map(Number), wanted.values.map(Number), label);
}
