import assert from "node:assert/strict";
import { dtypeFromDescr, numpyDescr } from "../../src/array/dtype/descr.ts";
import { dtypeFromNumpy } from "../../src/array/dtype/dtype.ts";
import { FormatError, UnsupportedError } from "../../src/source/errors.ts";

Deno.test("numpyDescr names every dtype of a fixed size as NumPy's descr does", () => {
  for (
    const name of ["|b1", "|i1", "|u1", "<i2", ">u4", "<i8", ">f2", "<f4", ">f8", "<c8", ">c16", "|S5", "<U3", "|V7"]
  ) {
    assert.equal(numpyDescr(dtypeFromNumpy(name)), name);
  }
  assert.equal(numpyDescr(dtypeFromNumpy("<M8[ns]")), "<M8[ns]");
});

Deno.test("records keep their fields, arrays within them, records within records and gaps", () => {
  const descr = [
    ["t", "<f8"],
    ["", "|V4"],
    ["xy", ">i2", [2, 3]],
    ["inner", [["a", "|S3"], ["b", "|b1"]]],
    ["", "|V2"],
  ];
  const dtype = dtypeFromDescr(descr);
  assert.equal(dtype.itemsize, 8 + 4 + 12 + 4 + 2);
  assert.ok(dtype.kind === "compound");
  assert.deepEqual(dtype.fields.map(({ name, offset }) => [name, offset]), [["t", 0], ["xy", 12], ["inner", 24]]);
  assert.deepEqual(numpyDescr(dtype), descr);
});

Deno.test("a field may have a title, a length in place of a shape, and no name", () => {
  const dtype = dtypeFromDescr([[["Title", "a"], "<i2"], ["b", "<i2", 2], ["", "<i4"]]);
  assert.deepEqual(numpyDescr(dtype), [["a", "<i2"], ["b", "<i2", [2]], ["f2", "<i4"]]);
});

Deno.test("what isn't a description is refused", () => {
  let deep: unknown = "<i2";
  for (let i = 0; i < 40; i++) deep = [["a", deep]];
  const wrong: unknown[] = [
    5,
    null,
    [["a"]],
    [["a", "<i2", [1], 4]],
    [[3, "<i2"]],
    [["a", "<i2"], ["a", "<i2"]],
    [["a", "<i2", [-1]]],
    [["a", "<i2", "x"]],
    [["a", 7]],
    [["a", "<f8", [2 ** 52]], ["b", "<f8", [2 ** 52]]],
    deep,
  ];
  for (const descr of wrong) assert.throws(() => dtypeFromDescr(descr), FormatError, JSON.stringify(descr));
  assert.throws(() => dtypeFromDescr([["a", "<q9"]]), UnsupportedError);
  assert.throws(() => numpyDescr(dtypeFromNumpy("str")), UnsupportedError);
});
