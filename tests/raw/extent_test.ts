import assert from "node:assert/strict";
import { type ExtentRequest, newExtent, resolveExtent } from "../../src/raw/extent.ts";
import { FormatError, ShapeError, TruncatedError } from "../../src/source/errors.ts";

const int16 = { label: "int16", group: 1, groupBytes: 2 };
const packed = { label: "uint12:lsb", group: 2, groupBytes: 3 };

function extent(request: Partial<ExtentRequest>) {
  return resolveExtent({ name: "x.bin", byteLength: 60, element: int16, ...request });
}

function fails(request: Partial<ExtentRequest>, kind: typeof ShapeError, message: RegExp) {
  assert.throws(() => extent(request), (error) => {
    assert.ok(error instanceof kind, `${error}`);
    assert.match(error.message, message);
    return true;
  });
}

Deno.test("without a shape, the array is one axis of all that the file holds", () => {
  assert.deepEqual(extent({}), { shape: [30], offset: 0, byteLength: 60 });
  assert.deepEqual(extent({ offset: 20 }), { shape: [20], offset: 20, byteLength: 40 });
  assert.deepEqual(extent({ byteLength: 0 }), { shape: [0], offset: 0, byteLength: 0 });
});

Deno.test("the axis that is left out is computed from the file's size, wherever it stands", () => {
  assert.deepEqual(extent({ shape: [null, 3] }).shape, [10, 3]);
  assert.deepEqual(extent({ shape: [3, -1] }).shape, [3, 10]);
  assert.deepEqual(extent({ shape: [2, null, 5] }).shape, [2, 3, 5]);
  assert.deepEqual(extent({ shape: [null, 3], offset: 6 }).shape, [9, 3]);
});

Deno.test("a whole shape may leave a rest of the file alone, as np.memmap does", () => {
  assert.deepEqual(extent({ shape: [2, 3], offset: 4 }), { shape: [2, 3], offset: 4, byteLength: 12 });
  assert.deepEqual(extent({ shape: [] }), { shape: [], offset: 0, byteLength: 2 });
  assert.deepEqual(extent({ shape: [0, 7] }), { shape: [0, 7], offset: 0, byteLength: 0 });
});

Deno.test("packed values count by whole groups", () => {
  assert.deepEqual(extent({ element: packed }).shape, [40]);
  assert.deepEqual(extent({ element: packed, shape: [5] }).byteLength, 9);
  fails(
    { element: packed, byteLength: 61 },
    FormatError,
    /61 bytes are no whole number of elements of 12 bits, 1 left/,
  );
});

Deno.test("a size that doesn't divide into rows names bytes, item size and channels", () => {
  fails(
    { byteLength: 58, shape: [null, 3] },
    ShapeError,
    /^Cannot open x\.bin as int16 of shape \(\?, 3\): its 58 bytes hold 29 elements of 2 bytes, which don't divide into rows of 3 channels: 2 left over$/,
  );
});

Deno.test("a size that is no whole number of elements names bytes and item size", () => {
  fails(
    { byteLength: 61, shape: [null, 3] },
    FormatError,
    /: its 61 bytes are no whole number of elements of 2 bytes, 1 left over; the dtype or the offset is wrong, or the/,
  );
  fails({ offset: 1 }, FormatError, /: behind byte 1 its 59 bytes are no whole number of elements of 2 bytes, 1 left/);
});

Deno.test("a file that is shorter than the array is truncated", () => {
  fails({ shape: [11, 3] }, TruncatedError, /as int16 of shape \(11, 3\): that takes 66 bytes, the file has 60$/);
  fails({ shape: [10, 3], offset: 2 }, TruncatedError, /that takes 60 bytes from byte 2 on, the file has 58$/);
  fails({ offset: 61 }, TruncatedError, /the offset of 61 bytes lies behind its end, it has 60$/);
  fails({ shape: [1], byteLength: 0 }, TruncatedError, /takes 2 bytes, the file has 0/);
});

Deno.test("what is no shape is refused", () => {
  fails({ shape: [null, null] }, ShapeError, /shape \(\?, \?\) leaves out more than one axis/);
  fails({ shape: [null, -1, 2] }, ShapeError, /more than one axis/);
  fails({ shape: [-2, 3] }, ShapeError, /axis 0 of the shape is -2/);
  fails({ shape: [1.5] }, ShapeError, /axis 0 of the shape is 1\.5/);
  fails({ shape: [3, NaN] }, ShapeError, /axis 1 of the shape is NaN/);
  fails({ shape: "30" as unknown as number[] }, ShapeError, /the shape is 30, expected a list/);
  fails({ shape: [null, 0] }, ShapeError, /beside an axis of length 0/);
  // deno-lint-ignore no-sparse-arrays -- a hole is what a careless caller makes
  fails({ shape: [3, , 2] as unknown as number[] }, ShapeError, /axis 1 of the shape is undefined/);
});

Deno.test("a shape whose product overflows is refused, not wrapped", () => {
  fails({ shape: [2 ** 32, 2 ** 32] }, ShapeError, /more bytes than can be counted/);
  fails({ shape: [2 ** 52, 2] }, ShapeError, /more bytes than can be counted/);
  fails({ shape: [null, 2 ** 30, 2 ** 30] }, ShapeError, /don't divide into rows/);
});

Deno.test("an offset is a whole number of bytes", () => {
  for (const offset of [-1, 0.5, NaN, Infinity, 2 ** 53]) assert.throws(() => extent({ offset }), RangeError);
});

Deno.test("a new file needs every length", () => {
  const wanted = { name: "a flat file", element: int16 };
  assert.deepEqual(newExtent({ ...wanted, shape: [2, 3], offset: 8 }), { shape: [2, 3], offset: 8, byteLength: 12 });
  assert.throws(() => newExtent({ ...wanted, shape: [null, 3] }), /of shape \(\?, 3\): a new file needs every length/);
  assert.throws(() => newExtent({ ...wanted, shape: [2 ** 51], offset: 2 ** 52 }), ShapeError);
});
