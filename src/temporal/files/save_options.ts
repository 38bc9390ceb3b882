/**
 * How objects are saved, apart from what saves them, which only those load who save.
 *
 * @module
 */

import type { OptionNames } from "../../source/options.ts";
import type { DType } from "../../array/types.ts";
import type { Compression, StorageOptions } from "../../hdf5/storage/storage_options.ts";

/** Makes something that can be stored of a value that can't: of instances of a class. */
export type Serializer = readonly [
  of: abstract new (...args: never[]) => unknown,
  serialize: (value: never) => unknown,
];

/** How all arrays can be stored, whatever they hold: szip and the like need a function that gives them to numbers alone. */
export interface SharedStorage
  extends Pick<StorageOptions, "chunkShape" | "compressionOptions" | "shuffle" | "fletcher32"> {
  /**
   * Compression of the chunks: a name; `true` for gzip of level 4; a number for gzip of that level.
   *
   * @default {false}
   */
  readonly compression?: Exclude<Compression, "szip"> | boolean | number | null | undefined;
}

/** How objects are saved. */
export interface SaveOptions {
  /**
   * How arrays are stored: chunks, compression, and whatever else datasets have; a function gives each its own. What is
   * given for all is fitted to each: chunks are cut to its shape, and take all of those axes that they don't name. Domains
   * and indices are always in one piece.
   *
   * @default {in one piece, as torch_brain does}
   */
  readonly storage?:
    | SharedStorage
    | ((
      path: string,
      array: { readonly shape: readonly number[]; readonly dtype: DType },
    ) => StorageOptions | undefined)
    | undefined;
  /**
   * What becomes of attributes that HDF5 can't store: a list of classes, with a function each. They come before
   * the one that is always there, which makes `2021-01-02 03:04:05` (UTC) of a `Date`.
   */
  readonly serializers?: readonly Serializer[] | undefined;
  /** Aborts. */
  readonly signal?: AbortSignal | undefined;
}

/** Names of `SaveOptions`. */
export const SAVE_OPTIONS: OptionNames<SaveOptions> = { storage: true, serializers: true, signal: true };
