import assert from "node:assert/strict";
import { create, ndarray, open, openRaw } from "../../mod.ts";
import { encodeSidecar } from "../../src/raw/mod.ts";
import { MicrotomeError } from "../../src/source/mod.ts";
import { openRecording, type RawRecordingOptions } from "../../src/recording/mod.ts";
import { NWBFile, NwbTimeSeries } from "../../src/nwb/mod.ts";
import { CORPUS } from "../corpus/find.ts";
import { numbers } from "./support.ts";

const NWB = new URL("../data/session.nwb", import.meta.url);

Deno.test("nwb: regular series are streams in physical units, units spike trains, intervals epochs", async () => {
  await using recording = await openRecording(NWB);
  await using nwb = await NWBFile.open(NWB);
  assert.equal(recording.format.name, "nwb");
  const { analogSignals, epochs, spikeTrains } = await recording.readSegment({ lazy: true });
  assert.ok(analogSignals.length > 0 && epochs.length > 0 && spikeTrains.length > 0, String(recording));
  for (const signal of analogSignals) {
    const series = await nwb.at(signal.annotations["streamId"] as string);
    assert.ok(series instanceof NwbTimeSeries);
    assert.equal(signal.shape[0], series.numSamples);
    const [mine, theirs] = await Promise.all([signal.read([[0, 1]]), series.data.read([[0, 1]])]);
    const round = mine.data instanceof Float32Array ? Math.fround : Number;
    assert.deepEqual(Array.from(mine.data), Array.from(theirs.data as Float64Array, round));
  }
  const loaded = await epochs[0]!.load();
  const set = await nwb.get(epochs[0]!.name) as unknown as { start: Float64Array; end: Float64Array };
  assert.deepEqual([loaded.times, loaded.toIntervalSet().end], [set.start, set.end]);
  const group = await nwb.get("units") as unknown as { at(key: number): { times: Float64Array }; keys(): number[] };
  const train = await spikeTrains[0]!.load();
  assert.deepEqual(Array.from(train.times), Array.from(group.at(group.keys()[0]!).times));
});

Deno.test({
  name: "nwb: each NWB file of the corpus is a recording, or says why not" +
    (CORPUS === null ? " (skipped: no corpus)" : ""),
  ignore: CORPUS === null,
  fn: async () => {
    let streams = 0;
    for await (const { name } of Deno.readDir(`${CORPUS}nwb`)) {
      if (!name.endsWith(".nwb")) continue;
      try {
        await using recording = await openRecording(`${CORPUS}nwb/${name}`);
        streams += recording.signalStreamsCount();
        const { analogSignals: [signal] } = await recording.readSegment({ lazy: true });
        if (signal !== undefined && signal.shape[0]! > 0) {
          assert.equal((await signal.read([[0]])).shape[1], signal.shape[1]);
        }
      } catch (error) {
        assert.ok(error instanceof MicrotomeError, `${name}: ${(error as Error).stack}`);
      }
    }
    assert.ok(streams > 30, String(streams));
  },
});

Deno.test("hdf5: datasets with a sampling rate are streams; others aren't", async () => {
  await using file = await create();
  const data = Int16Array.of(1, 2, 3, 4, 5, 6);
  await file.createDataset("raw/lfp", {
    data: ndarray(data, [3, 2]),
    attributes: {
      sampling_rate: 1250,
      units: "uV",
      gain: Float64Array.of(0.5, 2),
      offset: 1,
      channel_names: ["a", "b"],
      t_start: 2,
    },
  });
  await file.createDataset("one", { data: Float32Array.of(1, 2), attributes: { sampling_rate: 10 } });
  await file.createDataset("odd", { data, attributes: { sampling_rate: -1 } });
  await file.createDataset("other", { data });
  const bytes = await file.bytes();
  await using recording = await openRecording(bytes);
  assert.deepEqual(recording.header.signalStreams.map(({ name }) => name).sort(), ["one", "raw/lfp"]);
  assert.match(recording.warnings.join(), /\/odd: it is no stream: its sampling_rate is -1/);
  const { analogSignals } = await recording.readSegment({ lazy: true });
  const lfp = analogSignals.find(({ name }) => name === "raw/lfp")!;
  assert.deepEqual([lfp.tStart, lfp.units, lfp.channelNames], [2, "uV", ["a", "b"]]);
  assert.deepEqual(numbers(await lfp.read()), [1.5, 5, 2.5, 9, 3.5, 13]);
  await using plain = await create();
  await plain.createDataset("a", { data });
  await assert.rejects(openRecording(await plain.bytes()), /no dataset of it has the attribute "sampling_rate"/);
  assert.ok(await open(bytes) !== null && openRaw !== undefined);
});

Deno.test("raw: a sidecar says rate, units and names; what is cut off is left out, and said", async () => {
  const samples = Int16Array.of(1, -1, 2, -2, 3, -3);
  const recording = { samplingRate: 1000, units: "uV", channelNames: ["left", "right"], tStart: 5 };
  const sidecar = {
    dtype: "<i2",
    shape: [null, 2],
    order: "C",
    offset: 0,
    scale: { gain: [0.5, 2] },
    recording,
  } as const;
  const files = new Map<string, Uint8Array>([
    ["a.bin", new Uint8Array(samples.buffer, 0, 11)],
    ["a.bin.json", new TextEncoder().encode(encodeSidecar(sidecar))],
  ]);
  const named = new File([files.get("a.bin")! as BlobPart], "a.bin");
  await using raw = await openRecording(named, { siblings: files });
  const { analogSignals: [signal] } = await raw.readSegment();
  assert.deepEqual([signal!.tStart, signal!.units, signal!.channelNames], [5, "uV", ["left", "right"]]);
  assert.deepEqual(numbers(signal!.magnitude), [0.5, -2, 1, -4]);
  assert.match(raw.warnings.join(), /last 3 bytes are no whole sample of 2 channels/);
  await using told = await openRecording(samples, { raw: { dtype: ">i2", channels: 3, gain: 2, samplingRate: 10 } });
  assert.deepEqual([told.getSignalSize(), told.segmentTStop()], [2, 0.2]);
  assert.equal(numbers(await told.rawSignal().read([0, 0]))[0], 256);
});

Deno.test("raw: wrong layouts and sidecars are refused by what is wrong", async () => {
  const bytes = new Uint8Array(12);
  for (
    const [raw, message] of [
      [{ samplingRate: 0 }, /samplingRate 0/],
      [{ channels: 1.5 }, /channels 1\.5/],
      [{ gain: [1] }, /gain a list: expected one number for each of 2/],
      [{ offset: NaN }, /offset NaN/],
      [{ byteOffset: -1 }, /byteOffset -1/],
      [{ channels: 4e9 }, /channels 4000000000: expected at most 1,000,000/],
      [{ gain: "a" }, /gain "a": expected finite numbers/],
      [{ gain: null }, /gain null: expected finite numbers/],
      [{ offset: ["1", "2"] }, /offset a list: expected finite numbers/],
      [{ units: 5 }, /units 5: expected/],
      [{ units: null }, /units null: expected/],
      [{ units: [1, 2] }, /units a list: expected texts/],
    ] as const
  ) {
    await assert.rejects(
      openRecording(bytes, { raw: raw as RawRecordingOptions }),
      (error) => error instanceof RangeError && message.test(error.message),
    );
  }
  await assert.rejects(openRecording(bytes, { raw: { byteOffset: 100 } }), /begin at byte 100, it has 12/);
  await assert.rejects(openRecording(bytes, { raw: { dtype: "S4" } }), /kind string/);
  for (
    const [text, message] of [
      ['{"format":"microtome-raw","version":1,"dtype":"<i2","shape":[null,2]}', /says no sampling rate/],
      [
        '{"format":"microtome-raw","version":1,"dtype":"<i2","shape":[null,2],"recording":{"samplingRate":0}}',
        /no samplingRate/,
      ],
      [
        '{"format":"microtome-raw","version":1,"dtype":"<i2","shape":[null,2],"scale":{"gain":[1]},"recording":{"samplingRate":1}}',
        /one number for each/,
      ],
      ["not json", /says no dtype/],
    ] as const
  ) {
    const siblings = { "a.bin.json": new TextEncoder().encode(text) };
    await assert.rejects(openRecording(new File([bytes], "a.bin"), { siblings, format: "raw" }), (error) => {
      assert.ok(error instanceof MicrotomeError, String(error));
      assert.match(error.message, message);
      return true;
    });
  }
});
