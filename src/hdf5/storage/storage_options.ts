/**
 * How a dataset is to be stored, as users say it.
 *
 * @module
 */
/** Names of the compressions that can be written. */
export type Compression = "gzip" | "lzf" | "szip" | "lz4" | "zstd";

/** How a dataset is stored. What is left out is as h5py has it: contiguous, uncompressed, of fixed shape. */
export interface StorageOptions {
  /**
   * How long each axis can become: `null` for without end, `true` for all axes so. A dataset that can grow is chunked.
   *
   * @default {the shape}
   */
  readonly maxShape?: readonly (number | null)[] | boolean | undefined;
  /**
   * Shape of the chunks. Axes given as `null`, or all where it is `true`, are chosen as h5py does (8 KiB to 1 MiB).
   * `null` and `false` mean one piece.
   *
   * @default {true where something else asks for chunks}
   */
  readonly chunkShape?: readonly (number | null)[] | boolean | null | undefined;
  /**
   * Compression of the chunks: a name; `true` for gzip of level 4; a number for gzip of that level. gzip is read
   * everywhere, lzf by every h5py, szip by most libraries, lz4 and zstd where their plugins are installed.
   *
   * @default {false}
   */
  readonly compression?: Compression | boolean | number | null | undefined;
  /**
   * Of gzip the level, 0 to 9 (default 4); of zstd the level, 1 to 22 (default 3); of szip the method and the pixels per
   * block (default `["nn", 8]`); of lz4 the bytes per block (default 0: a gibibyte). lzf has none.
   */
  readonly compressionOptions?: number | readonly ["ec" | "nn", number] | null | undefined;
  /**
   * Whether bytes of the same significance are put together before they are compressed, which most numbers gain by.
   *
   * @default {false}
   */
  readonly shuffle?: boolean | undefined;
  /**
   * Whether each chunk has a checksum.
   *
   * @default {false}
   */
  readonly fletcher32?: boolean | undefined;
  /**
   * Scale-offset: of integers the bits that are kept (`true` or 0: as many as each chunk needs, without loss), of floats
   * the decimal digits after the point, the rest being lost.
   */
  readonly scaleOffset?: number | boolean | undefined;
  /**
   * Whether bits are packed by the precision of the type.
   *
   * @default {false}
   */
  readonly nbit?: boolean | undefined;
  /**
   * What elements hold that were never written.
   *
   * @default {zero, or no text}
   */
  readonly fillValue?: unknown;
}
