import assert from "node:assert/strict";
import fc from "fast-check";
import { type Dataset, open, type OpenOptions, slice } from "../../mod.ts";
import { memoryArray } from "../../src/array/memory.ts";
import { ndarray, sizeOf, toNested } from "../../src/array/ndarray.ts";
import { resolveSelection } from "../../src/array/select/selection.ts";
import type { AxisSelection, LazyArray, NDArray, ResolvedAxis, Selection, Slice } from "../../src/array/types.ts";
import { ArrayView, type ResolvedReader } from "../../src/array/select/view.ts";
import { iterateChunks, type IterateChunksOptions } from "../../src/batch/iterate/iterate_chunks.ts";
import type { Progress } from "../../src/batch/progress/progress.ts";
import { type RangeServer, startRangeServer } from "../support/range_server.ts";

function counting(shape: readonly number[]): NDArray<Int32Array> {
  return ndarray(Int32Array.from({ length: sizeOf(shape) }, (_, i) => i), shape);
}

/** A lazy array over memory that notes what is read of it. */
function watched(shape: readonly number[], chunkShape: readonly number[] | null) {
  const memory = memoryArray(counting(shape), { chunkShape });
  const reads: (readonly ResolvedAxis[])[] = [];
  const reader: ResolvedReader = {
    ...memory,
    readResolved(axes, options) {
      reads.push(axes);
      return memory.readResolved(axes, options);
    },
  };
  const array = new ArrayView(reader, resolveSelection(null, shape));
  return { array, reads };
}

/** The chunks that a read touches, by number. */
function chunksOf(axes: readonly ResolvedAxis[], chunkShape: readonly number[]): Set<string> {
  let names = [""];
  axes.forEach((axis, i) => {
    const indices = axis.kind === "list"
      ? [...axis.indices]
      : Array.from({ length: axis.count }, (_, k) => axis.start + k * axis.step);
    const here = [...new Set(indices.map((index) => Math.floor(index / chunkShape[i]!)))];
    names = names.flatMap((name) => here.map((chunk) => `${name},${chunk}`));
  });
  return new Set(names);
}

/** Puts blocks together again. */
async function assemble(array: LazyArray, options: IterateChunksOptions) {
  const chunks = iterateChunks(array, options);
  const whole = new Int32Array(sizeOf(chunks.maxShape)).fill(-1);
  const order: number[][] = [];
  let largest = 0;
  for await (const { data, selection } of chunks) {
    const starts = selection.map((axis) => (axis as Slice).start!);
    order.push(starts);
    largest = Math.max(largest, sizeOf(data.shape));
    const values = data.data as Int32Array;
    for (let i = 0; i < values.length; i++) {
      let rest = i;
      let at = 0;
      let step = 1;
      for (let axis = data.shape.length - 1; axis >= 0; axis--) {
        at += (starts[axis]! + rest % data.shape[axis]!) * step;
        rest = Math.floor(rest / data.shape[axis]!);
        step *= chunks.maxShape[axis]!;
      }
      assert.equal(whole[at], -1, "a value came twice");
      whole[at] = values[i]!;
    }
  }
  assert.equal(order.length, chunks.numBuffers);
  assert.deepEqual([...chunks.selections()].map((one) => one.map(({ start }) => start)), order);
  return { whole, order, largest, chunks };
}

const axisArbitrary = (length: number): fc.Arbitrary<AxisSelection> =>
  fc.oneof(
    fc.constant(null),
    fc.tuple(fc.nat(length), fc.nat(length), fc.integer({ min: 1, max: 5 })).map(([a, b, step]) =>
      slice(Math.min(a, b), Math.max(a, b), step)
    ),
    fc.integer({ min: -4, max: -1 }).map((step) => slice(null, null, step)),
    fc.nat(length - 1),
    fc.array(fc.nat(length - 1)).map((list) => list.toSorted((a, b) => a - b)),
    fc.array(fc.nat(length - 1)).map((list) => list.toSorted((a, b) => b - a)),
    fc.array(fc.boolean(), { minLength: length, maxLength: length }),
  );

const arrays = fc.array(fc.tuple(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 6 })), {
  minLength: 1,
  maxLength: 3,
}).chain((axes) =>
  fc.record({
    shape: fc.constant(axes.map(([length]) => length)),
    chunkShape: fc.constant(axes.map(([, length]) => length)),
    selection: fc.tuple(...axes.map(([length]) => axisArbitrary(length))),
    bufferBytes: fc.integer({ min: 1, max: 2000 }),
    by: fc.constantFrom("buffer", "chunk"),
    asView: fc.boolean(),
  })
);

Deno.test("blocks tile any selection in order, and each stored chunk is in one block alone", async () => {
  await fc.assert(
    fc.asyncProperty(arrays, async ({ shape, chunkShape, selection, bufferBytes, by, asView }) => {
      const { array, reads } = watched(shape, chunkShape);
      const given = selection as Selection;
      const expected = (await memoryArray(counting(shape)).read(given)).data;
      const { whole, order } = asView
        ? await assemble(array.view(given), { bufferBytes, by })
        : await assemble(array, { selection: given, bufferBytes, by });
      assert.deepEqual(whole, expected);
      const text = (starts: number[]) => starts.map((start) => String(start + 100)).join();
      assert.deepEqual(order.map(text), order.map(text).toSorted());
      const seen = new Set<string>();
      for (const axes of reads) {
        const chunks = chunksOf(axes, chunkShape);
        assert.ok(chunks.size > 0, "a block is empty");
        for (const chunk of chunks) assert.ok(!seen.has(chunk), `chunk ${chunk} is read twice`);
        if (by === "chunk") assert.equal(chunks.size, 1);
        for (const chunk of chunks) seen.add(chunk);
      }
    }),
    { numRuns: 500 },
  );
});

Deno.test("buffers keep to their size, unless a single chunk is larger", async () => {
  await fc.assert(fc.asyncProperty(arrays, async ({ shape, chunkShape, bufferBytes }) => {
    const { array } = watched(shape, chunkShape);
    const { largest, chunks } = await assemble(array, { bufferBytes });
    const chunk = sizeOf(chunkShape.map((length, axis) => Math.min(length, shape[axis]!)));
    assert.ok(largest * 4 <= Math.max(bufferBytes, chunk * 4));
    assert.ok(largest <= sizeOf(chunks.bufferShape));
    chunks.bufferShape.forEach((length, axis) => {
      assert.ok(length === shape[axis] || length % chunkShape[axis]! === 0);
    });
  }));
});

Deno.test("buffers take whole rows first, then as many of them as fit", () => {
  const shapes = (shape: number[], chunkShape: number[] | null, options: IterateChunksOptions = {}) => {
    const { bufferShape, numBuffers } = iterateChunks(watched(shape, chunkShape).array, options);
    return [bufferShape, numBuffers];
  };
  // Four bytes an element, 1,000 of them.
  const bufferBytes = "4kB";
  assert.deepEqual(shapes([1000, 64], [10, 8], { bufferBytes }), [[10, 64], 100]);
  assert.deepEqual(shapes([1000, 64], [1, 1], { bufferBytes }), [[15, 64], 67]);
  assert.deepEqual(shapes([1000, 64], null, { bufferBytes }), [[15, 64], 67]);
  assert.deepEqual(shapes([10, 5000], [2, 100], { bufferBytes }), [[2, 500], 50]);
  assert.deepEqual(shapes([100, 100], [50, 50], { bufferBytes }), [[50, 50], 4]);
  assert.deepEqual(shapes([100, 100], [50, 50]), [[100, 100], 1]);
  assert.deepEqual(shapes([100, 100], [50, 50], { by: "chunk" }), [[50, 50], 4]);
  assert.deepEqual(shapes([100, 100], null, { by: "chunk", bufferBytes }), [[10, 100], 10]);
  assert.deepEqual(shapes([100, 100], [10, 10], { bufferShape: [25, null] }), [[20, 100], 5]);
  assert.deepEqual(shapes([100, 100], [10, 10], { bufferShape: [3, 3] }), [[10, 10], 100]);
});

Deno.test("a selection that begins within a chunk has a short first block", async () => {
  const { array } = watched([100], [10]);
  const { order } = await assemble(array, { selection: [slice(7, 45)], bufferBytes: 80 });
  assert.deepEqual(order, [[0], [13], [33]]);
  assert.deepEqual((await assemble(array.view([slice(7, 45)]), { by: "chunk" })).order, [[0], [3], [13], [23], [33]]);
});

Deno.test("an index list that comes back to its chunks is cut as it comes", async () => {
  const { array } = watched([100], [10]);
  const { whole, order } = await assemble(array, { selection: [[95, 3, 94, 2, 93]], bufferBytes: 8 });
  assert.deepEqual(whole, Int32Array.of(95, 3, 94, 2, 93));
  assert.deepEqual(order, [[0], [2], [4]]);
});

Deno.test("a view of another library's array goes by its approximate chunk shape", async () => {
  const memory = memoryArray(counting([20, 4]));
  const foreign = { shape: [20, 4], dtype: memory.dtype, chunkShape: [6, 4], read: memory.read, view: memory.view };
  const { whole, order } = await assemble(foreign as LazyArray, { bufferBytes: 100 });
  assert.deepEqual(whole, counting([20, 4]).data);
  assert.deepEqual(order, [[0, 0], [6, 0], [12, 0], [18, 0]]);
});

Deno.test("arrays without axes are one block, arrays without elements none", async () => {
  const scalar = memoryArray(ndarray(Int32Array.of(7), []));
  const blocks = [];
  for await (const block of iterateChunks(scalar)) blocks.push([toNested(block.data), block.selection]);
  assert.deepEqual(blocks, [[7, []]]);
  for (const shape of [[0], [3, 0], [0, 3]]) {
    const { array, reads } = watched(shape, shape.map(() => 2));
    const { chunks } = await assemble(array, {});
    assert.deepEqual([chunks.numBuffers, reads.length], [0, 0]);
  }
});

Deno.test("wrong options are refused", () => {
  const { array } = watched([20, 4], [5, 4]);
  for (const bufferShape of [[1], [0, 1], [1.5, 4], [NaN, 4], [1, 2, 3]]) {
    assert.throws(() => iterateChunks(array, { bufferShape }), { name: "ShapeError", message: /bufferShape is \(/ });
  }
  assert.throws(() => iterateChunks(array, { bufferBytes: 0 }), { name: "RangeError", message: /bufferBytes \(0\)/ });
  assert.throws(() => iterateChunks(array, { bufferBytes: "much" }), SyntaxError);
  assert.throws(() => iterateChunks(array, { selection: [50] }), { name: "SelectionError" });
  assert.throws(() => iterateChunks(array, { by: "row" as "chunk" }), { name: "TypeError", message: /by is "row"/ });
});

Deno.test("progress, aborting and errors are those of every chunk iterator", async () => {
  const { array } = watched([8, 4], [2, 4]);
  const seen: Progress[] = [];
  for await (const _ of iterateChunks(array, { by: "chunk", onProgress: (progress) => seen.push(progress) }));
  assert.deepEqual(seen.map(({ done, total, bytes, totalBytes }) => [done, total, bytes, totalBytes]), [
    [1, 4, 32, 128],
    [2, 4, 64, 128],
    [3, 4, 96, 128],
    [4, 4, 128, 128],
  ]);
  const reason = new Error("Enough");
  const walk = async (options: IterateChunksOptions) => {
    for await (const _ of iterateChunks(array, options));
  };
  await assert.rejects(walk({ signal: AbortSignal.abort(reason) }), reason);
});

// No chunk of a read as large as these is kept, and nothing between chunks is fetched.
const REMOTE: OpenOptions = {
  smallFileBytes: 0,
  headBytes: 1024,
  blockSize: 4096,
  readAheadBytes: 0,
  cacheBytes: 262_144,
  gap: 0,
};

async function withSignal(run: (server: RangeServer, signal: Dataset) => Promise<void>) {
  const server = await startRangeServer(new URL("../data/", import.meta.url));
  try {
    await using file = await open(`${server.url}/signal.h5`, REMOTE);
    const signal = await file.dataset("/signal");
    server.clear();
    await run(server, signal);
  } finally {
    await server.close();
  }
}

/** Reads all metadata that will be needed, and chunks that are too large to be kept. */
async function allMetadata(server: RangeServer, signal: Dataset): Promise<void> {
  await signal.read([slice(0, 20_000, 200), 0]);
  server.clear();
}

function bytesSent(server: RangeServer): number {
  return server.log.reduce((sum, { length }) => sum + length!, 0);
}

Deno.test("over the network a walk fetches the bytes that one read of it all does: each chunk once", async () => {
  // 100 chunks of 200 rows and 8 channels of int16.
  const walks: IterateChunksOptions[] = [
    { bufferBytes: "100 kB" },
    { bufferBytes: "10kB", selection: [slice(333, 19_000), 3] },
    { bufferBytes: "15kB", selection: [slice(null, null, -7)] },
    { by: "chunk" },
  ];
  for (const options of walks) {
    let expected = new Int16Array(0);
    let bytes = 0;
    await withSignal(async (server, signal) => {
      expected = (await signal.read(options.selection)).data as typeof expected;
      bytes = bytesSent(server);
    });
    await withSignal(async (server, signal) => {
      const chunks = iterateChunks(signal, options);
      assert.ok(chunks.numBuffers > 1);
      let at = 0;
      for await (const { data } of chunks) assert.deepEqual(data.data, expected.slice(at, at += sizeOf(data.shape)));
      assert.equal(at, expected.length);
      assert.equal(bytesSent(server), bytes);
    });
  }
  // Blocks that divide chunks do cost more, so the measure can tell.
  await withSignal(async (server, signal) => {
    await allMetadata(server, signal);
    await signal.read();
    const once = bytesSent(server);
    server.clear();
    for (let row = 0; row < 20_000; row += 5100) await signal.read([slice(row, row + 5100)]);
    assert.ok(bytesSent(server) > once + 3000);
  });
});

Deno.test("the next buffer is fetched while one is used", async () => {
  await withSignal(async (server, signal) => {
    await allMetadata(server, signal);
    let buffers = 0;
    const ahead: number[] = [];
    for await (const _ of iterateChunks(signal, { bufferBytes: "40 kB", selection: [slice(10_000, 20_000)] })) {
      buffers++;
      // What was asked for without waiting for the next buffer.
      const before = server.log.length;
      for (let i = 0; i < 100 && server.log.length === before; i++) {
        await new Promise((resolve) => setTimeout(resolve, 2));
      }
      ahead.push(server.log.length - before);
    }
    assert.equal(buffers, 4 + 1);
    assert.ok(ahead.slice(0, -1).every((requests) => requests > 0), `${ahead}`);
    assert.equal(ahead.at(-1), 0);
  });
});
