/** Each object is of one class, whatever of it is in memory; its type says what may be a promise. */
import assert from "node:assert/strict";
import { inspect } from "node:util";
import { memoryArray } from "../../src/array/memory.ts";
import { ndarray } from "../../src/array/ndarray.ts";
import type { LazyArray } from "../../src/array/types.ts";
import { ArrayDict } from "../../src/temporal/columns/array_dict.ts";
import type { ArrayValue } from "../../src/temporal/columns/column.ts";
import { Data } from "../../src/temporal/data.ts";
import { RecordingDataset } from "../../src/temporal/dataset/dataset.ts";
import { Interval } from "../../src/temporal/intervals/interval.ts";
import { IrregularTimeSeries } from "../../src/temporal/irregular.ts";
import { NestedRecordingDataset } from "../../src/temporal/dataset/nested_dataset.ts";
import { RegularTimeSeries } from "../../src/temporal/regular/regular.ts";
import {
  RandomFixedWindowSampler,
  SequentialFixedWindowSampler,
  TrialSampler,
} from "../../src/temporal/sample/samplers.ts";

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends (<T>() => T extends B ? 1 : 2) ? true : false;

/** Compiles only where the types are the same. */
function same<A, B>(_: Same<A, B>): void {}

type Maybe<T> = T | Promise<T>;

/** A lazy array: that of no file, so that the test reads none. */
function lazy(...values: number[]): LazyArray {
  return memoryArray(ndarray(Float64Array.from(values)));
}

Deno.test("with a lazy array among its arrays an object is of its class, and its type says that arrays may be promises", async () => {
  const events = new IrregularTimeSeries({ timestamps: [0, 1, 2], x: lazy(5, 6, 7) });
  same<typeof events, IrregularTimeSeries<LazyArray>>(true);
  same<typeof events.timestamps, Maybe<Float64Array>>(true);
  assert.ok(events instanceof IrregularTimeSeries && events instanceof ArrayDict);
  assert.equal(Object.getPrototypeOf(events), IrregularTimeSeries.prototype);
  assert.equal(events.isLazy, true);
  const x = events.get("x");
  same<typeof x, Maybe<ArrayValue>>(true);
  assert.ok(x instanceof Promise);
  assert.deepEqual(await x, Float64Array.of(5, 6, 7));
  assert.equal(events.isLazy, false);
  assert.equal(Object.getPrototypeOf(events), IrregularTimeSeries.prototype);

  for (
    const [object, type] of [
      [new ArrayDict({ x: lazy(1) }), ArrayDict],
      [new Interval(lazy(0), lazy(1)), Interval],
      [new RegularTimeSeries({ x: lazy(1) }, { samplingRate: 1 }), RegularTimeSeries],
    ] as const
  ) {
    assert.equal(Object.getPrototypeOf(object), type.prototype);
    assert.match(String(object), new RegExp(`^Lazy${type.name}\\(`));
    const read: ArrayDict<LazyArray> = await object.materialize();
    assert.equal(read, object);
    assert.equal(Object.getPrototypeOf(object), type.prototype);
    assert.match(String(object), new RegExp(`^${type.name}\\(`));
  }
});

Deno.test("in memory, and once materialized, types say arrays", async () => {
  const trials = new Interval([0, 2], [1, 3], { go: [0.5, 2.5] });
  same<typeof trials, Interval>(true);
  same<typeof trials.start, Float64Array>(true);
  same<typeof trials.isLazy, false>(true);
  same<typeof trials.length, number>(true);
  assert.equal(trials.start[1], 2);

  const stored = new Interval(lazy(0, 2), lazy(1, 3));
  same<typeof stored.start, Maybe<Float64Array>>(true);
  const read = await stored.materialize();
  same<typeof read, Interval>(true);
  assert.equal(read.end[0], 1);

  const events = await new IrregularTimeSeries({ timestamps: [0.5, 2.5], x: lazy(1, 2) }).materialize();
  same<typeof events.timestamps, Float64Array>(true);
  same<typeof events.domain.start, Float64Array>(true);
  assert.equal(events.domain.start[0], 0.5);
  const part = events.slice(0, 1).selectByInterval(new Interval(0, 1)).selectByMask([true]);
  same<typeof part, IrregularTimeSeries>(true);
  assert.equal(part.timestamps[0], 0.5);

  const rest = new RegularTimeSeries({ x: [1, 2, 3] }, { samplingRate: 1 }).selectByMask([true, false, true]);
  same<typeof rest, IrregularTimeSeries>(true);
  assert.deepEqual(rest.timestamps, Float64Array.of(0, 2));
});

Deno.test("what the types refuse: a promise taken for an array, a lazy object for one in memory, a lazy array set there", () => {
  const stored = new Interval(lazy(0, 2), lazy(1, 3));
  const tries = (): void => {
    // @ts-expect-error it may be a promise
    stored.start[0];
    // @ts-expect-error it may have to be read
    const read: Interval = stored;
    // @ts-expect-error its arrays are in memory
    new ArrayDict({ x: [1] }).set("y", lazy(1));
    // @ts-expect-error its domain is in memory
    new IrregularTimeSeries({ timestamps: [1] }).domain = stored;
    assert.ok(read);
  };
  assert.equal(typeof tries, "function");
  const either: Interval<LazyArray>[] = [stored, new Interval(0, 1)];
  assert.deepEqual(either.map(({ isLazy }) => isLazy), [true, false]);
});

Deno.test("the domain of what lazy intervals select is told as lazy, and awaits to its arrays", async () => {
  const events = new IrregularTimeSeries({ timestamps: [0.5, 1.5, 2.5] });
  const chosen = events.selectByInterval(new Interval(lazy(0, 2), lazy(1, 3)));
  same<typeof chosen.timestamps, Maybe<Float64Array>>(true);
  same<typeof chosen.domain, Interval<LazyArray>>(true);
  assert.ok(chosen.domain instanceof Interval);
  assert.equal(chosen.domain.known, null);
  assert.throws(() => [...chosen.domain], /^MicrotomeError: Cannot iterate over it: this Interval isn't in memory/);
  assert.throws(() => chosen.sort(), /^MicrotomeError: Cannot sort it/);
  assert.throws(() => chosen.isSorted(), /^MicrotomeError: Cannot tell whether it is sorted/);
  assert.deepEqual(await chosen.domain.start, Float64Array.of(0.5, 2));
  const pairs: unknown[] = [];
  for await (const pair of chosen.domain) pairs.push(pair);
  assert.deepEqual(pairs, [[0.5, 1], [2, 2.5]]);
  assert.deepEqual((await chosen.materialize()).timestamps, Float64Array.of(0.5, 2.5));

  const session = new Data({ events }, { domain: "auto" });
  const part = session.selectByInterval(new Interval(lazy(0, 2), lazy(1, 3)));
  assert.equal(part.isLazy, true);
  const read = await part.materialize();
  same<typeof read, Data<never>>(true);
  assert.equal(read.isLazy, false);
  assert.equal(read.domain!.start[0], 0.5);
});

Deno.test("a class of the user's own is kept by what is made of its objects, and by loading", async () => {
  class Trials extends Interval {
    get seconds(): number {
      return this.end.at(-1)! - this.start[0]!;
    }
  }
  const trials = new Trials([0, 2], [1, 3]);
  for (const object of [trials.slice(0, 3), trials.copy(), trials.dilate(0), trials.subdivide(1), trials]) {
    assert.ok(object instanceof Trials);
    assert.equal(object.seconds, 3);
  }
  class Session extends Data {
    get seconds(): number {
      return this.end! - this.start!;
    }
  }
  await using session = await Session.load(await new Data({ trials }, { domain: "auto" }).toBytes());
  assert.ok(session instanceof Session && session.slice(0, 2) instanceof Session);
  assert.equal(session.slice(0, 2).seconds, 1);
  assert.equal(session.copy().seconds, 3);
});

Deno.test("every object prints as what it is, in a line or a small table, in Deno, and in Node and Bun", async () => {
  const events = new IrregularTimeSeries({ timestamps: [0, 1, 2, 3], x: lazy(5, 6, 7, 8) });
  const samplingIntervals = { a: new Interval(0, 3) };
  const bytes = await new Data({ events }, { domain: "auto" }).toBytes();
  await using dataset = await RecordingDataset.open({ a: bytes });
  await using nested = new NestedRecordingDataset({ lab: dataset });
  const printed: [unknown, string][] = [
    [events, 'LazyIrregularTimeSeries(\n  timestamps=[4],\n  x=<lazy array "x": shape (4,), type "<f8">\n)'],
    [new Interval(0, 1), "Interval(\n  start=[1],\n  end=[1]\n)"],
    [new ArrayDict(), "ArrayDict(\n\n)"],
    [new RegularTimeSeries({ x: [[1, 2]] }, { samplingRate: 1 }), "RegularTimeSeries(\n  x=[1, 2]\n)"],
    [new Data({ n: 1n }), "Data(\nn=1,\n)"],
    [dataset, "RecordingDataset(n_recordings=1)"],
    [nested, String(nested)],
    [
      new SequentialFixedWindowSampler({ samplingIntervals, windowLength: 1 }),
      "SequentialFixedWindowSampler(windows=3, window_length=1, step=1)",
    ],
    [
      new RandomFixedWindowSampler({ samplingIntervals, windowLength: 1, seed: 0 }),
      "RandomFixedWindowSampler(windows=3, window_length=1)",
    ],
    [new TrialSampler({ samplingIntervals }), "TrialSampler(trials=1, shuffle=false)"],
  ];
  for (const [object, text] of printed) {
    assert.equal(String(object), text);
    assert.equal(Deno.inspect(object), text);
    assert.equal(inspect(object), text);
  }
  assert.match(String(nested), /^NestedRecordingDataset\(/);
});
