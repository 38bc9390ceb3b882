// neo's raw layer and objects on its own example: what neo's tests of ExampleIO hold, and what goes beyond.
import assert from "node:assert/strict";
import fc from "fast-check";
import { iterateChunks } from "../../src/batch/mod.ts";
import { slice } from "../../src/array/select/slice.ts";
import type { NDArray, NumericData, Slice } from "../../src/array/types.ts";
import {
  type AnalogSignal,
  type AnalogSignalProxy,
  headerText,
  openRecording,
  Recording,
  seconds,
  type TimeSlice,
} from "../../src/recording/mod.ts";
import { samplesOf } from "../../src/recording/objects/time_slice.ts";
import { ClosedError, NotFoundError } from "../../src/source/errors.ts";
import { Data, RegularTimeSeries } from "../../src/temporal/mod.ts";
import { exampleFormat, type ExampleOptions, GAIN, LENGTH, RATE, rawAt, waveAt } from "./make/example_format.ts";
import { numbers } from "./support.ts";

const SOURCE = new File([new Uint8Array(3)], "my_file.fake");

async function example(options?: ExampleOptions) {
  const { format, log } = exampleFormat(options);
  const recording = await openRecording(SOURCE, { formats: [format] });
  return { recording, log };
}

/** Physical values of some samples, as float32. */
function scaled(rows: readonly number[], channels: readonly number[], stream = 0): Float32Array {
  return Float32Array.from(rows.flatMap((row) => channels.map((c) => rawAt(row, c, stream) * GAIN)));
}

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);
const ALL = range(0, 8);

/** That a signal holds samples from one row to another, compared at both ends. */
function assertRows(signal: AnalogSignal, from: number, to: number, channels = ALL, stream = 0): void {
  assert.deepEqual(signal.shape, [to - from, channels.length]);
  const { data } = signal.magnitude;
  const few = 3 * channels.length;
  assert.deepEqual(data.slice(0, few), scaled(range(from, from + 3), channels, stream));
  assert.deepEqual(data.slice(-few), scaled(range(to - 3, to), channels, stream));
}

Deno.test("neo's example: its tables, counts and what is printed of it are neo's", async () => {
  const { recording } = await example();
  assert.equal(
    String(recording),
    [
      "ExampleRawIO: my_file.fake",
      "nb_block: 2",
      "nb_segment:  [2, 3]",
      "signal_streams: [stream 0 (chans: 8), stream 1 (chans: 8)]",
      "signal_channels: [ch0, ch1, ch2, ch3 ... ch12 , ch13 , ch14 , ch15]",
      "spike_channels: [unit0, unit1, unit2]",
      "event_channels: [Some events, Some epochs]",
      "",
    ].join("\n"),
  );
  const counts = [
    recording.blockCount(),
    [0, 1].map((block) => recording.segmentCount(block)),
    recording.signalStreamsCount(),
    recording.signalChannelsCount(1),
    recording.spikeChannelsCount(),
    recording.eventChannelsCount(),
  ];
  assert.deepEqual(counts, [2, [2, 3], 2, 8, 3, 2]);
  assert.deepEqual([recording.segmentTStart(1, 2), recording.segmentTStop(1, 2)], [60, 70]);
  assert.equal(recording.getSignalSize(1, 2, 1), LENGTH);
  assert.equal(recording.getSignalTStart(1, 2, 1), 60);
  assert.equal(recording.getSignalSamplingRate(0), RATE);
  assert.deepEqual(recording.channels(1)[7], {
    ...{ name: "ch15", id: "16", samplingRate: RATE, dtype: "i2", units: "pA", gain: GAIN, offset: 0 },
    ...{ streamId: "1", bufferId: "1" },
  });
  // Printed by neo 0.14.6 with NumPy 2, but for the dtype, which its example writes out.
  const table = (stream: number, from: number) =>
    range(from, from + 8).map((c) =>
      `('ch${c}', '${c + 1}', 10000., 'i2', '${c >= 14 ? "pA" : "uV"}', 0.01525879, 0., '${stream}', '${stream}')`
    );
  const indent = "\n       ";
  assert.equal(
    headerText(recording.header, { buffers: true }),
    "{'nb_block': 2, 'nb_segment': [2, 3], 'signal_buffers': array([('buffer 0', '0'), ('buffer 1', '1')],\n" +
      "      dtype=[('name', '<U64'), ('id', '<U64')]), " +
      "'signal_streams': array([('stream 0', '0', '0'), ('stream 1', '1', '1')],\n" +
      "      dtype=[('name', '<U128'), ('id', '<U64'), ('buffer_id', '<U64')]), " +
      `'signal_channels': array([${[...table(0, 0), ...table(1, 8)].join(`,${indent}`)}],\n` +
      "      dtype=[('name', '<U64'), ('id', '<U64'), ('sampling_rate', '<f8'), ('dtype', '<U16'), ('units', '<U64'), " +
      "('gain', '<f8'), ('offset', '<f8'), ('stream_id', '<U64'), ('buffer_id', '<U64')]), " +
      `'spike_channels': array([${
        [0, 1, 2].map((i) => `('unit${i}', '#${i}', 'uV', 0.01525879, 0., 20, 10000.)`).join(`,${indent}`)
      }],\n` +
      "      dtype=[('name', '<U64'), ('id', '<U64'), ('wf_units', '<U64'), ('wf_gain', '<f8'), ('wf_offset', '<f8'), " +
      "('wf_left_sweep', '<i8'), ('wf_sampling_rate', '<f8')]), " +
      `'event_channels': array([('Some events', 'ev_0', b'event'),${indent}('Some epochs', 'ep_1', b'epoch')],\n` +
      "      dtype=[('name', '<U64'), ('id', '<U64'), ('type', 'S5')])}",
  );
});

Deno.test("neo's example: chunks by indexes, names, ids and masks, and their physical values", async () => {
  const { recording } = await example();
  const read = async (pick: object) =>
    numbers(await recording.getAnalogSignalChunk({ streamIndex: 1, iStart: 5, iStop: 7, ...pick }));
  const expected = (...channels: number[]) => [5, 6].flatMap((row) => channels.map((c) => rawAt(row, c, 1)));
  assert.deepEqual(await read({}), expected(...ALL));
  assert.deepEqual(await read({ channelIndexes: [3, -1, 3] }), expected(3, 7, 3));
  assert.deepEqual(await read({ channelIndexes: ALL.map((c) => c === 2 || c === 5) }), expected(2, 5));
  assert.deepEqual(await read({ channelNames: ["ch15", "ch8"] }), expected(7, 0));
  assert.deepEqual(await read({ channelIds: ["10"] }), expected(1));
  // Indexes win over names, names over ids.
  assert.deepEqual(await read({ channelIndexes: [0], channelNames: ["ch9"], channelIds: ["11"] }), expected(0));
  assert.deepEqual(await read({ channelNames: ["ch9"], channelIds: ["11"] }), expected(1));
  assert.deepEqual(await read({ channelIndexes: [] }), []);
  assert.deepEqual((await recording.getAnalogSignalChunk({ streamIndex: 0, iStop: 0 })).shape, [0, 8]);
  const raw = await recording.getAnalogSignalChunk({ streamIndex: 0, iStart: 5, iStop: 7, channelIndexes: [1, 2] });
  const floats = await recording.rescaleSignalRawToFloat(raw, { streamIndex: 0, channelIndexes: [1, 2] });
  assert.deepEqual(floats.data, scaled([5, 6], [1, 2]));
  const doubles = await recording.rescaleSignalRawToFloat(raw, {
    streamIndex: 0,
    channelNames: ["ch1", "ch2"],
    dtype: "float64",
  });
  assert.deepEqual([...doubles.data], [5, 6].flatMap((row) => [1, 2].map((c) => rawAt(row, c) * GAIN)));
});

Deno.test("what a chunk can't be read by is refused in words", async () => {
  const { recording } = await example();
  const refused = (options: object, error: object) => assert.rejects(recording.getAnalogSignalChunk(options), error);
  await refused({}, { name: "RangeError", message: /streamIndex must be given where there are several/ });
  await refused({ streamIndex: 2 }, { name: "RangeError", message: /number 2 of the streams: there are 2/ });
  await refused({ streamIndex: 0.5 }, { name: "RangeError" });
  await refused({ streamIndex: 0, blockIndex: 2 }, { name: "RangeError", message: /blocks: there are 2/ });
  await refused({ streamIndex: 0, segmentIndex: 2 }, {
    name: "RangeError",
    message: /segments in block 0: there are 2/,
  });
  await refused({ streamIndex: 0, iStart: -1 }, { name: "RangeError", message: /iStart is -1/ });
  await refused({ streamIndex: 0, iStop: LENGTH + 1 }, { name: "RangeError", message: /there are 100000 samples/ });
  await refused({ streamIndex: 0, iStart: NaN }, { name: "RangeError" });
  await refused({ streamIndex: 0, channelIndexes: [8] }, { name: "RangeError", message: /there are 8 channels/ });
  await refused({ streamIndex: 0, channelIndexes: [true] }, { name: "RangeError", message: /mask of 1/ });
  await refused({ streamIndex: 0, channelIndexes: 3 }, {
    name: "TypeError",
    message: /channelIndexes 3: expected a list/,
  });
  await refused({ streamIndex: 0, channelNames: "ch0" }, { name: "TypeError", message: /expected a list/ });
  await refused({ streamIndex: 0, channelNames: ["ch8"] }, {
    name: "NotFoundError",
    message: /there are "ch0", "ch1"/,
  });
  await refused({ streamIndex: 0, channels: [1] }, { name: "TypeError", message: /channels/ });
  assert.throws(() => recording.channelIdToIndex(["99"], 0), NotFoundError);
  assert.deepEqual(recording.channelNameToIndex(["ch3", "ch0"], 0), [3, 0]);
});

Deno.test("signals of a segment: channels of one unit each, in the order in which units appear", async () => {
  const { recording, log } = await example();
  const { analogSignals } = await recording.readSegment({ lazy: true });
  assert.deepEqual(
    analogSignals.map(({ name, units, shape, channelNames }) => [name, units, shape, channelNames.length]),
    [["stream 0", "uV", [LENGTH, 8], 8], ["stream 1", "uV", [LENGTH, 6], 6], ["stream 1", "pA", [LENGTH, 2], 2]],
  );
  const [first, , last] = analogSignals;
  assert.deepEqual(
    [first!.samplingRate, first!.samplingPeriod, first!.tStart, first!.tStop, first!.duration, first!.dtype.kind],
    [RATE, 1e-4, 0, 10, 10, "float"],
  );
  assert.deepEqual(last!.arrayAnnotations, {
    channelNames: ["ch14", "ch15"],
    channelIds: ["15", "16"],
    impedance: [600, 700],
  });
  const split = await recording.readSegment({ lazy: true, signalGroupMode: "split-all" });
  assert.deepEqual(split.analogSignals.map(({ name }) => name), range(0, 16).map((c) => `ch${c}`));
  assert.deepEqual(split.analogSignals[15]!.shape, [LENGTH, 1]);
  assert.deepEqual(log, { reads: [], scans: 0 });
  const pA = await last!.load({ timeSlice: [0, "1 ms"] });
  assert.deepEqual(pA.magnitude.data, scaled(range(0, 10), [6, 7], 1));
  await assert.rejects(recording.readSegment({ signalGroupMode: "all" as never }), { name: "TypeError" });
});

Deno.test("a load is the samples nearest to its times, as neo's tests have it", async () => {
  const { recording } = await example();
  const [signal] = (await recording.readSegment({ lazy: true })).analogSignals;
  for (const timeSlice of [[2, 5], [1.99999, 5.000001], [2.00001, 4.99999], ["2 s", "5000 ms"]] as const) {
    const part = await signal!.load({ timeSlice });
    assert.deepEqual([part.tStart, part.tStop, part.units, part.name], [2, 5, "uV", "stream 0"], String(timeSlice));
    assertRows(part, 20000, 50000);
  }
  await assert.rejects(signal!.load({ timeSlice: [2, 15] }), {
    name: "RangeError",
    message: /`t_stop` is outside of the time range/,
  });
  await assert.rejects(signal!.load({ timeSlice: [-1, 5] }), {
    name: "RangeError",
    message: /`t_start` is outside of the time range/,
  });
  const cut = await signal!.load({ timeSlice: [2, 15], strictSlicing: false });
  assert.deepEqual([cut.tStart, cut.tStop], [2, 10]);
  assertRows(cut, 20000, 100000);
  const early = await signal!.load({ timeSlice: [-3, 1], strictSlicing: false });
  assert.deepEqual([early.tStart, early.tStop], [0, 1]);
  const outside = await signal!.load({ timeSlice: [12, 15], strictSlicing: false });
  assert.deepEqual([outside.shape, outside.tStart], [[0, 8], 10]);
  // Open ends.
  assertRows(await signal!.load({ timeSlice: [null, 0.5] }), 0, 5000);
  assertRows(await signal!.load({ timeSlice: [9.5, null] }), 95000, 100000);
  assertRows(await signal!.timeSlice(1, 1.5), 10000, 15000);
  const whole = await signal!.load();
  assertRows(whole, 0, LENGTH);
  assertRows(await signal!.load({ timeSlice: null }), 0, LENGTH);
  for (const timeSlice of [[1], [1, 2, 3], 5, ["1 furlong", 2], [NaN, 2], [undefined, 2]]) {
    await assert.rejects(signal!.load({ timeSlice: timeSlice as never }), { name: "TypeError" }, String(timeSlice));
  }
  await assert.rejects(signal!.load({ timeSlice: [5, 2] }), { name: "RangeError", message: /2 s lies before 5 s/ });
});

Deno.test("a segment that starts later has its own times", async () => {
  const { recording } = await example();
  const { analogSignals: [signal], tStart, tStop } = await recording.readSegment({
    blockIndex: 1,
    segmentIndex: 2,
    lazy: true,
  });
  assert.deepEqual([tStart, tStop, signal!.tStart, signal!.tStop], [60, 70, 60, 70]);
  const part = await signal!.load({ timeSlice: [62.00003, "65 s"] });
  assert.equal(part.tStart, 62);
  assertRows(part, 20000, 50000);
  await assert.rejects(signal!.load({ timeSlice: [2, 5] }), { name: "RangeError" });
});

Deno.test("channels of a load are those of the proxy; what is cut is called a slice", async () => {
  const { recording } = await example();
  const [signal] = (await recording.readSegment({ lazy: true })).analogSignals;
  const three = await signal!.load({ timeSlice: [2, 5], channelIndexes: [3, 4, 5] });
  assert.equal(three.name, "slice of  stream 0");
  assert.deepEqual(three.arrayAnnotations, {
    channelNames: ["ch3", "ch4", "ch5"],
    channelIds: ["4", "5", "6"],
    impedance: [300, 400, 500],
  });
  assertRows(three, 20000, 50000, [3, 4, 5]);
  const even = signal!.pickChannels({ channelIndexes: [0, 2, 4, 6] });
  assert.deepEqual(even.shape, [LENGTH, 4]);
  const two = await even.load({ channelIndexes: [0, 3], timeSlice: [0, 1] });
  assert.deepEqual(two.channelNames, ["ch0", "ch6"]);
  assertRows(two, 0, 10000, [0, 6]);
  const named = signal!.pickChannels({ channelNames: ["ch5"] }).pickChannels({ channelIds: ["6"] });
  assertRows(await named.load({ timeSlice: [0, 1] }), 0, 10000, [5]);
  const all = await signal!.load({ channelIndexes: ALL.toReversed(), timeSlice: [0, 1] });
  assert.equal(all.name, "stream 0");
  assertRows(all, 0, 10000, ALL.toReversed());
  await assert.rejects(signal!.load({ channelIndexes: [8] }), { name: "RangeError" });
});

Deno.test("raw magnitude keeps the samples and says the gain; several gains have none", async () => {
  const { recording } = await example();
  const [signal] = (await recording.readSegment({ lazy: true })).analogSignals;
  const raw = await signal!.load({ magnitudeMode: "raw", timeSlice: [1, 1.0002], channelIndexes: [1, 0] });
  assert.equal(raw.units, "0.0152587890625*uV");
  assert.deepEqual(
    raw.magnitude.data,
    Int16Array.of(rawAt(10000, 1), rawAt(10000, 0), rawAt(10001, 1), rawAt(10001, 0)),
  );
  await assert.rejects(signal!.load({ magnitudeMode: "physical" as never }), {
    name: "TypeError",
    message: /magnitudeMode "physical"; expected "rescaled" or "raw"/,
  });
  const { recording: mixed } = await example({ gains: [1, 2, 2, 1, 1, 1, 1, 1] });
  const [several] = (await mixed.readSegment({ lazy: true })).analogSignals;
  await assert.rejects(several!.load({ magnitudeMode: "raw" }), {
    name: "RangeError",
    message: /not supported if the gain are not the same for all channels or offset is not 0/,
  });
  assert.equal(
    (await several!.load({ magnitudeMode: "raw", channelIndexes: [1, 2], timeSlice: [0, 1] })).units,
    "2*uV",
  );
});

Deno.test("windows of one length have one number of samples, wherever they begin", async () => {
  fc.assert(fc.property(
    fc.constantFrom(256, 250.37, 1000, 24414.0625, 30000, 29999.9537, 44100),
    fc.double({ min: -50, max: 1e5, noNaN: true }),
    fc.integer({ min: 0, max: 200 }),
    fc.double({ min: 0, max: 1, noNaN: true }),
    (samplingRate, tStart, count, at) => {
      const length = 1000;
      const tStop = tStart + length / samplingRate;
      const span = { tStart, tStop, samplingRate, length };
      const duration = count / samplingRate;
      const begin = tStart + at * (length - count - 1) / samplingRate;
      const { start, stop, tStart: first } = samplesOf([begin, begin + duration], span, false);
      assert.equal(stop - start, count);
      assert.ok(start >= 0 && stop <= length);
      // The first sample is the nearest, up to what doubles can tell.
      assert.ok(Math.abs(first - begin) <= 0.5001 / samplingRate + 1e-9, `${first} for ${begin}`);
    },
  ));
  // Begin and length half way between samples at the very end, both of which would be rounded up.
  const span = { tStart: 0, tStop: 10, samplingRate: 2, length: 20 };
  assert.deepEqual(samplesOf([3.75, 10], span, true), { start: 8, stop: 20, tStart: 4 });
  assert.deepEqual(samplesOf([4.25, 10], span, true), { start: 8, stop: 20, tStart: 4 });
  assert.deepEqual(samplesOf([0.75, 10], { ...span, tStop: 10 }, true).stop, 20);
  const { recording } = await example();
  const [proxy] = (await recording.readSegment({ lazy: true })).analogSignals;
  const whole = await proxy!.load();
  for (let i = 0; i < 50; i++) {
    const begin = Math.random() * 9.9;
    const [lazy, eager] = [
      await proxy!.load({ timeSlice: [begin, begin + 0.05] }),
      whole.timeSlice(begin, begin + 0.05),
    ];
    assert.deepEqual([lazy.shape, eager.shape], [[500, 8], [500, 8]], String(begin));
    assert.deepEqual(lazy.magnitude.data, eager.magnitude.data);
    assert.equal(lazy.tStart, eager.tStart);
  }
});

Deno.test("an eager signal's slice is a view of it, and refuses what it hasn't", async () => {
  const { recording } = await example();
  const [signal] = (await recording.readSegment({ blockIndex: 1, segmentIndex: 1 })).analogSignals;
  const part = signal!.timeSlice("20.5 s", 21);
  assert.deepEqual([part.tStart, part.tStop, part.name], [20.5, 21, "stream 0"]);
  assertRows(part, 5000, 10000);
  assert.equal(part.magnitude.data.buffer, signal!.magnitude.data.buffer);
  assertRows(part.timeSlice(20.6, null), 6000, 10000);
  assertRows(part.timeSlice(null, 20.6), 5000, 6000);
  assert.throws(() => part.timeSlice(20, 20.6), { name: "RangeError", message: /within its 20.5 to 21 s/ });
  assert.throws(() => part.timeSlice(20.6, 22), { name: "RangeError" });
  assert.throws(() => part.timeSlice(20.8, 20.6), { name: "RangeError" });
  assert.deepEqual(part.times.slice(0, 2), Float64Array.of(20.5, 20.5 + 1 / RATE));
  assert.match(String(part), /^AnalogSignal "stream 0": 5000 samples of 8 channels in uV at 10000 Hz, 20.5 s to 21 s$/);
});

Deno.test("spikes, events and epochs are loaded by time, both ends included", async () => {
  const { recording } = await example();
  for (const [blockIndex, segmentIndex, at] of [[0, 0, 0], [1, 2, 60]] as const) {
    const segment = await recording.readSegment({ blockIndex, segmentIndex, lazy: true });
    const [spikes] = segment.spikeTrains;
    assert.equal(await spikes!.count(), 20);
    const part = await spikes!.load({ timeSlice: [at + 0.25, `${at + 0.5} s`], loadWaveforms: true });
    assert.deepEqual([...part.times], range(5, 11).map((i) => (at * RATE + 500 * i) / RATE));
    assert.deepEqual([part.waveforms!.shape, part.waveformUnits, part.leftSweep], [[6, 1, 50], "uV", 0.002]);
    assert.deepEqual(part.waveforms!.data.slice(0, 2), Float32Array.of(waveAt(5, 0) * GAIN, waveAt(5, 1) * GAIN));
    assert.deepEqual(part.arrayAnnotations, { amplitudes: [2.5, 3, 3.5, 4, 4.5, 5] });
    assert.deepEqual([part.tStart, part.tStop], [at + 0.25, at + 0.5]);
    const [events] = segment.events;
    assert.equal(await events!.count(), 6);
    const few = await events!.load({ timeSlice: [at + 1, at + 2] });
    assert.deepEqual([[...few.times], few.labels], [[at + 1, at + 2], ["trigger_b", "trigger_a"]]);
    assert.deepEqual(few.arrayAnnotations, { button: ["B1", "B2"] });
    const [epochs] = segment.epochs;
    assert.equal(await epochs!.count(), 10);
    const three = await epochs!.load({ timeSlice: [at + 1, at + 4] });
    assert.deepEqual([...three.times], [1.5, 2.5, 3.5].map((time) => at + time));
    assert.deepEqual([...three.durations], [0.25, 0.25, 0.25]);
    for (const proxy of [spikes!, events!, epochs!]) {
      await assert.rejects(proxy.load({ timeSlice: [at - 1, at + 1] }), { name: "RangeError", message: /`t_start`/ });
      const all = await proxy.load({ timeSlice: [at - 1, at + 99], strictSlicing: false });
      assert.equal(all.length, (await proxy.load()).length);
    }
  }
});

Deno.test("events in memory are sliced as those that are loaded", async () => {
  const { recording } = await example();
  const lazy = await recording.readSegment({ lazy: true });
  const eager = await recording.readSegment({ loadWaveforms: true });
  const slices: TimeSlice[] = [[1, 4], [null, 0.5], [0.5, null], [0.26, 0.27]];
  for (const timeSlice of slices) {
    const [event, epoch] = [eager.events[0]!.timeSlice(...timeSlice), eager.epochs[0]!.timeSlice(...timeSlice)];
    const loaded = await lazy.events[0]!.load({ timeSlice });
    assert.deepEqual([event.times, event.labels, event.arrayAnnotations], [
      loaded.times,
      loaded.labels,
      loaded.arrayAnnotations,
    ]);
    const { times, durations } = await lazy.epochs[0]!.load({ timeSlice });
    assert.deepEqual([epoch.times, epoch.durations], [times, durations]);
    const [train, read] = [
      eager.spikeTrains[1]!.timeSlice(...timeSlice),
      await lazy.spikeTrains[1]!.load({ timeSlice, loadWaveforms: true }),
    ];
    assert.deepEqual([train.times, train.arrayAnnotations, train.tStart, train.tStop], [
      read.times,
      read.arrayAnnotations,
      read.tStart,
      read.tStop,
    ]);
    assert.deepEqual(train.waveforms!.shape, read.waveforms!.shape);
    assert.deepEqual(train.waveforms!.data, read.waveforms!.data);
  }
});

Deno.test("waveforms are read where there are some; where not, asking for them is an error", async () => {
  const { recording } = await example();
  const { spikeTrains } = await recording.readSegment({ lazy: true });
  await assert.rejects(spikeTrains[2]!.load({ loadWaveforms: true }), {
    name: "RangeError",
    message: /there are no waveforms/,
  });
  await assert.rejects(spikeTrains[0]!.load({ magnitudeMode: "raw" as never }), { name: "TypeError" });
  const eager = await recording.readSegment({ loadWaveforms: true });
  assert.deepEqual(eager.spikeTrains.map(({ waveforms }) => waveforms?.shape ?? null), [
    [20, 1, 50],
    [20, 1, 50],
    null,
  ]);
  assert.equal((await recording.readSegment()).spikeTrains[0]!.waveforms, null);
  const raw = await recording.getSpikeRawWaveforms(0, { tStart: 0.25, tStop: 0.5 });
  assert.deepEqual(raw!.shape, [6, 1, 50]);
  assert.deepEqual(recording.rescaleWaveformsToFloat(raw!, 0).data[3], Math.fround(waveAt(5, 3) * GAIN));
  assert.equal(await recording.getSpikeRawWaveforms(2), null);
});

Deno.test("the raw layer gives ticks, and seconds of them", async () => {
  const { recording } = await example();
  const place = { blockIndex: 1, segmentIndex: 1 };
  assert.equal(await recording.spikeCount(0, place), 20);
  assert.equal(await recording.eventCount(1, place), 10);
  const ticks = await recording.getSpikeTimestamps(0, { ...place, tStart: 20.25, tStop: 20.5 });
  assert.deepEqual([...ticks], range(5, 11).map((i) => 200_000 + 500 * i));
  assert.deepEqual((await recording.rescaleSpikeTimestamp(ticks, 0, place))[0], 20.25);
  const [times, durations, labels] = await recording.getEventTimestamps(1, { ...place, tStart: 21 });
  assert.deepEqual([times.length, durations!.length, labels.length], [9, 9, 9]);
  assert.deepEqual((await recording.getEventTimestamps(0, place))[1], null);
  assert.equal((await recording.rescaleEventTimestamp(times, 1, place))[0], 21.5);
  assert.equal((await recording.rescaleEpochDuration(durations!, 1, place))[0], 0.25);
  await assert.rejects(recording.spikeCount(3), { name: "RangeError", message: /spike channels: there are 3/ });
  await assert.rejects(recording.eventCount(-1), { name: "RangeError", message: /event channels: there are 2/ });
});

Deno.test("a stretch of a segment can be read at once, but not lazily", async () => {
  const { recording } = await example();
  const segment = await recording.readSegment({ segmentIndex: 1, timeSlice: ["16 s", 18], loadWaveforms: true });
  assert.deepEqual([segment.tStart, segment.tStop, segment.duration], [16, 18, 2]);
  assertRows(segment.analogSignals[0]!, 10000, 30000);
  assert.deepEqual([...segment.events[0]!.times], [16, 17, 18]);
  assert.deepEqual([...segment.epochs[0]!.times], [16.5, 17.5]);
  assert.equal(segment.spikeTrains[0]!.length, 0);
  assert.deepEqual([segment.spikeTrains[0]!.tStart, segment.spikeTrains[0]!.tStop], [16, 18]);
  await assert.rejects(recording.readSegment({ timeSlice: [5, 11] }), { name: "RangeError" });
  const cut = await recording.readSegment({ timeSlice: [5, 11], strictSlicing: false });
  assert.deepEqual([cut.tStop, cut.analogSignals[0]!.shape[0]], [10, 50000]);
  await assert.rejects(recording.readSegment({ lazy: true, timeSlice: [1, 2] }), {
    name: "TypeError",
    message: /give timeSlice to load/,
  });
});

Deno.test("blocks hold their segments, with what is known of them", async () => {
  const { recording, log } = await example();
  const block = await recording.readBlock({ blockIndex: 1, lazy: true });
  assert.deepEqual([block.name, block.index, block.segments.length], ["Block #1", 1, 3]);
  assert.equal(block.annotations["blockExtraInfo"], "This is the block 1");
  assert.deepEqual(block.recDatetime, new Date("2024-01-02T00:00:00Z"));
  assert.deepEqual(block.segments.map(({ tStart, index }) => [tStart, index]), [[0, 0], [20, 1], [60, 2]]);
  assert.equal(block.segments[2]!.annotations["segExtraInfo"], "This is the seg 2 of block 1");
  assert.equal(log.reads.length, 0);
  const eager = await recording.readBlock({ blockIndex: 0 });
  assertRows(eager.segments[1]!.analogSignals[0]!, 0, LENGTH);
  assert.equal(eager.segments[1]!.recDatetime, null);
  await assert.rejects(recording.readBlock({ blockIndex: 2 }), { name: "RangeError" });
  assert.match(String(block), /^Block 1: 3 segments\nSegment 0: 0 s to 10 s\n {2}AnalogSignalProxy "stream 0"/);
});

Deno.test("signals, spikes and epochs become pynapple's objects", async () => {
  const { recording, log } = await example();
  const place = { blockIndex: 1, segmentIndex: 1 };
  const lazy = await recording.readSegment({ ...place, lazy: true });
  const frame = lazy.analogSignals[1]!.toTsdFrame();
  assert.deepEqual([frame.shape, [...frame.columns]], [[LENGTH, 6], range(8, 14).map((c) => `ch${c}`)]);
  assert.equal(log.reads.length, 0);
  assert.deepEqual([...frame.getInfo("impedance")], [0, 100, 200, 300, 400, 500]);
  const some = frame.get(21, 21.0003);
  assert.deepEqual([...some.times], [21, 21.0001, 21.0002, 21.0003]);
  assert.deepEqual((await some.read()).data, scaled(range(10000, 10004), range(0, 6), 1));
  assert.ok(log.reads.every(([rows]) => rows === 4));
  const eager = await recording.readSegment(place);
  assert.deepEqual(
    ((await eager.analogSignals[1]!.toTsdFrame().get(21, 21.0003).read()) as NDArray<NumericData>).data,
    scaled(range(10000, 10004), range(0, 6), 1),
  );
  for (const segment of [lazy, eager]) {
    const group = await segment.toTsGroup();
    assert.deepEqual(group.keys(), [0, 1, 2]);
    assert.deepEqual([...group.getInfo("name")], ["unit0", "unit1", "unit2"]);
    assert.deepEqual([...group.at(1).times.slice(0, 3)], [20, 20.05, 20.1]);
    assert.deepEqual(group.timeSupport.pairs(), [[20, 30]]);
    const intervals = await segment.toIntervalSet();
    assert.deepEqual(intervals.pairs().slice(0, 2), [[20.5, 20.75], [21.5, 21.75]]);
    assert.deepEqual([...intervals.getInfo("label")].slice(4, 6), ["zoneX", "zoneZ"]);
    assert.deepEqual((await segment.toIntervalSet("Some epochs")).length, 10);
    await assert.rejects(segment.toIntervalSet("zones"), {
      name: "RangeError",
      message: /there are the epochs "Some epochs"/,
    });
  }
  const events = eager.events[0]!.toTs();
  assert.deepEqual([...events.times], range(20, 26));
});

Deno.test("proxies go through chunk iterators, temporaldata's objects and readers of parts", async () => {
  const { recording, log } = await example();
  const [proxy] = (await recording.readSegment({ segmentIndex: 1, lazy: true })).analogSignals;
  let rows = 0;
  for await (
    const { data, selection } of iterateChunks(proxy!, { selection: [slice(0, 9000), [2, 1]], bufferShape: [4000, 2] })
  ) {
    const first = selection[0] as Slice;
    assert.deepEqual((data as NDArray<NumericData>).data.slice(0, 2), scaled([first.start!], [2, 1]));
    rows += data.shape[0]!;
  }
  assert.equal(rows, 9000);
  log.reads.length = 0;
  const series = new RegularTimeSeries({ lfp: proxy! }, { samplingRate: RATE, domainStart: 15 });
  const session = new Data({ series }, { domain: "auto" });
  const window = session.slice(16, 16.5);
  assert.equal(log.reads.length, 0);
  const lfp = await (window.get("series") as RegularTimeSeries<AnalogSignalProxy>).array("lfp");
  assert.deepEqual(lfp.shape, [5000, 8]);
  assert.deepEqual((lfp as NDArray<NumericData>).data.slice(0, 8), scaled([10000], ALL));
  assert.deepEqual(log.reads.map(([count]) => count), [5000]);
  const raw = await proxy!.raw.view!([slice(0, 4, 2), [7]]).read() as NDArray<Int16Array>;
  assert.deepEqual([...raw.data], [rawAt(0, 7), rawAt(2, 7)]);
  const into = new Float32Array(16);
  const loaded = await proxy!.load({ timeSlice: [15, "15.0002 s"], into });
  assert.equal(loaded.magnitude.data, into);
  assert.deepEqual(into, scaled([0, 1], ALL));
});

Deno.test("times are seconds or texts with a unit", () => {
  const texts: readonly (readonly [string, number])[] = [
    ["-20 ms", -0.02],
    ["+20ms", 0.02],
    ["1.5 s", 1.5],
    ["2 min", 120],
    [".5 h", 1800],
    ["3 us", 3e-6],
    ["3 µs", 3e-6],
    ["3 μs", 3e-6],
    ["1e3 ns", 1e-6],
  ];
  for (const [text, expected] of texts) assert.equal(seconds(text), expected, text);
  for (const wrong of ["", "5", "ms", "5 parsecs", "5 constructor", "1 2 s", "0x10 s", NaN, null, undefined, {}]) {
    assert.throws(() => seconds(wrong as never), { name: "TypeError" }, String(wrong));
  }
});

Deno.test("an abort ends a load; events that another waits for are read all the same", async () => {
  const { recording, log } = await example({
    slow: (signal) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(resolve, 30);
        signal?.addEventListener("abort", () => {
          clearTimeout(timer);
          reject(signal.reason);
        });
      }),
  });
  const lazy = await recording.readSegment({ lazy: true });
  const gone = AbortSignal.abort(new Error("no more"));
  await assert.rejects(lazy.analogSignals[0]!.load({ signal: gone }), /no more/);
  await assert.rejects(lazy.events[0]!.load({ signal: gone }), /no more/);
  await assert.rejects(recording.readSegment({ signal: gone }), /no more/);
  await assert.rejects(recording.getAnalogSignalChunk({ streamIndex: 0, signal: gone }), /no more/);
  log.scans = 0;
  const controller = new AbortController();
  const first = lazy.events[0]!.load({ signal: controller.signal });
  const second = lazy.events[0]!.load();
  const third = new AbortController();
  const waiting = lazy.events[0]!.load({ signal: third.signal });
  setTimeout(() => controller.abort(new Error("first")), 5);
  setTimeout(() => third.abort(new Error("third")), 10);
  await assert.rejects(first, /first/);
  await assert.rejects(waiting, /third/);
  assert.equal((await second).length, 6);
  assert.equal(log.scans, 2);
  // What was read is kept, also for a stretch.
  await lazy.events[0]!.load({ timeSlice: [1, 2] });
  assert.equal(log.scans, 2);
  await assert.rejects(lazy.events[0]!.load({ signal: gone }), /no more/);
});

Deno.test("events that couldn't be read are asked for again", async () => {
  let fails = true;
  const { recording, log } = await example({
    slow: () => fails ? Promise.reject(new NotFoundError("Cannot read it: it isn't there")) : Promise.resolve(),
  });
  await assert.rejects(recording.getEvents(0), NotFoundError);
  fails = false;
  assert.equal(await recording.eventCount(0), 6);
  assert.equal(log.scans, 2);
});

Deno.test("what reads opens first; what is known of the header says so before", async () => {
  const { format } = exampleFormat();
  const recording = new Recording(SOURCE, { formats: [format], format: "example" });
  assert.equal(String(recording), "ExampleRawIO: not opened");
  for (
    const ask of [() => recording.header, () => recording.blockCount(), () => recording.format, () => recording.cost]
  ) {
    assert.throws(ask, { name: "TypeError", message: /await parseHeader\(\) first/ });
  }
  const [chunk, events, again] = await Promise.all([
    recording.getAnalogSignalChunk({ streamIndex: 0, iStop: 1 }),
    recording.eventCount(0),
    recording.parseHeader(),
  ]);
  assert.deepEqual([chunk.shape, events, again], [[1, 8], 6, recording]);
  assert.equal(recording.blockCount(), 2);
  assert.equal(await recording.index(), null);
  await recording.close();
});

Deno.test("a recording that is closed reads nothing any more, and can be closed twice", async () => {
  const path = await Deno.makeTempFile({ suffix: ".bin" });
  try {
    await Deno.writeFile(path, new Uint8Array(4000));
    const recording = await openRecording(path, { raw: { channels: 2 } });
    const { analogSignals: [signal] } = await recording.readSegment({ lazy: true });
    await recording.close();
    await recording.close();
    await assert.rejects(recording.getAnalogSignalChunk(), ClosedError);
    await assert.rejects(signal!.load(), ClosedError);
    assert.equal(recording.blockCount(), 1);
    const never = new Recording(path, { raw: { channels: 2 } });
    await never.close();
    await assert.rejects(never.parseHeader(), ClosedError);
    const opening = new Recording(path, { raw: { channels: 2 } });
    const header = opening.parseHeader();
    await opening.close();
    await header;
    await assert.rejects(opening.getAnalogSignalChunk(), ClosedError);
  } finally {
    await Deno.remove(path);
  }
});

Deno.test("a header that couldn't be read is tried again", async () => {
  const { format } = exampleFormat();
  let fails = true;
  const moody = {
    ...format,
    open: (...args: Parameters<typeof format.open>) =>
      fails ? Promise.reject(new NotFoundError("Cannot open it: it isn't there")) : format.open(...args),
  };
  const recording = new Recording(SOURCE, { formats: [moody] });
  await assert.rejects(recording.parseHeader(), NotFoundError);
  fails = false;
  assert.equal((await recording.parseHeader()).blockCount(), 2);
  await recording.close();
});
