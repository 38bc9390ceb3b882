import assert from "node:assert/strict";
import type { LazyArray, NDArray } from "../../src/array/types.ts";
import { ArrayDict } from "../../src/temporal/columns/array_dict.ts";
import { Data } from "../../src/temporal/data.ts";
import { Interval } from "../../src/temporal/intervals/interval.ts";
import { IrregularTimeSeries } from "../../src/temporal/irregular.ts";
import { RegularTimeSeries } from "../../src/temporal/regular/regular.ts";
import { isLazily } from "./lazy_support.ts";

/** Whether two types are the same: each is assignable to the other, and neither is `any`. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends (<T>() => T extends B ? 1 : 2) ? true : false;

/** Compiles only where the types are the same. */
function same<A, B>(_: Same<A, B>): void {}

type Maybe<T> = T | Promise<T>;

interface Session {
  session_id: string;
  count: bigint;
  tags: string[];
  spikes: IrregularTimeSeries & { unit: BigInt64Array; lab: string[] };
  lfp: RegularTimeSeries & { raw: NDArray };
  trials: Interval & { go: Float64Array; ok: boolean[] };
  units: ArrayDict & { id: string[] };
  waveforms: Float32Array;
  sub: Data & { events: IrregularTimeSeries; note: string };
  extra?: ArrayDict & { x: Float64Array };
}

function made(): Promise<Uint8Array<ArrayBuffer>> {
  return new Data({
    session_id: "s",
    count: 3n,
    tags: ["a", "b"],
    spikes: new IrregularTimeSeries({ timestamps: [0.5, 1.5], unit: [1n, 2n], lab: ["x", "y"] }),
    lfp: new RegularTimeSeries({ raw: [[1, 2], [3, 4], [5, 6], [7, 8]] }, { samplingRate: 2 }),
    trials: new Interval([0, 1], [1, 2], { go: [0.5, 1.5], ok: [true, false] }),
    units: new ArrayDict({ id: ["u1"] }),
    waveforms: Float32Array.of(1, 2),
    sub: new Data({ events: new IrregularTimeSeries({ timestamps: [1] }), note: "n" }, { domain: "auto" }),
  }, { domain: "auto" }).toBytes();
}

Deno.test("a described session has typed members and arrays, which are what their types say", async () => {
  await using session = await Data.load<Session>(await made());
  same<typeof session.session_id, string>(true);
  same<typeof session.count, bigint>(true);
  same<typeof session.tags, string[]>(true);
  same<typeof session.spikes.timestamps, Maybe<Float64Array>>(true);
  same<typeof session.spikes.unit, Maybe<BigInt64Array>>(true);
  same<typeof session.spikes.lab, Maybe<string[]>>(true);
  same<typeof session.lfp.raw, Maybe<NDArray>>(true);
  same<typeof session.lfp.samplingRate, number>(true);
  same<typeof session.lfp.timestamps, Float64Array>(true);
  same<typeof session.trials.start, Maybe<Float64Array>>(true);
  same<typeof session.trials.ok, Maybe<boolean[]>>(true);
  same<typeof session.units.id, Maybe<string[]>>(true);
  same<typeof session.waveforms, Maybe<Float32Array>>(true);
  same<typeof session.sub.events.timestamps, Maybe<Float64Array>>(true);
  same<typeof session.sub.note, string>(true);
  same<typeof session.spikes.domain, Interval<LazyArray>>(true);
  same<typeof session.lfp.domain, Interval>(true);
  assert.equal(session.session_id, "s");
  assert.equal(session.count, 3n);
  assert.deepEqual(session.tags, ["a", "b"]);
  assert.ok(isLazily(session.spikes, IrregularTimeSeries) && session.spikes.timestamps instanceof Promise);
  assert.ok(isLazily(session.lfp, RegularTimeSeries) && isLazily(session.trials, Interval));
  assert.ok(isLazily(session.units, ArrayDict) && session.sub instanceof Data);
  assert.ok(await session.spikes.timestamps instanceof Float64Array);
  assert.ok(await session.spikes.unit instanceof BigInt64Array);
  assert.deepEqual(await session.spikes.lab, ["x", "y"]);
  assert.deepEqual((await session.lfp.raw).shape, [4, 2]);
  assert.deepEqual(session.lfp.timestamps, Float64Array.of(0, 0.5, 1, 1.5));
  assert.deepEqual(await session.trials.ok, [true, false]);
  assert.ok(await session.waveforms instanceof Float32Array);
  assert.equal(session.sub.note, "n");
  assert.equal(session.extra, undefined);
  assert.ok(session.spikes.domain instanceof Interval);
});

Deno.test("slices and copies of a described session are as described", async () => {
  await using session = await Data.load<Session>(await made());
  const slice = session.slice(0.25, 2).selectByInterval(new Interval(0, 1)).resetOrigin().copy();
  same<typeof slice, typeof session>(true);
  const spikes = slice.spikes.slice(0, 1);
  same<typeof spikes.unit, Maybe<BigInt64Array>>(true);
  assert.deepEqual(await spikes.unit, BigInt64Array.of(1n));
  const trials = slice.trials.selectByMask([true, false]);
  same<typeof trials.go, Maybe<Float64Array>>(true);
  assert.ok(await trials.go instanceof Float64Array);
});

Deno.test("read at once, all is plain: no promise anywhere", async () => {
  const session = await Data.load<Session>(await made(), { lazy: false });
  same<typeof session.spikes.timestamps, Float64Array>(true);
  same<typeof session.spikes.unit, BigInt64Array>(true);
  same<typeof session.lfp.raw, NDArray>(true);
  same<typeof session.units.length, number>(true);
  same<typeof session.waveforms, Float32Array>(true);
  assert.ok(session.spikes instanceof IrregularTimeSeries && session.lfp instanceof RegularTimeSeries);
  assert.ok(session.trials instanceof Interval && session.units instanceof ArrayDict);
  assert.deepEqual(session.slice(1, 2).spikes.timestamps, Float64Array.of(0.5));
  assert.deepEqual(session.slice(1, 2).spikes.unit, BigInt64Array.of(2n));
  assert.deepEqual([...session.trials], [[0, 1], [1, 2]]);
  assert.deepEqual(session.waveforms, Float32Array.of(1, 2));
});

Deno.test("paths are typed by the description, and unknown without one", async () => {
  await using session = await Data.load<Session>(await made());
  const times = session.get("spikes.timestamps");
  same<typeof times, Maybe<Float64Array>>(true);
  const unit = session.get("spikes.unit");
  same<typeof unit, Maybe<BigInt64Array>>(true);
  const start = session.get("trials.start");
  same<typeof start, Maybe<Float64Array>>(true);
  const note = session.get("sub.note");
  same<typeof note, string>(true);
  const inner = session.get("sub.events.timestamps");
  same<typeof inner, Maybe<Float64Array>>(true);
  const domain = session.get("spikes.domain");
  same<typeof domain, Interval<LazyArray>>(true);
  const waveforms = session.get("waveforms");
  same<typeof waveforms, Maybe<Float32Array>>(true);
  assert.ok(await times instanceof Float64Array && await unit instanceof BigInt64Array);
  assert.ok(await start instanceof Float64Array && await inner instanceof Float64Array);
  assert.ok(domain instanceof Interval && await waveforms instanceof Float32Array);
  assert.equal(note, "n");

  const plain: Data = session;
  const unknown = plain.get("spikes.timestamps");
  same<typeof unknown, unknown>(true);
  const told = plain.get<Float64Array>("spikes.timestamps");
  same<typeof told, Maybe<Float64Array>>(true);
  assert.ok(await told instanceof Float64Array);
});

Deno.test("what only the class has is no member: paths to it are unknown, and lead nowhere", async () => {
  await using session = await Data.load<Session>(await made());
  for (
    const path of [
      "slice",
      "keys",
      "spikes.length",
      "spikes.slice",
      "lfp.timestamps",
      "lfp.samplingRate",
      "units.domain",
    ]
  ) {
    assert.equal(session.has(path), false, path);
    assert.throws(() => session.get<unknown>(path), /^NotFoundError/, path);
  }
  const tries = (): void => {
    const slice = session.get("slice");
    same<typeof slice, unknown>(true);
    const length = session.get("spikes.length");
    same<typeof length, unknown>(true);
    const times = session.get("lfp.timestamps");
    same<typeof times, unknown>(true);
  };
  assert.throws(tries, /^NotFoundError/);
});

Deno.test("a class of the user's own is loaded as its type", async () => {
  class Mine extends Data {
    declare readonly session_id: string;
    get seconds(): number {
      return this.end! - this.start!;
    }
  }
  await using session = await Mine.load(await made());
  same<typeof session.seconds, number>(true);
  same<typeof session.session_id, string>(true);
  assert.deepEqual([session.seconds, session.session_id], [2, "s"]);
});

Deno.test("options that aren't known when compiling give the lazy types, which hold for both", async () => {
  const bytes = await made();
  for (const lazy of [true, false]) {
    const session = await Data.load<Session>(bytes, { lazy });
    assert.ok(await session.spikes.timestamps instanceof Float64Array);
    await session.close();
  }
});
