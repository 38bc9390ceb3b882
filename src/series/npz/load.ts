/**
 * Loading what an `.npz` file holds.
 *
 * @module
 */

import type { OptionNames } from "../../source/options.ts";
import { flatten } from "../../array/ndarray.ts";
import type { NDArray } from "../../array/types.ts";
import type { Npz } from "../../npy/npz.ts";
import { CorruptFileError, ShapeError } from "../../source/errors.ts";
import type { ReadOptions } from "../../source/types.ts";
import { IntervalSet } from "../intervals/interval_set.ts";
import type { MetadataColumn } from "../metadata.ts";
import { decodeColumn, decodeMetadata } from "./columns.ts";
import { EXPECTED, openArray, type SeriesKind } from "./kind.ts";
import type { SeriesObject } from "./write.ts";
import { Ts } from "../ts.ts";
import { TsGroup } from "../ts_group.ts";
import { Tsd } from "../tsd.ts";
import { type ColumnName, TsdFrame } from "../tsd_frame.ts";
import { TsdTensor } from "../tsd_tensor.ts";
import { toNumbers, type Values } from "../values/values.ts";

/** Options of loading from an open file. */
export interface SeriesNpzLoadOptions extends ReadOptions {
  /**
   * Whether values stay in the file until they are asked for. Deflated ones are loaded in any case, as a slice of them
   * would have to be unpacked from the start.
   *
   * @default {true}
   */
  readonly lazy?: boolean | undefined;
}

/** Names of `SeriesNpzLoadOptions`. */
export const SERIES_NPZ_LOAD_OPTIONS: OptionNames<SeriesNpzLoadOptions> = { lazy: true, signal: true, onAttempt: true };

/** Members of groups that aren't metadata. */
const NOT_INFO = ["start", "end", "t", "index", "d", "rate", "keys", "_metadata", "type"];

/** Reads the members that make up a kind. */
export class Loader {
  readonly #npz: Npz;
  readonly #kind: SeriesKind;
  readonly #options: SeriesNpzLoadOptions;
  readonly #reading: Pick<SeriesNpzLoadOptions, "signal">;

  /** Takes the archive. */
  constructor(npz: Npz, kind: SeriesKind, options: SeriesNpzLoadOptions) {
    this.#npz = npz;
    this.#kind = kind;
    this.#options = options;
    this.#reading = { signal: options.signal };
  }

  /** Reads and puts together; what is missing is a `CorruptFileError`, what doesn't fit that of a constructor. */
  async load(): Promise<SeriesObject> {
    const npz = this.#npz;
    const missing = EXPECTED[this.#kind].filter((key) => !npz.has(key));
    if (missing.length > 0) {
      throw new CorruptFileError(
        `Cannot load ${npz.name} as a ${this.#kind}: it has no member ${missing.join(", ")}`,
        { file: npz.name },
      );
    }
    // The headers of all in one round.
    const wanted = [...EXPECTED[this.#kind], "_metadata", "columns", "keys", "d"].filter((key) => npz.has(key));
    await npz.getAll([...new Set(wanted)], this.#reading);
    const [start, end, t] = await Promise.all([
      this.#numbers("start"),
      this.#numbers("end"),
      this.#kind === "IntervalSet" ? new Float64Array(0) : this.#numbers("t"),
    ]);
    if (this.#kind === "IntervalSet") {
      const metadata = await this.#metadata(start.map((_, i) => i));
      return new IntervalSet(start, end, { points: true, metadata });
    }
    const timeSupport = new IntervalSet(start, end, { points: true });
    switch (this.#kind) {
      case "Ts":
        return new Ts(t, { timeSupport });
      case "TsGroup":
        return await this.#group(t, timeSupport);
      case "TsdFrame": {
        const values = await this.#values();
        const columns = npz.has("columns") ? namesOf(await this.#read("columns")) : undefined;
        const labels = columns ?? Array.from({ length: values.shape[1] ?? 1 }, (_, i) => i);
        return new TsdFrame(t, values, { timeSupport, columns, metadata: await this.#metadata(labels) });
      }
      default: {
        const values = await this.#values();
        return new (this.#kind === "Tsd" ? Tsd : TsdTensor)(t, values, { timeSupport });
      }
    }
  }

  async #group(t: Float64Array, timeSupport: IntervalSet): Promise<TsGroup> {
    const npz = this.#npz;
    const [index, d] = await Promise.all([
      this.#numbers("index"),
      npz.has("d") ? this.#numbers("d") : null,
    ]);
    const keys = npz.has("keys") ? await this.#numbers("keys") : Float64Array.from(new Set(index)).sort();
    if (index.length !== t.length || (d !== null && d.length !== t.length)) {
      throw new ShapeError(`it has ${t.length} times, ${index.length} keys of times and ${d?.length ?? 0} values`);
    }
    const { rows, from } = rowsByKey(keys, index);
    const members = Array.from(keys, (key, k): [number, Ts | Tsd] => {
      const own = rows.subarray(from[k], from[k + 1]);
      const times = gather(t, own);
      const member = d === null ? new Ts(times, { timeSupport }) : new Tsd(times, gather(d, own), { timeSupport });
      return [key, member];
    });
    const metadata = { ...await this.#extraColumns(keys.length), ...await this.#metadata(keys) };
    return new TsGroup(new Map(members), { timeSupport, bypassCheck: true, metadata });
  }

  /** Metadata that older files have as members of their own. */
  async #extraColumns(count: number): Promise<Record<string, MetadataColumn>> {
    const columns: [string, MetadataColumn][] = [];
    for (const key of this.#npz.keys().filter((key) => !NOT_INFO.includes(key))) {
      const array = await openArray(this.#npz, key, this.#reading);
      if (array?.shape[0] === count) columns.push([key, decodeColumn(await array.read(null, this.#reading))]);
    }
    return Object.fromEntries(columns);
  }

  async #metadata(labels: ArrayLike<unknown>): Promise<Record<string, MetadataColumn>> {
    if (!this.#npz.has("_metadata")) return {};
    const columns = decodeMetadata(await this.#read("_metadata"), Array.from(labels));
    return Object.fromEntries(columns.filter(([name]) => name !== "rate" || this.#kind !== "TsGroup"));
  }

  async #read(key: string): Promise<NDArray> {
    return await (await this.#npz.get(key, this.#reading)).read(null, this.#reading);
  }

  async #values(): Promise<Values> {
    const d = await this.#npz.get("d", this.#reading);
    return this.#options.lazy !== false && d.storage === "stored" ? d : await d.read(null, this.#reading);
  }

  /** A member that is a list of real numbers. */
  async #numbers(key: string): Promise<Float64Array> {
    const array = await this.#npz.get(key, this.#reading);
    if (array.shape.length !== 1 || !["int", "uint", "float", "bool"].includes(array.dtype.kind)) {
      throw new TypeError(`its member ${key} is no list of numbers`);
    }
    return toNumbers(await array.read(null, this.#reading));
  }
}

/** Rows of each key, one key after the other: those of key `k` are `rows[from[k]]` up to `rows[from[k + 1]]`. */
function rowsByKey(keys: Float64Array, index: Float64Array): { rows: Uint32Array; from: Uint32Array } {
  const places = new Map(Array.from(keys, (key, k): [number, number] => [key, k]));
  if (places.size !== keys.length) throw new TypeError("a key stands twice in its member keys");
  const place = new Uint32Array(index.length);
  const from = new Uint32Array(keys.length + 1);
  for (let row = 0; row < index.length; row++) {
    const k = places.get(index[row]!);
    if (k === undefined) throw new TypeError(`its member index has the key ${index[row]}, which isn't among its keys`);
    place[row] = k;
    from[k + 1]!++;
  }
  for (let k = 0; k < keys.length; k++) from[k + 1]! += from[k]!;
  const next = from.slice();
  const rows = new Uint32Array(index.length);
  for (let row = 0; row < index.length; row++) rows[next[place[row]!]!++] = row;
  return { rows, from };
}

function gather(values: Float64Array, rows: Uint32Array): Float64Array {
  const taken = new Float64Array(rows.length);
  for (let i = 0; i < rows.length; i++) taken[i] = values[rows[i]!]!;
  return taken;
}

function namesOf(array: NDArray): ColumnName[] {
  return Array.from(flatten(array).data as ArrayLike<unknown>, (name) => {
    if (typeof name === "string" || typeof name === "number") return name;
    if (typeof name === "bigint" && Number.isSafeInteger(Number(name))) return Number(name);
    throw new TypeError(`it has a column called ${String(name)}, which is neither text nor a number`);
  });
}
