import assert from "node:assert/strict";
import fc from "fast-check";
import * as zarr from "zarrita";
import { fromZarr, type MicrotomeErrorLike, openZarr, slice } from "./api.ts";
import { axisCaseOf } from "../array/arbitrary.ts";
import { cartesian } from "../array/model.ts";
import { counting, storeOf, v2, watched } from "./support.ts";

Deno.test("every selection of an array in chunks of any shape is what indexing element by element gives", async () => {
  const axis = fc.integer({ min: 0, max: 9 }).chain((length) =>
    fc.tuple(axisCaseOf(length), fc.integer({ min: 1, max: Math.max(1, length + 2) }))
  );
  const transposes = fc.constantFrom<zarr.CodecMetadata[]>([], [{ name: "transpose", configuration: { order: "F" } }]);
  await fc.assert(
    fc.asyncProperty(fc.array(axis, { minLength: 1, maxLength: 3 }), transposes, async (axes, codecs) => {
      const shape = axes.map(([{ length }]) => length);
      const { array, store } = await counting(shape, axes.map(([, chunk]) => chunk), codecs);
      const expected = cartesian(axes.map(([{ indices }]) => indices)).map((index) =>
        index.reduce((at, i, axis) => at * shape[axis]! + i, 0)
      );
      const selection = axes.map(([{ selected }]) => selected);
      const opened = await openZarr(store);
      assert(opened.kind === "array");
      for (const lazy of [fromZarr(array), opened, opened.view(null)]) {
        const read = await lazy.read(selection);
        assert.deepEqual([...read.data], expected);
        assert.deepEqual(read.shape, axes.flatMap(([{ drop, indices }]) => drop ? [] : [indices.length]));
        assert.equal(read.data.constructor, Int32Array);
      }
    }),
    { numRuns: 150 },
  );
});

Deno.test("each chunk that a selection touches is fetched once, others never, and some at a time", async () => {
  const { store } = await counting([40, 6], [4, 3]);
  const seen = watched(store, 2);
  const array = await zarr.open(seen as zarr.AsyncReadable, { kind: "array" });
  seen.keys.length = 0;
  const lazy = fromZarr(array, { maxParallel: 3 });
  await lazy.read([[39, 0, 0, 21, 3, -1], slice(0, 2)]);
  assert.deepEqual(seen.keys.sort(), ["/c/0/0", "/c/5/0", "/c/9/0"]);
  seen.most = 0;
  seen.keys.length = 0;
  await lazy.read();
  assert.equal(seen.keys.length, 20);
  assert.equal(seen.most, 3);
});

Deno.test("an empty selection, and an array without elements, read nothing", async () => {
  const { store } = await counting([0, 3], [1, 3]);
  const array = await zarr.open(store, { kind: "array" });
  assert.deepEqual((await fromZarr(array).read()).shape, [0, 3]);
  const seen = watched((await counting([4], [2])).store);
  const full = fromZarr(await zarr.open(seen as zarr.AsyncReadable, { kind: "array" }));
  seen.keys.length = 0;
  assert.deepEqual((await full.read([slice(2, 2)])).shape, [0]);
  assert.deepEqual(seen.keys, []);
});

Deno.test("an array without axes gives its one element", async () => {
  const { array } = await counting([], []).catch(() => ({ array: null }));
  const store = storeOf(v2({ shape: [], chunks: [], dtype: "<f8" }), {
    "0": new Uint8Array(Float64Array.of(2.5).buffer),
  });
  assert.equal(array, null, "zarrita sets no scalars by arrays");
  const opened = await openZarr(store);
  assert(opened.kind === "array");
  assert.deepEqual(await opened.read(), {
    data: Float64Array.of(2.5),
    shape: [],
    stride: [],
    dtype: { kind: "float", itemsize: 8, byteOrder: "<" },
  });
});

Deno.test("an aborted read ends at once, also where the store doesn't listen, and says the signal's reason", async () => {
  const { store } = await counting([8], [1]);
  let asked = 0;
  const never = {
    get: (key: string) => {
      if (!key.startsWith("/c/")) return Promise.resolve(store.get(key));
      asked++;
      return new Promise<undefined>(() => {});
    },
  };
  const array = await zarr.open(never as zarr.AsyncReadable, { kind: "array" });
  const lazy = fromZarr(array, { maxParallel: 2 });
  const stop = new AbortController();
  const read = lazy.read(null, { signal: stop.signal });
  const reason = new Error("Enough");
  setTimeout(() => stop.abort(reason), 5);
  await assert.rejects(read, reason);
  assert.equal(asked, 2);
  await assert.rejects(lazy.read(null, { signal: stop.signal }), reason);
  assert.equal(asked, 2);
});

Deno.test("64-bit integers without a fill value have zeros where a chunk is missing, which zarrita can't make", async () => {
  const store = storeOf(v2({ dtype: "<i8", fill_value: null }), {
    "0": new Uint8Array(BigInt64Array.of(5n, 6n).buffer),
  });
  const array = await zarr.open(store, { kind: "array" });
  await assert.rejects(zarr.get(array, null), TypeError);
  assert.deepEqual((await fromZarr(array).read()).data, BigInt64Array.of(5n, 6n, 0n, 0n));
});

Deno.test("text of fixed length keeps zeros within, which zarrita drops", async () => {
  const store = storeOf(v2({ dtype: "|S3", shape: [2] }), { "0": new TextEncoder().encode("a\0bcd\0") });
  const array = await zarr.open(store, { kind: "array" });
  assert.deepEqual((await fromZarr(array).read()).data, ["a\0b", "cd"]);
});

Deno.test("a chunk of the wrong size is an error of the file, never a wrong number", async () => {
  for (const bytes of [new Uint8Array(2), new Uint8Array(6), new Uint8Array(0)]) {
    const store = storeOf(v2(), { "0": bytes });
    const lazy = fromZarr(await zarr.open(store, { kind: "array" }));
    await assert.rejects(lazy.read(), (error: MicrotomeErrorLike) => {
      assert.equal(error.code, "corrupt");
      assert.match(
        error.message,
        new RegExp(`^Cannot read chunk \\(0,\\) of .*: it decodes to ${bytes.length} bytes, expected 4$`),
      );
      return true;
    });
  }
});

Deno.test("failures of the store, of codecs and of selections are errors of ours", async () => {
  const code = (expected: string) => (error: MicrotomeErrorLike) => error.code === expected;
  const broken = { shape: [4], chunks: [2], dtype: "int16", getChunk: () => Promise.reject(new Error("No route")) };
  await assert.rejects(fromZarr(broken).read(), code("source"));
  await assert.rejects(fromZarr(broken).read([9]), code("selection"));
  await assert.rejects(fromZarr(broken, { maxReadBytes: 4 }).read(), code("limit"));
  const foreign = storeOf(v2({ compressor: { id: "zfpy" } }), { "0": new Uint8Array(4) });
  await assert.rejects(fromZarr(await zarr.open(foreign, { kind: "array" })).read(), code("unsupported-filter"));
  assert.throws(() => fromZarr({ ...broken, chunks: [0] }), { code: "shape" });
  assert.throws(() => fromZarr({ ...broken, chunks: [2, 2] }), { code: "shape" });
  assert.throws(() => fromZarr({ ...broken, dtype: "complex64" }), { code: "unsupported" });
});
