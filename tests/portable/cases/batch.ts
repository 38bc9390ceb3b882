/**
 * Chunk iterators: hdmf's shapes and checks, what they give, and which requests a walk sends.
 *
 * @module
 */
import { open, slice } from "../../../mod.ts";
import { memoryArray } from "../../../src/array/memory.ts";
import { ndarray } from "../../../src/array/ndarray.ts";
import type { DataChunk } from "../../../src/array/types.ts";
import { DataChunkIterator } from "../../../src/batch/iterate/data_chunk_iterator.ts";
import { GenericDataChunkIterator } from "../../../src/batch/iterate/generic.ts";
import { iterateChunks, type IterateChunksOptions } from "../../../src/batch/iterate/iterate_chunks.ts";
import { formatSize, parseBytes } from "../../../src/batch/sizes.ts";
import { create } from "../../../src/hdf5/write/create.ts";
import { HDMF_CASES, HDMF_CHECKS, HDMF_STREAMS } from "../../batch/hdmf_cases.ts";
import type { Case } from "../types.ts";
import { check, errorOf, LIMITS, recordRequests, urlOf } from "./tools.ts";

const getData = () => new Int16Array(0);

async function collect(source: AsyncIterable<DataChunk>): Promise<DataChunk[]> {
  const chunks: DataChunk[] = [];
  for await (const chunk of source) chunks.push(chunk);
  return chunks;
}

async function* later(values: readonly unknown[]): AsyncGenerator<unknown> {
  for (const value of values) yield await Promise.resolve(value);
}

/** What a call throws. */
function thrown(call: () => unknown): Promise<unknown> {
  return errorOf(Promise.resolve().then(call));
}

/** Cases of chunk iterators. */
export const batchCases: readonly Case[] = [
  {
    name: "the default shapes of chunks and buffers",
    // deno-lint-ignore require-await -- a case is a promise
    run: async () =>
      HDMF_CASES.map(({ shape, dtype, options, chunk }) => {
        const iterator = new GenericDataChunkIterator({ maxShape: shape, dtype, getData, ...options });
        check(String(iterator.chunkShape) === String(chunk), `Chunk shape is ${iterator.chunkShape}`);
        const selections = iterator.numBuffers > 20 ? [] : [...iterator.selections()];
        return [iterator.chunkShape, iterator.bufferShape, iterator.numBuffers, selections];
      }),
  },
  {
    name: "the checks of a chunk iterator",
    run: async () => {
      const errors = [];
      for (const { shape: maxShape, options, message } of HDMF_CHECKS) {
        const call = () => new GenericDataChunkIterator({ maxShape, dtype: "int16", getData, ...options });
        const error = await thrown(call);
        check(error instanceof Error && error.message.endsWith(message), `Wrong error: ${error}`);
        errors.push(error);
      }
      for (const text of ["10XB", "-1MB", "", "1e6"]) errors.push(await thrown(() => parseBytes(text)));
      return errors;
    },
  },
  {
    name: "sizes as text, and roots at exact powers",
    // deno-lint-ignore require-await -- a case is a promise
    run: async () => {
      const sizes = ["200MB", "1GiB", "1.5 GB", ".1 kB", "64k"].map((text) => parseBytes(text));
      const shapes = [3, 4, 5].flatMap((rank) =>
        Array.from({ length: 30 }, (_, i) => {
          const maxShape = new Array<number>(rank).fill(1000);
          const chunkBytes = (i + 1) ** rank;
          const { chunkShape } = new GenericDataChunkIterator({ maxShape, dtype: "uint8", getData, chunkBytes });
          check(chunkShape.every((length) => length === i + 1), `Chunk shape is ${chunkShape}`);
          return chunkShape;
        })
      );
      return {
        sizes,
        texts: sizes.map((bytes) => [formatSize(bytes), formatSize(bytes, { units: "binary" })]),
        shapes,
      };
    },
  },
  {
    name: "buffers of an array, one read ahead of another, aborted and failed",
    run: async () => {
      const array = memoryArray(ndarray(Int32Array.from({ length: 5 * 7 * 3 }, (_, i) => i * i), [5, 7, 3]));
      const begun: number[] = [];
      const options = { maxShape: array.shape, dtype: array.dtype, bufferShape: [2, 4, 3], chunkShape: [1, 2, 3] };
      const iterator = new GenericDataChunkIterator({
        ...options,
        getData: (selection, { signal }) => {
          begun.push(selection[1]!.start!);
          return array.read(selection, { signal });
        },
      });
      const chunks = await collect(iterator);
      check(begun.length === iterator.numBuffers, `${begun.length} reads`);
      const fails = (wrong: () => Int32Array) =>
        errorOf(collect(new GenericDataChunkIterator({ ...options, getData: wrong })));
      const errors = [
        await fails(() => new Int32Array(1)),
        await fails(() => new Float32Array(24) as unknown as Int32Array),
        await fails(() => {
          throw new RangeError("No such row");
        }),
      ];
      const signal = AbortSignal.abort(new Error("Enough"));
      errors.push(await errorOf(collect(iterateChunks(array, { signal }))));
      return { chunks, errors };
    },
  },
  {
    name: "elements one by one, with gaps",
    run: async () => {
      const results = [];
      for (const { values, options } of HDMF_STREAMS) {
        const iterator = await DataChunkIterator.from(later(values), options);
        const { dtype, maxShape, dataShape } = iterator;
        results.push({ dtype, maxShape, dataShape, chunks: await collect(iterator) });
      }
      const errors = [
        await errorOf(DataChunkIterator.from([])),
        await errorOf(DataChunkIterator.from([[1], [2, 3]]).then(collect)),
        await errorOf(DataChunkIterator.from([1, 300], { dtype: "uint8" }).then(collect)),
      ];
      return { results, errors };
    },
  },
  {
    name: "a walk over stored chunks: values, places and requests",
    run: async (context) => {
      const walks: IterateChunksOptions[] = [
        { bufferBytes: "100 kB" },
        { bufferBytes: "10 kB", selection: [slice(333, 9000), 3] },
        { bufferBytes: "20 kB", selection: [slice(null, null, -7)] },
        { by: "chunk", selection: [slice(100, 2000)] },
      ];
      const results = [];
      for (const options of walks) {
        const requests = recordRequests();
        await using file = await open(urlOf(context, "data/signal.h5"), { ...LIMITS, onRequest: requests.onRequest });
        const signal = await file.dataset("/signal");
        requests.take();
        const progress: number[][] = [];
        const chunks = iterateChunks(signal, {
          ...options,
          readAhead: false,
          onProgress: ({ done, total, bytes, totalBytes }) => progress.push([done, total!, bytes, totalBytes!]),
        });
        const blocks = await collect(chunks);
        results.push({ blocks, progress, bufferShape: chunks.bufferShape, requests: requests.take() });
        const ahead = await collect(iterateChunks(signal, options));
        check(ahead.length === blocks.length, "Reading ahead changes what comes");
      }
      return results;
    },
  },
  {
    name: "an iterator streamed into an HDF5 file",
    run: async () => {
      const iterator = await DataChunkIterator.from([[1, 2], null, [3, 4], [5, 6]], { dtype: "int16", bufferSize: 2 });
      await using file = await create();
      await file.write("rows", iterator, { fillValue: -1 });
      const bytes = await file.bytes();
      await using same = await open(bytes);
      return { bytes, read: await (await same.dataset("rows")).read() };
    },
  },
];
