import assert from "node:assert/strict";
import fc from "fast-check";
import { EVENT_SEARCH } from "../../src/temporal/frame/event_base.ts";
import type { Base } from "../../src/temporal/frame/gather.ts";
import { Frame, memoryBase } from "../../src/temporal/frame/frame.ts";
import type { Resolved, Step } from "../../src/temporal/frame/steps.ts";
import { allRows, composeRows, countRows, type Rows, rowsOfMask, rowsWithin } from "../../src/temporal/columns/rows.ts";
import { ReadHistory } from "../../src/temporal/columns/read_history.ts";
import { lowerBound } from "../../src/time/sorted.ts";

/**
 * A base that is read: of a window it gives what lies in it and `slack` rows more on either side, and notes the windows.
 */
function readBase(times: Float64Array, windows: [number, number][], slack = 0): Base {
  const all = (): Promise<Resolved> => Promise.resolve({ rows: allRows(times.length), times: [times] });
  return {
    count: times.length,
    known: null,
    search: EVENT_SEARCH,
    history: new ReadHistory(),
    all,
    within(from, to) {
      windows.push([from, to]);
      const start = Math.max(0, lowerBound(times, from) - slack);
      const stop = Math.min(times.length, lowerBound(times, to) + slack);
      return Promise.resolve({ rows: { kind: "range", start, stop }, times: [times.slice(start, stop)] });
    },
  };
}

type Plan =
  | { readonly kind: "slice"; readonly from: number; readonly to: number }
  | { readonly kind: "shift"; readonly by: number }
  | { readonly kind: "mask"; readonly bits: number }
  | { readonly kind: "within"; readonly edges: readonly number[]; readonly isLate: boolean };

const plans: fc.Arbitrary<Plan[]> = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: fc.record({ kind: fc.constant("slice" as const), from: fc.nat(60), to: fc.nat(60) }) },
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constant("shift" as const),
        by: fc.oneof(fc.constantFrom(1e9, -1e9, 0.1, 1e6 + 0.3, -1e6), fc.double({ min: -50, max: 50, noNaN: true })),
      }),
    },
    fc.record({ kind: fc.constant("mask" as const), bits: fc.nat(2 ** 29) }),
    fc.record({
      kind: fc.constant("within" as const),
      edges: fc.array(fc.nat(60), { maxLength: 8 }),
      isLate: fc.boolean(),
    }),
  ),
  { minLength: 1, maxLength: 7 },
);

Deno.test("a chain that reads no more than it must finds the rows and times that it finds in memory", async () => {
  const times = fc.array(fc.double({ min: -20, max: 80, noNaN: true }), { minLength: 1, maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(times, plans, fc.nat(2), async (unsorted, chain, slack) => {
      const sorted = Float64Array.from(unsorted).sort();
      const windows: [number, number][] = [];
      let memory = Frame.of(memoryBase(sorted.length, [sorted], EVENT_SEARCH));
      let read = Frame.of(readBase(sorted, windows, slack));
      for (const plan of chain) {
        const shown = memory.known!.times[0]!;
        // Bounds are times that are there, where an ulp decides.
        const pick = (k: number) => k < shown.length ? shown[k]! : k - 20;
        const sortedPicks = (picks: readonly number[]) => picks.map(pick).sort((a, b) => a - b);
        let steps: readonly [Step, Step];
        if (plan.kind === "slice") {
          const [start, end] = sortedPicks([plan.from, plan.to]) as [number, number];
          steps = same({ kind: "slice", start, end });
        } else if (plan.kind === "shift") steps = same({ kind: "shift", by: plan.by, timekeys: [] });
        else if (plan.kind === "mask") steps = same({ kind: "mask", mask: maskOf(shown.length, plan.bits) });
        else {
          const edges = sortedPicks(plan.edges.slice(plan.edges.length % 2));
          const start = Float64Array.from(edges.filter((_, i) => i % 2 === 0));
          const intervals = { start, end: Float64Array.from(edges.filter((_, i) => i % 2 === 1)) };
          const late = () => Promise.resolve(intervals);
          steps = [{ kind: "within", intervals }, { kind: "within", intervals: plan.isLate ? late : intervals }];
        }
        memory = memory.after(steps[0]);
        read = read.after(steps[1]);
      }
      const found = await read.resolve();
      assert.deepEqual(found.times, memory.known!.times);
      assert.deepEqual(listed(found.rows), listed(memory.known!.rows));
      assert.equal(await read.resolve(), found);
    }),
    { numRuns: 1500 },
  );
});

Deno.test("slices and shifts before anything else bound what is read, across masks of the whole too", async () => {
  const times = Float64Array.from({ length: 100 }, (_, i) => i);
  const windows: [number, number][] = [];
  const frame = Frame.of(readBase(times, windows));
  const mask = Uint8Array.from(times, (_, i) => i % 2);
  const step = (kind: "slice", start: number, end: number): Step => ({ kind, start, end });
  await frame.after(step("slice", 10, 50)).after(step("slice", 5, 20)).resolve();
  await frame.after({ kind: "mask", mask }).after(step("slice", 10, 13)).resolve();
  const shifted = frame.after({ kind: "shift", by: 10, timekeys: [] }).after(step("slice", 10, 13));
  assert.deepEqual((await shifted.resolve()).times, [Float64Array.of(10, 11, 12)]);
  assert.deepEqual(windows.slice(0, 2), [[10, 20], [10, 13]]);
  await frame.after(step("slice", 10, 20)).after(step("slice", 5, 50)).resolve();
  const [from, to] = windows[2]!;
  assert.deepEqual(windows.splice(3, 1), [[10, 20]]);
  assert.ok(from < 20 && from > 20 - 1e-12 && to > 23 && to < 23 + 1e-12, `${from} ${to}`);
  // What a mask of a slice counts must be there.
  await frame.after(step("slice", 10, 20)).after({ kind: "mask", mask: mask.slice(0, 10) }).after(step("slice", 12, 13))
    .resolve();
  assert.deepEqual(windows[3], [10, 20]);
});

Deno.test("intervals that lie far apart are read apart, close ones together, and never more than a few", async () => {
  const times = Float64Array.from({ length: 10_000 }, (_, i) => i / 10);
  const windows: [number, number][] = [];
  const frame = Frame.of(readBase(times, windows));
  const within = (start: number[], end: number[]): Step => ({
    kind: "within",
    intervals: { start: Float64Array.from(start), end: Float64Array.from(end) },
  });
  const found = await frame.after(within([10, 12, 500], [11, 13, 501])).after({ kind: "slice", start: 0, end: 500.5 })
    .resolve();
  assert.deepEqual(windows.splice(0), [[10, 13], [500, 500.5]]);
  assert.equal(countRows(found.rows), 25);
  const starts = Array.from({ length: 200 }, (_, i) => i * 5);
  assert.equal((await frame.after(within(starts, starts.map((start) => start + 0.1))).resolve()).times[0]!.length, 200);
  assert.ok(windows.length <= 32 && windows.length > 0);
  windows.splice(0);
  await frame.after(within([], [])).resolve();
  await frame.after({ kind: "slice", start: 3, end: 3 }).resolve();
  assert.deepEqual(windows, []);
});

Deno.test("a detour of the origin loses digits of times, which windows afterwards are told by", async () => {
  const times = Float64Array.from({ length: 12 }, (_, i) => i / 10);
  const far: Step[] = [1e9, -1e9].map((by) => ({ kind: "shift", by, timekeys: [] }));
  const memory = far.reduce((frame, step) => frame.after(step), Frame.of(memoryBase(12, [times], EVENT_SEARCH)));
  const shown = memory.known!.times[0]!;
  assert.notEqual(shown[1], times[1]);
  for (const start of shown) {
    for (const end of shown.subarray(shown.indexOf(start))) {
      const read = far.reduce((frame, step) => frame.after(step), Frame.of(readBase(times, [])));
      const part = await read.after({ kind: "slice", start, end }).resolve();
      assert.deepEqual(part.times, memory.after({ kind: "slice", start, end }).known!.times);
    }
  }
});

Deno.test("rows of rows, and where rows stand within others, are opposites", () => {
  const rows = fc.uniqueArray(fc.nat(60), { maxLength: 40 }).map((list): Rows => ({
    kind: "list",
    list: Float64Array.from(list),
  }));
  const run = fc.tuple(fc.nat(30), fc.nat(30)).map(([start, count]): Rows => {
    return { kind: "range", start, stop: start + count };
  });
  const ascending = fc.uniqueArray(fc.nat(400), { maxLength: 60 }).map((list): Rows => {
    return { kind: "list", list: Float64Array.from(list).sort() };
  });
  fc.assert(
    fc.property(fc.oneof(rows, run, ascending), fc.infiniteStream(fc.nat()), fc.boolean(), (outer, picks, isRun) => {
      const count = countRows(outer);
      const [a, b] = [picks.next().value! % (count + 1), picks.next().value! % (count + 1)].sort((x, y) => x - y);
      const inner: Rows = isRun ? { kind: "range", start: a!, stop: b! } : {
        kind: "list",
        list: Float64Array.from(new Set(Array.from({ length: count }, () => picks.next().value! % count))),
      };
      const chosen = composeRows(outer, inner);
      assert.deepEqual(listed(chosen), listed(inner).map((row) => listed(outer)[row]));
      assert.deepEqual(listed(rowsWithin(outer, chosen)), listed(inner));
    }),
  );
});

Deno.test("the rows of a mask are a run where they are one", () => {
  assert.deepEqual(rowsOfMask(Uint8Array.of(0, 1, 1, 0)), { kind: "range", start: 1, stop: 3 });
  assert.deepEqual(rowsOfMask(Uint8Array.of(1, 0, 1)), { kind: "list", list: Float64Array.of(0, 2) });
  assert.deepEqual(rowsOfMask(Uint8Array.of(0, 1, 0, 0, 1, 1)), { kind: "list", list: Float64Array.of(1, 4, 5) });
  assert.deepEqual(rowsOfMask(new Uint8Array(3)), { kind: "range", start: 0, stop: 0 });
  assert.deepEqual(rowsOfMask(new Uint8Array(0)), { kind: "range", start: 0, stop: 0 });
});

function same(step: Step): readonly [Step, Step] {
  return [step, step];
}

function maskOf(length: number, bits: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => (bits >> (i % 29)) & 1);
}

function listed(rows: Rows): number[] {
  if (rows.kind === "list") return [...rows.list];
  return Array.from({ length: countRows(rows) }, (_, i) => rows.start + i);
}
