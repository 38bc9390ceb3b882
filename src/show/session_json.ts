/**
 * What sessions of torch_brain hold, told without reading it.
 *
 * @module
 */

import { numpyName } from "../array/dtype/dtype.ts";
import { isNDArray } from "../array/ndarray.ts";
import { jsonElement, type JsonValue, toJsonValue } from "../array/text/serialise.ts";
import type { FloatDType, LazyArray } from "../array/types.ts";
import { ArrayDict } from "../temporal/columns/array_dict.ts";
import type { ArrayDescription } from "../temporal/columns/read_column.ts";
import { isArrayValue, isLazyArray } from "../temporal/columns/column.ts";
import { Data } from "../temporal/data.ts";
import type { Interval } from "../temporal/intervals/interval.ts";
import { IrregularTimeSeries } from "../temporal/irregular.ts";
import { RegularTimeSeries } from "../temporal/regular/regular.ts";

const FLOAT64: FloatDType = { kind: "float", itemsize: 8, byteOrder: "<" };

/** A session as JSON, cut off where it has more members than one wanted. */
export interface SessionJson {
  /** The session. */
  readonly session: JsonValue;
  /** Whether members or arrays are left out. */
  readonly truncated: boolean;
}

/**
 * What a session holds: `{type: "Data", domain, absoluteStart, members}`, each member with its `key` and `type`: series and
 * tables with their `length`, `domain`, `samplingRate`, `timekeys` and `arrays` (`{key, shape, dtype}`), arrays with shape and
 * dtype, attributes with their `value`.
 *
 * @param session The session
 * @param most How many members and arrays at most
 */
export function sessionJson(session: Data, most: number = Infinity): SessionJson {
  const budget = { left: most };
  const json = dataJson(session, budget);
  return { session: json, truncated: budget.left < 0 };
}

/** How many more are listed; below 0 once one wasn't. */
interface Budget {
  left: number;
}

function dataJson(data: Data, budget: Budget): Record<string, JsonValue> {
  return {
    type: "Data",
    domain: data.domain === null ? null : domainJson(data.domain),
    absoluteStart: data.absoluteStart,
    members: listed(data.entries(), budget, ([key, value]) => {
      if (value instanceof Data) return { key, ...dataJson(value, budget) };
      if (value instanceof ArrayDict) return { key, ...arraysJson(value, budget) };
      if (isLazyArray(value) || isArrayValue(value)) return { key, type: "array", ...arrayJson(data.describe(key)) };
      return { key, type: "attribute", value: valueJson(value) };
    }),
  };
}

function arraysJson(object: ArrayDict<LazyArray>, budget: Budget): Record<string, JsonValue> {
  const isRegular = object instanceof RegularTimeSeries;
  return {
    type: object.objectType,
    length: object.length,
    ...(isRegular ? { samplingRate: object.samplingRate } : {}),
    ...(isRegular || object instanceof IrregularTimeSeries ? { domain: domainJson(object.domain) } : {}),
    ...("timekeys" in object ? { timekeys: (object as Interval<LazyArray>).timekeys() } : {}),
    arrays: listed(object.keys(), budget, (key) => ({ key, ...arrayJson(object.describe(key)) })),
  };
}

function listed<T>(values: Iterable<T>, budget: Budget, toJson: (value: T) => JsonValue): JsonValue[] {
  const out: JsonValue[] = [];
  for (const value of values) {
    if (--budget.left < 0) break;
    out.push(toJson(value));
  }
  return out;
}

function arrayJson({ shape, dtype }: ArrayDescription): Record<string, JsonValue> {
  return { shape: [...shape], dtype: dtype === null ? null : numpyName(dtype) };
}

function domainJson(domain: Interval<LazyArray>): JsonValue {
  const { start, end } = domain.known!;
  return Array.from(start, (from, i) => [jsonElement(from, FLOAT64), jsonElement(end[i], FLOAT64)]);
}

function valueJson(value: unknown): JsonValue {
  if (isNDArray(value)) return toJsonValue(value);
  if (Array.isArray(value)) return value.map(valueJson);
  return typeof value === "boolean" ? value : jsonElement(value, FLOAT64);
}
