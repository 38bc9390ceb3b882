/**
 * Options of making and loading recordings.
 *
 * @module
 */

import type { LazyArray } from "../array/types.ts";
import { OPEN_OPTIONS, type OpenOptions } from "../hdf5/file.ts";
import type { OptionNames } from "../source/options.ts";
import type { Interval } from "./intervals/interval.ts";

/** Options of `Data`. */
export interface DataOptions {
  /**
   * When there is something; `"auto"` is the union of the domains of its members. With intervals among them that aren't in
   * memory it isn't either, before it was materialized.
   */
  readonly domain?: Interval<LazyArray> | "auto" | undefined;
}

/** Names of `DataOptions`. */
export const DATA_OPTIONS: OptionNames<DataOptions> = { domain: true };

/** Options of `Data.load`. */
export interface LoadOptions extends OpenOptions {
  /**
   * Whether arrays are read when they are first asked for; the file stays open for that. Else all is read at once, and
   * the file closed.
   *
   * @default {true}
   */
  readonly lazy?: boolean | undefined;
  /** Aborts. */
  readonly signal?: AbortSignal | undefined;
}

/** Names of `LoadOptions`. */
export const LOAD_OPTIONS: OptionNames<LoadOptions> = { ...OPEN_OPTIONS, lazy: true };
