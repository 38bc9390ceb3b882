import assert from "node:assert/strict";
import fc from "fast-check";
import { memoryArray } from "../../src/array/memory.ts";
import { ndarray } from "../../src/array/ndarray.ts";
import { IntervalSet } from "../../src/series/intervals/interval_set.ts";
import { indexAxis } from "../../src/series/time_index.ts";
import { Ts } from "../../src/series/ts.ts";
import { Tsd } from "../../src/series/tsd.ts";
import { listedAxis, regularAxis } from "../../src/time/axis.ts";
import { rangesOf } from "../../src/time/ranges.ts";

/** The same series with times of a rate, and with these times listed. */
function twins(count: number, start: number, rate: number): [regular: Tsd, listed: Tsd] {
  const axis = regularAxis(start, rate, count);
  const values = ndarray(Float64Array.from({ length: count }, (_, i) => i * i));
  return [new Tsd(indexAxis(axis), values), new Tsd(indexAxis(listedAxis(axis.times())), values)];
}

const series = fc.record({
  count: fc.integer({ min: 0, max: 60 }),
  start: fc.constantFrom(0, -3.25, 100.1),
  rate: fc.constantFrom(1, 3, 10, 0.7, 29.97),
});
const time = (start: number) => fc.integer({ min: -20, max: 80 }).map((i) => start + i / 4);

Deno.test("a series with a rate gives what one with the same times listed gives", async () => {
  await fc.assert(fc.asyncProperty(
    series.chain((one) => fc.tuple(fc.constant(one), fc.uniqueArray(time(one.start), { minLength: 2, maxLength: 8 }))),
    async ([{ count, start, rate }, points]) => {
      const [regular, listed] = twins(count, start, rate);
      const times = points.toSorted((a, b) => a - b);
      const epochs = new IntervalSet(
        times.filter((_, i) => i % 2 === 0 && i + 1 < times.length),
        times.filter((_, i) => i % 2 === 1),
      );
      const [from, to] = [times[0]!, times.at(-1)!];
      assert.deepEqual(regular.rate, listed.rate);
      assert.deepEqual([regular.startTime(), regular.endTime()], [listed.startTime(), listed.endTime()]);
      const both: [Tsd, Tsd][] = [
        [regular, listed],
        [regular.get(from, to), listed.get(from, to)],
        [regular.get(from), listed.get(from)],
        [regular.slice(3, -4), listed.slice(3, -4)],
        [regular.restrict(epochs), listed.restrict(epochs)],
        [
          regular.restrict(epochs).get(from + 1, to - 0.5 > from + 1 ? to - 0.5 : from + 1),
          listed.restrict(epochs).get(from + 1, to - 0.5 > from + 1 ? to - 0.5 : from + 1),
        ],
        [
          regular.select(Uint32Array.from([1, 4, 5].filter((i) => i < count))),
          listed.select(Uint32Array.from([1, 4, 5].filter((i) => i < count))),
        ],
        [regular.count(0.9, { epochs }), listed.count(0.9, { epochs })],
        [regular.count(null, { epochs }), listed.count(null, { epochs })],
        [await regular.binAverage(1.3, { epochs }), await listed.binAverage(1.3, { epochs })],
        [regular.inInterval(epochs), listed.inInterval(epochs)],
        [regular.timeDiff({ epochs }), listed.timeDiff({ epochs })],
      ];
      for (const mode of ["closest", "before", "after"] as const) {
        const spikes = new Ts(times);
        both.push([
          await spikes.valueFrom(regular, { mode, epochs }),
          await spikes.valueFrom(listed, { mode, epochs }),
        ]);
      }
      for (const [ours, theirs] of both) {
        assert.deepEqual(ours.times, theirs.times);
        assert.deepEqual((await ours.read()).data, (await theirs.read()).data);
        assert.deepEqual(ours.timeSupport.pairs(), theirs.timeSupport.pairs());
      }
      assert.deepEqual(rangesOf(regular.axis, epochs), rangesOf(listed.times, epochs));
      assert.deepEqual(rangesOf(regular.axis, epochs, "left"), rangesOf(listed.times, epochs, "left"));
      assert.equal(regular.toString({ rows: 14 }), listed.toString({ rows: 14 }));
    },
  ));
});

Deno.test("times of a rate are listed when asked, once, and shared by what has the same index", () => {
  const [regular] = twins(5, 1, 2);
  assert.equal(regular.axis.listed, null);
  assert.deepEqual(regular.times, Float64Array.of(1, 1.5, 2, 2.5, 3));
  const { times } = regular;
  assert.ok(times === regular.times);
  assert.equal(regular.get(1.5, 2.5).axis.rate, 2);
});

Deno.test("lazy values of a series with a rate stay lazy through cuts, and only their rows are read", async () => {
  const [regular] = twins(1000, 0, 100);
  const seen: number[] = [];
  const stored = memoryArray(regular.values as ReturnType<typeof ndarray>);
  const lazy = new Tsd(indexAxis(regular.axis), {
    shape: stored.shape,
    dtype: stored.dtype,
    chunkShape: null,
    read: (selection, options) => stored.read(selection, options),
    view: (selection) => {
      const view = stored.view(selection);
      seen.push(view.shape[0]!);
      return view;
    },
  });
  const part = lazy.get(2, 3);
  assert.ok(part.isLazy);
  assert.equal((await part.read()).data.length, 101);
  assert.deepEqual(seen, [101]);
});
