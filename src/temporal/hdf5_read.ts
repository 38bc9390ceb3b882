/**
 * Objects of what files say: the layout that torch_brain and temporaldata write.
 *
 * @module
 */

import { describeDType } from "../array/dtype.ts";
import { memoryArray } from "../array/memory.ts";
import { elements, isNDArray, ndarray } from "../array/ndarray.ts";
import type { LazyArray } from "../array/types.ts";
import { FormatError, MicrotomeError } from "../source/errors.ts";
import type { AnyArrayDict } from "./any_array_dict.ts";
import type { Column, TableState } from "./table.ts";
import { LazyArrayDict } from "./array_dict.ts";
import { Frame, memoryBase } from "./frame.ts";
import { Interval, makeInterval } from "./interval.ts";
import { makeIrregular } from "./irregular.ts";
import type { Outline } from "./outline.ts";
import { makeRegular } from "./regular.ts";

/** What a `Data` group holds. */
export interface StoredData<T> {
  /** Groups and arrays by name, then what its attributes say. */
  readonly entries: readonly (readonly [key: string, value: AnyArrayDict | T | LazyArray | unknown])[];
  /** Its domain, `null` where it has none. */
  readonly domain: Interval | null;
  /** Seconds that were cut off before its origin. */
  readonly absoluteStart: number;
}

/**
 * Makes a `Data` of what a file says. Reads nothing; nothing is shared with others that are made of the same.
 *
 * @param outline What the file says
 * @param make Makes an object of each `Data` group, inner ones first
 * @throws {FormatError} If something in it isn't as it should be
 */
export function makeData<T>(outline: Outline, make: (stored: StoredData<T>) => T): T {
  const { path, type, attributes, arrays, objects } = outline;
  if (type !== "Data") throw fault(path, `it has a ${type} object, expected Data`);
  const members = new Map<string, unknown>(arrays);
  for (const [key, inner] of objects) {
    members.set(key, inner.type === "Data" ? makeData(inner, make) : makeArrays(inner));
  }
  const start = attributes["absolute_start"] ?? 0;
  const absoluteStart = typeof start === "bigint" ? Number(start) : start;
  if (typeof absoluteStart !== "number") throw fault(path, "its absolute_start isn't a number");
  return make({
    entries: [
      ...[...members.keys()].sort().map((name) => [name, members.get(name)] as const),
      ...Object.keys(attributes).filter((name) => !PRIVATE.has(name) && !name.startsWith("_")).sort()
        .map((name) => [name, plain(attributes[name])] as const),
    ],
    domain: outline.domain === null ? null : copied(outline.domain),
    absoluteStart,
  });
}

/** The arrays that no object of a class is without. */
const NEEDED: Readonly<Record<string, readonly string[]>> = {
  Interval: ["start", "end"],
  IrregularTimeSeries: ["timestamps"],
};

/** Attributes that say what a group is, rather than what is in it. */
const PRIVATE: ReadonlySet<string> = new Set(["object", "absolute_start"]);

/**
 * Makes an object of any class but `Data` of what a file says. Reads nothing.
 *
 * @param outline What the file says
 * @throws {FormatError} If something in it isn't as it should be
 */
export function makeArrays({ path, type, attributes, arrays: stored, domain: said }: Outline): AnyArrayDict {
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
      const own = copied(needDomain(domain, path));
      const table = tableOf(arrays, isText, path, warnings);
      const timekeys = textsOf(attributes, "timekeys", path);
      const origin = own.start[0];
      const index = counts === undefined || origin === undefined ? null : { counts, origin };
      return formatted(path, () => makeIrregular({ table, domain: own, timekeys, index }, name));
    }
    case "RegularTimeSeries": {
      const own = copied(needDomain(domain, path));
      const table = tableOf(arrays, isText, path, warnings);
      const rate = attributes["sampling_rate"];
      if (typeof rate !== "number" && typeof rate !== "bigint") throw fault(path, "it has no sampling_rate");
      return formatted(path, () => makeRegular(table, Number(rate), own, name));
    }
    default: {
      const out = Object.create(LazyArrayDict.prototype) as LazyArrayDict;
      out["adopt"](tableOf(arrays, isText, path, warnings));
      return out;
    }
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
  return { frame, columns: new Map(columns), timekeys: [], warnings };
}

function need(arrays: ReadonlyMap<string, unknown>, keys: readonly string[], path: string): void {
  for (const key of keys) if (!arrays.has(key)) throw fault(path, `it has no dataset "${key}"`);
}

function needDomain(domain: Interval | null, path: string): Interval {
  if (domain === null) throw fault(path, 'it has no group "domain"');
  return domain;
}

/** A domain with arrays of its own: those who get it may change it. */
function copied(domain: Interval): Interval {
  return domain.selectByMask(new Array<boolean>(domain.length).fill(true)) as Interval;
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

/**
 * A list that was saved as an attribute is a list again, so that it is saved as one, its integers as bigints. Nobody else
 * has it.
 */
function plain(value: unknown): unknown {
  if (!isNDArray(value)) return value;
  if (!["int", "uint", "float", "string", "bool"].includes(value.dtype.kind)) {
    return { ...value, data: value.data.slice() };
  }
  const isInteger = value.dtype.kind === "int" || value.dtype.kind === "uint";
  const entries = elements(value);
  const next = (): unknown => isInteger ? BigInt(entries.next().value as number | bigint) : entries.next().value;
  const nest = ([count = 0, ...inner]: readonly number[]): unknown[] =>
    Array.from({ length: count }, () => inner.length === 0 ? next() : nest(inner));
  return nest(value.shape);
}

/** What an object's own checks refuse is the file's fault here. */
export function formatted<T>(path: string, make: () => T): T {
  try {
    return make();
  } catch (error) {
    const isCheck = error instanceof RangeError || error instanceof TypeError || error instanceof MicrotomeError;
    if (!isCheck || error instanceof FormatError) throw error;
    throw fault(path, error.message, error);
  }
}

/** The error of a group that isn't as it should be. */
export function fault(path: string, why: string, cause?: unknown): FormatError {
  return new FormatError(`Cannot read "${path}": ${why}`, { object: path, cause });
}

/** `spikes`, `sub.spikes`: the path with dots. */
export function nameOf(path: string): string {
  return path.slice(1).replaceAll("/", ".") || path;
}
