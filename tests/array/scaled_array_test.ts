import assert from "node:assert/strict";
import fc from "fast-check";
import { memoryArray } from "../../src/array/memory.ts";
import { ndarray } from "../../src/array/ndarray.ts";
import { scaledArray } from "../../src/array/scaled_array.ts";
import { slice } from "../../src/array/slice.ts";
import { axisCaseOf } from "./arbitrary.ts";

const SHAPE = [4, 3, 5];
const stored = ndarray(Int16Array.from({ length: 60 }, (_, i) => i - 30), SHAPE);

Deno.test("a scaled array reads what the array reads, scaled, by any selection and through views", async () => {
  for (const axis of [0, 1, 2]) {
    const gains = Float64Array.from({ length: SHAPE[axis]! }, (_, i) => i + 2);
    const scale = { gain: 0.5, offset: 7, channelGains: gains, axis };
    const physical = ndarray(
      Float64Array.from(stored.data, (value, at) => {
        const index = [Math.floor(at / 15), Math.floor(at / 5) % 3, at % 5][axis]!;
        return value * (0.5 * gains[index]!) + 7;
      }),
      SHAPE,
    );
    await fc.assert(fc.asyncProperty(fc.tuple(...SHAPE.map(axisCaseOf)), async (axes) => {
      const selection = axes.map(({ selected }) => selected);
      const ours = scaledArray(memoryArray(stored), scale);
      const expected = memoryArray(physical);
      assert.deepEqual(await ours.read(selection), await expected.read(selection));
      assert.deepEqual(await ours.view(selection).read(), await expected.view(selection).read());
    }));
  }
});

Deno.test("a scale that changes nothing gives the array itself, 64-bit integers become numbers", async () => {
  const array = memoryArray(stored);
  assert.ok(scaledArray(array, {}) === array);
  assert.ok(scaledArray(array, { gain: 1, offset: 0 }) === array);
  const big = scaledArray(memoryArray(ndarray(BigInt64Array.of(-4n, 2n ** 40n))), { gain: 2 });
  assert.deepEqual((await big.read([slice(null)])).data, Float64Array.of(-8, 2 ** 41));
  assert.deepEqual((await big.read([-1])).shape, []);
});

Deno.test("what can't be scaled is refused", () => {
  assert.throws(
    () => scaledArray(memoryArray(ndarray(["a"])), { gain: 2 }),
    /^DTypeError: Cannot scale values of kind string/,
  );
  assert.throws(
    () => scaledArray(memoryArray(stored), { channelGains: [1, 2] }),
    /^ShapeError: Cannot scale an array of shape \(4, 3, 5\): there are 2 factors for the channels along axis 1$/,
  );
});
