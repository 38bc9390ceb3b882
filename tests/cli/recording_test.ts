import type { NDArray } from "../../src/array/types.ts";
import { placeAt, signalPart } from "../../src/show/recording_part.ts";
import { bandpass, commonReference } from "../../src/signal/mod.ts";
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { ndarray } from "../../src/array/ndarray.ts";
import { encodeNpy } from "../../src/npy/write.ts";
import { openNpy } from "../../src/npy/open_npy.ts";
import { openNpz } from "../../src/npy/npz.ts";
import { openRecording } from "../../src/recording/open_recording.ts";
import type { Recording } from "../../src/recording/recording.ts";
import { siText } from "../../src/show/draw/scale_bar.ts";
import { openZarr } from "../../src/zarr/open_zarr.ts";
import { smallRecordings, smallSpikeGlx } from "../recording/make/small.ts";
import { run, serve } from "./support.ts";

/** A folder with the small recordings of some formats, each in a folder of its own. */
async function withFiles(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    for (const { format, files } of smallRecordings()) {
      for (const [name, bytes] of files) {
        const path = `${folder}/${format}/${name}`;
        await Deno.mkdir(path.replace(/\/[^/]*$/, ""), { recursive: true });
        await Deno.writeFile(path, bytes);
      }
    }
    await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function ok(
  args: string[],
  world = {},
): Promise<{ stdout: string; stderr: string; files: Map<string, Uint8Array> }> {
  const outcome = await run(args, world);
  assert.equal(outcome.code, 0, outcome.stderr);
  return outcome;
}

Deno.test("info prints a recording's header as neo does, and its tables as JSON", async () => {
  await withFiles(async (folder) => {
    const { stdout, stderr } = await ok(["info", `${folder}/micromed/small.TRC`]);
    assert.equal(
      stdout,
      "MicromedIO: small.TRC\nnb_block: 1\nnb_segment:  [2]\nsignal_streams: [Signals (chans: 3)]\n" +
        "signal_channels: [Fp1, Fp2, ECG]\nspike_channels: []\nevent_channels: [Trigger, Note, Event A, Event B]\n",
    );
    assert.match(stderr, /requests?/);
    const said = JSON.parse((await ok(["info", `${folder}/micromed/small.TRC`, "--json"])).stdout);
    assert.deepEqual([said.kind, said.format, said.ioName, said.segmentCounts], ["micromed", "micromed", "MicromedIO", [
      2,
    ]]);
    assert.deepEqual(said.signalChannels.map(({ name, units }: { name: string; units: string }) => [name, units]), [
      ["Fp1", "uV"],
      ["Fp2", "uV"],
      ["ECG", "mV"],
    ]);
    assert.deepEqual(
      said.blocks[0].segments.map(({ tStart, streams }: { tStart: number; streams: unknown }) => [tStart, streams]),
      [
        [0, [{ key: "/0/0/Signals", samples: 256, tStart: 0 }]],
        [4, [{ key: "/0/1/Signals", samples: 144, tStart: 4 }]],
      ],
    );
  });
});

Deno.test("ls shows blocks, segments with their times, streams with rate and units, and events", async () => {
  await withFiles(async (folder) => {
    const { stdout } = await ok(["ls", `${folder}/micromed/small.TRC`]);
    for (
      const part of [
        "0/",
        "@t_start = 4",
        "@t_stop = 4.5625",
        "Signals  uint16 (256, 3)",
        "@sampling_rate = 256",
        '@units = "uV (2), mV (1)"',
        '@channel_names = "Fp1, Fp2, ECG"',
        "events/",
        "Trigger/",
        '@type = "event"',
      ]
    ) assert.ok(stdout.includes(part), `${part} in ${stdout}`);
    const json = JSON.parse((await ok(["ls", `${folder}/micromed/small.TRC`, "/0/1", "--json"])).stdout);
    assert.deepEqual(json.attributes, { t_start: 4, t_stop: 4.5625 });
    const { code, stderr } = await run(["ls", `${folder}/micromed/small.TRC`, "/0/9"]);
    assert.equal(code, 1);
    assert.match(stderr, /no such block, segment or stream/);
  });
});

Deno.test("show gives samples by stream, channel and time, in physical units or as stored", async () => {
  await withFiles(async (folder) => {
    const source = `${folder}/micromed/small.TRC`;
    await using recording = await openRecording(source);
    const raw = (await recording.getAnalogSignalChunk({ segmentIndex: 1, iStart: 64, iStop: 129 })).data as Uint16Array;
    const [fp1] = recording.channels();
    // 4.25 s to 4.5 s at 256 Hz, both ends included.
    const args = ["show", source, "/0/1/Signals", "--from", "4.25", "--to", "4.5"];
    const said = JSON.parse((await ok([...args, "--channels", "Fp1", "--json"])).stdout);
    assert.deepEqual([said.key, said.unit, said.shape, said.columns], ["/0/1/Signals", "uV", [65, 1], ["Fp1"]]);
    assert.deepEqual([said.times[0], said.times.at(-1)], [4.25, 4.5]);
    assert.deepEqual(
      said.data,
      Array.from({ length: 65 }, (_, i) => Math.fround(raw[3 * i]! * fp1!.gain + fp1!.offset)),
    );
    const stored = JSON.parse((await ok([...args, "--raw", "--select", ":,[2,0]", "--json"])).stdout);
    assert.deepEqual([stored.unit, stored.columns, stored.dtype], [null, ["ECG", "Fp1"], "<u2"]);
    assert.deepEqual(stored.data.slice(0, 2), [raw[2], raw[0]]);
    const npy = (await ok([...args, "-o", "x.npy"])).files.get("x.npy")!;
    await using array = await openNpy(npy);
    assert.deepEqual(array.shape, [65, 3]);
    const csv = new TextDecoder().decode((await ok([...args, "-o", "x.csv"])).files.get("x.csv"));
    assert.equal(csv.split("\n")[0], "time,Fp1,Fp2,ECG");
    assert.match((await ok(args)).stdout, /^\/0\/1\/Signals {2}65 samples at 256 Hz\n.*Fp1/s);
  });
});

Deno.test("show gives events with times, durations and labels", async () => {
  await withFiles(async (folder) => {
    const source = `${folder}/micromed/small.TRC`;
    assert.equal(
      (await ok(["show", source, "/0/0/events/Trigger"])).stdout,
      "time,label\n0.0390625,1\n0.125,2\n",
    );
    assert.equal((await ok(["show", source, "/0/0/events/Trigger", "--from", "0.1"])).stdout, "time,label\n0.125,2\n");
    const epochs = JSON.parse((await ok(["show", source, "/0/0/events/Event A", "--json"])).stdout);
    assert.deepEqual([epochs.type, epochs.times, epochs.durations], ["Epoch", [0.5], [0.25]]);
    const { code, stderr } = await run(["show", source, "/0/0/events/Trigger", "--channels", "x"]);
    assert.equal(code, 2, stderr);
  });
});

Deno.test("where several streams may be meant, or none is there, the error lists them", async () => {
  await withFiles(async (folder) => {
    const several = await run(["show", `${folder}/micromed/small.TRC`]);
    assert.equal(several.code, 1);
    assert.match(several.stderr, /which one isn't said; there are \/0\/0\/Signals, \/0\/1\/Signals/);
    const none = await run(["show", `${folder}/micromed/small.TRC`, "/0/0/Nothing"]);
    assert.match(none.stderr, /there is none of that name/);
    const channel = await run(["show", `${folder}/micromed/small.TRC`, "/0/0/Signals", "--channels", "Pz"]);
    assert.match(channel.stderr, /Cannot pick the channel of the id "Pz"/);
    // One stream needs no path.
    assert.match((await ok(["show", `${folder}/brainvision/rec.vhdr`])).stdout, /200 samples at 250 Hz/);
    await Deno.writeFile(`${folder}/a.npy`, encodeNpy(ndarray(Int16Array.of(1, 2))));
    for (const command of ["show", "convert"]) {
      const args = command === "show" ? [] : [`${folder}/b.npz`];
      const plain = await run([command, `${folder}/a.npy`, ...args, "--from", "1"]);
      assert.equal(plain.code, 2);
      assert.match(plain.stderr, /is no recording; --select chooses/);
    }
  });
});

Deno.test("show takes a stream of a recording by URL, with the files beside it", async () => {
  const folder = await Deno.makeTempDir();
  try {
    for (const [name, bytes] of smallSpikeGlx()) await Deno.writeFile(`${folder}/${name}`, bytes);
    await using server = await serve(folder);
    const args = ["show", `${server.url}/run_g0_t0.imec0.ap.bin`, "imec0.ap", "--from", "0.01", "--to", "0.011"];
    const said = JSON.parse((await ok([...args, "--json"])).stdout);
    assert.deepEqual(said.shape, [31, 4]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("plot filters a recording and takes off what its channels have in common", async () => {
  await withFiles(async (folder) => {
    const source = `${folder}/micromed/small.TRC`;
    const plot = ["plot", source, "/0/0/Signals", "-o", "x.svg"];
    const plain = new TextDecoder().decode((await ok(plot)).files.get("x.svg"));
    const { files, stderr } = await ok([...plot, "--bandpass", "5:40", "--reference", "median"]);
    const svg = new TextDecoder().decode(files.get("x.svg"));
    assert.match(stderr, /5 to 40 Hz, median of all channels taken off/);
    assert.doesNotMatch(svg, /NaN|undefined/);
    assert.notEqual(svg, plain);
    const refused = async (option: string[], words: RegExp) => {
      const { code, stderr } = await run([...plot, ...option]);
      assert.notEqual(code, 0);
      assert.match(stderr, words);
    };
    await refused(["--bandpass", "300"], /"300" as --bandpass: expected LOW:HIGH/);
    await refused(["--bandpass", "40:5"], /LOW:HIGH/);
    await refused(["--bandpass", "5:4000"], /half the sampling rate/);
    await refused(["--reference", "mode"], /median or mean/);
    await refused(["--raw", "--reference", "mean"], /--raw with --bandpass/);
  });
});

Deno.test("a filtered part is the filtered stream's, and references are of channels of one unit", async () => {
  await withFiles(async (folder) => {
    await using recording = await openRecording(`${folder}/micromed/small.TRC`);
    const place = placeAt(recording, "/0/0/Signals");
    const filters = [{ name: "bandpass", options: { low: 5, high: 40 } }, { name: "commonReference", options: {} }];
    const whole = signalPart(recording, place);
    const groups = [...new Set(whole.channels.map(({ units }) => units))].map((unit) =>
      whole.channels.flatMap(({ units }, i) => units === unit ? [i] : [])
    );
    assert.ok(groups.length > 1);
    const filtered = bandpass(await whole.array.read() as NDArray, {
      low: 5,
      high: 40,
      samplingRate: whole.samplingRate,
    });
    const wanted = await commonReference(await filtered.read(), { groups }).read([{ start: 10, stop: 30, step: 1 }, [
      1,
    ]]);
    const { from, to } = { from: whole.frame.times[10]!, to: whole.frame.times[29]! };
    const part = signalPart(recording, place, { filters, channelIndexes: [1], window: { from, to } });
    const found = await part.array.read() as NDArray<Float32Array>;
    assert.deepEqual(found.shape, [20, 1]);
    found.data.forEach((value, i) => assert.ok(Math.abs(value - (wanted.data[i] as number)) < 1e-2));
  });
});

Deno.test("plot draws traces with a scale bar in SI units, epochs as spans, events as marks", async () => {
  await withFiles(async (folder) => {
    const source = `${folder}/micromed/small.TRC`;
    const { files, stderr } = await ok(["plot", source, "/0/0/Signals", "-o", "x.svg"]);
    const svg = new TextDecoder().decode(files.get("x.svg"));
    assert.match(svg, /^<svg xmlns/);
    assert.doesNotMatch(svg, /NaN|undefined/);
    assert.match(svg, /class="scale-bar"/);
    // Raw values reach 10,000 of 65,535 over 6,400 uV.
    assert.match(svg, />500 \u00b5V<\/text>/);
    assert.equal(svg.match(/class="events"[^]*?<\/g>/)![0].match(/<line/g)!.length, 3);
    assert.match(svg, />eyes open<\/text>/);
    assert.match(svg, /class="intervals"/);
    assert.match(stderr, /1 channel of other units left out/);
    const one = await ok([
      "plot",
      source,
      "/0/1/Signals",
      "--channels",
      "ECG",
      "--from",
      "4.1",
      "--to",
      "4.2",
      "-o",
      "y.svg",
      "--json",
    ]);
    const said = JSON.parse(one.stdout);
    assert.deepEqual([said.from, said.to, said.samples], [4.1, 4.2, 26]);
    const shaded = await run(["plot", source, "/0/0/Signals", "--shade", "x", "-o", "x.svg"]);
    assert.equal(shaded.code, 2);
  });
});

Deno.test("values in SI units take the prefix that makes them short", () => {
  assert.deepEqual(
    [[1500, "uV"], [0.02, "V"], [500, "nV"], [2, "a.u."], [1000, "pA"], [5e-7, "\u00b5V"], [1, ""]].map((
      [value, unit],
    ) => siText(value as number, unit as string)),
    ["1.5 mV", "20 mV", "500 nV", "2 a.u.", "1 nA", "500 fV", "1 "],
  );
});

/** Streams, channels, times and raw samples of a recording. */
async function contentOf(recording: Recording, streamIndex: number, segmentIndex = 0): Promise<unknown> {
  const channels = recording.channels(streamIndex).map(({ name, units, gain, offset, samplingRate }) => (
    { name, units, gain, offset, samplingRate }
  ));
  const raw = await recording.getAnalogSignalChunk({ streamIndex, segmentIndex });
  return {
    channels,
    tStart: recording.getSignalTStart(0, segmentIndex, streamIndex),
    shape: raw.shape,
    data: [...raw.data],
  };
}

Deno.test("convert and openRecording give the same, through HDF5 and flat files with sidecars, for every format", async () => {
  await withFiles(async (folder) => {
    for (const { format, at } of smallRecordings()) {
      const source = `${folder}/${format}/${at}`;
      await using recording = await openRecording(source);
      const { name } = recording.header.signalStreams[0]!;
      const wanted = await contentOf(recording, 0);
      for (const ending of ["h5", "bin"]) {
        const target = `${folder}/out_${format}.${ending}`;
        await ok(["convert", source, `/0/0/${name}`, target, "--overwrite"]);
        await using back = await openRecording(target);
        assert.deepEqual(await contentOf(back, 0), wanted, `${format} as ${ending}`);
      }
    }
    // All streams of all segments.
    await ok(["convert", `${folder}/micromed/small.TRC`, `${folder}/all.h5`, "--compression", "gzip"]);
    await using all = await openRecording(`${folder}/all.h5`);
    assert.deepEqual(all.header.signalStreams.map(({ name }) => name), ["0/0/Signals", "0/1/Signals"]);
    await using recording = await openRecording(`${folder}/micromed/small.TRC`);
    assert.deepEqual(await contentOf(all, 1), await contentOf(recording, 0, 1));
  });
});

Deno.test("convert takes channels and times; Zarr and NPZ say what samples are, CSV and NPY hold physical values", async () => {
  await withFiles(async (folder) => {
    const source = `${folder}/micromed/small.TRC`;
    await using recording = await openRecording(source);
    const part = ["/0/1/Signals", "--channels", "ECG,Fp1", "--from", "4.25", "--to", "4.5"];
    const raw = await recording.getAnalogSignalChunk({
      segmentIndex: 1,
      iStart: 64,
      iStop: 129,
      channelIndexes: [2, 0],
    });
    const [fp1, , ecg] = recording.channels();
    await ok(["convert", source, part[0]!, `${folder}/a.zarr`, ...part.slice(1)]);
    await ok(["convert", source, part[0]!, `${folder}/b.zarr`, ...part.slice(1), "--zarr-format", "2"]);
    for (const name of ["a", "b"]) {
      await using zarr = await openZarr(`${folder}/${name}.zarr`);
      assert.ok(zarr.kind === "array");
      assert.deepEqual(zarr.attributes, {
        sampling_rate: 256,
        t_start: 4.25,
        units: ["mV", "uV"],
        gain: [ecg!.gain, fp1!.gain],
        offset: [ecg!.offset, fp1!.offset],
        channel_names: ["ECG", "Fp1"],
      });
      assert.deepEqual((await zarr.read()).data, raw.data);
    }
    await ok(["convert", source, part[0]!, `${folder}/a.npz`, ...part.slice(1)]);
    await using npz = await openNpz(`${folder}/a.npz`);
    assert.deepEqual((await (await npz.get("0/1/Signals")).read()).data, raw.data);
    assert.deepEqual((await (await npz.get("0/1/Signals.units")).read()).data, ["mV", "uV"]);
    await ok(["convert", source, part[0]!, `${folder}/a.npy`, ...part.slice(1)]);
    await using npy = await openNpy(`${folder}/a.npy`);
    const values = await recording.rescaleSignalRawToFloat(raw as Parameters<Recording["rescaleSignalRawToFloat"]>[0], {
      channelIndexes: [2, 0],
    });
    assert.deepEqual((await npy.read()).data, values.data);
    await ok(["convert", source, part[0]!, `${folder}/b.npy`, ...part.slice(1), "--raw"]);
    await using stored = await openNpy(`${folder}/b.npy`);
    assert.deepEqual((await stored.read()).data, raw.data);
  });
});

Deno.test("convert that fails, or is refused, leaves nothing behind", async () => {
  await withFiles(async (folder) => {
    const source = `${folder}/micromed/small.TRC`;
    const before = readdirSync(folder).sort();
    const aborted = new AbortController();
    aborted.abort();
    for (const target of ["x.h5", "x.bin", "x.npz", "x.zarr", "x.csv"]) {
      const { code } = await run(["convert", source, "/0/0/Signals", `${folder}/${target}`], {
        signal: aborted.signal,
      });
      assert.equal(code, 130);
    }
    // Events are no arrays, rows are chosen by time, and one array alone goes into a flat file.
    for (
      const args of [
        ["/0/0/events/Trigger", `${folder}/y.h5`],
        ["/0/0/Signals", `${folder}/y.h5`, "--select", "0:10"],
        [`${folder}/y.bin`],
        ["/0/0/Signals", `${folder}/y.h5`, "--channels", "Fp1", "--select", ":,0"],
      ]
    ) assert.notEqual((await run(["convert", source, ...args])).code, 0, args.join(" "));
    assert.deepEqual(readdirSync(folder).sort(), before);
  });
});
