import assert from "node:assert/strict";
import { memoryArray } from "../../src/array/memory.ts";
import { ndarray, toNested } from "../../src/array/ndarray.ts";
import type { DataChunk, Slice } from "../../src/array/types.ts";
import { numpyName } from "../../src/array/dtype/dtype.ts";
import { DataChunkIterator, type DataChunkIteratorOptions } from "../../src/batch/iterate/data_chunk_iterator.ts";
import { HDMF_STREAMS } from "./hdmf_cases.ts";
import type { Progress } from "../../src/batch/progress/progress.ts";

/** What an iterator says of itself, and its chunks: `[values, selection]`, a selection as Python's index. */
async function walked(data: unknown, options: DataChunkIteratorOptions = {}) {
  const iterator = await DataChunkIterator.from(data, options);
  const { maxShape, dataShape, dtype, chunkShape } = iterator;
  assert.equal(chunkShape, null);
  return { maxShape, dataShape, dtype: numpyName(dtype), chunks: await collect(iterator) };
}

async function collect(source: AsyncIterable<DataChunk>): Promise<[unknown, string][]> {
  const chunks: [unknown, string][] = [];
  for await (const { data, selection } of source) chunks.push([toNested(data), selection.map(axisText).join()]);
  return chunks;
}

function axisText(axis: number | Slice): string {
  return typeof axis === "number" ? String(axis) : `${axis.start ?? ""}:${axis.stop ?? ""}`;
}

function* once<T>(values: readonly T[]) {
  yield* values;
}

async function* later<T>(values: readonly T[]) {
  for (const value of values) {
    await Promise.resolve();
    yield value;
  }
}

const ROWS = [[1, 2, 3], [1, 2, 3], [1, 2, 3], [1, 2, 3]];

for (const { name, values, options, expected } of HDMF_STREAMS) {
  Deno.test(`elements one by one are gathered as hdmf does it: ${name}`, async () => {
    assert.deepEqual(await walked(once(values), options), expected);
    assert.deepEqual(await walked(later(values), options), expected);
    // A promise counts as what it holds.
    assert.deepEqual(await walked(once(values.map((value) => Promise.resolve(value))), options), expected);
  });
}

Deno.test("a list's length is known", async () => {
  const { maxShape, dataShape, chunks } = await walked([null, 1, 2, null, 3], { bufferSize: 2 });
  assert.deepEqual([maxShape, dataShape], [[5], [5]]);
  assert.deepEqual(chunks, [[[1, 2], "1:3"], [[3], "4:5"]]);
  assert.deepEqual((await walked(ROWS)).dataShape, [4, 3]);
});

Deno.test("a list iterated over another axis becomes an array first", async () => {
  const { maxShape, dataShape, chunks } = await walked([[1, 2, 3], [4, 5, 6]], { iterAxis: 1, bufferSize: 2 });
  assert.deepEqual([maxShape, dataShape], [[2, 3], [2, 3]]);
  assert.deepEqual(chunks, [[[[1, 2], [4, 5]], ":,0:2"], [[[3], [6]], ":,2:3"]]);
  await assert.rejects(DataChunkIterator.from([[1], null], { iterAxis: 1 }), { name: "DTypeError" });
});

Deno.test("arrays, in memory and lazy, are sliced in blocks along any axis", async () => {
  const table = ndarray(Int16Array.from({ length: 10 }, (_, i) => i), [5, 2]);
  let reads = 0;
  const lazy = memoryArray(table);
  const counted = { ...lazy, read: (...given: Parameters<typeof lazy.read>) => (reads++, lazy.read(...given)) };
  for (const data of [table, counted]) {
    const { maxShape, dataShape, dtype, chunks } = await walked(data, { bufferSize: 2 });
    assert.deepEqual([maxShape, dataShape, dtype], [[5, 2], [5, 2], "<i2"]);
    assert.deepEqual(chunks, [[[[0, 1], [2, 3]], "0:2,:"], [[[4, 5], [6, 7]], "2:4,:"], [[[8, 9]], "4:5,:"]]);
  }
  assert.equal(reads, 3);
  const columns = await walked(lazy, { iterAxis: 1, dtype: "float32", maxShape: [null, 4] });
  assert.deepEqual([columns.maxShape, columns.dataShape, columns.dtype], [[null, 4], [5, 2], "<f4"]);
  assert.deepEqual(columns.chunks.map(([, at]) => at), [":,0:1", ":,1:2"]);
  assert.deepEqual((await walked(Int8Array.of(1, 2, 3), { bufferSize: 2 })).chunks, [[[1, 2], "0:2"], [[3], "2:3"]]);
  // hdmf fails on an array without axes.
  assert.deepEqual((await walked(ndarray(Int8Array.of(7), []))).chunks, [[[7], "0:1"]]);
  assert.deepEqual((await walked(memoryArray(ndarray(Int8Array.of(7), [])))).chunks, [[[7], "0:1"]]);
  await assert.rejects(DataChunkIterator.from(table, { iterAxis: 2 }), { name: "ShapeError", message: /no such axis/ });
  await assert.rejects(DataChunkIterator.from(table, { maxShape: [4, 2] }), {
    name: "ShapeError",
    message: /maxShape is/,
  });
});

Deno.test("elements can be typed arrays, arrays, nested lists, bigints, booleans", async () => {
  const two = { bufferSize: 2 };
  assert.equal((await walked(once([Int16Array.of(1), Int16Array.of(2)]), two)).dtype, "<i2");
  assert.deepEqual((await walked(once([ndarray(new Uint8Array(4), [2, 2])]))).maxShape, [null, 2, 2]);
  assert.deepEqual((await walked(once([[[1, 2], [3, 4]]]))).chunks, [[[[[1, 2], [3, 4]]], "0:1,:,:"]]);
  assert.deepEqual((await walked(once([[Int8Array.of(1, 2), Int8Array.of(3, 4)]]))).dtype, "|i1");
  assert.equal((await walked(once([1n, 2n]), two)).dtype, "<i8");
  assert.equal((await walked(once([2n ** 63n]), two)).dtype, "<u8");
  assert.deepEqual((await walked(once([true, false]), two)).chunks, [[[true, false], "0:2"]]);
  assert.deepEqual((await walked(once([["a", "b"]]))).chunks, [[[["a", "b"]], "0:1,:"]]);
  assert.deepEqual((await walked(once([[], []]), two)).dataShape, [2, 0]);
  const complex = await walked(once([Float32Array.of(1, 2)]), { dtype: "complex64" });
  assert.deepEqual(complex.chunks, [[[[[1, 2]]], "0:1,:"]]);
  const point = { kind: "int", itemsize: 1, byteOrder: "|" } as const;
  const record = {
    kind: "compound",
    itemsize: 1,
    byteOrder: "|",
    fields: [{ name: "a", dtype: point, offset: 0 }],
  } as const;
  assert.deepEqual((await walked(once([{ a: 1 }, { a: 2 }]), { ...two, dtype: record })).chunks, [
    [[{ a: 1 }, { a: 2 }], "0:2"],
  ]);
});

Deno.test("elements that differ from the first in shape or type are refused, by their number", async () => {
  const wrong: [unknown[], DataChunkIteratorOptions, string, RegExp][] = [
    [[[1, 2], [3]], {}, "ShapeError", /^Cannot use element 1 of the data: it has shape \(1,\), expected \(2,\)$/],
    [[[1, 2], null, 3], {}, "ShapeError", /^Cannot use element 2 of the data: it has shape \(\), expected \(2,\)$/],
    [[[[1, 2], [3]]], {}, "ShapeError", /^Cannot use element 0 of the data: shapes \(2,\) and \(1,\) are mixed$/],
    [[1, "two"], {}, "DTypeError", /^Cannot use element 1 of the data: "two" is no float64$/],
    [[Int16Array.of(1), Int16Array.of(2), [2.5]], {}, "DTypeError", /element 2 of the data: 2.5 doesn't fit int16/],
    [[1, 300], { dtype: "u1" }, "DTypeError", /element 1 of the data: 300 doesn't fit uint8/],
    [[1, NaN], { dtype: "i4" }, "DTypeError", /NaN doesn't fit int32/],
    [[[1, "a"]], {}, "DTypeError", /a number and a string are mixed/],
    [[[1, null]], {}, "DTypeError", /null stands within an element/],
    [[{ a: 1 }], {}, "DTypeError", /data type could not be determined from Object/],
    [[new Date(0)], {}, "DTypeError", /data type could not be determined from Date/],
    [[new Uint8ClampedArray(1)], {}, "DTypeError", /data type could not be determined from Uint8ClampedArray/],
    [["a"], { dtype: "f4" }, "DTypeError", /"a" is no float32/],
    [[1], { dtype: "str" }, "DTypeError", /a number is no string/],
  ];
  for (const [values, options, name, message] of wrong) {
    await assert.rejects(walked(once(values), options), { name, message });
  }
});

Deno.test("what can't be known from any element must be given", async () => {
  const unknown = {
    name: "DTypeError",
    message:
      "Cannot iterate over the data: its data type could not be determined, since it gave no element; specify dtype",
  };
  for (const data of [once([]), once([null, null]), [], null, undefined]) {
    await assert.rejects(DataChunkIterator.from(data), unknown);
  }
  await assert.rejects(DataChunkIterator.from(once([]), { dtype: "i2" }), {
    name: "ShapeError",
    message: /its shape could not be determined, since it gave no element; specify maxShape/,
  });
  const options: DataChunkIteratorOptions = { dtype: "i2", maxShape: [null, 3] };
  for (const data of [once([]), null]) {
    assert.deepEqual(await walked(data, options), { maxShape: [null, 3], dataShape: [0, 3], dtype: "<i2", chunks: [] });
  }
});

Deno.test("nothing is read before the loop where type and shape are known", async () => {
  let asked = 0;
  function* source() {
    for (let i = 0; i < 3; i++) {
      asked++;
      yield [i, i];
    }
  }
  const iterator = await DataChunkIterator.from(source(), { dtype: "i2", maxShape: [null, 2] });
  assert.equal(asked, 0);
  assert.deepEqual((await collect(iterator)).length, 3);
  await DataChunkIterator.from(source(), { dtype: "i2" });
  assert.equal(asked, 4);
  // An axis beside the one iterated over must be known, to make a target.
  await DataChunkIterator.from(source(), { dtype: "i2", maxShape: [null, null] });
  assert.equal(asked, 5);
});

Deno.test("elements must fit maxShape", async () => {
  const wrong: [DataChunkIteratorOptions, RegExp][] = [
    [{ maxShape: [null, 4] }, /element 0 of the data: it has shape \(2,\), expected \(4,\)/],
    [{ maxShape: [null] }, /element 0 of the data: it has shape \(2,\), expected \(\)/],
    [{ maxShape: [null, null, 2] }, /element 0 of the data: its shape \(2,\) doesn't fit maxShape \(null, null, 2\)/],
    [{ maxShape: [null, 4], dtype: "f8" }, /element 0 of the data: it has shape \(2,\), expected \(4,\)/],
    [{ maxShape: [1, 2] }, /element 1 of the data: maxShape allows 1/],
    [{ maxShape: [2, null], iterAxis: 2 }, /axis 2: maxShape \(2, null\) has no such axis/],
    [{ iterAxis: 2 }, /its shape \(2,\) leaves no axis 2 to iterate over/],
  ];
  for (const [options, message] of wrong) {
    await assert.rejects(walked(once([[1, 2], [3, 4]]), options), { name: "ShapeError", message });
  }
});

Deno.test("a wrong call is refused", async () => {
  for (const bufferSize of [0, -1, 1.5, NaN]) {
    await assert.rejects(DataChunkIterator.from([1], { bufferSize }), { name: "RangeError", message: /bufferSize/ });
  }
  await assert.rejects(DataChunkIterator.from([1], { iterAxis: -1 }), { name: "RangeError", message: /iterAxis -1/ });
  for (const data of ["text", 5, {}, () => 1]) {
    await assert.rejects(DataChunkIterator.from(data), { name: "TypeError" });
  }
});

Deno.test("what can be iterated anew is; a generator only once, and the second time is an error", async () => {
  for (const data of [[1, 2, null, 3], new Set([1, 2, 3]), ndarray(Int8Array.of(1, 2))]) {
    const iterator = await DataChunkIterator.from(data);
    assert.deepEqual(await collect(iterator), await collect(iterator));
  }
  const iterator = await DataChunkIterator.from(once([1, 2]));
  assert.equal((await collect(iterator)).length, 2);
  assert.throws(() => iterator[Symbol.asyncIterator](), { name: "TypeError", message: /a second time/ });
});

Deno.test("a source is told when nobody wants more: on leaving, on an error, on an abort", async () => {
  let open = 0;
  async function* source() {
    open++;
    try {
      for (let i = 0;; i++) {
        await Promise.resolve();
        yield i < 5 ? i : "five";
      }
    } finally {
      open--;
    }
  }
  const settled = () => new Promise((resolve) => setTimeout(resolve));
  for await (const _ of await DataChunkIterator.from(source())) break;
  await settled();
  assert.equal(open, 0);
  await assert.rejects(walked(source()), { name: "DTypeError", message: /element 5/ });
  await settled();
  assert.equal(open, 0);
  const controller = new AbortController();
  const reason = new Error("Enough");
  await assert.rejects(async () => {
    for await (const _ of await DataChunkIterator.from(source(), { signal: controller.signal })) {
      controller.abort(reason);
    }
  }, reason);
  await settled();
  assert.equal(open, 0);
  await assert.rejects(DataChunkIterator.from(source(), { signal: AbortSignal.abort(reason) }), reason);
  assert.equal(open, 0);
});

Deno.test("an error of the source comes through as it is", async () => {
  const failure = new Error("The device is gone");
  async function* source() {
    yield 1;
    await Promise.resolve();
    throw failure;
  }
  await assert.rejects(walked(source()), failure);
});

Deno.test("a source that comes later is asked for the next block while one is used; progress has no total", async () => {
  let asked = 0;
  async function* source() {
    for (let i = 0; i < 6; i++) {
      asked++;
      await Promise.resolve();
      yield i;
    }
  }
  const settled = () => new Promise((resolve) => setTimeout(resolve));
  const seen: number[] = [];
  const progress: Progress[] = [];
  const onProgress = (now: Progress) => progress.push(now);
  for await (const _ of await DataChunkIterator.from(source(), { bufferSize: 2, onProgress })) {
    await settled();
    seen.push(asked);
  }
  assert.deepEqual(seen, [4, 6, 6]);
  assert.deepEqual(progress.map(({ done, total, bytes }) => [done, total, bytes]), [[1, null, 16], [2, null, 32], [
    3,
    null,
    48,
  ]]);
});
