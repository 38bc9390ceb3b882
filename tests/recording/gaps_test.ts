import assert from "node:assert/strict";
import { type RowTimes, sectionsOf } from "../../src/recording/gaps.ts";
import { LimitError } from "../../src/source/errors.ts";

/** Rows of 10 ticks whose times a function gives, and how many were read. */
function rowsOf(count: number, time: (row: number) => number, tolerance = 2): RowTimes & { reads: number } {
  return {
    count,
    step: 10,
    tolerance,
    reads: 0,
    read(rows) {
      this.reads += rows.length;
      return Promise.resolve(rows.map(time));
    },
  };
}

/** Adds the gaps that lie before a row. */
function withGaps(gaps: readonly (readonly [row: number, ticks: number])[], step = 10): (row: number) => number {
  return (row) => row * step + gaps.reduce((sum, [at, ticks]) => row >= at ? sum + ticks : sum, 0);
}

Deno.test("rows without gaps are seen by two reads", async () => {
  const times = rowsOf(1_000_000_000, withGaps([]));
  assert.deepEqual(await sectionsOf(times, { name: "x" }), [{ start: 0, stop: 1_000_000_000, first: 0 }]);
  assert.equal(times.reads, 2);
});

Deno.test("a few gaps among a million rows are found by a few hundred reads", async () => {
  const gaps = [[1, 30], [77_777, 3], [500_000, -500], [999_999, 9]] as const;
  const times = rowsOf(1_000_000, withGaps(gaps));
  const found = await sectionsOf(times, { name: "x" });
  assert.deepEqual(found.map(({ start }) => start), [0, 1, 77_777, 500_000, 999_999]);
  assert.deepEqual(found.map(({ stop }) => stop), [1, 77_777, 500_000, 999_999, 1_000_000]);
  assert.deepEqual(found.map(({ first }) => first), found.map(({ start }) => withGaps(gaps)(start)));
  assert.ok(times.reads < 1000, `${times.reads} reads`);
});

Deno.test("what is within the tolerance is no gap", async () => {
  const found = await sectionsOf(rowsOf(1000, withGaps([[400, 2], [700, 2.5]])), { name: "x" });
  assert.deepEqual(found.map(({ start }) => start), [0, 700]);
});

Deno.test("a clock that runs a little slow makes no gaps, however long it runs, and hides none", async () => {
  const times = rowsOf(300_000, withGaps([[123_456, 50]], 10.1));
  const found = await sectionsOf(times, { name: "x" });
  assert.deepEqual(found.map(({ start, stop }) => [start, stop]), [[0, 123_456], [123_456, 300_000]]);
});

Deno.test("more gaps than maxSegments are an error that names gapTolerance, found before all is read", async () => {
  for (const count of [100_000, 1_000_000_000]) {
    const times = rowsOf(count, (row) => 15 * row);
    await assert.rejects(sectionsOf(times, { name: "x", maxSegments: 100 }), (error: Error) => {
      assert.ok(error instanceof LimitError);
      assert.match(error.message, /gapTolerance/);
      return true;
    });
    assert.ok(times.reads < 10_000, `${times.reads} reads`);
  }
});

Deno.test("no rows have no sections, and one row has one", async () => {
  assert.deepEqual(await sectionsOf(rowsOf(0, withGaps([])), { name: "x" }), []);
  assert.deepEqual(await sectionsOf(rowsOf(1, () => 7), { name: "x" }), [{ start: 0, stop: 1, first: 7 }]);
});
