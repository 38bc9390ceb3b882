import assert from "node:assert/strict";
import fc from "fast-check";
import { regularAxis } from "../../src/time/axis.ts";
import { IntervalSet } from "../../src/series/intervals/interval_set.ts";
import { computePerievent } from "../../src/series/analysis/perievent.ts";
import { indexAxis } from "../../src/series/time_index.ts";
import { Ts } from "../../src/series/ts.ts";
import { TsGroup } from "../../src/series/ts_group.ts";
import { Tsd } from "../../src/series/tsd.ts";
import { TsdFrame } from "../../src/series/tsd_frame.ts";
import { TsdTensor } from "../../src/series/tsd_tensor.ts";
import { counting, list, pairs, range, spy } from "./support.ts";

const PYNAPPLE = { compatible: "pynapple" } as const;
const SPIKES = new Ts([0.5, 1.2, 2.1, 3, 3.9, 5]);
const EVENTS = new Ts([1, 3]);

/** Times of each event's spikes. */
function members(group: TsGroup): number[][] {
  return group.members().map(({ times }) => [...times]);
}

Deno.test("spikes around events are a group with a member per event", async () => {
  const group = await computePerievent(SPIKES, EVENTS, [-1, 1]);
  assert.deepEqual(members(group), [[-0.5, 0.2], [-0.9, 0, 0.9]]);
  assert.deepEqual([group.keys(), pairs(group.timeSupport)], [[0, 1], [[-1, 1]]]);
  assert.deepEqual(group.metadata.get("events"), Float64Array.of(1, 3));
  assert.deepEqual(members(await computePerievent(SPIKES, EVENTS, 500, { unit: "ms" })), [[-0.5, 0.2], [0]]);
  assert.deepEqual(members(await computePerievent(SPIKES, EVENTS, [0, 1])), [[0.2], [0, 0.9]]);
  const epochs = new IntervalSet(2, 4);
  assert.deepEqual(members(await computePerievent(SPIKES, EVENTS, 1, { epochs })), [[-0.9, 0, 0.9]]);
  assert.deepEqual((await computePerievent(SPIKES, EVENTS, 0)).members().map(({ length }) => length), [0, 1]);
});

Deno.test("the ends of a window belong to it, whatever binary fractions make of them; pynapple loses some", async () => {
  const spikes = new Ts([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]);
  const events = new Ts([0.3, 0.4, 0.7]);
  const group = await computePerievent(spikes, events, 0.1);
  assert.deepEqual(members(group), [[-0.1, 0, 0.1], [-0.1, 0, 0.1], [-0.1, 0, 0.1]]);
  assert.deepEqual(members(await computePerievent(spikes, events, 0.1, PYNAPPLE))[2], [-0.1, 0]);
});

Deno.test("of a group each unit has its own", async () => {
  const found = await computePerievent(new TsGroup(new Map([[3, SPIKES], [7, new Ts([1, 4])]])), EVENTS, 1);
  assert.deepEqual([...found.keys()], [3, 7]);
  assert.deepEqual(members(found.get(7)!), [[0], [1]]);
});

Deno.test("values around events are a column each, NaN beyond the data", async () => {
  const tsd = new Tsd(range(20, 0.5), range(20));
  const frame = await computePerievent(tsd, new Ts([0.2, 3, 9.5]), [1, 1]);
  assert.ok(frame instanceof TsdFrame);
  assert.deepEqual([...frame.times], [-1, -0.5, 0, 0.5, 1]);
  assert.deepEqual([...frame.getInfo("events") as Float64Array], [0.2, 3, 9.5]);
  const columns = [[NaN, NaN, 0, 1, 2], [4, 5, 6, 7, 8], [17, 18, 19, NaN, NaN]];
  for (const [i, column] of columns.entries()) assert.deepEqual(list(await frame.columnAt(i).read()), column);
});

Deno.test("frames and tensors gain an axis of events", async () => {
  const tensor = await computePerievent(new TsdFrame(range(4), counting(4, 2)), EVENTS, [0, 1]);
  assert.ok(tensor instanceof TsdTensor);
  assert.deepEqual(tensor.shape, [2, 2, 2]);
  assert.deepEqual(list(await tensor.read()), [2, 3, 6, 7, 4, 5, NaN, NaN]);
  const deep = await computePerievent(new TsdTensor(range(4), counting(4, 2, 3)), EVENTS, 0);
  assert.deepEqual(deep.shape, [1, 2, 2, 3]);
});

Deno.test("windows end with the interval that the event lies in", async () => {
  const timeSupport = new IntervalSet([[0, 2], [3, 5]]);
  const tsd = new Tsd(range(6), range(6), { timeSupport });
  const frame = await computePerievent(tsd, new Ts([2, 3]), 1);
  assert.deepEqual(list(await frame.read()), [1, NaN, 2, 3, NaN, 4]);
});

Deno.test("an event outside the data has a column of NaN, which pynapple leaves out", async () => {
  const timeSupport = new IntervalSet([[0, 2], [4, 6]]);
  const tsd = new Tsd([0, 1, 2, 4, 5, 6], range(6), { timeSupport });
  const options = { epochs: new IntervalSet(0, 10) };
  const events = new Ts([1, 3, 5, 9]);
  const ours = await computePerievent(tsd, events, 1, options);
  assert.deepEqual(ours.shape, [3, 4]);
  assert.deepEqual(list(await ours.read()), [0, NaN, 3, NaN, 1, NaN, 4, NaN, 2, NaN, 5, NaN]);
  const theirs = await computePerievent(tsd, events, 1, { ...options, ...PYNAPPLE });
  assert.deepEqual(list(await theirs.read()), [0, 3, 1, 4, 2, 5]);
  // So are those of all events where no epochs are given, also where none lies in the data.
  const all = await computePerievent(tsd, new Ts([-3, 1, 3, 9]), 1) as TsdFrame;
  assert.deepEqual(list(await all.read()), [NaN, 0, NaN, NaN, NaN, 1, NaN, NaN, NaN, 2, NaN, NaN]);
  assert.deepEqual([...all.metadata.get("events") as Float64Array], [-3, 1, 3, 9]);
  const alone = await computePerievent(tsd, new Ts([30]), 1);
  assert.deepEqual([alone.shape, list(await alone.read())], [[3, 1], [NaN, NaN, NaN]]);
  const given = await computePerievent(tsd, events, 1, PYNAPPLE);
  assert.deepEqual(list(await given.read()), [0, 3, 1, 4, 2, 5]);
  const none = computePerievent(tsd, new Ts([3]), 1, { ...options, ...PYNAPPLE });
  await assert.rejects(none, { message: /no overlap between input and epochs/ });
});

Deno.test("of lazy data the rows in windows are read, each once", async () => {
  const source = spy(counting(10_000, 2), undefined, [100, 2]);
  const frame = new TsdFrame(range(10_000), source.lazy);
  const around = await computePerievent(frame, new Ts([50, 51, 7000]), [1, 2]);
  assert.deepEqual(source.rows(), [49, 50, 51, 52, 53, 6999, 7000, 7001, 7002]);
  assert.deepEqual(around.shape, [4, 3, 2]);
  assert.equal(around.isLazy, false);
});

Deno.test("times of a rate are regular, and so are times of 30 kHz rounded to nanoseconds", async () => {
  const axis = regularAxis(0, 30_000, 3000);
  const events = new Ts([0.01, 0.05]);
  const computed = await computePerievent(new Tsd(indexAxis(axis), range(3000)), events, 0.001);
  const listed = await computePerievent(new Tsd(axis.times(), range(3000)), events, 0.001);
  assert.deepEqual([computed.shape, listed.shape], [[61, 2], [61, 2]]);
  assert.deepEqual(list(await computed.read()), list(await listed.read()));
  assert.equal((await computed.read()).data[60], 300);
  assert.deepEqual([...computed.times.subarray(-1)], [0.001]);
  assert.deepEqual([...listed.times.subarray(-1)], [0.001]);
});

Deno.test("windows hold what the definition says, for random times, events and windows", async () => {
  const time = fc.integer({ min: 0, max: 300 }).map((i) => i / 10);
  const times = fc.array(time, { maxLength: 40 }).map((list) => list.sort((a, b) => a - b));
  await fc.assert(fc.asyncProperty(times, times, time, time, async (spikes, events, before, after) => {
    const options = { epochs: new IntervalSet(0, 30) };
    const group = await computePerievent(new Ts(spikes), new Ts(events), [before, after], options);
    const tenths = (value: number) => Math.round(value * 10);
    const expected = events.map((event) =>
      spikes.map((spike) => tenths(spike) - tenths(event))
        .filter((lag) => lag >= -tenths(before) && lag <= tenths(after)).map((lag) => lag / 10)
    );
    assert.deepEqual(
      members(group).map((list) => list.map((lag) => lag + 0)),
      expected.map((list) => list.map((lag) => lag + 0)),
    );
  }));
});

Deno.test("what isn't a series, a window, a unit or regular is refused", async () => {
  const wrong = <T>(value: unknown) => value as T;
  const cases: [Promise<unknown>, RegExp][] = [
    [computePerievent(wrong<Ts>([1]), EVENTS, 1), /data should be a time series object/],
    [computePerievent(SPIKES, wrong<Ts>([1]), 1), /events should be a time series object/],
    [computePerievent(SPIKES, EVENTS, wrong<number>("1")), /tuple of 2 numbers or a single number/],
    [computePerievent(SPIKES, EVENTS, wrong<number>([1, 2, 3])), /tuple of 2 numbers/],
    [computePerievent(SPIKES, EVENTS, Infinity), /finite/],
    [computePerievent(SPIKES, EVENTS, 1, wrong({ unit: "min" })), /unit of time/],
    [computePerievent(SPIKES, EVENTS, 1, wrong({ epochs: [0, 1] })), /IntervalSet/],
    [computePerievent(new Tsd([0, 1, 3], [1, 2, 3]), EVENTS, 1), /must be regularly sampled/],
    [computePerievent(new Tsd([0], [1]), EVENTS, 1), /fewer than two samples/],
  ];
  for (const [made, text] of cases) await assert.rejects(made, { message: text }, text.source);
});
