import assert from "node:assert/strict";
import fc from "fast-check";
import { dtypeFromNumpy } from "../../src/array/dtype/dtype.ts";
import { memoryArray } from "../../src/array/memory.ts";
import { ndarray } from "../../src/array/ndarray.ts";
import { openNpy } from "../../src/npy/open_npy.ts";
import { openNpz } from "../../src/npy/npz.ts";
import { unpickle } from "../../src/npy/pickle/pickle.ts";
import { encodePickle } from "../../src/npy/pickle/write_pickle.ts";
import { encodeNpy, writeNpy } from "../../src/npy/write.ts";
import { encodeNpz } from "../../src/npy/write_npz.ts";
import { UnsupportedError } from "../../src/source/errors.ts";
import { memorySink } from "../../src/source/sink/memory_sink.ts";

const OBJECT = dtypeFromNumpy("|O");

Deno.test("plain values come out of their pickle as they went in, integers of every length included", () => {
  const edges = [0, 1, 7, 8, 15, 16, 31, 32, 52, 53, 63, 64, 100, 1000].flatMap((bits) =>
    [-1n, 0n, 1n].flatMap((by) => [2n ** BigInt(bits) + by, -(2n ** BigInt(bits)) + by])
  );
  for (const value of edges) {
    const back = unpickle(encodePickle(value));
    assert.equal(BigInt(back as number), value);
    assert.equal(typeof back, Number.isSafeInteger(Number(value)) ? "number" : "bigint", String(value));
  }
  for (const value of [null, true, false, 0.1, -0, NaN, Infinity, 1e300, 5e-324, "", "λ\0\u{1f600}", "x".repeat(300)]) {
    assert.ok(Object.is(unpickle(encodePickle(value)), value), String(value));
  }
  assert.equal(unpickle(encodePickle(undefined)), null);
  assert.deepEqual(unpickle(encodePickle(Uint8Array.of(1, 2))), Uint8Array.of(1, 2));
});

Deno.test("whatever lists and dictionaries hold, they are read as they were written", () => {
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 5 },
      fc.constantFrom(null, true, false),
      fc.double(),
      fc.maxSafeInteger(),
      fc.string({ unit: "binary" }),
      fc.uint8Array(),
      fc.array(tie("value"), { maxLength: 4 }),
      fc.array(fc.tuple(fc.string(), tie("value")), { maxLength: 4 }).map((pairs) => new Map(pairs)),
    ),
  }));
  fc.assert(fc.property(value, (value) => assert.deepEqual(unpickle(encodePickle(value)), value)), { numRuns: 300 });
});

Deno.test("arrays of every plain dtype are pickled, and read with it", () => {
  for (
    const name of ["|i1", "<u2", "<i4", "<i8", "<f4", "<f8", "<c16", "|b1", "<M8[ms]", "<m8[s]", "|V3", "|S2", "<U2"]
  ) {
    const dtype = dtypeFromNumpy(name);
    const data = dtype.kind === "opaque"
      ? [Uint8Array.of(1, 2, 3), Uint8Array.of(4, 5, 6)]
      : dtype.kind === "string"
      ? ["a", "bc"]
      : {
        b1: Uint8Array.of(0, 1),
        i1: Int8Array.of(-1, 2),
        u2: Uint16Array.of(1, 2),
        i4: Int32Array.of(-1, 2),
      }[name.slice(1)] ??
        { f4: Float32Array.of(0.5, 2), f8: Float64Array.of(0.1, 2), c16: Float64Array.of(1, 2, 3, 4) }[name.slice(1)] ??
        BigInt64Array.of(-1n, 2n ** 60n);
    const array = ndarray(data, [2], dtype);
    const back = unpickle(encodePickle([array])) as [typeof array];
    assert.deepEqual(back[0].data, data, name);
    assert.equal(back[0].dtype.kind, dtype.kind, name);
  }
  const turned = { ...ndarray(Int16Array.of(1, 2, 3, 4, 5, 6), [2, 3]), shape: [3, 2], stride: [1, 3] };
  assert.deepEqual((unpickle(encodePickle(turned)) as typeof turned).data, Int16Array.of(1, 4, 2, 5, 3, 6));
});

Deno.test("what isn't plain, has no end or is half a character is refused by what it is", () => {
  const circle: unknown[] = [];
  circle.push(circle);
  const cases: [unknown, RegExp][] = [
    [{ a: 1 }, /an object of the class Object as \.npy/],
    [new Date(), /class Date/],
    [new Set([1]), /class Set/],
    [Symbol("x"), /a symbol/],
    [() => 1, /a function/],
    [circle, /nested more than 200 levels/],
    ["\ud800", /half a character/],
    [2n ** 2100n, /more than 255 bytes/],
    [ndarray([{ a: 1 }], [1], { kind: "compound", itemsize: 1, byteOrder: "|", fields: [] }), /an array of compound/],
  ];
  for (const [value, message] of cases) {
    assert.throws(() => encodePickle([value]), (error) => {
      assert(error instanceof UnsupportedError);
      assert.match(error.message, message);
      return true;
    });
  }
});

Deno.test("arrays of objects of every shape are written to .npy and .npz, in memory or lazy, in one pickle", async () => {
  for (const shape of [[], [0], [6], [2, 3], [0, 5]]) {
    const count = shape.reduce((product, length) => product * length, 1);
    const values = ["a", null, 1.5, [1, "b"], new Map([["k", true]]), 2n ** 70n].slice(0, count);
    const array = ndarray(values, shape, OBJECT);
    const lazy = memoryArray(array, { chunkShape: shape.map(() => 1) });
    const encoded = encodeNpy(array, { order: "F" });
    const sink = memorySink();
    await writeNpy(sink, lazy, { blockBytes: 8 });
    assert.deepEqual(sink.bytes(), encoded);
    await using npy = await openNpy(encoded);
    assert.deepEqual([npy.shape, npy.dtype.kind, (await npy.read()).data], [shape, "object", values]);
    for (const compression of [false, true]) {
      await using npz = await openNpz(await encodeNpz({ lazy }, { compression, blockBytes: 8 }));
      assert.deepEqual((await (await npz.get("lazy")).read()).data, values);
    }
  }
});
