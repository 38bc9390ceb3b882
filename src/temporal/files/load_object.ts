/**
 * Single objects of files: a series, intervals or a table, by its group.
 *
 * @module
 */

import { engineOf } from "../../hdf5/objects.ts";
import { located } from "../../source/located.ts";
import { checkOptions, type OptionNames } from "../../source/options.ts";
import type { Group } from "../../hdf5/group.ts";
import type { ArrayDict } from "../columns/array_dict.ts";
import type { OnDemand } from "../columns/described.ts";
import { fault } from "./file_fault.ts";
import type { Interval } from "../intervals/interval.ts";
import type { IrregularTimeSeries } from "../irregular.ts";
import { readOutline } from "./outline.ts";
import type { RegularTimeSeries } from "../regular/regular.ts";
import { makeArrays } from "./stored_object.ts";

/** Classes of objects in files, by what their attribute `object` says: as they are once all is in memory. */
export interface ObjectTypes {
  /** A table. */
  readonly ArrayDict: ArrayDict;
  /** Intervals. */
  readonly Interval: Interval;
  /** Events. */
  readonly IrregularTimeSeries: IrregularTimeSeries;
  /** Samples at a fixed rate. */
  readonly RegularTimeSeries: RegularTimeSeries;
}

/** Options of {@linkcode loadObject}. */
export interface LoadObjectOptions {
  /**
   * Whether arrays are read when they are first asked for.
   *
   * @default {true}
   */
  readonly lazy?: boolean | undefined;
  /** Aborts. */
  readonly signal?: AbortSignal | undefined;
}

/** Names of `LoadObjectOptions`. */
const LOAD_OBJECT_OPTIONS: OptionNames<LoadObjectOptions> = { lazy: true, signal: true };

/**
 * Loads one object of a file; of a whole recording, or a part of one, `Data.load(group)` does.
 *
 * @param group Its group, or a file whose root it is; the file stays the caller's to close
 * @param type The class that it must be of, as its attribute `object` says
 * @param options Whether lazily
 * @returns The object
 * @throws {FormatError} If it is of another class, or something in it isn't as it should be
 *
 * @example
 * ```ts
 * import { open } from "../../hdf5/file.ts";
 * import { loadObject } from "./load_object.ts";
 *
 * await using file = await open("tests/data/neural_session.h5");
 * const spikes = await loadObject(await file.group("spikes"), "IrregularTimeSeries");
 * console.log(String(spikes.slice(0, 1)));
 * ```
 */
export async function loadObject<T extends keyof ObjectTypes>(
  group: Group,
  type: T,
  options: LoadObjectOptions & { readonly lazy: false },
): Promise<ObjectTypes[T]>;
/** Loads one object of a file whose arrays are read when they are first asked for. */
export async function loadObject<T extends keyof ObjectTypes>(
  group: Group,
  type: T,
  options?: LoadObjectOptions,
): Promise<OnDemand<ObjectTypes[T]>>;
export async function loadObject(
  group: Group,
  type: keyof ObjectTypes,
  options: LoadObjectOptions = {},
): Promise<unknown> {
  checkOptions(options, LOAD_OBJECT_OPTIONS, "load an object");
  const { lazy = true } = options;
  const { path } = group;
  const engine = engineOf(group);
  return await located(
    { file: engine.name, object: path },
    () =>
      engine.bounded({ action: "load an object", object: path }, options, async ({ signal }) => {
        const outline = await readOutline(group, { signal });
        if (outline.type !== type) throw fault(group.path, `it has a ${outline.type} object, expected ${type}`);
        const object = makeArrays(outline);
        return lazy ? object : await object.materialize({ signal });
      }),
  );
}
