import assert from "node:assert/strict";
import type { RecordingParts } from "../../src/recording/format.ts";
import { openRecording } from "../../src/recording/open_recording.ts";
import { OPENEPHYS_BINARY } from "../../src/recording/formats/openephys/binary/binary.ts";
import { CORPUS } from "../corpus/find.ts";
import { assertGoldenSignals, goldenOf } from "./golden.ts";
import { range } from "./make/openephys_binary.ts";
import { openParts } from "./support.ts";
import { eventsOf, signal, spikesOf } from "./make/openephys_streams.ts";

const FOLDER = "openephys/ephy_testing_data__binary";
const absent = CORPUS === null ? " (no corpus)" : "";

function corpusTest(
  name: string,
  folder: string,
  fn: (parts: RecordingParts, warnings: string[]) => Promise<void> | void,
): void {
  Deno.test({
    name: `${name}${absent}`,
    ignore: CORPUS === null,
    async fn() {
      await using opened = await openParts(OPENEPHYS_BINARY, `${CORPUS}${FOLDER}/${folder}`);
      assert.equal(OPENEPHYS_BINARY.recognises(opened.probe), true);
      await fn(opened.parts, opened.files.warnings);
    },
  });
}

corpusTest(
  "neo's streams and samples are read of Open Ephys 0.4 with spikes",
  "v0.4.4.1_with_spikes",
  async (parts) => {
    await assertGoldenSignals(parts, goldenOf(`${FOLDER}/v0.4.4.1_with_spikes`)!);
  },
);

corpusTest(
  "neo's streams and samples are read of Open Ephys 0.4 with video",
  "v0.4.4.1_with_video_tracking",
  async (parts) => {
    await assertGoldenSignals(parts, goldenOf(`${FOLDER}/v0.4.4.1_with_video_tracking`)!);
  },
);

corpusTest(
  "neo's streams and samples are read of three experiments of 0.6",
  "v0.6.x_neuropixels_multiexp_multistream",
  async (parts) => {
    await assertGoldenSignals(parts, goldenOf(`${FOLDER}/v0.6.x_neuropixels_multiexp_multistream`)!);
    assert.deepEqual(parts.blocks.map(({ name }) => name), ["experiment1", "experiment3", "experiment6"]);
    assert.deepEqual(parts.blocks[0]!.annotations!.recDatetime, new Date(1651600344618));
  },
);

corpusTest(
  "converters' channels are volts, where neo repeats the header's uV",
  "neural_and_non_neural_data_mixed",
  async (parts) => {
    const golden = goldenOf(`${FOLDER}/neural_and_non_neural_data_mixed`)!;
    await assertGoldenSignals(parts, golden, ["units"]);
    assert.deepEqual(golden.streams.map(({ units }) => units), ["uV", "uV"]);
    assert.deepEqual(parts.streams.map(({ channels }) => channels[0]!.units), ["uV", "V"]);
    // The converter's range is 5 V.
    assert.equal(parts.streams[1]!.channels[0]!.gain * 32768, 5);
  },
);

corpusTest(
  "lines are the epochs that neo finds, by the clock of their samples",
  "v0.4.4.1_with_video_tracking",
  async (parts) => {
    const lines = await eventsOf(parts, "Rhythm FPGA source TTL events input");
    const golden = goldenOf(`${FOLDER}/v0.4.4.1_with_video_tracking`)!.events[1]!;
    assert.equal(lines.timestamps.length, golden.count);
    assert.deepEqual([...lines.timestamps.slice(0, 3)].map((t) => t / lines.ticksPerSecond), golden.first_3_raw);
    assert.deepEqual(lines.labels.slice(0, 3), golden.first_3_labels);
    assert.deepEqual([...lines.durations!], Array(7).fill(1));
  },
);

corpusTest(
  "events of 0.6 have neo's numbers and labels, but the signals' clock",
  "v0.6.x_neuropixels_multiexp_multistream",
  async (parts) => {
    const golden = goldenOf(`${FOLDER}/v0.6.x_neuropixels_multiexp_multistream`)!.events;
    assert.deepEqual(parts.eventChannels!.map(({ name }) => name), golden.map(({ name }) => name));
    for (const [i, { count, first_3_labels: labels = [] }] of golden.entries()) {
      const found = await eventsOf(parts, i);
      assert.equal(found.timestamps.length, count);
      assert.deepEqual(found.labels.slice(0, 3), labels);
    }
    const lines = await eventsOf(parts, "PXIe-6341Digital Input Line");
    assert.deepEqual([lines.timestamps[0], lines.ticksPerSecond], [1885389, 30000]);
    // neo tells signals by numbers of samples, and events by synchronised seconds: those stand in an annotation here.
    assert.equal((lines.annotations!.synchronisedTimes as Float64Array)[0], golden[1]!.first_3_raw![0]);
    assert.ok(Math.abs(1885389 / 30000 - golden[1]!.first_3_raw![0]!) > 0.1);
  },
);

corpusTest(
  "both groups of one processor are read, where neo keeps the last",
  "v0.4.4.1_with_spikes",
  async (parts, warnings) => {
    const golden = goldenOf(`${FOLDER}/v0.4.4.1_with_spikes`)!.events;
    assert.equal(golden.filter(({ name }) => name === "Tracking data").length, 1);
    const channels = parts.eventChannels!.flatMap(({ name }, i) => name === "Tracking data" ? [i] : []);
    assert.equal(channels.length, 2);
    const [green, red] = [await eventsOf(parts, channels[0]!), await eventsOf(parts, channels[1]!)];
    assert.deepEqual([...red.timestamps.slice(0, 3)], golden[2]!.first_3_raw);
    assert.deepEqual(red.labels.slice(0, 3), golden[2]!.first_3_labels);
    assert.equal(green.timestamps[0], 108772339576);
    assert.deepEqual(green.annotations!.Color!.slice(0, 2), ["green", "green"]);
    assert.deepEqual((green.annotations!.dataArray![0] as number[]).slice(0, 4), [0, 0, 192, 255]);
    // Ticks of the computer's clock, 10 MHz: by the structure's 30 kHz they'd be 42 days behind the samples.
    assert.equal(red.ticksPerSecond, 1e7);
    const { tStart } = parts.blocks[0]!.segments[0]!;
    assert.ok(Math.abs(red.timestamps[0]! / red.ticksPerSecond - tStart) < 0.1);
    assert.ok(warnings.some((text) => text.includes("computer's clock")));
  },
);

corpusTest(
  "spikes are told apart by electrode, with waveforms, where neo reads none",
  "v0.4.4.1_with_spikes",
  async (parts) => {
    assert.equal(parts.spikeChannels!.length, 8);
    const counts: number[] = [];
    for (const i of range(0, 8)) counts.push((await spikesOf(parts, i)).timestamps.length);
    assert.deepEqual(counts, [85, 25, 130, 536, 315, 1220, 862, 206]);
    const first = await spikesOf(parts, 6);
    assert.equal(first.timestamps[0], 326315052);
    assert.deepEqual(first.waveforms!.shape, [862, 4, 40]);
    assert.deepEqual(parts.spikeChannels![6]!.wfLeftSweep, 8);
    assert.equal(parts.spikeChannels![6]!.wfGain, 0.19499999284744263);
  },
);

corpusTest("nodes that differ are read node by node, where neo fails", "v0.5.x_two_nodes", (parts) => {
  assert.match(goldenOf(`${FOLDER}/v0.5.x_two_nodes`)!.error!, /KeyError/);
  assert.deepEqual(parts.streams.map(({ name }) => name), [
    "RecordNode103#File_Reader-100.0",
    "RecordNode105#File_Reader-100.0",
  ]);
  const { segments } = parts.blocks[0]!;
  assert.deepEqual(segments.map(({ signals }) => signals.map((found) => found?.array.shape ?? null)), [
    [[20000, 16], [20000, 16]],
    [[20000, 16], null],
    [[20000, 16], null],
  ]);
  assert.deepEqual(segments.map(({ tStart }) => tStart * 40000), [181888, 515040, 809216]);
});

corpusTest(
  "a stream whose samples are missing is left out with a warning, where neo fails",
  "v0.5.3_two_neuropixels_stream",
  (parts, warnings) => {
    assert.match(goldenOf(`${FOLDER}/v0.5.3_two_neuropixels_stream`)!.error!, /FileNotFoundError/);
    assert.deepEqual(parts.streams.map(({ name }) => name), ["Record_Node_107#Neuropix-PXI-116.1"]);
    assert.deepEqual(signal(parts).array.shape, [2500, 384]);
    assert.ok(warnings.some((text) => text.includes("Neuropix-PXI-116.0")));
  },
);

Deno.test({
  name: `openRecording knows Open Ephys' folders of the corpus by what lies in them, and its objects load${absent}`,
  ignore: CORPUS === null,
  async fn() {
    const legacy = "openephys/open-ephys-python-tools__v0.6.7_OpenEphys/Record Node 105";
    for (
      const [path, format, shape] of [
        [`${FOLDER}/v0.6.x_neuropixels_multiexp_multistream`, "openephysbinary", [100, 8]],
        [`${FOLDER}/v0.4.4.1_with_spikes`, "openephysbinary", [16, 32]],
        [`${FOLDER}/v0.5.x_two_nodes`, "openephysbinary", [20000, 16]],
        [legacy, "openephys", [133120, 2]],
      ] as const
    ) {
      await using recording = await openRecording(`${CORPUS}${path}`);
      assert.equal(recording.format.name, format);
      const segment = await recording.readSegment({ lazy: true });
      assert.deepEqual(segment.analogSignals[0]!.shape, shape);
      await (await recording.readSegment({})).analogSignals[0]!;
      assert.ok(String(recording).length > 100);
    }
  },
});
