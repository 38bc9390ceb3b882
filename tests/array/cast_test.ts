import assert from "node:assert/strict";
import { castNumber, castNumbers } from "../../src/array/codec/cast.ts";
import { dtypeFromNumpy } from "../../src/array/dtype/dtype.ts";
import type { ArrayData, DType } from "../../src/array/types.ts";
import { DTypeError } from "../../src/source/errors.ts";

const cast = (data: ArrayData, name: string, overflow?: "error" | "wrap" | "clip") =>
  castNumbers(data, dtypeFromNumpy(name), { overflow, action: "write x" });

Deno.test("numbers that fit keep their values whatever the two types are", () => {
  const names = ["i1", "u1", "<i2", "<u2", "<i4", "<u4", "<i8", "<u8", "<f4", "<f8", "<f2"];
  for (const from of names) {
    for (const to of names) {
      const source = cast([0, 1, 2, 100, 127], from);
      assert.deepEqual([...cast(source, to)].map(Number), [0, 1, 2, 100, 127], `${from} to ${to}`);
    }
  }
});

Deno.test("data of the very type is passed through, not copied", () => {
  const data = Int16Array.of(1, 2);
  assert.equal(cast(data, ">i2"), data);
});

Deno.test("the first number that an integer type can't hold is named", () => {
  const cases: [ArrayData, string, RegExp][] = [
    [
      Float64Array.of(1, 300, 400),
      "u1",
      /^Cannot write x: 300 doesn't fit uint8, which holds the integers from 0 to 255$/,
    ],
    [Int16Array.of(-1), "u1", /-1 doesn't fit uint8/],
    [Float64Array.of(1.5), "<i4", /1\.5 doesn't fit int32/],
    [Float64Array.of(NaN), "<i4", /NaN/],
    [Float64Array.of(Infinity), "<i8", /Infinity/],
    [Float64Array.of(2 ** 63), "<i8", /9223372036854775807/],
    [BigInt64Array.of(-1n), "<u8", /-1 doesn't fit uint64/],
    [BigUint64Array.of(2n ** 63n), "<i8", /9223372036854775808/],
    [BigInt64Array.of(2n ** 40n), "<i4", /1099511627776/],
    [[1, "two"], "<i4", /"two" is no int32/],
    [[null], "<f8", /null is no float64/],
    [[2], "bool", /2 doesn't fit bool/],
    [[1e39], "<f4", /1e\+39 doesn't fit float32$/],
    [[65520], "<f2", /65520 doesn't fit float16$/],
  ];
  for (const [data, to, message] of cases) {
    assert.throws(
      () => cast(data, to),
      (error: Error) => error instanceof DTypeError && message.test(error.message),
      to,
    );
  }
});

Deno.test("wrap keeps the low bits as C does, clip the nearest", () => {
  assert.deepEqual(cast(Float64Array.of(256, -1, 300.7, NaN, Infinity), "u1", "wrap"), Uint8Array.of(0, 255, 44, 0, 0));
  assert.deepEqual(
    cast(Float64Array.of(256, -1, 300.7, NaN, -Infinity), "u1", "clip"),
    Uint8Array.of(255, 0, 255, 0, 0),
  );
  assert.deepEqual(cast(Int32Array.of(40000), "<i2", "wrap"), Int16Array.of(-25536));
  assert.deepEqual(cast([2n ** 64n + 5n], "<u8", "wrap"), BigUint64Array.of(5n));
  assert.deepEqual(cast([2n ** 64n + 5n], "<u8", "clip"), BigUint64Array.of(2n ** 64n - 1n));
  assert.deepEqual(cast([1e39, -1e39], "<f4", "clip"), Float32Array.of(3.4028234663852886e38, -3.4028234663852886e38));
  assert.deepEqual(cast([1e39], "<f4", "wrap"), Float32Array.of(Infinity));
  assert.deepEqual(cast([0, 5, -5], "bool", "wrap"), Uint8Array.of(0, 1, 1));
});

Deno.test("NaN and infinity pass between floats", () => {
  assert.deepEqual(cast(Float64Array.of(NaN, Infinity, -Infinity), "<f4"), Float32Array.of(NaN, Infinity, -Infinity));
  assert.deepEqual(cast(Float64Array.of(NaN, Infinity), "<f2"), Float32Array.of(NaN, Infinity));
});

Deno.test("float16 is rounded once: to the nearest, ties to even", () => {
  // Halfway between 1 and 1 + 2^-10 is 1 + 2^-11; a little above it float32 has nothing but the tie itself.
  assert.deepEqual(cast([1 + 2 ** -11], "<f2"), Float32Array.of(1));
  assert.deepEqual(cast([1 + 2 ** -11 + 2 ** -40], "<f2"), Float32Array.of(1 + 2 ** -10));
  assert.deepEqual(cast([-(1 + 2 ** -11 + 2 ** -40)], "<f2"), Float32Array.of(-(1 + 2 ** -10)));
  assert.deepEqual(cast([2 ** -25 + 2 ** -60], "<f2"), Float32Array.of(2 ** -24));
  assert.deepEqual(cast([65519.999], "<f2"), Float32Array.of(65504));
});

Deno.test("an enum takes its members' names and its integers", () => {
  const dtype: DType = {
    kind: "enum",
    itemsize: 1,
    byteOrder: "|",
    base: { kind: "int", itemsize: 1, byteOrder: "|" },
    members: { OFF: 0, ON: 1 },
  };
  assert.deepEqual(castNumbers(["ON", 0, "OFF"], dtype), Int8Array.of(1, 0, 0));
  assert.throws(() => castNumber("UP", dtype), /"UP" is no member of enum/);
  assert.throws(() => castNumber("toString", dtype), DTypeError);
});

Deno.test("numbers don't become text, and overflow has three words", () => {
  assert.throws(() => cast([1], "str"), DTypeError);
  assert.throws(() => cast([1], "u1", "saturate" as "clip"), TypeError);
});
