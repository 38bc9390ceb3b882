import assert from "node:assert/strict";
import { dtypeFromNumpy } from "../../src/array/dtype/dtype.ts";
import { ndarray } from "../../src/array/ndarray.ts";
import { toCsv, toJsonValue } from "../../src/array/text/serialise.ts";
import type { ArrayData, DType } from "../../src/array/types.ts";
import { SelectionError } from "../../src/source/errors.ts";

const int32 = dtypeFromNumpy("<i4");
const vlen = (base: DType): DType => ({ kind: "vlen", itemsize: 16, byteOrder: "|", base });
const record: DType = {
  kind: "compound",
  itemsize: 30,
  byteOrder: "|",
  fields: [
    { name: "flag", dtype: dtypeFromNumpy("bool"), offset: 0 },
    { name: "z", dtype: dtypeFromNumpy("<c8"), offset: 1 },
    { name: "__proto__", dtype: dtypeFromNumpy("str"), offset: 9 },
    { name: "box", dtype: { kind: "array", itemsize: 8, byteOrder: "|", base: int32, shape: [1, 2] }, offset: 20 },
  ],
};
const value = Object.defineProperty(
  { flag: true, z: [1, NaN], box: ndarray(Int32Array.of(5, 6), [1, 2]) },
  "__proto__",
  { value: 'say "hi"', enumerable: true },
);

Deno.test("every kind of element has a form in JSON", () => {
  const cases: [ArrayData, DType, unknown][] = [
    [Float64Array.of(1.5, NaN, Infinity, -Infinity), dtypeFromNumpy("<f8"), [1.5, "NaN", "Infinity", "-Infinity"]],
    [Float32Array.of(0.1), dtypeFromNumpy("<f4"), [0.10000000149011612]],
    [BigInt64Array.of(-1n, 2n ** 53n - 1n, 2n ** 53n, -(2n ** 63n)), dtypeFromNumpy("<i8"), [
      -1,
      9007199254740991,
      "9007199254740992",
      "-9223372036854775808",
    ]],
    [BigUint64Array.of(2n ** 64n - 1n), dtypeFromNumpy("<u8"), ["18446744073709551615"]],
    [Uint8Array.of(0, 1), dtypeFromNumpy("bool"), [false, true]],
    [Float32Array.of(1, -Infinity), dtypeFromNumpy("<c8"), [[1, "-Infinity"]]],
    [["a", "ü"], dtypeFromNumpy("str"), ["a", "ü"]],
    [[Uint8Array.of(1, 171)], { kind: "opaque", itemsize: 2, byteOrder: "|", tag: "" }, ["01ab"]],
    [[{ toString: () => "<object /a>" }], { kind: "reference", itemsize: 8, byteOrder: "|", target: "object" }, [
      "<object /a>",
    ]],
    [[Int32Array.of(1), new Int32Array(0)], vlen(int32), [[1], []]],
    [[Uint8Array.of(1, 2)], vlen(dtypeFromNumpy("|u1")), [[1, 2]]],
    [[Float32Array.of(1, 2)], vlen(dtypeFromNumpy("<c8")), [[[1, 2]]]],
    [[[Int32Array.of(1)]], vlen(vlen(int32)), [[[1]]]],
    [[["a"]], vlen(dtypeFromNumpy("str")), [["a"]]],
  ];
  for (const [data, dtype, expected] of cases) assert.deepEqual(toJsonValue(ndarray(data, undefined, dtype)), expected);
  assert.equal(
    JSON.stringify(toJsonValue(ndarray([value], [1], record))),
    '[{"flag":true,"z":[1,"NaN"],"__proto__":"say \\"hi\\"","box":[[5,6]]}]',
  );
});

Deno.test("JSON is flat and in C order whatever the strides", () => {
  const transposed = { ...ndarray(Int32Array.of(1, 2, 3, 4), [2, 2]), stride: [1, 2] };
  assert.deepEqual(toJsonValue(transposed), [1, 3, 2, 4]);
  assert.deepEqual(toJsonValue(ndarray(Int32Array.of(7), [])), [7]);
  assert.deepEqual(toJsonValue(ndarray(new Int32Array(0), [0, 2])), []);
});

Deno.test("tables become CSV", () => {
  assert.equal(toCsv(ndarray(Int16Array.of(1, 2, 3, 4), [2, 2])), "1,2\n3,4\n");
  assert.equal(toCsv(ndarray(Float32Array.of(0.1, NaN))), "0.1\nNaN\n");
  assert.equal(toCsv(ndarray(Float64Array.of(2.5), [])), "2.5\n");
  assert.equal(toCsv(ndarray(new Int8Array(0), [0, 2])), "");
  assert.equal(toCsv({ ...ndarray(Int32Array.of(1, 2, 3, 4), [2, 2]), stride: [1, 2] }), "1,3\n2,4\n");
  assert.equal(toCsv(ndarray(BigInt64Array.of(2n ** 60n))), "1152921504606846976\n");
  assert.equal(toCsv(ndarray(['a,"b"', "c\nd", " e", "f"], [2, 2])), '"a,""b""","c\nd"\n" e",f\n');
  assert.equal(toCsv(ndarray(Float32Array.of(1, -2), [1], dtypeFromNumpy("<c8"))), "1-2j\n");
  assert.equal(toCsv(ndarray(Uint8Array.of(1, 0), [2], dtypeFromNumpy("bool"))), "true\nfalse\n");
});

Deno.test("CSV has a header of field names, given names or numbers", () => {
  assert.equal(
    toCsv(ndarray([value], [1], record)),
    'flag,z,__proto__,box\ntrue,1+NaNj,"say ""hi""","[[5,6]]"\n',
  );
  assert.equal(toCsv(ndarray([value], [1], record), { header: false }).split("\n").length, 2);
  assert.equal(toCsv(ndarray(Int8Array.of(1, 2), [1, 2]), { header: ["a", "b,c"] }), 'a,"b,c"\n1,2\n');
  assert.equal(toCsv(ndarray(Int8Array.of(1, 2), [1, 2]), { header: true }), "0,1\n1,2\n");
  assert.equal(toCsv(ndarray(Int8Array.of(1)), { header: true }), "value\n1\n");
  assert.throws(() => toCsv(ndarray(Int8Array.of(1)), { header: ["a", "b"] }), /1 columns of a CSV by 2 names/);
});

Deno.test("more axes than a table has are refused as CSV", () => {
  assert.throws(() => toCsv(ndarray(new Int8Array(8), [2, 2, 2])), (error) => {
    assert(error instanceof SelectionError);
    assert.equal(error.message, "Cannot write an array of 3 axes (shape 2 x 2 x 2) as CSV: select at most two axes");
    return true;
  });
  assert.throws(() => toCsv(ndarray([value], [1, 1], record)), /select at most one axis of records$/);
});
