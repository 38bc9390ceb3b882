/**
 * The ways out: one function per kind of target. Each takes lazy arrays, reads them block by block, and puts what it has
 * written into place only once it is whole.
 *
 * @module
 */

import { shapeText, sizeOf } from "../../array/ndarray.ts";
import { toCsv } from "../../array/text/serialise.ts";
import { slice } from "../../array/select/slice.ts";
import type { LazyArray } from "../../array/types.ts";
import { iterateChunks } from "../../batch/iterate/iterate_chunks.ts";
import { create } from "../../hdf5/write/create.ts";
import { writeNpz } from "../../npy/write_npz.ts";
import { writeNpy } from "../../npy/write.ts";
import { openRaw } from "../../raw/open_raw.ts";
import { SelectionError } from "../../source/errors.ts";
import { openSink } from "../../source/sink/open_sink.ts";
import { writeZarr } from "../../zarr/write/write_node.ts";
import type { ConvertOptions, TargetKind } from "../commands/convert_options.ts";

/** An array on its way, with its path in the target. */
export interface Outgoing {
  /** Path in the target. */
  readonly name: string;
  /** The array. */
  readonly array: LazyArray;
}

/** Writes arrays to a target. */
export type Writer = (arrays: readonly Outgoing[], options: ConvertOptions, signal: AbortSignal) => Promise<void>;

// About how much of an array is in memory at a time.
const BLOCK_BYTES = 16 * 2 ** 20;

/** The writers by kind of target. */
export const WRITERS: Readonly<Record<TargetKind, Writer>> = {
  npy: async ([only], { target, overwrite }, signal) => {
    await writeNpy(target, only!.array, { overwrite, signal, blockBytes: BLOCK_BYTES });
  },
  npz: async (arrays, { target, overwrite, compression }, signal) => {
    const members = Object.fromEntries(arrays.map(({ name, array }) => [name.replace(/^\/+/, ""), array]));
    await writeNpz(target, members, {
      overwrite,
      compression: compression !== undefined,
      signal,
      blockBytes: BLOCK_BYTES,
    });
  },
  csv: async ([only], { target, overwrite }, signal) => await writeCsv(target, only!.array, overwrite, signal),
  raw: async ([only], { target }, signal) => await writeRaw(target, only!.array, signal),
  h5: async (arrays, options, signal) => {
    const { target, overwrite, chunks, compression, shuffle } = options;
    // Abandoned at the end of the block, unless it was closed.
    await using file = await create(target, { overwrite });
    for (const { name, array } of arrays) {
      // One element, or none, is stored as it is: it has no chunks.
      const isPlain = array.shape.length === 0;
      await file.write(name, array, {
        signal,
        blockBytes: BLOCK_BYTES,
        ...(chunks === undefined || isPlain ? {} : { chunkShape: chunks }),
        ...(compression === undefined || isPlain ? {} : {
          compression: compression.name,
          ...(compression.level === undefined ? {} : { compressionOptions: compression.level }),
        }),
        ...(shuffle && !isPlain ? { shuffle } : {}),
      });
    }
    await file.close();
  },
  zarr: async (arrays, { target, overwrite, chunks, compression, shuffle, zarrFormat }, signal) => {
    await writeZarr(target, Object.fromEntries(arrays.map(({ name, array }) => [name, array])), {
      overwrite,
      signal,
      zarrFormat,
      shuffle,
      blockBytes: BLOCK_BYTES,
      ...(chunks === undefined ? {} : { chunkShape: wholeAxes(chunks, arrays) }),
      ...(compression === undefined ? {} : {
        compression: {
          name: compression.name as "gzip" | "zstd",
          level: compression.level ?? (compression.name === "gzip" ? 4 : 3),
        },
      }),
    });
  },
};

// Along an axis that is left open, a chunk of Zarr is as long as the array.
function wholeAxes(chunks: readonly (number | null)[], arrays: readonly Outgoing[]): number[] {
  return chunks.map((length, axis) => length ?? Math.max(1, arrays[0]!.array.shape[axis] ?? 1));
}

async function writeCsv(target: string, array: LazyArray, overwrite: boolean, signal: AbortSignal): Promise<void> {
  const { shape, dtype } = array;
  const most = dtype.kind === "compound" ? 1 : 2;
  if (shape.length > most) {
    throw new SelectionError(
      `Cannot write an array of shape ${shapeText(shape)} as CSV: select at most ` +
        (most === 1 ? "one axis of records" : "two axes"),
    );
  }
  const sink = await openSink(target, { overwrite });
  try {
    const put = (text: string) => sink.writeSync(sink.byteLength, new TextEncoder().encode(text));
    if (shape.length === 0) put(toCsv(await array.read(null, { signal })));
    // What has no rows may still have a header.
    else if (sizeOf(shape) === 0) put(toCsv(await array.read(null, { signal })));
    else {
      // Rows come whole, as many as fit.
      const width = Math.max(1, sizeOf(shape.slice(1)) * Math.max(16, dtype.itemsize));
      const unit = array.chunkShape?.[0] ?? 1;
      const rows = Math.max(1, Math.floor(BLOCK_BYTES / 4 / width / unit)) * unit;
      for (let start = 0; start < shape[0]!; start += rows) {
        const block = await array.read([slice(start, Math.min(shape[0]!, start + rows))], { signal });
        put(start === 0 ? toCsv(block) : toCsv(block, { header: false }));
      }
    }
    await sink.commit();
  } catch (error) {
    await sink.abandon();
    throw error;
  }
}

async function writeRaw(target: string, array: LazyArray, signal: AbortSignal): Promise<void> {
  const { shape, dtype } = array;
  const out = await openRaw(target, { mode: "w+", dtype, shape, order: "C", sidecar: true });
  try {
    if (shape.length === 0) await out.write([], await array.read(null, { signal }));
    else if (sizeOf(shape) > 0) {
      for await (const { data, selection } of iterateChunks(array, { bufferBytes: BLOCK_BYTES, signal })) {
        await out.write(selection, data);
      }
    }
    signal.throwIfAborted();
    await out.close();
  } catch (error) {
    await out.abandon();
    throw error;
  }
}
