import assert from "node:assert/strict";
import fc from "fast-check";
import { flatten, ndarray } from "../../src/array/ndarray.ts";
import type { NDArray } from "../../src/array/types.ts";
import { create } from "../../src/hdf5/write/create.ts";
import { open } from "../../src/hdf5/file.ts";
import { readRows } from "../../src/temporal/columns/read_rows.ts";
import { type Rows, takeRows } from "../../src/temporal/columns/rows.ts";

const COUNT = 40_000;

const ARRAYS: Readonly<Record<string, NDArray | string[] | boolean[] | BigInt64Array>> = {
  wide: ndarray(Float64Array.from({ length: COUNT * 8 }, (_, i) => i), [COUNT, 8]),
  ids: BigInt64Array.from({ length: COUNT }, (_, i) => BigInt(i) << 20n),
  good: Array.from({ length: COUNT }, (_, i) => i % 3 === 0),
  names: Array.from({ length: COUNT }, (_, i) => `unit ${i}`),
  small: ndarray(Uint16Array.from({ length: COUNT * 2 }, (_, i) => i), [COUNT, 1, 2]),
};

/** Runs and single rows, near and far from each other. */
const lists: fc.Arbitrary<Float64Array> = fc.array(
  fc.tuple(fc.nat(COUNT - 1), fc.oneof(fc.constant(1), fc.nat(30)), fc.integer({ min: 1, max: 12 })),
  { maxLength: 12 },
).map((runs) => {
  const rows = runs.flatMap(([start, length, step]) => Array.from({ length }, (_, i) => start + i * step));
  return Float64Array.from(new Set(rows.filter((row) => row < COUNT))).sort();
});

Deno.test("rows that are read, in runs or one by one, are those that are taken of the same array in memory", async () => {
  await using made = await create();
  for (const [name, data] of Object.entries(ARRAYS)) await made.createDataset(name, { data });
  await made.createDataset("chunked", { data: ARRAYS.wide as NDArray, chunkShape: [1000, 8] });
  await using file = await open(await made.bytes());
  for (const name of [...Object.keys(ARRAYS), "chunked"]) {
    const dataset = await file.dataset(name);
    const whole = await dataset.read();
    await fc.assert(
      fc.asyncProperty(lists, fc.boolean(), async (sorted, isReversed) => {
        const list = isReversed ? sorted.toReversed() : sorted;
        const rows: Rows = { kind: "list", list };
        const read = flatten(await readRows(dataset, rows));
        const taken = takeRows(whole, rows);
        assert.deepEqual([read.shape, read.data, read.dtype], [taken.shape, taken.data, taken.dtype]);
      }),
      { numRuns: 40 },
    );
  }
});
