import assert from "node:assert/strict";
import { OPENEPHYS_BINARY } from "../../src/recording/formats/openephys/binary/binary.ts";
import { makeBinary, npy, range, sampleAt } from "./make/openephys_binary.ts";
import { numbers, openParts } from "./support.ts";
import { eventsOf, NEW, newStream, OLD, oldStream, signal, spikesOf } from "./make/openephys_streams.ts";

Deno.test("lines: rises with falls, lines that were high before, lines that stay high", async () => {
  const lines = {
    folder: "Acq-100.stream/TTL",
    rate: 1000,
    numbers: [5010, 5020, 5030, 5040, 5050, 5060],
    states: [-2, 1, 3, -1, -4, 1],
    initialState: 0b0010,
  };
  await using opened = await openParts(
    OPENEPHYS_BINARY,
    makeBinary({ ...NEW, streams: [newStream()], lines: [lines] }),
  );
  const found = await eventsOf(opened.parts, "Lines");
  assert.equal(opened.parts.eventChannels![0]!.type, "epoch");
  assert.deepEqual(
    Array.from(found.timestamps, (start, i) => [found.labels[i], start, found.durations![i]]),
    // Line 2 was high from the beginning, line 4 wasn't known to be; lines 3 and 1 stay high to the end, at 5100.
    [["2", 5000, 10], ["1", 5020, 20], ["3", 5030, 70], ["1", 5060, 40]],
  );
  assert.equal(found.ticksPerSecond, 1000);
});

Deno.test("events and spikes lie in the segment of their time, by the clock of their own stream", async () => {
  const stream = newStream({ numbers: [...range(5000, 40), ...range(9000, 60)], seconds: undefined });
  const lines = { folder: "Acq-100.stream/TTL", rate: 1000, numbers: [5010, 5020, 9010, 9020], states: [1, -1, 1, -1] };
  const spikes = {
    folder: "Detector-104.stream/Tetrode 1",
    names: ["Tetrode 1"],
    rate: 1000,
    numbers: [5005, 9030, 9040],
    electrodes: [1, 1, 1],
    channels: 4,
    samples: 40,
  };
  const texts = { folder: "MessageCenter", rate: 1000, numbers: [9055], texts: ["Größe"] };
  const made = { ...NEW, streams: [stream], lines: [lines], spikes: [spikes], texts: [texts] };
  await using opened = await openParts(OPENEPHYS_BINARY, makeBinary(made));
  const { parts } = opened;
  assert.deepEqual([...(await eventsOf(parts, "Lines", 0, 0)).timestamps], [5010]);
  assert.deepEqual([...(await eventsOf(parts, "Lines", 0, 1)).timestamps], [9010]);
  assert.deepEqual((await eventsOf(parts, "Messages", 0, 1)).labels, ["Größe"]);
  assert.deepEqual((await eventsOf(parts, "Messages", 0, 0)).labels, []);
  assert.deepEqual([...(await spikesOf(parts, 0, 0, 0)).timestamps], [5005]);
  const second = await spikesOf(parts, 0, 0, 1);
  assert.deepEqual([...second.timestamps], [9030, 9040]);
  assert.deepEqual([...second.annotations!.clusters as Float64Array], [1, 2]);
  assert.deepEqual(second.waveforms!.shape, [2, 4, 40]);
  assert.equal(numbers(await second.waveforms!.read([0, 0, 0]))[0], sampleAt(160, 0));
  assert.deepEqual(parts.spikeChannels![0], {
    name: "Tetrode 1",
    id: "Record Node 101#Detector-104.stream/Tetrode 1",
    wfUnits: "uV",
    wfGain: 0.05,
    wfOffset: 0,
    wfLeftSweep: 8,
    wfSamplingRate: 1000,
  });
});

Deno.test("by the option clock signals, events and spikes are told by synchronised seconds", async () => {
  const lines = {
    folder: "Acq-100.stream/TTL",
    rate: 1000,
    numbers: [5010, 5020],
    states: [1, -1],
    seconds: [5.51, 5.52],
  };
  const made = { ...NEW, streams: [newStream()], lines: [lines] };
  await using opened = await openParts(OPENEPHYS_BINARY, makeBinary(made), { options: { clock: "synchronised" } });
  assert.equal(signal(opened.parts).tStart, 5.5);
  const found = await eventsOf(opened.parts, "Lines");
  assert.deepEqual([found.timestamps[0], found.ticksPerSecond], [5.51, 1]);
  assert.ok(Math.abs(found.durations![0]! - 0.01) < 1e-12);
});

Deno.test("groups of binary events are kept apart, by the clock that brings them to the samples", async () => {
  const binaries = [
    { folder: "Tracking_Port-127.0/BINARY_group_1", numbers: [50_100_000, 50_200_000] },
    { folder: "Tracking_Port-127.0/BINARY_group_2", numbers: [5_020] },
  ];
  const sync = "Software time: 5000@10000000Hz\n";
  await using opened = await openParts(
    OPENEPHYS_BINARY,
    makeBinary({ ...OLD, streams: [oldStream()], binaries, sync }),
  );
  const [first, second] = [await eventsOf(opened.parts, 0), await eventsOf(opened.parts, 1)];
  assert.deepEqual(Array.from(first.timestamps, (ticks) => ticks / first.ticksPerSecond), [5.01, 5.02]);
  assert.deepEqual(Array.from(second.timestamps, (ticks) => ticks / second.ticksPerSecond), [5.02]);
  assert.deepEqual(first.labels, ["Color=[b'red'];Port=[1]", "Color=[b'red'];Port=[2]"]);
  assert.deepEqual(first.annotations!.Port, [1, 2]);
  assert.deepEqual(first.annotations!.dataArray, [[0, 1, 2, 3], [4, 5, 6, 7]]);
});

Deno.test("a recording without samples lasts from its first event to its last", async () => {
  const lines = { folder: "Acq-100.stream/TTL", rate: 1000, numbers: [2000, 2500, 7000], states: [1, -1, 1] };
  await using opened = await openParts(OPENEPHYS_BINARY, makeBinary({ ...NEW, lines: [lines] }));
  const [segment] = opened.parts.blocks[0]!.segments;
  assert.deepEqual([segment!.tStart, segment!.tStop, segment!.signals], [2, 7, []]);
  assert.deepEqual([...(await eventsOf(opened.parts, "Lines")).timestamps], [2000]);
});

Deno.test("words of all lines are numbers, of several bytes before 0.6, and bigints where numbers don't hold them", async () => {
  const lines = { folder: "Acq-100.stream/TTL", rate: 1000, numbers: [5010, 5020], states: [1, -1] };
  for (
    const [made, words, expected] of [
      [OLD, npy("|u1", [2, 2], Uint8Array.of(1, 2, 0, 0)), 513],
      [NEW, npy("<u8", [2], BigUint64Array.of(2n ** 60n + 1n, 0n)), 2n ** 60n + 1n],
    ] as const
  ) {
    const files = makeBinary({ ...made, lines: [lines] });
    files.set(`${made.path}events/${lines.folder}/full_words.npy`, words);
    await using opened = await openParts(OPENEPHYS_BINARY, files);
    assert.deepEqual((await eventsOf(opened.parts, "Lines")).annotations!.fullWords, [expected]);
  }
});
