/**
 * Arrays as `.npz` archives.
 *
 * @module
 */

import type { ArrayLikeInput } from "../array/memory.ts";
import { memorySink } from "../source/sink/memory_sink.ts";
import { openSink } from "../source/sink/open_sink.ts";
import { checkOptions, type OptionNames } from "../source/options.ts";
import type { ByteSink, SinkTarget } from "../source/sink/sink.ts";
import { ZipWriter } from "../source/zip/zip_writer.ts";
import { loadReader } from "../wasm/reader/reader.ts";
import { type NpyEncodeOptions, npyPieces, planNpy } from "./encode.ts";

/** Options of {@linkcode encodeNpz}. */
export interface NpzEncodeOptions extends NpyEncodeOptions {
  /**
   * Whether members are deflated.
   *
   * @default {false}
   */
  readonly compression?: boolean | undefined;
}

/** Options of {@linkcode writeNpz}. */
export interface WriteNpzOptions extends NpzEncodeOptions {
  /**
   * Whether a file that is there already is replaced.
   *
   * @default {true}
   */
  readonly overwrite?: boolean | undefined;
}

/**
 * Writes arrays to an `.npz` archive. Uncompressed it has the very bytes that `numpy.savez` would write, compressed it
 * differs from `numpy.savez_compressed` only in how well it is packed. Lazy arrays are read in runs of about
 * `blockBytes`, in the order of the file.
 *
 * @param target A path, a `file:` URL, or a sink, which is committed
 * @param arrays The arrays by name: in memory, lazy, typed, or plain; `.npy` is put behind each name
 * @param options Whether to compress, order, byte order, memory, abort signal
 * @throws {UnsupportedError} If NumPy has no plain dtype for the elements of one
 * @throws {WriteError} If it can't be written, or a name can't be one; the target is then as it was
 */
export async function writeNpz(
  target: SinkTarget,
  arrays: Readonly<Record<string, ArrayLikeInput>>,
  options: WriteNpzOptions = {},
): Promise<void> {
  checkOptions(options, WRITE_OPTIONS, "write NPZ");
  const sink = await openSink(target, { overwrite: options.overwrite });
  try {
    await writeMembers(sink, arrays, options);
    await sink.commit();
  } catch (error) {
    await sink.abandon();
    throw error;
  }
}

/**
 * Arrays as the bytes of an `.npz` archive; see {@linkcode writeNpz}.
 *
 * @param arrays The arrays by name
 * @param options Whether to compress, order, byte order, memory, abort signal
 * @returns The whole archive
 *
 * @example Usage
 * ```ts
 * import { ndarray } from "../array/ndarray.ts";
 * import { encodeNpz } from "./write_npz.ts";
 *
 * const archive = await encodeNpz({ t: ndarray(Float64Array.of(0, 0.5)) }, { compression: true });
 * new Response(archive, { headers: { "content-type": "application/zip" } });
 * ```
 */
export async function encodeNpz(
  arrays: Readonly<Record<string, ArrayLikeInput>>,
  options: NpzEncodeOptions = {},
): Promise<Uint8Array<ArrayBuffer>> {
  checkOptions(options, ENCODE_OPTIONS, "encode NPZ");
  const sink = memorySink();
  await writeMembers(sink, arrays, options);
  return sink.bytes();
}

async function writeMembers(
  sink: ByteSink,
  arrays: Readonly<Record<string, ArrayLikeInput>>,
  options: NpzEncodeOptions,
): Promise<void> {
  const reader = await loadReader();
  const zip = new ZipWriter(sink, { crc32: (bytes, crc) => reader.crc32(bytes, crc) });
  for (const [name, array] of Object.entries(arrays)) {
    const plan = await planNpy(array, options);
    await zip.add(`${name}.npy`, npyPieces(plan), { compression: options.compression });
  }
  zip.close();
}

const ENCODE_OPTIONS: OptionNames<NpzEncodeOptions> = {
  order: true,
  byteOrder: true,
  blockBytes: true,
  signal: true,
  compression: true,
};
const WRITE_OPTIONS: OptionNames<WriteNpzOptions> = { ...ENCODE_OPTIONS, overwrite: true };
