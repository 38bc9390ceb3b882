import assert from "node:assert/strict";
import fc from "fast-check";
import { memoryArray } from "../../src/array/memory.ts";
import { ndarray, sizeOf } from "../../src/array/ndarray.ts";
import { slice } from "../../src/array/select/slice.ts";
import type { ChunkSource, DataChunk, LazyArray, Selection } from "../../src/array/types.ts";
import { dtypeFromNumpy } from "../../src/array/dtype/dtype.ts";
import { create } from "../../src/hdf5/write/create.ts";
import { open } from "../../src/hdf5/file.ts";
import type { WriteProgress, WriteSource } from "../../src/hdf5/write/write_stream.ts";
import { DTypeError, NotFoundError, SelectionError, ShapeError, WriteError } from "../../src/source/errors.ts";
import { fullSink } from "./write_support.ts";

/** Blocks of 10 rows of 4, each holding its number. */
async function* blocks(count: number): AsyncGenerator<DataChunk> {
  for (let i = 0; i < count; i++) {
    yield { data: ndarray(new Int16Array(40).fill(i), [10, 4]), selection: [slice(10 * i, 10 * i + 10), slice(0, 4)] };
  }
}

function source(known: Partial<ChunkSource> = {}, count = 5): ChunkSource {
  return {
    dtype: dtypeFromNumpy("<i2"),
    maxShape: [null, 4],
    chunkShape: [5, 4],
    dataShape: [10, 4],
    [Symbol.asyncIterator]: () => blocks(count),
    ...known,
  };
}

const EXPECTED = Int16Array.from({ length: 200 }, (_, i) => Math.floor(i / 40));

Deno.test("a chunk iterator is streamed into a dataset that grows with it, in its own chunks", async () => {
  const file = await create();
  const told: WriteProgress[] = [];
  const made = await file.write("a/b", source(), {
    compression: "gzip",
    shuffle: true,
    attributes: { unit: "V" },
    onProgress: (progress) => told.push(progress),
  });
  assert.deepEqual([made.shape, made.maxShape, made.chunkShape], [[50, 4], [null, 4], [5, 4]]);
  assert.deepEqual(told.at(-1), { elements: 200, totalElements: null, blocks: 5 });
  await using read = await open(await file.bytes());
  const dataset = await read.dataset("a/b");
  assert.deepEqual((await dataset.read()).data, EXPECTED);
  assert.deepEqual(dataset.filters.map(({ id }) => id), [2, 1]);
  assert.equal(await dataset.attributes.get("unit"), "V");
});

Deno.test("blocks alone tell shape and type; gaps keep the fill value; an index stands for an axis", async () => {
  await using file = await create();
  const plain = await file.write("plain", blocks(5));
  assert.deepEqual([plain.shape, plain.maxShape], [[50, 4], [null, null]]);
  assert.deepEqual((await plain.read()).data, EXPECTED);
  const rows = async function* (): AsyncGenerator<DataChunk> {
    yield { data: ndarray(Float32Array.of(1, 2)), selection: [3, slice(0, 2)] };
    yield { data: ndarray(Float32Array.of(3, 4)), selection: [1, slice(null, null)] };
  };
  const gaps = await file.write("gaps", rows(), { fillValue: -1, chunkShape: [2, 2] });
  assert.deepEqual((await gaps.read()).data, Float32Array.of(-1, -1, 3, 4, -1, -1, 1, 2));
});

Deno.test("lazy arrays of any shape, chunking and block size are copied as they are", async () => {
  const cases = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 0, maxLength: 3 }).chain((shape) =>
    fc.record({
      shape: fc.constant(shape),
      from: fc.tuple(...shape.map((length) => fc.integer({ min: 1, max: Math.max(1, length) }))),
      to: fc.option(fc.tuple(...shape.map((length) => fc.integer({ min: 1, max: Math.max(1, length) }))), {
        nil: undefined,
      }),
      blockBytes: fc.integer({ min: 1, max: 600 }),
    })
  );
  await fc.assert(
    fc.asyncProperty(cases, async ({ shape, from, to, blockBytes }) => {
      const data = Int32Array.from({ length: sizeOf(shape) }, (_, i) => i);
      const array = memoryArray(ndarray(data, shape), { chunkShape: shape.length === 0 ? null : from as number[] });
      const file = await create();
      const chunks = shape.length === 0 ? undefined : to as number[] | undefined;
      const made = await file.write("d", array, { blockBytes, chunkShape: chunks });
      assert.deepEqual([made.shape, (await made.read()).data], [shape, data]);
      await file.abandon();
    }),
    { numRuns: 60, seed: 20262 },
  );
});

Deno.test("copying asks each stored chunk of the source once, in blocks within the bound", async () => {
  const asked: Selection[] = [];
  const array = memoryArray(ndarray(new Float64Array(1000 * 8), [1000, 8]), { chunkShape: [100, 8] });
  const watched: LazyArray = {
    ...array,
    read: (selection, options) => {
      asked.push(selection);
      return array.read(selection, options);
    },
  };
  await using file = await create();
  const made = await file.write("d", watched, { blockBytes: 300 * 64 });
  assert.deepEqual(made.chunkShape, [100, 8]);
  assert.deepEqual(asked.map((selection) => selection![0]), [
    slice(0, 300),
    slice(300, 600),
    slice(600, 900),
    slice(900, 1000),
  ]);
});

Deno.test("an array in memory, text and records are streamed too", async () => {
  await using file = await create();
  assert.deepEqual((await (await file.write("n", ndarray(Int8Array.of(1, 2)))).read()).data, Int8Array.of(1, 2));
  const texts = ndarray(["a", "bc"]);
  assert.deepEqual((await (await file.write("t", memoryArray(texts))).read()).data, ["a", "bc"]);
  const made = await file.createDataset("r", {
    data: [{ x: 1 }, { x: 2 }],
    dtype: {
      kind: "compound",
      itemsize: 8,
      byteOrder: "|",
      fields: [{ name: "x", offset: 0, dtype: dtypeFromNumpy(">f8") }],
    },
  });
  assert.deepEqual((await (await file.write("r2", made)).read()).data, [{ x: 1 }, { x: 2 }]);
});

Deno.test("what fails or is aborted leaves the file open, without that dataset, and ends the iterator", async () => {
  await using file = await create();
  await file.createDataset("before", { data: [1] });
  const controller = new AbortController();
  let ended = 0;
  const failing = (fail: (block: number) => DataChunk | void): ChunkSource =>
    source({
      async *[Symbol.asyncIterator]() {
        try {
          let i = 0;
          for await (const block of blocks(5)) yield fail(i++) ?? block;
        } finally {
          ended++;
        }
      },
    });
  const wrong = (data: DataChunk["data"], selection: DataChunk["selection"]) => (i: number) =>
    i === 2 ? { data, selection } : undefined;
  type Class = new (...args: never[]) => Error;
  const cases: [WriteSource, Class][] = [
    [
      failing((i) => {
        if (i === 2) throw new SyntaxError("source");
      }),
      SyntaxError,
    ],
    [
      failing((i) => {
        if (i === 2) controller.abort(new EvalError("aborted"));
      }),
      EvalError,
    ],
    [failing(wrong(ndarray(new Int16Array(4)), [slice(0, 4)])), ShapeError],
    [failing(wrong(ndarray(new Int16Array(12), [2, 6]), [slice(0, 2), slice(0, 6)])), ShapeError],
    [failing(wrong(ndarray(new Int16Array(3)), [0, slice(0, 4)])), ShapeError],
    [failing(wrong(ndarray(Float64Array.of(0.5)), [0, slice(0, 1)])), DTypeError],
    [failing(wrong(ndarray(new Int16Array(4)), [0, slice(0, 8, 2)])), SelectionError],
    [failing(wrong(ndarray(new Int16Array(4)), [-1, slice(0, 4)])), SelectionError],
    [source({ chunkShape: [0, 4] }), ShapeError],
    [source({ maxShape: [5, 4] }), ShapeError],
    [{} as WriteSource, TypeError],
    [null as unknown as WriteSource, TypeError],
  ];
  for (const [given, expected] of cases) {
    const signal = expected === EvalError ? controller.signal : undefined;
    await assert.rejects(file.write("d", given, { signal }), expected);
    assert.deepEqual(await file.keys(), ["before"]);
  }
  assert.equal(ended, 8);
  await assert.rejects(file.write("d", blocks(0)), ShapeError);
  await assert.rejects(file.write("before", blocks(2)), WriteError);
  assert.deepEqual((await (await file.dataset("before")).read()).data, Float64Array.of(1));
  await assert.rejects(file.write("before", failing(wrong(ndarray(["x"]), [0, 0])), { overwrite: true }));
  assert.deepEqual((await (await file.dataset("before")).read()).data, Float64Array.of(1));
  await file.write("before", blocks(2), { overwrite: true });
  assert.deepEqual((await file.dataset("before")).shape, [20, 4]);
  await assert.rejects(file.get("d"), NotFoundError);
});

Deno.test("a full disk ends a stream, and the file with it", async () => {
  const sink = fullSink(20_000);
  const file = await create(sink);
  await assert.rejects(file.write("d", memoryArray(ndarray(new Float64Array(1e6))), { blockBytes: 1e5 }), WriteError);
  await assert.rejects(file.createGroup("g"), WriteError);
  await assert.rejects(file.close(), WriteError);
  assert.equal(sink.state, "abandoned");
});

Deno.test("a file is copied from one that is read, chunk by chunk", async () => {
  await using from = await open(new URL("../data/signal.h5", import.meta.url));
  const signal = await from.dataset("/signal");
  const file = await create();
  const copy = await file.write("copy", signal, { compression: "zstd", blockBytes: 4096 });
  assert.deepEqual(copy.chunkShape, signal.chunkShape);
  await using back = await open(await file.bytes());
  assert.deepEqual((await (await back.dataset("copy")).read()).data, (await signal.read()).data);
});
