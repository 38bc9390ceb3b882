import assert from "node:assert/strict";
import { dtypeFromNumpy } from "../../src/array/dtype/dtype.ts";
import {
  edges,
  formatArray,
  formatFloat,
  formatRecords,
  formatTable,
  formatValue,
} from "../../src/array/text/format.ts";
import { halfBits, toHalf } from "../../src/array/dtype/half.ts";
import { ndarray, takeResolved } from "../../src/array/ndarray.ts";
import { resolveSelection } from "../../src/array/select/selection.ts";
import type { DType } from "../../src/array/types.ts";
import { numpyCases } from "./numpy_cases.ts";

const text = dtypeFromNumpy("str");
const record: DType = {
  kind: "compound",
  itemsize: 12,
  byteOrder: "|",
  fields: [
    { name: "id", dtype: dtypeFromNumpy("<i4"), offset: 0 },
    { name: "name", dtype: text, offset: 4 },
  ],
};

Deno.test("short arrays are printed whole with aligned columns", () => {
  assert.equal(formatArray(ndarray(Int16Array.of(1, 20, -3))), "[ 1 20 -3]");
  assert.equal(formatArray(ndarray(Int16Array.of(1, 20, 3, 4), [2, 2])), "[[ 1 20]\n [ 3  4]]");
  assert.equal(
    formatArray(ndarray(Uint8Array.of(1, 2, 3, 4), [2, 1, 2])),
    "[[[1 2]]\n\n [[3 4]]]",
  );
  assert.equal(formatArray(ndarray(["a", 'b"'], [2])), '["a" "b\\""]');
  assert.equal(formatArray(ndarray(["a", "bcd", "e", "f"], [2, 2])), '[["a"   "bcd"]\n ["e"   "f"]]');
});

Deno.test("arrays without axes or elements are printed too", () => {
  assert.equal(formatArray(ndarray(Float64Array.of(0.1), [])), "0.1");
  assert.equal(formatArray(ndarray(new Float64Array(0), [0])), "[]");
  assert.equal(formatArray(ndarray(new Float64Array(0), [3, 0])), "[]");
});

Deno.test("the middle of long axes is left out, without reading it", () => {
  const long = ndarray(Int32Array.from({ length: 1000 }, (_, i) => i));
  assert.equal(formatArray(long, { maxColumns: 6 }), "[  0   1   2 ... 997 998 999]");
  const tall = ndarray(Int32Array.from({ length: 1000 }, (_, i) => i), [500, 2]);
  assert.equal(formatArray(tall, { maxRows: 2 }), "[[  0   1]\n ...\n [998 999]]");
});

Deno.test("an array of which only the edges were read prints as the whole does", () => {
  const whole = ndarray(Int32Array.from({ length: 50 * 40 }, (_, i) => i), [50, 40]);
  const options = { maxRows: 5, maxColumns: 4 };
  const { selection, gaps } = edges(whole.shape, options);
  assert.deepEqual(selection, [[0, 1, 2, 48, 49], [0, 1, 38, 39]]);
  const read = takeResolved(whole, resolveSelection(selection, whole.shape));
  assert.equal(formatArray(read, { ...options, gaps }), formatArray(whole, options));
  assert.deepEqual(edges([3, 4], options), { selection: [null, null], gaps: [null, null] });
  const records = ndarray(Array.from({ length: 100 }, (_, id) => ({ id, name: "x" })), [100], record);
  const tall = takeResolved(records, resolveSelection([[0, 1, 99]], [100]));
  assert.equal(formatRecords(tall, { gap: 2 }), formatRecords(records, { maxRows: 3 }));
});

Deno.test("floats come in the shortest form that reads back to the same value", () => {
  assert.equal(formatFloat(Math.fround(0.1), 4), "0.1");
  assert.equal(formatFloat(Math.fround(16777217.7), 4), "16777218");
  assert.equal(formatFloat(0.1, 8), "0.1");
  assert.equal(formatFloat(0.0999755859375, 2), "0.1");
  assert.equal(formatFloat(65504, 2), "65500");
  assert.equal(formatFloat(-0, 4), "-0");
  assert.equal(formatFloat(NaN, 4), "NaN");
  assert.equal(formatFloat(-Infinity, 2), "-Infinity");
  const bits = new Uint32Array(1);
  const float = new Float32Array(bits.buffer);
  for (let i = 0; i < 2000; i++) {
    bits[0] = Math.imul(i, 2654435761);
    if (!Number.isFinite(float[0]!)) continue;
    assert.equal(Math.fround(Number(formatFloat(float[0]!, 4))), float[0]);
  }
});

Deno.test(`float16 is rounded as NumPy rounds it, in ${numpyCases.halves.length} recorded cases`, () => {
  for (const [bits, half] of numpyCases.halves) assert.equal(halfBits(bits), half, bits.toString(16));
  assert.equal(toHalf(1), 0x3c00);
});

Deno.test("every kind of element has a form", () => {
  const cases: [unknown, DType, string][] = [
    [true, dtypeFromNumpy("bool"), "True"],
    [0, dtypeFromNumpy("bool"), "False"],
    [2n ** 60n, dtypeFromNumpy("<i8"), "1152921504606846976"],
    [[1, -2], dtypeFromNumpy("<c16"), "1-2j"],
    [[0.5, NaN], dtypeFromNumpy("<c8"), "0.5+NaNj"],
    ["a\n", text, '"a\\n"'],
    [Uint8Array.of(0, 255), { kind: "opaque", itemsize: 2, byteOrder: "|", tag: "" }, "0x00ff"],
    [{ id: 1, name: "x" }, record, '{id: 1, name: "x"}'],
    [Int32Array.of(1, 2), { kind: "vlen", itemsize: 16, byteOrder: "|", base: dtypeFromNumpy("<i4") }, "[1, 2]"],
    [
      ndarray(Int32Array.of(1, 2), [2, 1]),
      { kind: "array", itemsize: 8, byteOrder: "|", base: dtypeFromNumpy("<i4"), shape: [2, 1] },
      "[[1], [2]]",
    ],
    [
      ndarray(Float32Array.of(1, 2), [1], dtypeFromNumpy("<c8")),
      { kind: "array", itemsize: 8, byteOrder: "|", base: dtypeFromNumpy("<c8"), shape: [1] },
      "[1+2j]",
    ],
    [
      { toString: () => "<object /a>" },
      { kind: "reference", itemsize: 8, byteOrder: "|", target: "object" },
      "<object /a>",
    ],
    [null, text, "null"],
  ];
  for (const [value, dtype, expected] of cases) assert.equal(formatValue(value, dtype), expected);
});

Deno.test("tables have a line of names, aligned columns, and ellipses in long ones", () => {
  const columns = [
    { name: "n", cells: ["1", "22", "3"] },
    { name: "what", cells: ["é", "bb", "c"], align: "left" as const },
  ];
  assert.equal(formatTable(columns), " n  what\n──  ────\n 1  é\n22  bb\n 3  c");
  assert.equal(formatTable(columns, { maxRows: 2 }), "  n  what\n───  ────\n  1  é\n...  ...\n  3  c");
  const records = ndarray([{ id: 1, name: "x" }, { id: 20, name: "y" }], [2], record);
  assert.equal(formatRecords(records), 'id  name\n──  ────\n 1  "x"\n20  "y"');
});
