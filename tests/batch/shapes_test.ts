import assert from "node:assert/strict";
import fc from "fast-check";
import { chooseShapes, type ChunkSizeOptions } from "../../src/batch/iterate/choose_shapes.ts";
import { GenericDataChunkIterator } from "../../src/batch/iterate/generic.ts";
import { defaultBufferShape, defaultChunkShape } from "../../src/batch/iterate/shapes.ts";
import { DTypeError, ShapeError } from "../../src/source/errors.ts";
import { HDMF_CASES, HDMF_CHECKS } from "./hdmf_cases.ts";

function iterator(shape: readonly number[], options: ChunkSizeOptions, dtype = "<i2") {
  return new GenericDataChunkIterator({ maxShape: shape, dtype, getData: () => new Int16Array(0), ...options });
}

for (const { shape, dtype, options, chunk, buffer, buffers } of HDMF_CASES) {
  Deno.test(`data of shape (${shape}) ${dtype} with ${JSON.stringify(options)} has hdmf's chunks and buffers`, () => {
    const { chunkShape, bufferShape, numBuffers, maxShape, dataShape } = iterator(shape, options, dtype);
    assert.deepEqual(chunkShape, chunk);
    if (buffer !== undefined) assert.deepEqual(bufferShape, buffer);
    if (buffers !== undefined) assert.equal(numBuffers, buffers);
    assert.deepEqual([maxShape, dataShape], [shape, shape]);
  });
}

for (const { name, shape, options, error, message } of HDMF_CHECKS) {
  Deno.test(`refused, as by hdmf: ${name}`, () => {
    assert.throws(() => iterator(shape, options), { name: error, message: `Cannot iterate in chunks: ${message}` });
  });
}

Deno.test("of several faults the one that hdmf would name comes first", () => {
  const faults: [ChunkSizeOptions, RegExp][] = [
    [{ bufferGb: 1, bufferShape: [0, 0], chunkMb: -1, chunkShape: [0, 0] }, /only one of bufferGb/],
    [{ chunkMb: -1, chunkShape: [1, 1], bufferGb: -1 }, /only one of chunkMb/],
    [{ chunkMb: -1, bufferGb: -1 }, /chunkMb \(-1\)/],
    [{ chunkShape: [30, 30], bufferShape: [0, 40] }, /bufferShape \(0, 40\) are less than one/],
    [{ chunkShape: [30, 30], bufferShape: [40, 40] }, /chunkShape \(30, 30\) exceed the data/],
    [{ chunkShape: [15, 3], bufferShape: [10, 40] }, /bufferShape \(10, 40\) exceed the data/],
    [{ chunkShape: [15, 3], bufferShape: [10, 10] }, /chunkShape \(15, 3\) exceed the buffer/],
  ];
  for (const [options, message] of faults) assert.throws(() => iterator([20, 20], options), { message });
});

Deno.test("a whole axis as buffer needs no whole number of chunks", () => {
  assert.equal(iterator([20, 20], { chunkShape: [3, 7], bufferShape: [20, 20] }).numBuffers, 1);
});

Deno.test("sizes come as bytes and as text too", () => {
  const expected = iterator([20_000, 5000], { bufferGb: 0.2, chunkMb: 2 });
  for (const bufferBytes of [200_000_000, "200MB", "0.2 GB"]) {
    const { chunkShape, bufferShape } = iterator([20_000, 5000], { bufferBytes, chunkBytes: "2MB" });
    assert.deepEqual({ chunkShape, bufferShape }, {
      chunkShape: expected.chunkShape,
      bufferShape: expected.bufferShape,
    });
  }
  assert.deepEqual(iterator([2 ** 30], { chunkBytes: "1MiB" }).chunkShape, [2 ** 19]);
  assert.throws(() => iterator([20], { chunkBytes: "1XB" }), SyntaxError);
  assert.throws(() => iterator([20], { chunkBytes: 0 }), { message: /chunkBytes \(0\) must be greater than zero/ });
  assert.throws(() => iterator([20], { bufferBytes: "0 MB" }), { message: /bufferBytes \("0 MB"\) must be greater/ });
  assert.throws(() => iterator([20], { bufferBytes: 1, bufferGb: 1 }), {
    name: "TypeError",
    message: /only one of bufferGb \(1\) or bufferBytes \(1\)/,
  });
  for (const bad of [NaN, 0, Infinity]) assert.throws(() => iterator([20], { bufferGb: bad }), RangeError);
});

Deno.test("axes of a shape that are left open are chosen under the constraint of the others", () => {
  const long = [108_000_000, 384];
  // 10 MB of 64 channels of int16; 1 GB of them, in whole chunks.
  const channels = iterator(long, { chunkShape: [null, 64] });
  assert.deepEqual(channels.chunkShape, [78_125, 64]);
  assert.deepEqual(channels.bufferShape, [10 * 78_125, 384]);
  assert.deepEqual(iterator(long, { chunkShape: [null, 64], chunkMb: 1 }).chunkShape, [7812, 64]);
  assert.deepEqual(iterator(long, { chunkShape: [1000, null], chunkMb: 1 }).chunkShape, [1000, 384]);
  assert.deepEqual(iterator(long, { chunkShape: [null, null] }).chunkShape, iterator(long, {}).chunkShape);
  const buffers = iterator(long, { chunkShape: [1000, 64], bufferShape: [null, 384], bufferBytes: "100MB" });
  assert.deepEqual(buffers.bufferShape, [130_000, 384]);
  // A buffer of half-given shape has chunks that fit it, though the default ones wouldn't.
  const narrow = iterator([1000, 64], { bufferShape: [null, 12] });
  assert.deepEqual([narrow.chunkShape, narrow.bufferShape, narrow.numBuffers], [[1000, 12], [1000, 12], 6]);
  const divided = iterator([1000, 64], { bufferShape: [null, 10], chunkBytes: 1024 });
  assert.equal(10 % divided.chunkShape[1]!, 0);
  assert.throws(() => iterator(long, { chunkShape: [null, 0] }), ShapeError);
  assert.throws(() => iterator(long, { chunkShape: [null, 400] }), { message: /exceed the data dimensions/ });
  assert.throws(() => iterator(long, { chunkShape: [null, 384], chunkBytes: 700 }), {
    message: /chunkShape \(0, 384\) are less than one, since 700 bytes hold no piece of 768/,
  });
});

Deno.test("shapes that can't be are refused with the reason, never by a division by zero", () => {
  const faults: [readonly number[], ChunkSizeOptions, RegExp][] = [
    [[0, 4], {}, /axis 0 of the data \(0, 4\) has length 0/],
    [[4, 0], { chunkShape: [1, 1], bufferShape: [1, 1] }, /axis 1 of the data \(4, 0\) has length 0/],
    [[], {}, /the data has no axes/],
    [[4, 1.5], {}, /axis 1 of the data has length 1.5/],
    [[-4], {}, /length -4/],
    [[2 ** 53], {}, /length 9007199254740992/],
    [[4, 4], { chunkShape: [4] }, /chunkShape \(4,\) has 1 axes, the data \(4, 4\) has 2/],
    [[4, 4], { bufferShape: [4, 4, 4] }, /bufferShape \(4, 4, 4\) has 3 axes/],
    [[4, 4], { chunkShape: [1.5, 4] }, /chunkShape \(1.5, 4\) holds 1.5/],
    [[4, 4], { chunkShape: [0, 4], bufferShape: [4, 4] }, /chunkShape \(0, 4\) are less than one/],
    [[4, 4], { chunkShape: [-2, 4], bufferShape: [4, 4] }, /chunkShape \(-2, 4\) are less than one/],
  ];
  for (const [shape, options, message] of faults) {
    assert.throws(
      () => iterator(shape, options),
      (error) => error instanceof ShapeError && message.test(error.message),
    );
  }
  assert.throws(() => iterator([4], {}, "str"), DTypeError);
  assert.equal(iterator([4], { chunkShape: [2], bufferShape: [2] }, "str").numBuffers, 2);
});

Deno.test("roots are exact at powers, where floating point comes out one short", () => {
  assert.deepEqual(defaultChunkShape([1000, 1000, 1000], 1, 1e6), [100, 100, 100]);
  assert.deepEqual(defaultChunkShape([1000, 1000, 1000], 1, 1e6 - 1), [99, 99, 99]);
  assert.deepEqual(defaultBufferShape([1000, 1000, 1000], [1, 1, 1], 1, 64), [4, 4, 4]);
  // Products beyond 2^53.
  assert.deepEqual(defaultChunkShape([1e12, 1e12, 1], 8, 8e6), [100, 100, 1]);
});

const lengths = fc.array(fc.oneof(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 1e7 })), {
  minLength: 1,
  maxLength: 4,
});
const itemsizes = fc.constantFrom(1, 2, 4, 8, 16);

Deno.test("the default chunk holds no more than its target, the default buffer no more unless a chunk does", () => {
  fc.assert(fc.property(lengths, itemsizes, fc.integer({ min: 16, max: 1e9 }), (shape, itemsize, bytes) => {
    const chunk = defaultChunkShape(shape, itemsize, bytes);
    const sizeOf = (lengths: readonly number[]) => lengths.reduce((all, length) => all * length, itemsize);
    assert.ok(sizeOf(chunk) <= bytes);
    const buffer = defaultBufferShape(shape, chunk, itemsize, 4 * bytes);
    assert.ok(sizeOf(buffer) <= Math.max(4 * bytes, sizeOf(chunk)));
    shape.forEach((length, axis) => {
      assert.ok(chunk[axis]! >= 1 && chunk[axis]! <= length);
      assert.ok(buffer[axis] === length || buffer[axis]! % chunk[axis]! === 0);
    });
  }));
});

Deno.test("chosen shapes always pass the checks, whichever axes are given", () => {
  const given = fc.array(fc.option(fc.double({ min: 0, max: 1, noNaN: true })), { minLength: 4, maxLength: 4 });
  fc.assert(fc.property(lengths, given, given, (shape, chunkParts, bufferParts) => {
    const part = (parts: readonly (number | null)[]) =>
      shape.map((length, axis) => parts[axis] === null ? null : 1 + Math.floor(parts[axis]! * (length - 1)));
    const bufferShape = part(bufferParts);
    // A given buffer axis takes a chunk that divides it.
    const chunkShape = part(chunkParts).map((length, axis) => bufferShape[axis] === null ? length : null);
    if (!bufferShape.includes(null)) bufferShape[0] = null;
    if (bufferShape[0] === null && !chunkShape.includes(null)) chunkShape[0] = null;
    const chosen = chooseShapes(shape, 1, { chunkShape, bufferShape, chunkBytes: 2 ** 52, bufferBytes: 2 ** 52 });
    assert.ok(
      chosen.bufferShape.every((length, axis) => length === shape[axis] || length % chosen.chunkShape[axis]! === 0),
    );
    bufferShape.forEach((length, axis) => length === null || assert.equal(chosen.bufferShape[axis], length));
    chunkShape.forEach((length, axis) => length === null || assert.equal(chosen.chunkShape[axis], length));
  }));
});
