/**
 * Entries of an NWB file as JSON, CSV, `.npy` and `.npz`.
 *
 * @module
 */

import { extname } from "@std/path";
import { ndarray } from "../../array/ndarray.ts";
import type { NDArray } from "../../array/types.ts";
import { encodeNpy } from "../../npy/write.ts";
import { IntervalSet } from "../../series/intervals/interval_set.ts";
import { encodeSeriesNpz } from "../../series/npz/write.ts";
import { Ts } from "../../series/ts.ts";
import { ValueSeries } from "../../series/value_series.ts";
import { WrongKindError } from "../../source/errors.ts";
import { entryCsv, entryJson, type ReadEntry } from "../../show/entry_text.ts";
import { UsageError } from "../io.ts";

/** Makes the pieces of a file. */
export type EntryEncoder = (read: ReadEntry) => Iterable<string | Uint8Array> | Promise<Iterable<string | Uint8Array>>;

const ENCODERS: Readonly<Record<string, EntryEncoder>> = {
  ".json": entryJson,
  ".csv": entryCsv,
  ".npy": (read) => [encodeNpy(arrayOf(read))],
  ".npz": async (read) => [await encodeSeriesNpz(oneObject(read))],
};

/**
 * The encoder for a file.
 *
 * @param path Its path
 * @throws {UsageError} If its ending says nothing
 */
export function entryEncoderFor(path: string): EntryEncoder {
  const encoder = ENCODERS[extname(path).toLowerCase()];
  if (encoder !== undefined) return encoder;
  throw new UsageError(`Cannot write ${JSON.stringify(path)}: expected a name that ends in .npy, .npz, .csv or .json`);
}

function arrayOf({ key, type, entry }: ReadEntry): NDArray {
  if (entry instanceof ValueSeries) return entry.values as NDArray;
  if (entry instanceof Ts) return ndarray(Float64Array.from(entry.times));
  if (entry instanceof IntervalSet) return ndarray(Float64Array.from(entry.pairs().flat()), [entry.length, 2]);
  throw new WrongKindError(`Cannot write ${key} as .npy: a ${type} is no single array; use .npz, .csv or .json`);
}

function oneObject({ key, entry }: ReadEntry): Parameters<typeof encodeSeriesNpz>[0] {
  if (!(entry instanceof Map)) return entry as Parameters<typeof encodeSeriesNpz>[0];
  throw new WrongKindError(`Cannot write ${key} as .npz: its table has several columns of times; use .csv or .json`);
}
