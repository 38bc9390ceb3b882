/**
 * Objects of arrays by what a group of a file says: tables, intervals, series.
 *
 * @module
 */

import { describeDType } from "../../array/dtype/dtype.ts";
import { memoryArray } from "../../array/memory.ts";
import { elements, isNDArray, ndarray } from "../../array/ndarray.ts";
import type { LazyArray } from "../../array/types.ts";
import { ArrayDict, objectOf } from "../columns/array_dict.ts";
import { fault, formatted, nameOf } from "./file_fault.ts";
import { Frame, memoryBase } from "../frame/frame.ts";
import { Interval, makeInterval } from "../intervals/interval.ts";
import { makeIrregular } from "../irregular.ts";
import { makeRegular } from "../regular/regular.ts";
import type { Column, TableState } from "../columns/table.ts";

/** What a file says of an object. */
export interface StoredObject {
  /** The group's path. */
  readonly path: string;
  /** The class. */
  readonly type: string;
  /** The group's attributes. */
  readonly attributes: Readonly<Record<string, unknown>>;
  /** The arrays, none of which was read. */
  readonly arrays: ReadonlyMap<string, LazyArray>;
  /** Its domain, in memory: slicing needs it, and it is small. */
  readonly domain: Interval | null;
}

/** The arrays that no object of a class is without. */
const NEEDED: Readonly<Record<string, readonly string[]>> = {
  Interval: ["start", "end"],
  IrregularTimeSeries: ["timestamps"],
};

/**
 * Makes an object of any class but `Data` of what a file says. Reads nothing.
 *
 * @param outline What the file says
 * @throws {FormatError} If something in it isn't as it should be
 */
export function makeArrays(
  { path, type, attributes, arrays: stored, domain: said }: StoredObject,
): ArrayDict<LazyArray> {
  const name = nameOf(path);
  const arrays = new Map(stored);
  let domain = said;
  const warnings: string[] = [];
  // An object that nothing was put into: it has no rows.
  if (arrays.size === 0) {
    if (type in NEEDED || !("object" in attributes)) {
      warnings.push(`${name} is an empty group, and was taken as ${type}`);
    }
    for (const key of NEEDED[type] ?? []) arrays.set(key, memoryArray(ndarray(new Float64Array(0))));
    domain ??= new Interval([], []);
  }
  const isText = new Set(textsOf(attributes, "_unicode_keys", path));
  switch (type) {
    case "Interval": {
      need(arrays, NEEDED.Interval!, path);
      const table = tableOf(arrays, isText, path, warnings);
      const timekeys = textsOf(attributes, "timekeys", path);
      return formatted(path, () => makeInterval(table, { timekeys }, name));
    }
    case "IrregularTimeSeries": {
      need(arrays, NEEDED.IrregularTimeSeries!, path);
      const counts = arrays.get("timestamp_indices_1s");
      arrays.delete("timestamp_indices_1s");
      const own = ownDomain(needDomain(domain, path));
      const table = tableOf(arrays, isText, path, warnings);
      const timekeys = textsOf(attributes, "timekeys", path);
      const origin = own.start[0];
      const index = counts === undefined || origin === undefined ? null : { counts, origin };
      return formatted(path, () => makeIrregular({ table, domain: own, timekeys, index }, name));
    }
    case "RegularTimeSeries": {
      const own = ownDomain(needDomain(domain, path));
      const table = tableOf(arrays, isText, path, warnings);
      const rate = attributes["sampling_rate"];
      if (typeof rate !== "number" && typeof rate !== "bigint") throw fault(path, "it has no sampling_rate");
      return formatted(path, () => makeRegular(table, Number(rate), own, name));
    }
    default:
      return objectOf<ArrayDict<LazyArray>>(ArrayDict, tableOf(arrays, isText, path, warnings));
  }
}

function tableOf(
  arrays: ReadonlyMap<string, LazyArray>,
  isText: ReadonlySet<string>,
  path: string,
  warnings: string[],
): TableState {
  let first: [key: string, array: LazyArray] | null = null;
  for (const [key, array] of arrays) {
    if (array.shape.length === 0) throw fault(path, `its array "${key}" has no axes`);
    first ??= [key, array];
    if (array.shape[0] !== first[1].shape[0]) {
      throw fault(
        path,
        `its arrays differ in length: "${first[0]}" has ${first[1].shape[0]} rows, "${key}" has ${array.shape[0]}`,
      );
    }
  }
  const frame = Frame.of(memoryBase(first?.[1].shape[0] ?? 0, [], null));
  const columns = [...arrays].map(([key, source]): [string, Column] => {
    if (isText.has(key) && source.dtype.kind !== "string") {
      throw fault(path, `its array "${key}" should be text by _unicode_keys, it holds ${describeDType(source.dtype)}`);
    }
    return [key, { source, frame, isText: isText.has(key) }];
  });
  return { frame, columns: new Map(columns), timekeys: [], timeNames: [], warnings };
}

function need(arrays: ReadonlyMap<string, unknown>, keys: readonly string[], path: string): void {
  for (const key of keys) if (!arrays.has(key)) throw fault(path, `it has no dataset "${key}"`);
}

function needDomain(domain: Interval | null, path: string): Interval {
  if (domain === null) throw fault(path, 'it has no group "domain"');
  return domain;
}

/** A domain with arrays of its own: those who get it may change it. */
export function ownDomain(domain: Interval): Interval {
  return domain.selectByMask(new Array<boolean>(domain.length).fill(true));
}

function textsOf(attributes: Readonly<Record<string, unknown>>, name: string, path: string): string[] {
  const value = attributes[name];
  if (value === undefined) return [];
  const texts = isNDArray(value) ? [...elements(value)] : [value];
  if (!texts.every((text) => typeof text === "string")) {
    throw fault(path, `its attribute "${name}" isn't a list of names`);
  }
  return texts;
}
