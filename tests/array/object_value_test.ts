import assert from "node:assert/strict";
import { ndarray } from "../../src/array/ndarray.ts";
import { objectText, plainObject } from "../../src/array/dtype/object_value.ts";
import { toJsonValue } from "../../src/array/text/serialise.ts";
import type { DType } from "../../src/array/types.ts";

Deno.test("what Python's objects became is JSON, however they are nested", () => {
  const value = new Map<unknown, unknown>([
    ["list", [1, 2n, 2n ** 60n, NaN, null, true]],
    [7, new Set(["a"])],
    ["bytes", Uint8Array.of(0, 255)],
    ["matrix", ndarray(Int16Array.of(1, 2, 3, 4, 5, 6), [2, 3])],
    ["empty", ndarray(new Float64Array(0), [2, 0])],
    ["scalar", ndarray(Float64Array.of(1.5), [])],
    ["record", { x: 1, y: ["z"] }],
  ]);
  assert.deepEqual(plainObject(value), {
    list: [1, 2, "1152921504606846976", "NaN", null, true],
    7: ["a"],
    bytes: "00ff",
    matrix: [[1, 2, 3], [4, 5, 6]],
    empty: [[], []],
    scalar: 1.5,
    record: { x: 1, y: ["z"] },
  });
  const object: DType = { kind: "object", itemsize: 8, byteOrder: "|" };
  assert.deepEqual(toJsonValue(ndarray([value, "x"], [2], object))[1], "x");
  assert.equal(objectText(new Map([["a", [1]]])), '{"a":[1]}');
});

Deno.test("a list that holds itself ends", () => {
  const list: unknown[] = [];
  list.push(list);
  assert.ok(objectText(list).length < 1000);
});
