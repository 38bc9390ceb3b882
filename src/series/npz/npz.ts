/**
 * Loading the `.npz` files that pynapple saves.
 *
 * @module
 */

import { printsAsText } from "../../source/inspect.ts";
import { summary } from "../../array/text/summary.ts";
import { checkOptions } from "../../source/options.ts";
import { type Npz, NPZ_OPTIONS, type NpzOptions, openNpz } from "../../npy/npz.ts";
import { CorruptFileError, DTypeError, ShapeError, WrongKindError } from "../../source/errors.ts";
import type { SourceInput } from "../../source/open_source.ts";
import { kindOf, type SeriesKind } from "./kind.ts";
import { Loader, SERIES_NPZ_LOAD_OPTIONS, type SeriesNpzLoadOptions } from "./load.ts";
import type { SeriesObject } from "./write.ts";

/**
 * Opens an `.npz` file as pynapple's `NPZFile` does: finds out what it holds, and reads nothing else.
 *
 * That is what its member `type` says; in files without one, what its members tell: with `d` a `Tsd`, `TsdFrame` or
 * `TsdTensor` by its number of axes (though a `TsGroup` where `index` is there too, which pynapple overlooks), else the
 * first of `TsGroup` (`t`, `start`, `end`, `index`), `Ts` (`t`, `start`, `end`) and `IntervalSet` (`start`, `end`).
 *
 * @param source URL, path, bytes, blob, R2 object, or an object that reads
 * @param options Of HTTP, and limits
 * @returns The file. Close it, or hold it by `await using`: lazy values of what was loaded are read from it
 * @throws {FormatError} If it is no ZIP archive
 * @throws {CorruptFileError} If it is damaged
 *
 * @example Usage
 * ```ts
 * import { encodeSeriesNpz } from "./write.ts";
 * import { openSeriesNpz } from "./npz.ts";
 * import { Tsd } from "../tsd.ts";
 * import assert from "node:assert/strict";
 *
 * const bytes = await encodeSeriesNpz(new Tsd([0, 1, 2], Int32Array.of(5, 6, 7)));
 * await using file = await openSeriesNpz(bytes);
 * assert.equal(file.kind, "Tsd");
 * const tsd = await file.load() as Tsd; // its values stay in the file
 * assert.deepEqual((await tsd.get(1, 2).read()).data, Int32Array.of(6, 7));
 * ```
 */
export async function openSeriesNpz(source: SourceInput, options: NpzOptions = {}): Promise<SeriesNpz> {
  checkOptions(options, NPZ_OPTIONS, "open series npz");
  const npz = await openNpz(source, options);
  try {
    return new SeriesNpz(npz, await kindOf(npz, options));
  } catch (error) {
    await npz.close();
    throw error;
  }
}

/** An open `.npz` file that may hold a series. */
export class SeriesNpz {
  /** The archive. */
  readonly npz: Npz;
  /** What it holds; `null` for what is no series, whose arrays {@linkcode SeriesNpz.npz} gives. */
  readonly kind: SeriesKind | null;

  /** Made by {@linkcode openSeriesNpz}. */
  constructor(npz: Npz, kind: SeriesKind | null) {
    printsAsText(SeriesNpz.prototype);
    this.npz = npz;
    this.kind = kind;
  }

  /** What it is, in one line. */
  toString(): string {
    return summary("SeriesNpz", this.npz.name, this.kind ?? "no series");
  }

  /**
   * Loads what is in it: times, time support and metadata; values where they aren't to stay in the file.
   *
   * Older files are read too: those of groups whose metadata are members of their own, and those whose metadata came
   * from pandas.
   *
   * @param options Whether values stay in the file; `signal` aborts
   * @returns The series, group or set of intervals
   * @throws {WrongKindError} If it holds none
   * @throws {CorruptFileError} If its members are damaged, missing, or don't go together
   * @throws {UnsupportedError} If pickled metadata holds objects of classes that aren't plain data
   */
  async load(options: SeriesNpzLoadOptions = {}): Promise<SeriesObject> {
    checkOptions(options, SERIES_NPZ_LOAD_OPTIONS, "load");
    const { kind, npz } = this;
    if (kind === null) {
      throw new WrongKindError(
        `Cannot load ${npz.name} as a series: it has the members ${npz.keys().slice(0, 10).join(", ") || "none"}`,
        { file: npz.name },
      );
    }
    try {
      return await new Loader(npz, kind, options).load();
    } catch (cause) {
      const wrong = [ShapeError, DTypeError, TypeError, RangeError].some((Class) => cause instanceof Class);
      if (!wrong) throw cause;
      throw new CorruptFileError(`Cannot load ${npz.name} as a ${kind}: ${(cause as Error).message}`, {
        file: npz.name,
        cause,
      });
    }
  }

  /** Closes the file; lazy values can't be read any more. */
  async close(): Promise<void> {
    await this.npz.close();
  }

  /** The same as {@linkcode SeriesNpz.close}. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

/**
 * Loads the series, group or set of intervals that an `.npz` file holds, all of it, and closes the file.
 *
 * To leave values in the file, and read of them what is needed, see {@linkcode openSeriesNpz}.
 *
 * @param source URL, path, bytes, blob, R2 object, or an object that reads
 * @param options Of HTTP, and limits; `signal` aborts
 * @returns What it holds, in memory; for a file that holds no series (`instanceof Npz`) the archive, open: close it
 * @throws As {@linkcode openSeriesNpz} and {@linkcode SeriesNpz.load}
 *
 * @example Usage
 * ```ts
 * import { encodeSeriesNpz } from "./write.ts";
 * import { loadNpz } from "./npz.ts";
 * import { IntervalSet } from "../intervals/interval_set.ts";
 * import assert from "node:assert/strict";
 *
 * const bytes = await encodeSeriesNpz(new IntervalSet([0, 5], [1, 6], { metadata: { label: ["a", "b"] } }));
 * const epochs = await loadNpz(bytes);
 * assert.ok(epochs instanceof IntervalSet);
 * assert.deepEqual(epochs.getInfo("label"), ["a", "b"]);
 * ```
 */
export async function loadNpz(source: SourceInput, options: NpzOptions = {}): Promise<SeriesObject | Npz> {
  checkOptions(options, NPZ_OPTIONS, "load npz");
  const file = await openSeriesNpz(source, options);
  if (file.kind === null) return file.npz;
  try {
    return await file.load({ lazy: false, signal: options.signal });
  } finally {
    await file.close();
  }
}
