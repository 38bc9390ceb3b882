/**
 * What is used of zarrita, said by shape, so that nothing of it is imported and any version that has it will do.
 *
 * @module
 */

/** Options of a look into a store. */
export interface ZarrGetOptions {
  /** Aborts it. */
  readonly signal?: AbortSignal;
}

/** A part of a value: from a place on, or the last bytes. */
export type ZarrRange =
  | { readonly offset: number; readonly length: number }
  | { readonly suffixLength: number };

/** Keys with bytes: what zarrita reads from (its `AsyncReadable`). Keys begin with a slash. */
export interface ZarrStore {
  /** The value of a key, or `undefined` where there is none. */
  get(key: `/${string}`, options?: ZarrGetOptions): Promise<Uint8Array | undefined>;
  /** A part of a value. */
  getRange?(key: `/${string}`, range: ZarrRange, options?: ZarrGetOptions): Promise<Uint8Array | undefined>;
}

/** A decoded chunk, as zarrita's `getChunk` gives it. */
export interface ZarrChunk {
  /** The elements: a typed array, one of zarrita's over a buffer (text of fixed length, truth values), or values. */
  readonly data: ArrayBufferView | ZarrBufferView | readonly unknown[];
  /** Length of each axis. */
  readonly shape: readonly number[];
  /** Elements from one index to the next along each axis. */
  readonly stride: readonly number[];
}

/** zarrita's `BoolArray`, `ByteStringArray` and `UnicodeStringArray`, as far as they are looked at. */
export interface ZarrBufferView {
  /** Memory that holds the elements. */
  readonly buffer: ArrayBufferLike;
  /** Where they start. */
  readonly byteOffset: number;
  /** How long they are. */
  readonly byteLength: number;
}

/** An array that gives decoded chunks: zarrita's `Array`, or anything else with these members. */
export interface ZarrChunkedArray {
  /** Length of each axis. */
  readonly shape: readonly number[];
  /** Length of a chunk along each axis; where chunks lie in shards, that of the inner ones. */
  readonly chunks: readonly number[];
  /** zarrita's name of the type: `int16`, `bool`, `string`, `v2:U8`. */
  readonly dtype: string;
  /** Path in its store, for messages. */
  readonly path?: string;
  /** What missing chunks hold. */
  readonly fillValue?: unknown;
  /** Decodes one chunk. */
  getChunk(coordinates: number[], options?: ZarrGetOptions): Promise<ZarrChunk>;
}
