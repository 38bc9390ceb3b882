import assert from "node:assert/strict";
import fc from "fast-check";
import * as zarr from "zarrita";
import { open } from "../../mod.ts";
import { memoryArray } from "../../src/array/memory.ts";
import { fullArray, ndarray } from "../../src/array/ndarray.ts";
import type { DType, LazyArray, NDArray } from "../../src/array/types.ts";
import { fromZarr, type MicrotomeErrorLike, slice, toZarr, zarrStore } from "./api.ts";

const SIGNAL = new URL("../data/signal.h5", import.meta.url).pathname;

Deno.test("zarrita reads a dataset of an HDF5 file as we do: slices, steps, indices, all of it", async () => {
  await using file = await open(SIGNAL);
  const dataset = await file.dataset("/signal");
  const array = await toZarr(dataset);
  assert(array instanceof zarr.Array);
  assert.deepEqual([array.shape, array.chunks, array.dtype], [dataset.shape, dataset.chunkShape, "int16"]);
  const selections: [(zarr.Slice | number | null)[], Parameters<typeof dataset.read>[0]][] = [
    [[zarr.slice(10, 20), null], [slice(10, 20), null]],
    [[zarr.slice(5, 19000, 999), 3], [slice(5, 19000, 999), 3]],
    [[-1, null], [-1, null]],
    [[null, zarr.slice(2, 5)], [null, slice(2, 5)]],
  ];
  for (const [theirs, ours] of selections) {
    const got = await zarr.get(array, theirs) as zarr.Chunk<"int16">;
    const expected = await dataset.read(ours);
    assert.deepEqual(got.data, expected.data);
    assert.deepEqual([got.shape, got.stride], [expected.shape, expected.stride]);
  }
  // Slices of either library do for the other.
  const got = await zarr.get(array, [slice(3), null]) as zarr.Chunk<"int16">;
  assert.deepEqual(got.data, (await dataset.read([zarr.slice(3)])).data);
  assert.equal(await zarr.get(array, [100, 2]), (await dataset.read([100, 2])).data[0]);
});

Deno.test("there and back again: a lazy array as zarrita's as a lazy array gives the same", async () => {
  const chunked = fc.array(
    fc.tuple(fc.integer({ min: 0, max: 7 }), fc.integer({ min: 1, max: 9 })),
    { maxLength: 3 },
  );
  const kinds = fc.constantFrom("int8", "uint16", "int32", "uint64", "float32", "float64", "bool", "str");
  await fc.assert(
    fc.asyncProperty(chunked, kinds, async (axes, kind) => {
      const shape = axes.map(([length]) => length);
      const chunkShape = axes.map(([, chunk]) => chunk);
      const size = shape.reduce((product, length) => product * length, 1);
      const lazy = memoryArray(arrayOf(kind, shape, size));
      const back = fromZarr(await toZarr(lazy, { chunkShape }));
      assert.deepEqual(back.shape, shape);
      assert.deepEqual(back.chunkShape, chunkShape);
      assert.deepEqual((await back.read()).data, (await lazy.read()).data);
    }),
    { numRuns: 100 },
  );
});

function arrayOf(kind: string, shape: number[], size: number): NDArray {
  const numbers = Array.from({ length: size }, (_, i) => i);
  switch (kind) {
    case "str":
      return ndarray(numbers.map((i) => "é".repeat(i % 4)), shape);
    case "bool":
      return ndarray(Uint8Array.from(numbers, (i) => i % 2), shape, { kind: "bool", itemsize: 1, byteOrder: "|" });
    case "uint64":
      return ndarray(BigUint64Array.from(numbers, (i) => 2n ** 63n + BigInt(i)), shape);
    default: {
      const classes = { int8: Int8Array, uint16: Uint16Array, int32: Int32Array, float32: Float32Array };
      const TypedArray = classes[kind as keyof typeof classes] ?? Float64Array;
      return ndarray(new TypedArray(numbers.map((i) => i - 3)), shape);
    }
  }
}

Deno.test("types that zarrita lacks show themselves as what holds their values, or are refused", async () => {
  const shown: [DType, unknown, string, unknown][] = [
    [{ kind: "float", itemsize: 2, byteOrder: ">" }, 0.5, "float32", 0.5],
    [{ kind: "datetime", itemsize: 8, byteOrder: "<", unit: "s" }, 5n, "int64", 5n],
    [{ kind: "int", itemsize: 4, byteOrder: ">" }, 5, "int32", 5],
    [
      {
        kind: "enum",
        itemsize: 1,
        byteOrder: "|",
        base: { kind: "int", itemsize: 1, byteOrder: "|" },
        members: { A: 1 },
      },
      1,
      "int8",
      1,
    ],
  ];
  for (const [dtype, value, name, expected] of shown) {
    const array = await toZarr(memoryArray(fullArray([3], dtype, value)));
    assert.equal(array.dtype, name);
    assert.equal(await zarr.get(array, [1]), expected);
  }
  const refused: DType[] = [
    { kind: "complex", itemsize: 8, byteOrder: "<" },
    { kind: "opaque", itemsize: 4, byteOrder: "|", tag: "" },
    { kind: "compound", itemsize: 0, byteOrder: "|", fields: [] },
  ];
  for (const dtype of refused) {
    await assert.rejects(
      toZarr({ shape: [1], dtype, chunkShape: null } as unknown as LazyArray),
      (error: MicrotomeErrorLike) => error.code === "unsupported",
    );
  }
  const lazy = memoryArray(ndarray(Int16Array.of(1, 2)));
  assert.throws(() => zarrStore(lazy, { chunkShape: [0] }), { code: "shape" });
  assert.throws(() => zarrStore(lazy, { chunkShape: [1, 1] }), { code: "shape" });
});

Deno.test("a store of a lazy array has its metadata and its chunks, nothing else", async () => {
  const lazy = memoryArray(ndarray(Int16Array.of(1, 2, 3)));
  const store = zarrStore(lazy, { chunkShape: [2], dimensionNames: ["time"], attributes: { unit: "V" } });
  for (const key of ["/c/2", "/c/0/0", "/c", "/c/-1", "/x", "/c/0/../0", "/.zarray"] as const) {
    assert.equal(await store.get(key), undefined, key);
  }
  assert.deepEqual(await store.get("/c/1"), Uint8Array.of(3, 0, 0, 0));
  assert.deepEqual(await store.getRange!("/c/0", { offset: 2, length: 2 }), Uint8Array.of(2, 0));
  assert.deepEqual(await store.getRange!("/c/0", { suffixLength: 1 }), Uint8Array.of(0));
  const array = await zarr.open(store, { kind: "array" });
  assert.deepEqual([array.dimensionNames, array.attrs], [["time"], { unit: "V" }]);
});

Deno.test("an aborted signal goes through zarrita to the lazy array", async () => {
  const stop = new AbortController();
  const array = await toZarr(memoryArray(ndarray(Int16Array.of(1, 2))));
  stop.abort(new Error("Enough"));
  await assert.rejects(zarr.get(array, null, { signal: stop.signal }), /Enough/);
});
