// Intan's recordings of several files: one for each kind of signal, one for each channel, and series.
import assert from "node:assert/strict";
import type { FormatOptions } from "../../src/recording/format.ts";
import { INTAN } from "../../src/recording/formats/intan/intan.ts";
import {
  intanBlocks,
  intanHeader,
  joined,
  type MadeIntan,
  type MadeSpike,
  rhdGroups,
  rhsGroups,
  spikeFile,
  timeFile,
  type Value,
  words,
} from "./make/intan.ts";
import { numbers, type OpenedParts, openParts } from "./support.ts";

type Files = Record<string, Uint8Array<ArrayBuffer>>;

const range = (count: number) => Array.from({ length: count }, (_, i) => i);
const amp = (c: number, i: number) => (i * 7 + c * 1000) % 30000 - 15000;
const free = (c: number, i: number) => (i * 5 + c * 777 + 40000) % 65536;

function open(files: Files, options: FormatOptions = {}): Promise<OpenedParts> {
  return openParts(INTAN, new Map(Object.entries(files)), { options });
}

async function column({ parts }: OpenedParts, id: string, at = 0): Promise<number[]> {
  const stream = parts.streams.findIndex((one) => one.id === id);
  assert.ok(stream >= 0, `no stream ${id}`);
  return numbers(
    await parts.blocks[0]!.segments[0]!.signals[stream]!.array.read([{ start: 0, stop: 1e9, step: 1 }, at]),
  );
}

const rhd = (more: Partial<MadeIntan> = {}): MadeIntan => ({
  boardMode: 13,
  rate: 30000,
  groups: rhdGroups(),
  ...more,
});
const rhs = (more: Partial<MadeIntan> = {}): MadeIntan => ({
  system: "rhs",
  rate: 30000,
  groups: rhsGroups(),
  ...more,
});

/** A file for each kind, of 1,000 samples. */
function byKind(): Files {
  return {
    "info.rhd": intanHeader(rhd()),
    "time.dat": timeFile(1000),
    "amplifier.dat": words(1000, 3, amp),
    "auxiliary.dat": words(1000, 3, (c, i) => free(c, i >> 2)),
    "supply.dat": words(1000, 1, free),
    "analogin.dat": words(1000, 1, free),
    // Lines 2 and 16 are bits 1 and 15; bit 2 wasn't recorded, and is there.
    "digitalin.dat": words(1000, 1, (_, i) => (i >= 100 && i < 150 ? 2 : 0) | 4 | (i >= 900 ? 0x8000 : 0)),
    "digitalout.dat": words(1000, 1, (_, i) => i % 2),
    "lowpass.dat": words(250, 3, (c, i) => amp(c, i) + 1),
    "highpass.dat": words(1000, 3, (c, i) => amp(c, i) + 2),
    "settings.xml": new TextEncoder().encode("<IntanRHX/>"),
  };
}

Deno.test("a file for each kind of signal: auxiliary ones at the amplifiers' rate, low-passed ones at their own", async () => {
  await using opened = await open(byKind());
  const { streams, buffers, eventChannels, blocks } = opened.parts;
  assert.deepEqual(opened.files.warnings, []);
  assert.deepEqual(streams.map(({ id, dtype, channels: [first] }) => [id, dtype, first!.samplingRate, first!.offset]), [
    ["0", "i2", 30000, 0],
    ["1", "u2", 30000, 0],
    ["2", "u2", 30000, 0],
    ["3", "u2", 30000, -10.24],
    ["4", "u2", 30000, 0],
    ["5", "u2", 30000, 0],
    ["13", "i2", 7500, 0],
    ["14", "i2", 30000, 0],
  ]);
  assert.deepEqual(buffers!.map(({ name }) => name), [
    "amplifier.dat",
    "auxiliary.dat",
    "supply.dat",
    "analogin.dat",
    "lowpass.dat",
    "highpass.dat",
  ]);
  assert.deepEqual(await column(opened, "0", 2), range(1000).map((i) => amp(2, i)));
  assert.deepEqual(await column(opened, "1", 1), range(1000).map((i) => free(1, i >> 2)));
  assert.deepEqual(await column(opened, "4", 1), range(1000).map((i) => i >= 900 ? 1 : 0));
  assert.deepEqual(await column(opened, "13", 2), range(250).map((i) => amp(2, i) + 1));
  assert.deepEqual(await column(opened, "14", 0), range(1000).map((i) => amp(0, i) + 2));
  assert.deepEqual(eventChannels!.map(({ name }) => name), ["DIGITAL-IN-02", "DIGITAL-IN-16", "DIGITAL-OUT-01"]);
  const epochs = await blocks[0]!.segments[0]!.events(0, {});
  assert.deepEqual([[...epochs.timestamps], [...epochs.durations!]], [[100], [50]]);
});

Deno.test("auxiliary inputs that were saved with the amplifiers are its last columns, as signed numbers", async () => {
  const { "auxiliary.dat": _, ...files } = byKind();
  const both = words(1000, 6, (c, i) => c < 3 ? amp(c, i) : free(c - 3, i) - 32768);
  await using opened = await open({ ...files, "amplifier.dat": both });
  assert.deepEqual(opened.files.warnings, []);
  assert.deepEqual(await column(opened, "0", 2), range(1000).map((i) => amp(2, i)));
  const aux = opened.parts.streams[1]!;
  const physical = (await column(opened, "1", 2)).map((raw) => raw * aux.channels[2]!.gain + aux.channels[2]!.offset);
  physical.forEach((volts, i) => assert.ok(Math.abs(volts - free(2, i) * 37.4e-6) < 1e-9));
});

Deno.test("an RHS in a file for each kind has stimulation, DC signals and outputs", async () => {
  await using opened = await open({
    "info.rhs": intanHeader(rhs({ dc: true, stimStep: 2e-6 })),
    "time.dat": timeFile(600),
    "amplifier.dat": words(600, 2, amp),
    "dcamplifier.dat": words(600, 2, (c, i) => 512 + c + i % 5),
    "stim.dat": words(600, 2, (c, i) => i % 100 === c ? 0x8105 : 0x0003),
    "analogin.dat": words(600, 1, free),
    "analogout.dat": words(600, 1, (c, i) => free(c, i) ^ 1),
    "digitalin.dat": words(600, 1, (_, i) => i >= 300 ? 4 : 0),
    "digitalout.dat": words(600, 1, () => 1),
  });
  assert.deepEqual(opened.files.warnings, []);
  assert.deepEqual(opened.parts.streams.map(({ id }) => id), ["0", "3", "4", "5", "6", "10", "11", "12"]);
  assert.deepEqual(await column(opened, "11", 1), range(600).map((i) => i % 100 === 1 ? -5 : 3));
  assert.deepEqual(await column(opened, "12", 5), range(600).map((i) => i % 100 === 1 ? 1 : 0));
  assert.deepEqual(await column(opened, "10", 1), range(600).map((i) => 513 + i % 5));
  assert.deepEqual(await column(opened, "4"), range(600).map((i) => free(0, i) ^ 1));
  const out = await opened.parts.blocks[0]!.segments[0]!.events(1, {});
  assert.deepEqual([[...out.timestamps], [...out.durations!]], [[0], [600]]);
});

Deno.test("a file for each channel: those that are there, matched by the channel's name", async () => {
  const files: Files = {
    "info.rhs": intanHeader(rhs({ dc: true })),
    "time.dat": timeFile(500),
    // No wide band was saved, and only one channel could stimulate.
    "dc-A-000.dat": words(500, 1, (_, i) => i),
    "dc-A-001.dat": words(500, 1, (_, i) => i + 1),
    "stim-A-001.dat": words(500, 1, (_, i) => i % 256),
    "high-A-000.dat": words(500, 1, (_, i) => amp(0, i)),
    "high-A-001.dat": words(500, 1, (_, i) => amp(1, i)),
    "low-A-000.dat": words(62, 1, (_, i) => amp(0, i)),
    "low-A-001.dat": words(62, 1, (_, i) => amp(1, i)),
    "board-ANALOG-IN-1.dat": words(500, 1, free),
    "board-ANALOG-OUT-1.dat": words(500, 1, free),
    "board-DIGITAL-IN-03.dat": words(500, 1, (_, i) => i >= 20 && i < 30 ? 1 : 0),
    "board-DIGITAL-OUT-01.dat": words(500, 1, () => 0),
  };
  await using opened = await open(files);
  assert.deepEqual(opened.files.warnings, []);
  assert.deepEqual(
    opened.parts.streams.map(({ id, channels }) => [id, channels.map(({ name }) => name).join()]),
    [
      ["3", "ANALOG-IN-1"],
      ["4", "ANALOG-OUT-1"],
      ["5", "DIGITAL-IN-03"],
      ["6", "DIGITAL-OUT-01"],
      ["10", "A-000_DC,A-001_DC"],
      ["11", "A-001_STIM"],
      ["12", "A-001_AMP_SETTLE,A-001_CHARGE_RECOVERY,A-001_COMPLIANCE"],
      ["13", "A-000_LOW,A-001_LOW"],
      ["14", "A-000_HIGH,A-001_HIGH"],
    ],
  );
  assert.deepEqual(await column(opened, "10", 1), range(500).map((i) => i + 1));
  assert.deepEqual(await column(opened, "14", 1), range(500).map((i) => amp(1, i)));
  assert.equal(opened.parts.streams[7]!.channels[0]!.samplingRate, 3750);
  const epochs = await opened.parts.blocks[0]!.segments[0]!.events(0, {});
  assert.deepEqual([[...epochs.timestamps], [...epochs.durations!]], [[20], [10]]);
});

Deno.test("without a list of the folder, files are found by the names that the header prescribes", async () => {
  const files = byKind();
  const { "info.rhd": header, ...rest } = files;
  await using opened = await openParts(INTAN, header!, { siblings: (name) => rest[name] ?? null });
  assert.equal(opened.parts.streams.length, 8);
  const channels: Files = {
    "time.dat": timeFile(100),
    ...Object.fromEntries(range(3).map((c) => [`amp-A-00${c}.dat`, words(100, 1, (_, i) => amp(c, i))])),
    "aux-A-AUX2.dat": words(100, 1, free),
  };
  await using split = await openParts(INTAN, header!, { siblings: (name) => channels[name] ?? null });
  assert.deepEqual(await column(split, "0", 2), range(100).map((i) => amp(2, i)));
  assert.deepEqual(split.parts.streams[1]!.channels.map(({ name }) => name), ["A-AUX2"]);
  assert.match(split.files.warnings.join(), /lists 3 channels of the kind aux, and there are files of 1/);
});

Deno.test("files of unequal lengths are read as far as they go, and warnings say so", async () => {
  const files = byKind();
  await using opened = await open({
    ...files,
    "amplifier.dat": files["amplifier.dat"]!.slice(0, 6 * 700 + 3),
    "time.dat": files["time.dat"]!.slice(0, 4 * 900 + 1),
  });
  const [segment] = opened.parts.blocks[0]!.segments;
  assert.deepEqual(segment!.signals[0]!.array.shape, [700, 3]);
  assert.equal(segment!.tStop, 1000 / 30000);
  const warnings = opened.files.warnings.join("\n");
  assert.match(warnings, /amplifier\.dat ends within a sample: its last 3 bytes/);
  assert.match(warnings, /time\.dat ends within a sample/);
  assert.match(warnings, /amplifier\.dat has 700 samples of a recording of 1,000/);
  assert.match(warnings, /time\.dat has 900 samples of a recording of 1,000: those behind are taken to follow/);
  const { "time.dat": _, ...untimed } = files;
  await using without = await open(untimed);
  assert.match(without.files.warnings.join(), /no time\.dat/);
  assert.deepEqual(without.parts.blocks[0]!.segments[0]!.signals[0]!.timestamps, undefined);
});

const series: Value = (what, c, i) =>
  what === "time" ? i : what === "din" ? (i >= 250 && i < 270 ? 2 : 0) : i + 1000 * c;

function part(recording: MadeIntan, from: number, count = 2, value = series): Uint8Array<ArrayBuffer> {
  return joined(intanHeader(recording), intanBlocks(recording, count, value, from));
}

Deno.test("a folder's series of files is one recording; one of its files is that file", async () => {
  const files: Files = {
    // Named so that the order of names isn't that of time.
    "b_231231_235959.rhd": part(rhd(), 0),
    "b_240101_000059.rhd": part(rhd(), 2),
    "b_240101_000159.rhd": part(rhd(), 4),
    "settings.xml": new Uint8Array(3),
    "notes.txt": new TextEncoder().encode("0, 00:00:00, first\r\n300, 00:00:01, a, b\r\n99999, 00:01:00, late\r\n"),
  };
  await using opened = await open(files);
  assert.ok(INTAN.recognises(opened.probe));
  const { segments, annotations } = opened.parts.blocks[0]!;
  assert.deepEqual(segments.map(({ tStart, tStop }) => [tStart, tStop]), [[0, 768 / 30000]]);
  assert.deepEqual(await column(opened, "0", 1), range(768).map((i) => i + 1000));
  assert.deepEqual((annotations!.recDatetime as Date).toISOString(), "2023-12-31T23:59:59.000Z");
  // The line is on over the files' border.
  const epochs = await segments[0]!.events(0, {});
  assert.deepEqual([[...epochs.timestamps], [...epochs.durations!]], [[250], [20]]);
  const notes = opened.parts.eventChannels!.length - 1;
  assert.deepEqual(opened.parts.eventChannels![notes], { name: "Notes", id: "notes", type: "event" });
  const written = await segments[0]!.events(notes, {});
  assert.deepEqual([[...written.timestamps], written.labels], [[0, 300, 99999], ["first", "a, b", "late"]]);
  await using bare = await open({ ...files, "b_240101_000259.rhd": intanHeader(rhd()) });
  assert.deepEqual([opened.files.warnings, bare.files.warnings], [[], ["b_240101_000259.rhd has no samples"]]);
  await using one = await openParts(INTAN, files["b_240101_000059.rhd"]!);
  assert.equal(one.parts.blocks[0]!.segments[0]!.tStart, 256 / 30000);
});

Deno.test("a file that is missing in a series is a gap", async () => {
  await using opened = await open({ "b_240101_000000.rhd": part(rhd(), 0), "b_240101_000200.rhd": part(rhd(), 4) });
  const { segments } = opened.parts.blocks[0]!;
  assert.deepEqual(segments.map(({ tStart }) => tStart), [0, 512 / 30000]);
});

Deno.test("files that aren't one series, or don't match, are refused by name", async () => {
  const one = part(rhd(), 0);
  await assert.rejects(() => open({ "a_240101_000000.rhd": one, "b_240101_000000.rhd": one }), {
    name: "UnsupportedError",
    message: /a_\*\.rhd, b_\*\.rhd/,
  });
  await assert.rejects(
    () => open({ "a_240101_000000.rhd": one, "a_240101_000100.rhd": part(rhd({ rate: 20000 }), 2) }),
    {
      name: "CorruptFileError",
      message: /a_240101_000100\.rhd.*sampling rate.*20000, not 30000/,
    },
  );
  await assert.rejects(
    () => open({ "a_240101_000000.rhd": one, "a_240101_000100.rhd": part(rhd({ groups: rhdGroups(2) }), 2) }),
    { name: "CorruptFileError", message: /channels/ },
  );
  const both = { ...byKind(), "info.rhs": intanHeader(rhs()) };
  await assert.rejects(() => open(both), { name: "UnsupportedError", message: /info\.rhd and info\.rhs/ });
});

Deno.test("a file that is missing beside a header, or of other channels, is an error that names it", async () => {
  const header = intanHeader(rhd());
  await assert.rejects(
    () =>
      openParts(INTAN, header, { siblings: { "info.rhd": header } }).then((opened) =>
        open({ "info.rhd": header }).then(() => opened)
      ),
    { name: "NotFoundError", message: /time\.dat/ },
  );
  await assert.rejects(() => open({ "info.rhd": header, "time.dat": timeFile(10) }), {
    name: "NotFoundError",
    message: /amplifier\.dat nor one such as amp-A-000\.dat/,
  });
  await assert.rejects(() => open({ ...byKind(), "amplifier.dat": words(1000, 4, amp) }), {
    name: "CorruptFileError",
    message: /amplifier\.dat.*make 4 channels, and the header lists 3/,
  });
  await assert.rejects(() => open({ "amplifier.dat": words(10, 3, amp), "x.rhd.txt": header }), {
    name: "NotFoundError",
    message: /no file \.rhd or \.rhs/,
  });
});

const SPIKES: readonly MadeSpike[] = [
  { channel: "A-001", time: 40, id: 1, waveform: [32768, 32769, 32770] },
  { channel: "A-000", time: 100, id: 0x40, waveform: [1, 2, 3] },
  { channel: "A-001", time: 5200, id: 2, waveform: [4, 5, 6] },
  { channel: "A-001", time: 5300, id: 0x80, waveform: [7, 8, 9] },
];

Deno.test("spikes that were saved have times, windows and waveforms, in one file or one for each channel", async () => {
  const gapped = timeFile(1000, (i) => i < 500 ? i : i + 4500);
  const all: Files = {
    ...byKind(),
    "time.dat": gapped,
    "spike.dat": spikeFile(["A-000", "A-001", "A-002"], SPIKES, { before: 1, after: 2, rate: 30000 }),
  };
  const each: Files = {
    "info.rhd": intanHeader(rhd()),
    "time.dat": gapped,
    ...Object.fromEntries(
      range(3).flatMap((c) => {
        const name = `A-00${c}`;
        const spikes = SPIKES.filter(({ channel }) => channel === name);
        return [
          [`amp-${name}.dat`, words(1000, 1, amp)],
          [`spike-${name}.dat`, spikeFile([name], spikes, { before: 1, after: 2, rate: 30000, single: true })],
        ];
      }),
    ),
  };
  for (const files of [all, each]) {
    await using opened = await open(files);
    const { spikeChannels, blocks: [block] } = opened.parts;
    const { name, id, wfUnits, wfGain, wfOffset, wfLeftSweep, wfSamplingRate } = spikeChannels![1]!;
    assert.deepEqual(spikeChannels!.length, 3);
    assert.deepEqual([name, id, wfUnits, wfGain, wfOffset], ["my A-001", "A-001", "uV", 0.195, -6389.76]);
    assert.deepEqual([wfLeftSweep, wfSamplingRate], [1, 30000]);
    const read = async (from: OpenedParts, segment: number, channel: number) => {
      const spikes = await from.parts.blocks[0]!.segments[segment]!.spikes!(channel, {});
      const waveforms = await spikes.waveforms!.read();
      assert.deepEqual(waveforms.shape, [spikes.timestamps.length, 1, 3]);
      return [[...spikes.timestamps], [...spikes.annotations!.spikeId as Float64Array], numbers(waveforms)];
    };
    assert.equal(block!.segments.length, 2);
    assert.deepEqual(await read(opened, 0, 1), [[40], [1], [32768, 32769, 32770]]);
    assert.deepEqual(await read(opened, 1, 1), [[5200, 5300], [2, 128], [4, 5, 6, 7, 8, 9]]);
    assert.deepEqual(await read(opened, 0, 0), [[100], [64], [1, 2, 3]]);
    assert.deepEqual(await read(opened, 1, 0), [[], [], []]);
    const index = JSON.parse(JSON.stringify(await opened.parts.index!({})));
    await using again = await open(files, { index });
    assert.deepEqual(await read(again, 1, 1), [[5200, 5300], [2, 128], [4, 5, 6, 7, 8, 9]]);
    index.spikes["A-001"].records[0] = 1e9;
    await using wrong = await open(files, { index });
    await assert.rejects(() => read(wrong, 0, 1), { name: "CorruptFileError" });
  }
  await using odd = await open({ ...all, "spike.dat": spikeFile(["A-000"], SPIKES, { before: 1, after: 2 }) });
  await assert.rejects(async () => await odd.parts.blocks[0]!.segments[0]!.spikes!(0, {}), {
    name: "CorruptFileError",
    message: /"A-001", which its header doesn't list/,
  });
});
